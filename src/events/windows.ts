/**
 * The rows of an access path in windows of about so many, each of them the range of a statement that is soon done: so a
 * long question can be broken off, and others have their turn in between. No window is open while another one runs.
 */
import type { DatabaseSync, SQLInputValue, SQLOutputValue } from 'node:sqlite'
import type { IndexPath } from './index-paths.ts'
import type { Value } from './queries.ts'
import { isIn, join, type SqlCondition } from './to-sql.ts'

export interface Window {
  readonly condition: SqlCondition
  /** The index that the condition goes by; undefined where it goes by the sequence. */
  readonly index: string | undefined
  /** Any index that begins with the key serves as well. */
  readonly wholeKeys: boolean
}

export interface WindowScan {
  /** The next window, of about so many rows that are met; undefined after the last one. */
  next(rows: number): Window | undefined
  /** The key at which the rows that are left begin; undefined where they come in no order. */
  bound(): Value | undefined
}

export type ScanDirection = 'ASC' | 'DESC'

/** Reads a row of one statement, or none. */
type Look = (
  sql: string,
  values: readonly SQLInputValue[],
) => Record<string, SQLOutputValue> | undefined

/** Goes along the path: in the order of its key, where it leads to one value at most. */
export const scanPath = (
  database: DatabaseSync,
  table: string,
  path: IndexPath,
  direction: ScanDirection,
): WindowScan => {
  const look: Look = (sql, values) => database.prepare(sql).get(...values)
  if (path.index === undefined) return scanSequence(look, table, path, direction)
  const several = path.key === 'sequence' || (path.equal?.values.length ?? 0) > 1
  return several ? scanValues(look, table, path, direction) : scanKey(look, table, path, direction)
}

/** What to select from: the table by way of that index. */
export const tableBy = (table: string, index: string | undefined): string =>
  index === undefined ? table : `${table} INDEXED BY ${index}`

/** Rows by their sequence. */
const scanSequence = (
  look: Look,
  table: string,
  { lower, upper }: IndexPath,
  direction: ScanDirection,
): WindowScan => {
  const up = direction === 'ASC'
  const [least, most] = [Number(lower ?? 0), Number(upper ?? Number.MAX_SAFE_INTEGER)]
  // Where many rows have gone there are gaps.
  const first = `SELECT ${up ? 'min' : 'max'}(sequence) AS at FROM ${table} WHERE sequence BETWEEN ? AND ?`
  let next = up ? least : most

  return {
    next: rows => {
      const at = look(first, up ? [next, most] : [least, next])?.['at']
      if (typeof at !== 'number') return undefined
      const last = up ? Math.min(most, at + rows - 1) : Math.max(least, at - rows + 1)
      next = up ? last + 1 : last - 1
      const values = up ? [at, last] : [last, at]
      const condition = { sql: 'sequence BETWEEN ? AND ?', values }
      return { condition, index: undefined, wholeKeys: false }
    },
    bound: () => next,
  }
}

/** Rows by their values in a column, some values at a time. */
const scanValues = (
  look: Look,
  table: string,
  path: IndexPath,
  direction: ScanDirection,
): WindowScan => {
  const { column = '', values = [] } = path.equal ?? {}
  let done = 0
  let atOnce = 64
  let single: WindowScan | undefined

  const fits = (condition: SqlCondition, rows: number): boolean => {
    const met = look(
      `SELECT count(*) AS n FROM (SELECT 1 FROM ${tableBy(table, path.index)} WHERE ${condition.sql} LIMIT ${rows + 1})`,
      condition.values,
    )
    return Number(met?.['n']) <= rows
  }

  const next = (rows: number): Window | undefined => {
    const inner = single?.next(rows)
    if (inner !== undefined) return inner
    single = undefined
    while (done < values.length) {
      const some = values.slice(done, done + atOnce)
      const condition = join('and', [isIn(column, some), ...fixedOf(path), ...rangeOf(path)])
      if (fits(condition, rows)) {
        done += some.length
        atOnce = Math.min(1_024, atOnce * 2)
        return { condition, index: path.index, wholeKeys: false }
      }
      if (some.length > 1) {
        atOnce = Math.max(1, some.length >> 1)
        continue
      }
      done += 1
      const alone = { ...path, equal: { column, values: some } }
      single = scanKey(look, table, alone, direction)
      const window = single.next(rows)
      if (window !== undefined) return window
    }
    return undefined
  }
  return { next, bound: () => undefined }
}

/** What holds on all of the path, but for its values. */
const fixedOf = ({ within, only }: IndexPath): readonly SqlCondition[] => [
  ...(within === undefined ? [] : [isIn(within.column, within.values)]),
  ...(only === undefined ? [] : [{ sql: only, values: [] }]),
]

const rangeOf = ({ key, lower, upper }: IndexPath): readonly SqlCondition[] => [
  ...(lower === undefined ? [] : [{ sql: `${key} >= ?`, values: [lower] }]),
  ...(upper === undefined ? [] : [{ sql: `${key} <= ?`, values: [upper] }]),
]

