import type { Filter, NumberRange } from './filter.ts'
import { rememberFor } from '../model/remember.ts'
import { cased, folded } from './letters.ts'

/**
 * A text that is the same for filters that ask the same: the order of their parts, repetitions, and letters that
 * are folded anyway do not show. It names the question, so that `within: "P7D"` is the same a minute later, and
 * so that cursors can be bound to it. Different texts may still mean the same. Of each filter it is made once.
 */
export const filterKey = rememberFor((filter: Filter): string =>
  JSON.stringify(shape(filter, asGiven)),
)

/** Of longer lists it counts how long they are: the very same one hardly comes again. */
const MAX_VALUES = 1_000

/**
 * The same for filters that ask alike, though not at the same time: a moment counts by how long ago it is. With
 * `values` false other values do not count either, only how many there are.
 */
export const likenessKey = (filter: Filter, nowSeconds: number, values: boolean): string =>
  JSON.stringify(
    shape(filter, {
      moment: ({ value }) => ['age', Number(((nowSeconds - value) / 3_600).toPrecision(2))],
      values: (given, of) =>
        values && given.length <= MAX_VALUES
          ? asGiven.values(given, of)
          : [Math.round(Math.log2(1 + given.length))],
    }),
  )

type Shape = string | number | boolean | readonly Shape[]

interface Naming {
  readonly moment: (filter: { readonly value: number; readonly ago?: string }) => readonly Shape[]
  /** As `of` gives each, where it is given. */
  readonly values: <Value extends string | number | boolean>(
    values: readonly Value[],
    of?: (value: Value) => string,
  ) => readonly Shape[]
}

const asGiven: Naming = {
  moment: ({ value, ago }) => (ago === undefined ? [value] : ['ago', ago]),
  values: (values, of) => (of === undefined ? values : values.map(of)),
}

const shape = (filter: Filter, naming: Naming): Shape => {
  switch (filter.kind) {
    case 'all':
    case 'nothing':
      return filter.kind
    case 'and':
    case 'or':
      return [filter.kind, ...sorted(filter.of.map(part => shape(part, naming)))]
    case 'not':
      return ['not', shape(filter.of, naming)]
    case 'isNull':
    case 'isEmpty':
      return [filter.kind, filter.field]
    case 'unrecognized':
      return [filter.kind, filter.field]
    case 'compare': {
      const { field, op, value, ago } = filter
      const operand =
        typeof value === 'number'
          ? naming.moment({ value, ...(ago === undefined ? {} : { ago }) })
          : naming.values([value])
      return [field, op, ...operand]
    }
    case 'in':
      return [filter.field, 'in', ...sorted(naming.values(filter.values))]
    case 'text':
      return [filter.field, filter.op, ...lettered([filter.value], filter.caseSensitive, naming)]
    case 'textIn': {
      const { field, values, caseSensitive } = filter
      return [field, 'in', ...sorted(lettered(values, caseSensitive, naming))]
    }
    case 'version':
      return [filter.field, 'version', filter.op, ...naming.values([filter.value])]
    case 'list':
      return [filter.field, quantity(filter.quantifier), shape(filter.of, naming)]
    case 'toOne':
      return ['toOne', filter.link.name, shape(filter.of, naming)]
    case 'toMany':
      return ['toMany', filter.relation.name, quantity(filter.quantifier), shape(filter.of, naming)]
    default:
      return filter satisfies never
  }
}

const quantity = (quantifier: string | NumberRange): string =>
  typeof quantifier === 'string' ? quantifier : `${quantifier.least} to ${quantifier.most}`

/** Says how the letters are compared, since an exact comparison of the same text asks something else. */
const lettered = (
  values: readonly string[],
  caseSensitive: boolean,
  naming: Naming,
): readonly Shape[] =>
  caseSensitive
    ? ['cased', ...naming.values(values, cased.of)]
    : ['folded', ...naming.values(values, folded.of)]

const sorted = (shapes: readonly Shape[]): readonly Shape[] => {
  const byText = new Map(shapes.map(part => [JSON.stringify(part), part]))
  return [...byText].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, part]) => part)
}
