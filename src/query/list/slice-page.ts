/** A page of a list whose rows are all at hand. */
import { type CollectedRows, itemsOf } from './collect.ts'
import type { ListQuery } from './list-query.ts'
import { type ListItem, ListPage } from './page.ts'
import type { Positioning } from './position.ts'
import type { PageRange } from './range.ts'
import type { Operation } from '../operation/operation.ts'
import { sorted } from '../../filter/sorted.ts'
import { andThen, type Maybe } from '../../model/maybe.ts'

/** Sorts the collected rows and takes the asked-for slice of them. */
export const slicePage = (
  query: ListQuery,
  range: PageRange,
  collected: CollectedRows,
  positioning: Positioning,
  operation: Operation,
): Maybe<ListPage> =>
  andThen(
    sorted(itemsOf(collected), (a, b) => positioning.compare(a, b), operation.work),
    items => slice(query, range, collected, items, positioning, operation),
  )

const slice = (
  { path }: ListQuery,
  range: PageRange,
  collected: CollectedRows,
  sorted: readonly ListItem[],
  positioning: Positioning,
  operation: Operation,
): ListPage => {
  const { after, before, size, backward } = range
  const [toAfter, toBefore] = [after, before].map(at => at && positioning.toCursor(at))
  const from = toAfter === undefined ? 0 : search(sorted, item => toAfter(item) > 0)
  const to = toBefore === undefined ? sorted.length : search(sorted, item => toBefore(item) >= 0)
  const start = backward ? Math.max(from, to - size) : from
  const end = Math.max(start, backward ? to : Math.min(to, from + size))
  const items = sorted.slice(start, end)
  return new ListPage({
    items,
    operation,
    path,
    hasNextPage: end < sorted.length,
    hasPreviousPage: start > 0,
    cursor: item => range.write(positioning.cursor(item)),
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
