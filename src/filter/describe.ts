import { ELEMENT, type Filter, type NumberRange } from './filter.ts'

/** A filter in words that its author recognizes: `employee.department = "Legal"`. For people, not for comparing. */
export const describe = (filter: Filter, prefix = ''): string => {
  const name = (field: string): string =>
    field === ELEMENT ? prefix.replace(/\.$/, '') : `${prefix}${field}`
  switch (filter.kind) {
    case 'all':
      return 'everything'
    case 'nothing':
      return 'nothing'
    case 'and':
    case 'or':
      return `(${filter.of.map(part => describe(part, prefix)).join(` ${filter.kind} `)})`
    case 'not':
      return `not ${describe(filter.of, prefix)}`
    case 'isNull':
      return `${name(filter.field)} is null`
    case 'isEmpty':
      return `${name(filter.field)} is empty`
    case 'compare':
      return filter.ago === undefined
        ? `${name(filter.field)} ${signs[filter.op]} ${JSON.stringify(filter.value)}`
        : `${name(filter.field)} ${signs[filter.op]} ${filter.ago} ago`
    case 'text':
      return `${name(filter.field)} ${filter.op === 'eq' ? '=' : filter.op} ${JSON.stringify(filter.value)}`
    case 'version':
      return `${name(filter.field)} ${signs[filter.op]} version ${filter.value}`
    case 'in':
    case 'textIn':
      return `${name(filter.field)} in ${describeList(filter.values)}`
    case 'unrecognized':
      return `${name(filter.field)} is new to us`
    case 'list':
      return `${quantity(filter.quantifier)} of ${describe(filter.of, `${name(filter.field)}.`)}`
    case 'toOne':
      return filter.of.kind === 'all'
        ? `${prefix}${filter.link.name} exists`
        : describe(filter.of, `${prefix}${filter.link.name}.`)
    case 'toMany':
      return `${quantity(filter.quantifier)} of ${describe(filter.of, `${prefix}${filter.relation.name}.`)}`
    default:
      return filter satisfies never
  }
}

const quantity = (quantifier: string | NumberRange): string => {
  if (typeof quantifier === 'string') return quantifier
  const { least, most } = quantifier
  if (least === most) return `exactly ${least}`
  if (most === Infinity) return `at least ${least}`
  return least === 0 ? `at most ${most}` : `${least} to ${most}`
}

const signs = { eq: '=', gt: '>', gte: '>=', lt: '<', lte: '<=' } as const

/** Values shown of a long list; the caller knows the rest. */
const SHOWN = 5

const describeList = (values: readonly string[]): string => {
  const shown = values.slice(0, SHOWN).map(value => JSON.stringify(value))
  const more = values.length - shown.length
  return `[${[...shown, ...(more > 0 ? [`${more} more`] : [])].join(', ')}]`
}
