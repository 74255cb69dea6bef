/**
 * A filter as a condition of SQL. It holds for every row that passes; where it may hold for others too, the row must be put to
 * the test that rows in memory are put to. Keys of texts stand beside them in the form in which they are compared, so only
 * what case tells apart is left to that test. As filters are, the condition is two-valued: null counts as false.
 */
import type { ConnectorFilter } from '../../events/events.ts'
import { partsTest, type PartsTest } from '../../events/judge.ts'
import { columnOf } from '../../events/schema.ts'
import {
  and,
  type Compare,
  conjuncts,
  type Filter,
  type LeafFilter,
  type TextCompare,
} from '../../filter/filter.ts'
import { cased, folded, type Letters } from '../../filter/letters.ts'
import { isText } from '../../filter/order.ts'
import { textInTest, textTest } from '../../filter/text-tests.ts'
import { enums } from '../../model/enums.ts'
import { fieldsOf, type StoredName } from '../../model/stored.ts'
import { type Bind, storable } from './statement-values.ts'
import { comparedText } from './text-beginnings.ts'

export interface PartsCondition {
  readonly sql: string
  /** What else a row must pass; undefined where the condition says all. */
  readonly test: PartsTest | undefined
}

/** The condition for the rows that pass in one of the parts. Links within the filters have been followed. */
export const conditionOf = (
  list: StoredName,
  asked: readonly ConnectorFilter[],
  bind: Bind,
): PartsCondition => {
  // What is tested here are rows as they are kept.
  const parts = storable(asked)
  const judged = parts.map(part => judgePart({ list, bind, ...part }))
  const isExact = judged.every(({ left }) => left.length === 0)
  const [only, ...others] = parts
  // Of one part, only that is tested which the condition does not say.
  const tested =
    only !== undefined && others.length === 0
      ? [{ ...only, filter: and(judged[0]?.left ?? []) }]
      : parts
  return {
    sql: any(judged.map(({ sql }) => sql)),
    test: isExact ? undefined : partsTest(list, tested),
  }
}

interface Rows extends Pick<ConnectorFilter, 'connectors'> {
  readonly list: StoredName
  readonly bind: Bind
}

/** Comparisons in one condition; with more, the statement would take long to be planned. */
const MOST_TERMS = 500

const judgePart = (
  rows: Rows & ConnectorFilter,
): { readonly sql: string; readonly left: readonly Filter[] } => {
  let terms = 0
  const judged = conjuncts(rows.filter).map(filter => {
    terms += termsOf(filter)
    const isMuch = terms > MOST_TERMS
    return {
      filter,
      sql: isMuch ? 'true' : judge(rows, filter),
      isLeft: isMuch || !isExact(rows.list, filter),
    }
  })
  return {
    sql: all([ofConnectors(rows, rows.connectors), ...judged.map(({ sql }) => sql)]),
    left: judged.flatMap(({ filter, isLeft }) => (isLeft ? [filter] : [])),
  }
}

const termsOf = (filter: Filter): number => {
  if (filter.kind === 'and' || filter.kind === 'or') {
    const parts = filter.kind === 'or' ? withoutEquals(filter.of) : filter.of
    return parts.reduce((sum, part) => sum + termsOf(part), 1)
  }
  return filter.kind === 'not' ? termsOf(filter.of) + 1 : 1
}

/** The same ways of an "or": those that ask for values of one field are one, so that an index can answer. */
const withoutEquals = (ways: readonly Filter[]): readonly Filter[] => {
  const wanted = new Map<string, string[]>()
  const others: Filter[] = []
  for (const way of ways) {
    const values = equalsOf(way)
    if (values === undefined || !('field' in way)) others.push(way)
    else {
      const before = wanted.get(way.field)
      if (before === undefined) wanted.set(way.field, [...values])
      else before.push(...values)
    }
  }
  return [
    ...others,
    ...[...wanted].map(([field, values]): Filter => ({ kind: 'in', field, values })),
  ]
}

