/** The one row that whoever changes known rows or changes holds: the order of its holders is that of commits. */
import type { Query } from '../connecting/pools.ts'

export interface HistoryRow {
  /** The last sequence that was given to a change. */
  given: number
  changesBytes: number
  rowsBytes: number
  /** The database counts it by itself. */
  readonly momentsBytes: number
}

/** So many changes cannot have been lost with a server. */
const BEYOND_LOST = 1_000_000_000

/** Holds it until the transaction ends. */
export const holdHistory = async (query: Query): Promise<HistoryRow> => {
  const [row] = await query<{
    readonly given: number
    readonly changes_bytes: number
    readonly rows_bytes: number
    readonly moments_bytes: number
    readonly is_other: boolean
  }>('SELECT * FROM history_hold()')
  if (row === undefined) throw new Error('The row of the history is not there')
  return {
    given: row.given + (row.is_other ? BEYOND_LOST : 0),
    changesBytes: row.changes_bytes,
    rowsBytes: row.rows_bytes,
    momentsBytes: row.moments_bytes,
  }
}

/** Writes down what has become of it. */
export const saveHistory = async (
  query: Query,
  { given, changesBytes, rowsBytes }: HistoryRow,
): Promise<void> => {
  await query(
    `UPDATE history SET given = $1::bigint, changes_bytes = $2::bigint, rows_bytes = $3::bigint,
      timeline = event_timeline()`,
    [given, changesBytes, rowsBytes],
  )
}