/** Where a scan by key stands: before the first row with that key or, with a sequence, behind that row of it. */
interface Place {
  readonly key: Value | undefined
  /** Rows with this key are done. */
  readonly past?: boolean
  readonly sequence?: number
}

/** Rows in the order of a key: whole keys at a time and, of a key with many rows, some of its rows at a time. */
const scanKey = (
  look: Look,
  table: string,
  path: IndexPath,
  direction: ScanDirection,
): WindowScan => {
  const { index, equal, key } = path
  const up = direction === 'ASC'
  const [onward, upTo] = up ? ['>', '<'] : ['<', '>']
  const source = tableBy(table, index)
  const far = up ? path.upper : path.lower
  const same: readonly SqlCondition[] = [
    ...(equal === undefined ? [] : [{ sql: `${equal.column} = ?`, values: equal.values }]),
    ...fixedOf(path),
    ...(key === 'happened_at' ? [{ sql: `${key} IS NOT NULL`, values: [] }] : []),
  ]
  let place: Place | undefined = { key: up ? path.lower : path.upper }
  let ofUrl: WindowScan | undefined

  /** Where the path ends. SQLite goes by one bound on each side, so none stands beside a nearer one. */
  const end = far === undefined ? [] : [{ sql: `${key} ${upTo}= ?`, values: [far] }]
  const from = ({ key: at, past = false }: Place): readonly SqlCondition[] =>
    at === undefined ? [] : [{ sql: `${key} ${onward}${past ? '' : '='} ?`, values: [at] }]
  const keyAt = (condition: SqlCondition, rows: number): Value | undefined => {
    const found = look(
      `SELECT ${key} AS at FROM ${source} WHERE ${condition.sql} ORDER BY ${key} ${direction} LIMIT 1 OFFSET ${rows}`,
      condition.values,
    )
    return found === undefined ? undefined : (found['at'] as Value)
  }
  const windowOf = (parts: readonly SqlCondition[], wholeKeys: boolean): Window => ({
    condition: join('and', [...same, ...parts]),
    index,
    wholeKeys,
  })

  /** Some of the rows with that key. */
  const inside = (at: Value, after: number | undefined, rows: number): Window => {
    const here: readonly SqlCondition[] = [
      { sql: `${key} = ?`, values: [at] },
      ...(after === undefined ? [] : [{ sql: `sequence ${onward} ?`, values: [after] }]),
    ]
    const condition = join('and', [...same, ...here])
    const last = look(
      `SELECT sequence FROM ${source} WHERE ${condition.sql} ORDER BY sequence ${direction} LIMIT 1 OFFSET ${rows - 1}`,
      condition.values,
    )?.['sequence']
    if (typeof last !== 'number') {
      place = { key: at, past: true }
      return windowOf(here, false)
    }
    place = { key: at, sequence: last }
    return windowOf([...here, { sql: `sequence ${upTo}= ?`, values: [last] }], false)
  }

  const next = (rows: number): Window | undefined => {
    const inner = ofUrl?.next(rows)
    if (inner !== undefined) return inner
    ofUrl = undefined
    if (place === undefined) return undefined
    if (place.sequence !== undefined && place.key !== undefined)
      return inside(place.key, place.sequence, rows)
    const start = from(place)
    const left = join('and', [...same, ...start, ...end])
    const beyond = keyAt(left, rows)
    if (beyond === undefined) {
      place = undefined
      return windowOf([...start, ...end], true)
    }
    if (keyAt(left, 0) !== beyond) {
      place = { key: beyond }
      return windowOf([...start, { sql: `${key} ${upTo} ?`, values: [beyond] }], true)
    }
    if (key !== 'url') return inside(beyond, undefined, rows)
    // Rows of one address are in the order of time.
    place = { key: beyond, past: true }
    const values = [String(beyond)]
    const alone: IndexPath = { index, equal: { column: key, values }, key: 'occurred_at' }
    ofUrl = scanKey(look, table, alone, direction)
    return ofUrl.next(rows)
  }
  return { next, bound: () => (ofUrl === undefined ? place?.key : undefined) }
}

/** How many rows lie on the paths, counted no further than `most`. */
export const countUpTo = (
  database: DatabaseSync,
  table: string,
  paths: readonly IndexPath[],
  most: number,
): number =>
  paths.reduce((sum, path) => {
    if (sum >= most) return sum
    const { index, equal } = path
    const where = join('and', [
      ...(equal === undefined ? [] : [isIn(equal.column, equal.values)]),
      ...fixedOf(path),
      ...rangeOf(path),
    ])
    const met = database
      .prepare(
        `SELECT count(*) AS n FROM (SELECT 1 FROM ${tableBy(table, index)} WHERE ${where.sql} LIMIT ${most - sum})`,
      )
      .get(...where.values)
    return sum + Number(met?.['n'])
  }, 0)
