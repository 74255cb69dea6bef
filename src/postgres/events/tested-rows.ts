/** Rows of a statement that a test of ours is called for, some at a time. */
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { PartsTest } from '../../events/judge.ts'
import type { DatabaseRow, Query } from '../connecting/pools.ts'

/** Rows at first and at most: others have their turn in between. */
const FIRST_ROWS = 64
const MOST_ROWS = 2_048

/**
 * Calls `met` with each row that passes, in the order of the statement, for as long as it says so. Within a transaction: the
 * statement is gone through as far as is needed, and no further.
 */
export const eachPassing = async (
  query: Query,
  sql: string,
  values: readonly unknown[],
  test: PartsTest,
  met: (row: DatabaseRow) => boolean,
): Promise<void> => {
  await query(`DECLARE found NO SCROLL CURSOR FOR ${sql}`, values)
  for (let most = FIRST_ROWS; ; most = Math.min(MOST_ROWS, most * 2)) {
    const rows = await query(`FETCH ${most} FROM found`)
    for (const row of rows) if (test.passes(valuesOf(row, test)) && !met(row)) return
    if (rows.length < most) return
    await nextTurn()
  }
}

/** What the statement must select for the test, as `test_0` and so on: the connector, then its fields. */
export const testColumns = (
  { fields }: PartsTest,
  columnOfField: (field: string) => string,
): readonly string[] =>
  ['connector', ...fields.map(columnOfField)].map((column, index) => `${column} AS test_${index}`)

const valuesOf = (row: DatabaseRow, { fields }: PartsTest): readonly unknown[] =>
  Array.from({ length: fields.length + 1 }, (_, index) => row[`test_${index}`])
