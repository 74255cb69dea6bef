/** Testing many rows without holding up everybody else. */
import { nanosecondsPerRow } from '../filter/cost.ts'
import type { Filter } from '../filter/filter.ts'
import type { Maybe } from '../model/maybe.ts'
import type { Row } from '../model/rows.ts'

/** How long rows are tested before others have their turn; the guess of a row's time may be off by a few times. */
const TURN_NS = 10_000_000
const LEAST_ROWS = 50

/** Rows of that filter to test in one turn. */
export const rowsPerTurn = (filter: Filter): number =>
  Math.max(LEAST_ROWS, Math.floor(TURN_NS / Math.max(1, nanosecondsPerRow(filter))))

/** Resolves when whatever waits in the event loop has had its turn. */
export const nextTurn = (): Promise<void> =>
  new Promise(resolve => {
    setImmediate(resolve)
  })

/** The rows that pass the test of that filter, at once where they are few. */
export const filterRows = (
  rows: readonly Row[],
  filter: Filter,
  test: (row: Row) => boolean,
): Maybe<readonly Row[]> => {
  const perTurn = rowsPerTurn(filter)
  return rows.length <= perTurn ? rows.filter(test) : filterInTurns(rows, perTurn, test)
}

const filterInTurns = async (
  rows: readonly Row[],
  perTurn: number,
  test: (row: Row) => boolean,
): Promise<readonly Row[]> => {
  const passing: Row[] = []
  for (let from = 0; from < rows.length; from += perTurn) {
    for (const row of rows.slice(from, from + perTurn)) if (test(row)) passing.push(row)
    await nextTurn()
  }
  return passing
}
