/** Sorting in slices, so that others have their turn. */
import type { Maybe } from '../model/maybe.ts'
import type { Work } from '../work/work.ts'

/** About what it takes to compare two rows. */
const COMPARE_NS = 150
/** Rows that are sorted in one go. */
const RUN = 256

/** Those rows in that order; rows that are equal stay as they came. Settled at once where that takes no longer than the turn. */
export const sorted = <Row>(
  rows: readonly Row[],
  compare: (a: Row, b: Row) => number,
  work: Work,
): Maybe<readonly Row[]> =>
  rows.length <= RUN ? rows.toSorted(compare) : work.run(mergeSort(rows, compare, work))

function* mergeSort<Row>(
  rows: readonly Row[],
  compare: (a: Row, b: Row) => number,
  work: Work,
): Generator<void, readonly Row[]> {
  let runs: (readonly Row[])[] = []
  for (let from = 0; from < rows.length; from += RUN) {
    if (!work.spend(8 * RUN * COMPARE_NS)) yield
    runs.push(rows.slice(from, from + RUN).sort(compare))
  }
  while (runs.length > 1) {
    const next: (readonly Row[])[] = []
    for (let index = 0; index < runs.length; index += 2)
      next.push(yield* merge(runs[index] ?? [], runs[index + 1] ?? [], compare, work))
    runs = next
  }
  return runs[0] ?? []
}

function* merge<Row>(
  first: readonly Row[],
  second: readonly Row[],
  compare: (a: Row, b: Row) => number,
  work: Work,
): Generator<void, readonly Row[]> {
  if (second.length === 0) return first
  const merged: Row[] = []
  let [a, b] = [0, 0]
  while (a < first.length && b < second.length) {
    if (!work.spend(COMPARE_NS)) yield
    const [one, other] = [first[a] as Row, second[b] as Row]
    if (compare(one, other) <= 0) {
      merged.push(one)
      a += 1
    } else {
      merged.push(other)
      b += 1
    }
  }
  for (; a < first.length; a += 1) merged.push(first[a] as Row)
  for (; b < second.length; b += 1) merged.push(second[b] as Row)
  return merged
}
