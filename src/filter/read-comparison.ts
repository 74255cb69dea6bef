/** The operators of one value: what stands in a StringFilter, IDFilter, BooleanFilter, DateTimeFilter or enum filter. */
import { enums, ranked, UNRECOGNIZED, type EnumName } from '../model/enums.ts'
import { durationSeconds } from './duration.ts'
import { everything, and, not, nothing, or, type Compare, type Filter } from './filter.ts'
import type { Comparable } from './operands.ts'
import {
  membersOf,
  readBoolean,
  readList,
  readNumber,
  readText,
  refuse,
  type InputTerms,
} from './read-input.ts'
import { isVersion } from './versions.ts'

/**
 * What the operators of one object ask of a field, all of them together.
 *
 * @throws {BadInputError} with the path of an operator that cannot be read.
 */
export const readComparison = (
  field: string,
  of: Comparable,
  input: unknown,
  path: string,
  reading: InputTerms,
): Filter => {
  const members = membersOf(input, path)
  const caseSensitive = members.some(([name, value]) => name === 'caseSensitive' && value === true)
  const parts = members.map(([name, value]): Filter => {
    const operator: Operator = { name, value, at: `${path}.${name}`, field, reading }
    if (name === 'caseSensitive' && (of.as === 'text' || of.as === 'version')) {
      readBoolean(value, operator.at)
      return everything
    }
    reading.allowance.comparison(operator.at)
    if (name === 'isNull') return readBoolean(value, operator.at) ? isNull(field) : isThere(field)
    switch (of.as) {
      case 'text':
        return readTextOperator(operator, caseSensitive)
      case 'version':
        return readVersionOperator(operator, caseSensitive)
      case 'id':
        return readWordOperator(operator, words => exactly(field, words))
      case 'enum':
        return readEnumOperator(operator, of.enum)
      case 'boolean':
        return readBooleanOperator(operator)
      case 'moment':
        return readMomentOperator(operator)
      default:
        return of satisfies never
    }
  })
  return and(parts)
}

interface Operator {
  readonly name: string
  readonly value: unknown
  /** The path of the operator itself. */
  readonly at: string
  readonly field: string
  readonly reading: InputTerms
}

const isNull = (field: string): Filter => ({ kind: 'isNull', field })
const isThere = (field: string): Filter => not(isNull(field))

const readTextOperator = (operator: Operator, caseSensitive: boolean): Filter => {
  const { name, value, at, field } = operator
  const oneOf = (values: readonly string[]): Filter => {
    const [first, ...others] = new Set(values)
    if (first === undefined) return nothing
    return others.length === 0
      ? { kind: 'text', field, op: 'eq', value: first, caseSensitive }
      : { kind: 'textIn', field, values: [first, ...others], caseSensitive }
  }
  switch (name) {
    case 'contains':
    case 'startsWith':
    case 'endsWith':
      return part(field, name, readText(value, at), caseSensitive)
    case 'like':
      return readPattern(operator, caseSensitive)
    default:
      return readWordOperator(operator, oneOf, 'a text')
  }
}

/** Every text contains, begins and ends with the empty one. */
const part = (
  field: string,
  op: 'contains' | 'startsWith' | 'endsWith',
  value: string,
  caseSensitive: boolean,
): Filter => (value === '' ? isThere(field) : { kind: 'text', field, op, value, caseSensitive })

/** A pattern that a plainer operator can answer becomes that one: it is faster, and the planner knows it. */
const readPattern = ({ value, at, field, reading }: Operator, caseSensitive: boolean): Filter => {
  const pattern = readText(value, at).replaceAll(/\*+/g, '*')
  reading.allowance.pattern(pattern.length, at)
  const open = { start: pattern.startsWith('*'), end: pattern.endsWith('*') }
  if (pattern === '*') return isThere(field)
  const inner = pattern.slice(open.start ? 1 : 0, open.end ? -1 : undefined)
  if (/[*?]/.test(inner)) return { kind: 'text', field, op: 'like', value: pattern, caseSensitive }
  if (open.start && open.end) return part(field, 'contains', inner, caseSensitive)
  if (open.start) return part(field, 'endsWith', inner, caseSensitive)
  if (open.end) return part(field, 'startsWith', inner, caseSensitive)
  return { kind: 'text', field, op: 'eq', value: pattern, caseSensitive }
}

