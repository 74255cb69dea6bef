import type { Maybe } from '../model/maybe.ts'
import type { Work } from '../work/work.ts'

/** About what it takes to look at a row: most are compared once. */
const ROW_NS = 150

/**
 * The first `count` rows in an order, sorted, without sorting the others; of those alone that `isAmong` lets in, which is
 * asked of every row once. Rows that are equal stay as they came. Settled at once where that takes no longer than the turn.
 */
export const firstOf = <Row>(
  rows: Iterable<Row>,
  count: number,
  compare: (a: Row, b: Row) => number,
  work: Work,
  isAmong: (row: Row) => boolean = () => true,
): Maybe<readonly Row[]> => (count <= 0 ? [] : work.run(pick(rows, count, compare, work, isAmong)))

function* pick<Row>(
  rows: Iterable<Row>,
  count: number,
  compare: (a: Row, b: Row) => number,
  work: Work,
  isAmong: (row: Row) => boolean,
): Generator<void, readonly Row[]> {
  const first: Row[] = []
  for (const row of rows) {
    if (!work.spend(ROW_NS)) yield
    if (!isAmong(row)) continue
    const last = first.length < count ? undefined : first.at(-1)
    if (last !== undefined && compare(row, last) >= 0) continue
    if (last !== undefined) first.pop()
    first.splice(placeOf(row, first, compare), 0, row)
  }
  return first
}

/** After all rows that are not greater. */
const placeOf = <Row>(
  row: Row,
  sorted: readonly Row[],
  compare: (a: Row, b: Row) => number,
): number => {
  let low = 0
  let high = sorted.length
  while (low < high) {
    const middle = (low + high) >>> 1
    const other = sorted[middle]
    if (other !== undefined && compare(row, other) < 0) high = middle
    else low = middle + 1
  }
  return low
}
