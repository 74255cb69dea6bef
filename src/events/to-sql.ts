/**
 * A filter as a condition of SQL, as far as SQLite itself can judge it: it calls nothing of ours. Comparisons of texts
 * that it knows no key of are left to the tests that rows in memory are put to. As filters are, the condition is
 * two-valued: where SQL's null comes out, it counts as false, and `not` turns it into true.
 */
import type { SQLInputValue } from 'node:sqlite'
import type { Filter, LeafFilter } from '../filter/filter.ts'
import { cased, folded } from '../filter/letters.ts'
import { textInTest, textTest } from '../filter/text-tests.ts'
import { enums } from '../model/enums.ts'
import type { StoredName } from '../model/stored.ts'
import { keyColumnOf, columnOf } from './schema.ts'

export interface SqlCondition {
  readonly sql: string
  readonly values: readonly SQLInputValue[]
}

/** What the rows are rows of. */
export interface SqlRows {
  readonly list: StoredName
  /** No row is of any other connector. */
  readonly connectors: readonly string[]
}

/** Comparisons, and values of them, in one condition: each window of rows has it compiled and bound anew. */
const MOST_TERMS = 100
const MOST_VALUES = 2_000

/**
 * The condition; undefined where SQLite cannot judge, or there is so much to judge that every statement would take long
 * to be made.
 *
 * @throws {Error} on a filter that looks beyond the row: links must have been followed before
 */
export const toSql = (rows: SqlRows, filter: Filter): SqlCondition | undefined =>
  sizeOf(filter).terms <= MOST_TERMS && sizeOf(filter).values <= MOST_VALUES
    ? judged(rows, filter)
    : undefined

const sizeOf = (filter: Filter): { readonly terms: number; readonly values: number } => {
  switch (filter.kind) {
    case 'and':
    case 'or': {
      const sizes = filter.of.map(sizeOf)
      const sum = (of: 'terms' | 'values') => sizes.reduce((all, size) => all + size[of], 1)
      return { terms: sum('terms'), values: sum('values') }
    }
    case 'not': {
      const { terms, values } = sizeOf(filter.of)
      return { terms: terms + 1, values }
    }
    case 'in':
    case 'textIn':
      return { terms: 1, values: filter.values.length }
    case 'list':
    case 'toOne':
    case 'toMany':
      throw new Error(`A stored list cannot be asked for ${filter.kind}`)
    default:
      filter satisfies LeafFilter
      return { terms: 1, values: 1 }
  }
}

const judged = (rows: SqlRows, filter: Filter): SqlCondition | undefined => {
  switch (filter.kind) {
    case 'all':
      return { sql: '1', values: [] }
    case 'nothing':
      return { sql: '0', values: [] }
    case 'and':
    case 'or': {
      const parts = filter.of.map(part => judged(rows, part))
      const known = parts.filter(part => part !== undefined)
      return known.length < parts.length ? undefined : join(filter.kind, known)
    }
    case 'not': {
      const inner = judged(rows, filter.of)
      return inner && { sql: `((${inner.sql}) IS NOT TRUE)`, values: inner.values }
    }
    case 'isNull':
      return { sql: `${tested(filter.field)} IS NULL`, values: [] }
    case 'compare':
      return {
        sql: `${tested(filter.field)} ${signs[filter.op]} ?`,
        values: [typeof filter.value === 'boolean' ? Number(filter.value) : filter.value],
      }
    case 'in':
      return isIn(tested(filter.field), filter.values)
    case 'unrecognized':
      return not(isIn(tested(filter.field), enums[filter.enum]), tested(filter.field))
    case 'text': {
      const { op, value, caseSensitive } = filter
      if (filter.field === 'connectorAlias')
        return ofConnectors(rows, textTest(op, value, caseSensitive ? cased : folded))
      return op === 'eq' ? keyed(rows.list, filter.field, [value], caseSensitive) : undefined
    }
    case 'textIn': {
      const { values, caseSensitive } = filter
      if (filter.field === 'connectorAlias')
        return ofConnectors(rows, textInTest(values, caseSensitive ? cased : folded))
      return keyed(rows.list, filter.field, values, caseSensitive)
    }
    case 'isEmpty':
    case 'version':
    case 'list':
    case 'toOne':
    case 'toMany':
      throw new Error(`A stored list cannot be asked for ${filter.kind}`)
    default:
      return filter satisfies never
  }
}

/** All of them, or one of them; none of them holds of an `or` without parts. */
export const join = (kind: 'and' | 'or', parts: readonly SqlCondition[]): SqlCondition => {
  if (parts.length === 0) return { sql: kind === 'and' ? '1' : '0', values: [] }
  return {
    sql: `(${parts.map(({ sql }) => sql).join(kind === 'and' ? ' AND ' : ' OR ')})`,
    values: parts.flatMap(({ values }) => values),
  }
}

/** Whether the column holds one of them; any number of values is one parameter. */
export const isIn = (name: string, values: readonly (string | number)[]): SqlCondition => {
  const [only] = values
  return only !== undefined && values.length === 1
    ? { sql: `${name} = ?`, values: [only] }
    : { sql: `${name} IN (SELECT value FROM json_each(?))`, values: [JSON.stringify(values)] }
}

/** The column that holds a field of rows. */
export const column = (field: string): string =>
  field === 'connectorAlias' ? 'connector' : columnOf(field)

/** The plus keeps SQLite from going by an index of it: the window says which rows are met. */
const tested = (field: string): string => `+${column(field)}`

const signs = { eq: '=', gt: '>', gte: '>=', lt: '<', lte: '<=' } as const

/** Null is no value, also none that is new. */
const not = ({ sql, values }: SqlCondition, name: string): SqlCondition => ({
  sql: `(${name} IS NOT NULL AND NOT ${sql})`,
  values,
})

const ofConnectors = ({ connectors }: SqlRows, test: (alias: string) => boolean): SqlCondition =>
  isIn('+connector', connectors.filter(test))

/** By the key, where there is one. What case tells apart it does not know. */
const keyed = (
  list: StoredName,
  field: string,
  values: readonly string[],
  caseSensitive: boolean,
): SqlCondition | undefined => {
  const key = keyColumnOf(list, field)
  if (key === undefined || caseSensitive) return undefined
  return isIn(`+${key}`, [...new Set(values.map(folded.of))])
}