const readTexts = ({ value, at, reading }: Operator): readonly string[] => {
  const values = readList(value, at, readText)
  reading.allowance.values(values.length, at)
  return values
}

/** Equal or not: all that ids and words of an enumeration can be. */
const readWordOperator = (
  operator: Operator,
  oneOf: (words: readonly string[]) => Filter,
  what = 'an id or a word',
): Filter => {
  const { name, value, at } = operator
  switch (name) {
    case 'eq':
      return oneOf([readText(value, at)])
    case 'ne':
      return not(oneOf([readText(value, at)]))
    case 'in':
      return oneOf(readTexts(operator))
    case 'notIn':
      return not(oneOf(readTexts(operator)))
    default:
      return refuse(at, `an operator of ${what}`)
  }
}

const exactly = (field: string, words: readonly string[]): Filter => {
  const [first, ...others] = new Set(words)
  if (first === undefined) return nothing
  return others.length === 0
    ? { kind: 'compare', field, op: 'eq', value: first }
    : { kind: 'in', field, values: [first, ...others] }
}

const recognized = (field: string, name: EnumName, words: readonly string[]): Filter => {
  const known = exactly(
    field,
    words.filter(word => word !== UNRECOGNIZED),
  )
  return words.includes(UNRECOGNIZED)
    ? or([known, { kind: 'unrecognized', field, enum: name }])
    : known
}

/** Words with a rank stand above one another; a word that is new to us stands nowhere. */
const readEnumOperator = (operator: Operator, name: EnumName): Filter => {
  const { field, value, at } = operator
  const isRanking = isRange(operator.name) && ranked.has(name)
  if (!isRanking) return readWordOperator(operator, words => recognized(field, name, words))
  const words: readonly string[] = enums[name]
  const place = words.indexOf(readText(value, at))
  if (place < 0) return nothing
  const [from, to] = {
    gt: [place + 1, words.length],
    gte: [place, words.length],
    lt: [0, place],
    lte: [0, place + 1],
  }[operator.name] as [number, number]
  return exactly(field, words.slice(from, to))
}

type Range = 'gt' | 'gte' | 'lt' | 'lte'

const isRange = (name: string): name is Range => ['gt', 'gte', 'lt', 'lte'].includes(name)

/** Those of texts, and those that compare versions part by part. */
const readVersionOperator = (operator: Operator, caseSensitive: boolean): Filter => {
  const { name, field, value, at } = operator
  if (!isRange(name)) return readTextOperator(operator, caseSensitive)
  const wanted = readText(value, at)
  return wanted.length <= MAX_VERSION && isVersion(wanted)
    ? { kind: 'version', field, op: name, value: wanted }
    : refuse(at, `a version: numbers with dots between them, up to ${MAX_VERSION} letters`)
}

/** Its parts are compared with those of each row. */
const MAX_VERSION = 256

const readBooleanOperator = ({ name, value, at, field }: Operator): Filter =>
  name === 'eq'
    ? { kind: 'compare', field, op: 'eq', value: readBoolean(value, at) }
    : refuse(at, 'an operator of a boolean')

const readMomentOperator = (operator: Operator): Filter => {
  const { name, value, at, field } = operator
  switch (name) {
    case 'eq':
    case 'gt':
    case 'gte':
    case 'lt':
    case 'lte':
      return { kind: 'compare', field, op: name, value: readNumber(value, at) }
    case 'ne':
      return not({ kind: 'compare', field, op: 'eq', value: readNumber(value, at) })
    case 'within':
      return ago('gte', operator)
    case 'olderThan':
      return ago('lt', operator)
    default:
      return refuse(at, 'an operator of a moment')
  }
}

const ago = (op: 'gte' | 'lt', { value, at, field, reading }: Operator): Compare => {
  const text = readText(value, at).toUpperCase()
  const moment = reading.moment.now() / 1_000 - durationSeconds(text, at)
  return { kind: 'compare', field, op, value: Math.max(moment, -Number.MAX_VALUE), ago: text }
}
