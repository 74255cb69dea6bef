/**
 * A filter as a condition of SQL. Comparisons that an index knows become SQL's own; those of texts call the very tests
 * that rows in memory are put to, so that the answers are the same. As filters are, the condition is two-valued: where
 * SQL's null comes out, it counts as false, and `not` turns it into true.
 */
import type { SQLInputValue } from 'node:sqlite'
import type { Filter } from '../filter/filter.ts'
import { cased, folded } from '../filter/letters.ts'
import { textInTest, textTest } from '../filter/text-tests.ts'
import { enums } from '../model/enums.ts'
import type { StoredName } from '../model/stored.ts'
import { keyColumnOf, columnOf } from './schema.ts'

export interface SqlCondition {
  readonly sql: string
  readonly values: readonly SQLInputValue[]
}

/** Makes a test callable from SQL until the query is answered; the name to call it by. */
export type Callable = (test: (text: string) => boolean) => string

/** @throws {Error} on a filter that looks beyond the row: links must have been followed before */
export const toSql = (list: StoredName, filter: Filter, callable: Callable): SqlCondition => {
  switch (filter.kind) {
    case 'all':
      return { sql: '1', values: [] }
    case 'nothing':
      return { sql: '0', values: [] }
    case 'and':
    case 'or':
      return join(
        filter.kind,
        filter.of.map(part => toSql(list, part, callable)),
      )
    case 'not': {
      const { sql, values } = toSql(list, filter.of, callable)
      return { sql: `((${sql}) IS NOT TRUE)`, values }
    }
    case 'isNull':
      return { sql: `${column(filter.field)} IS NULL`, values: [] }
    case 'compare':
      return {
        sql: `${column(filter.field)} ${signs[filter.op]} ?`,
        values: [typeof filter.value === 'boolean' ? Number(filter.value) : filter.value],
      }
    case 'in':
      return isIn(column(filter.field), filter.values)
    case 'unrecognized':
      return not(isIn(column(filter.field), enums[filter.enum]), column(filter.field))
    case 'text': {
      const letters = filter.caseSensitive ? cased : folded
      const test = call(filter.field, textTest(filter.op, filter.value, letters), callable)
      return filter.op === 'eq'
        ? keyed(list, filter.field, [filter.value], filter.caseSensitive, test)
        : test
    }
    case 'textIn': {
      const letters = filter.caseSensitive ? cased : folded
      const test = call(filter.field, textInTest(filter.values, letters), callable)
      return keyed(list, filter.field, filter.values, filter.caseSensitive, test)
    }
    case 'isEmpty':
    case 'list':
    case 'toOne':
    case 'toMany':
      throw new Error(`A stored list cannot be asked for ${filter.kind}`)
    default:
      return filter satisfies never
  }
}

/** All of them, or one of them; there must be one at least. */
export const join = (kind: 'and' | 'or', parts: readonly SqlCondition[]): SqlCondition => ({
  sql: nested(
    parts.map(({ sql }) => sql),
    kind === 'and' ? ' AND ' : ' OR ',
  ),
  values: parts.flatMap(({ values }) => values),
})

/** SQLite takes terms one after another for as many levels, of which it allows a thousand: so they stand in halves. */
const nested = (terms: readonly string[], operator: string): string => {
  if (terms.length <= TERMS_AT_ONCE) return `(${terms.join(operator)})`
  const half = terms.length >> 1
  return `(${nested(terms.slice(0, half), operator)}${operator}${nested(terms.slice(half), operator)})`
}

const TERMS_AT_ONCE = 8

/** Whether the column holds one of them; any number of values is one parameter. */
export const isIn = (name: string, values: readonly string[]): SqlCondition => ({
  sql: `${name} IN (SELECT value FROM json_each(?))`,
  values: [JSON.stringify(values)],
})

const column = (field: string): string =>
  field === 'connectorAlias' ? 'connector' : columnOf(field)

const signs = { eq: '=', gt: '>', gte: '>=', lt: '<', lte: '<=' } as const

/** Null is no value, also none that is new. */
const not = ({ sql, values }: SqlCondition, name: string): SqlCondition => ({
  sql: `(${name} IS NOT NULL AND NOT ${sql})`,
  values,
})

const call = (
  field: string,
  test: (text: string) => boolean,
  callable: Callable,
): SqlCondition => ({
  sql: `${callable(test)}(${column(field)})`,
  values: [],
})

/** By the key, where there is one; what case tells apart is tested on the few rows that are left. */
const keyed = (
  list: StoredName,
  field: string,
  values: readonly string[],
  caseSensitive: boolean,
  test: SqlCondition,
): SqlCondition => {
  const key = keyColumnOf(list, field)
  if (key === undefined) return test
  const keys = [...new Set(values.map(folded.of))]
  const [only = '', ...others] = keys
  const found = others.length === 0 ? { sql: `${key} = ?`, values: [only] } : isIn(key, keys)
  return caseSensitive ? join('and', [found, test]) : found
}
