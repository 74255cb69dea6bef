/** Where what is stored stands in the order in which it came: events, and changes. */
import type { Arrivals } from '../../events/reading.ts'
import type { Query } from '../connecting/pools.ts'

/** A table with a sequence, and the column that says when each row came (UNIX seconds). */
export interface Arriving {
  readonly table: 'event' | 'change'
  readonly column: 'received_at' | 'at'
}

/** The last sequence; 0 where there is none. */
export const newestOf = async (query: Query, { table }: Arriving): Promise<number> => {
  const [found] = await query<{ readonly newest: number | null }>(
    `SELECT max(sequence) AS newest FROM ${table}`,
  )
  return found?.newest ?? 0
}

/** The sequence before that of the first that came at that moment or later. */
export const sequenceBefore = async (
  query: Query,
  { table, column }: Arriving,
  at: number,
): Promise<number> => {
  const [found] = await query<{ readonly before: number }>(
    `SELECT coalesce((SELECT min(sequence) - 1 FROM ${table} WHERE ${column} >= $1::float8),
      (SELECT max(sequence) FROM ${table}), 0) AS before`,
    [at],
  )
  return found?.before ?? 0
}

/** When the oldest and the newest came of those for which the condition holds; undefined where there is none. */
export const timesOf = (
  query: Query,
  { table, column }: Arriving,
  where = 'true',
  values: readonly unknown[] = [],
): Promise<Arrivals | undefined> =>
  readTimes(
    query,
    `SELECT min(${column}) AS oldest, max(${column}) AS newest FROM ${table} WHERE ${where}`,
    values,
  )

/** The same by a statement of one's own, which gives `oldest` and `newest`. */
export const readTimes = async (
  query: Query,
  sql: string,
  values: readonly unknown[] = [],
): Promise<Arrivals | undefined> => {
  const [found] = await query<{ readonly oldest: number | null; readonly newest: number | null }>(
    sql,
    values,
  )
  const { oldest = null, newest = null } = found ?? {}
  return oldest === null || newest === null ? undefined : { oldestAt: oldest, newestAt: newest }
}