const equalsOf = (filter: Filter): readonly string[] | undefined => {
  if (filter.kind === 'in') return filter.values
  return filter.kind === 'compare' && filter.op === 'eq' && typeof filter.value === 'string'
    ? [filter.value]
    : undefined
}

/** Whether the condition holds for no row that does not pass. Case is told apart by the test alone, and so are words as texts. */
const isExact = (list: StoredName, filter: Filter): boolean => {
  switch (filter.kind) {
    case 'and':
    case 'or':
      return filter.of.every(part => isExact(list, part))
    case 'not':
      return isExact(list, filter.of)
    case 'text':
    case 'textIn':
      return (
        filter.field === 'connectorAlias' || (!filter.caseSensitive && hasKey(list, filter.field))
      )
    default:
      return true
  }
}

const judge = (rows: Rows, filter: Filter): string => {
  switch (filter.kind) {
    case 'and':
      return all(filter.of.map(part => judge(rows, part)))
    case 'or':
      return any(withoutEquals(filter.of).map(part => judge(rows, part)))
    case 'not':
      // What holds for more rows than pass does not hold for too few of the others.
      return isExact(rows.list, filter.of) ? `((${judge(rows, filter.of)}) IS NOT TRUE)` : 'true'
    case 'list':
    case 'toOne':
    case 'toMany':
      throw new Error(`A stored list cannot be asked for ${filter.kind}`)
    default:
      return judgeLeaf(rows, filter)
  }
}

const judgeLeaf = (rows: Rows, filter: LeafFilter): string => {
  const { bind } = rows
  switch (filter.kind) {
    case 'all':
      return 'true'
    case 'nothing':
      return 'false'
    case 'isNull':
      return `${columnNamed(filter.field)} IS NULL`
    case 'compare':
      return compared(rows, filter)
    case 'in':
      return isOneOf(rows, filter.field, filter.values)
    case 'unrecognized': {
      const name = columnNamed(filter.field)
      const known = bind(enums[filter.enum], 'text[]')
      return `(${name} IS NOT NULL AND NOT ${name} = ANY (${known}))`
    }
    case 'text':
      return textCompared(rows, filter)
    case 'textIn': {
      const { field, values, caseSensitive } = filter
      if (field === 'connectorAlias')
        return among(rows, textInTest(values, caseSensitive ? cased : folded))
      if (!hasKey(rows.list, field)) return 'true'
      return textSql(rows, filter, letters => {
        const wanted = [...new Set(values.map(letters.of))]
        return text => comparedText(rows.list, text, '=', wanted, bind)
      })
    }
    case 'isEmpty':
    case 'version':
      throw new Error(`A stored list cannot be asked for ${filter.kind}`)
    default:
      return filter satisfies never
  }
}

const signs = { eq: '=', gt: '>', gte: '>=', lt: '<', lte: '<=' } as const

const compared = (rows: Rows, { field, op, value }: Compare): string => {
  const kind = kindOf(rows.list, field)
  const name = columnNamed(field)
  if (typeof value === 'string') {
    if (op === 'eq') return isOneOf(rows, field, [value])
    if (kind !== 'text') return 'false'
    return comparedText(rows.list, name, signs[op], value, rows.bind)
  }
  if (kind === 'text') return 'false'
  // Whole numbers are compared as such, so that an index can answer, and only the weeks concerned are read.
  const wanted = kind === 'whole' ? wholeOf(op, Number(value)) : Number(value)
  if (wanted === undefined) return 'false'
  const type = kind === 'fraction' || !Number.isSafeInteger(wanted) ? 'float8' : 'bigint'
  return `${name} ${signs[op]} ${rows.bind(wanted, type)}`
}

/** The whole number that whole numbers can be compared with instead; undefined where none is equal. */
const wholeOf = (op: Compare['op'], value: number): number | undefined => {
  if (Number.isInteger(value)) return value
  if (op === 'eq') return undefined
  return op === 'gte' || op === 'lt' ? Math.ceil(value) : Math.floor(value)
}

