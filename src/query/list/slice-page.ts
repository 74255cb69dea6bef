/** A page of a list whose rows are all at hand. */
import { type CollectedRows, itemsOf } from './collect.ts'
import type { PageRange } from './range.ts'
import type { ListPage } from './page.ts'
import type { ListItem } from './page.ts'
import type { Operation } from '../operation/operation.ts'
import { createPage } from './page.ts'
import type { Placing } from './position.ts'

/** Sorts what was gathered and cuts the asked-for page out of it. */
export const slicePage = (
  range: PageRange,
  collected: CollectedRows,
  placing: Placing,
  operation: Operation,
  path: string | undefined,
): ListPage => {
  const sorted = itemsOf(collected).sort((a, b) => placing.compare(a, b))
  const { after, before, size, backward } = range
  const [afterPlace, beforePlace] = [after, before].map(at => at && placing.toPlace(at))
  const from = afterPlace === undefined ? 0 : search(sorted, item => afterPlace(item) > 0)
  const to =
    beforePlace === undefined ? sorted.length : search(sorted, item => beforePlace(item) >= 0)
  const start = backward ? Math.max(from, to - size) : from
  const end = Math.max(start, backward ? to : Math.min(to, from + size))
  const items = sorted.slice(start, end)
  operation.returned(items.length, path)
  return createPage({
    items,
    hasNextPage: end < sorted.length,
    hasPreviousPage: start > 0,
    cursor: item => range.write(placing.cursor(item)),
    asOf: collected.asOf,
    complete: collected.complete,
  })
}

/** The first index for which `holds` is true, in a list in which it is false up to there and true from there on. */
const search = (sorted: readonly ListItem[], holds: (item: ListItem) => boolean): number => {
  let [low, high] = [0, sorted.length]
  while (low < high) {
    const middle = (low + high) >> 1
    const item = sorted[middle]
    if (item !== undefined && holds(item)) high = middle
    else low = middle + 1
  }
  return low
}
