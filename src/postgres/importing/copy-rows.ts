/** Rows of an embedded file, put into tables of the database that have the same columns. */
import type { DatabaseSync, SQLOutputValue } from 'node:sqlite'
import { folded } from '../../filter/letters.ts'
import type { Query } from '../connecting/pools.ts'
import { storable } from '../events/statement-values.ts'

export type SourceRow = Record<string, SQLOutputValue>

/** Rows that are put in at once. */
const AT_ONCE = 500

/** The rows of a statement that takes a key and a number: those behind that key, in its order, so many at most. */
export function* batchesOf(
  source: DatabaseSync,
  sql: string,
  keyOf: (row: SourceRow) => SQLOutputValue,
  first: number | string,
): Generator<readonly SourceRow[]> {
  const select = source.prepare(sql)
  for (let after: SQLOutputValue = first; ;) {
    const rows = select.all(after, AT_ONCE)
    const last = rows.at(-1)
    if (last === undefined) return
    yield rows
    after = keyOf(last)
  }
}

/**
 * Puts them in, unless they are there. A column `x_key` that they do not have holds their `x` in the form in which texts are
 * compared; what else they lack stays null.
 */
export const putRows = async (
  query: Query,
  table: string,
  rows: readonly SourceRow[],
): Promise<void> => {
  const columns = await columnsOf(query, table)
  const shaped = rows.map(row =>
    Object.fromEntries(columns.map(column => [column, storable(valueOf(row, column))])),
  )
  const names = columns.join(', ')
  await query(
    `INSERT INTO ${table} (${names}) OVERRIDING SYSTEM VALUE
      SELECT ${names} FROM json_populate_recordset(NULL::${table}, $1::json) ON CONFLICT DO NOTHING`,
    [JSON.stringify(shaped)],
  )
}

const columnsOf = async (query: Query, table: string): Promise<readonly string[]> => {
  const found = await query<{ readonly name: string }>(
    `SELECT attname AS name FROM pg_attribute
      WHERE attrelid = $1::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = ''`,
    [table],
  )
  return found.map(({ name }) => name)
}

const valueOf = (row: SourceRow, column: string): SQLOutputValue => {
  const value = row[column]
  if (value !== undefined) return value
  const text = column.endsWith('_key') ? row[column.slice(0, -'_key'.length)] : undefined
  return typeof text === 'string' ? folded.of(text) : null
}