const isOneOf = (rows: Rows, field: string, values: readonly string[]): string => {
  if (kindOf(rows.list, field) !== 'text') return 'false'
  const isId = rows.list === 'events' && field === 'id'
  const [first = '', ...others] = values
  // So that an index gives them in its order.
  if (!isId && values.length > 0 && others.length === 0)
    return comparedText(rows.list, columnNamed(field), '=', first, rows.bind)
  if (!isId) return comparedText(rows.list, columnNamed(field), '=', values, rows.bind)
  // Events have no index of ids: they lie in many tables, and one beside them knows them all.
  const wanted = rows.bind(values, 'text[]')
  const connectors = rows.bind(rows.connectors, 'text[]')
  return `sequence = ANY (ARRAY(SELECT known.sequence FROM event_id AS known WHERE known.connector = ANY (${connectors}) AND known.id = ANY (${wanted})))`
}

const textCompared = (rows: Rows, filter: TextCompare): string => {
  const { field, op, value, caseSensitive } = filter
  if (field === 'connectorAlias')
    return among(rows, textTest(op, value, caseSensitive ? cased : folded))
  if (!hasKey(rows.list, field)) return 'true'
  return textSql(rows, filter, letters => {
    const wanted = letters.of(value)
    if (op === 'eq') return text => comparedText(rows.list, text, '=', wanted, rows.bind)
    const given = rows.bind(op === 'like' ? toLike(wanted) : wanted, 'text')
    switch (op) {
      case 'contains':
        return text => `strpos(${text}, ${given}) > 0`
      case 'startsWith':
        return text => `starts_with(${text}, ${given})`
      case 'endsWith':
        return text => `right(${text}, ${[...wanted].length}) = ${given}`
      case 'like':
        return text => `${text} LIKE ${given}`
      default:
        return op satisfies never
    }
  })
}

/** The condition for texts in the form in which they are compared; where case counts, for ASCII as it stands, too. */
const textSql = (
  { list }: Rows,
  { field, caseSensitive }: Pick<TextCompare, 'field' | 'caseSensitive'>,
  comparedBy: (letters: Letters) => (text: string) => string,
): string => {
  const ofKey = comparedBy(folded)(textKeyOf(list, field))
  if (!caseSensitive) return ofKey
  const text = columnNamed(field)
  return `(${ofKey} AND (octet_length(${text}) <> char_length(${text}) OR ${comparedBy(cased)(text)}))`
}

/** `*` stands for any run of characters, `?` for one. */
const toLike = (pattern: string): string =>
  pattern
    .replace(/[\\%_]/g, '\\$&')
    .replaceAll('*', '%')
    .replaceAll('?', '_')

/** Whether a text is kept in the form in which texts are compared, too. */
const hasKey = (list: StoredName, field: string): boolean =>
  Object.hasOwn(fieldsOf(list), field) && isText(list, field)

/** The expression for a text in the form in which texts are compared. */
export const textKeyOf = (list: StoredName, field: string): string =>
  // Words of ours are ASCII.
  list === 'changes' ? `lower(${columnOf(field)})` : `${columnOf(field)}_key`

/** The column that holds a field of rows. */
export const columnNamed = (field: string): string =>
  field === 'connectorAlias' ? 'connector' : columnOf(field)

const kindOf = (list: StoredName, field: string): 'text' | 'whole' | 'fraction' => {
  if (field === 'receivedAt' || field === 'at') return 'fraction'
  if (field === 'happenedAt') return 'whole'
  const kind = Object.hasOwn(fieldsOf(list), field) ? fieldsOf(list)[field]?.kind : undefined
  return kind === 'seconds' || kind === 'boolean' ? 'whole' : 'text'
}

const among = (rows: Rows, test: (alias: string) => boolean): string =>
  ofConnectors(rows, rows.connectors.filter(test))

const ofConnectors = ({ bind }: Rows, connectors: readonly string[]): string =>
  `connector = ANY (${bind(connectors, 'text[]')})`

const all = (sqls: readonly string[]): string =>
  sqls.length === 0 ? 'true' : `(${sqls.join(' AND ')})`

const any = (sqls: readonly string[]): string =>
  sqls.length === 0 ? 'false' : `(${sqls.join(' OR ')})`
