/**
 * The first `count` rows in an order, sorted, without sorting the others. Rows that are equal stay as they came.
 */
export const firstOf = <Row>(
  rows: Iterable<Row>,
  count: number,
  compare: (a: Row, b: Row) => number,
): Row[] => {
  if (count <= 0) return []
  const first: Row[] = []
  for (const row of rows) {
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
