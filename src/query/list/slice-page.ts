/** A page of a list whose rows are all at hand. */
import { type CollectedRows, itemsOf } from './collect.ts'
import type { ListQuery } from './list-query.ts'
import { type ListItem, ListPage } from './page.ts'
import type { Positioning } from './position.ts'
import type { PageRange } from './range.ts'
import type { Operation } from '../operation/operation.ts'
import { firstOf } from '../../filter/first-of.ts'
import { sorted } from '../../filter/sorted.ts'
import { andThen, type Maybe } from '../../model/maybe.ts'

/** Sorts the collected rows and takes the asked-for slice of them. */
export const slicePage = (
  query: ListQuery,
  range: PageRange,
  collected: CollectedRows,
  positioning: Positioning,
  operation: Operation,
): Maybe<ListPage> => {
  const { after, before, size, backward } = range
  const compare: Positioning['compare'] = (a, b) => positioning.compare(a, b)
  const items = itemsOf(collected)
  const page = (part: Slice): ListPage =>
    new ListPage({
      ...part,
      operation,
      path: query.path,
      cursor: item => range.write(positioning.cursor(item)),
      asOf: collected.asOf,
      complete: collected.complete,
    })
  if (backward || before !== undefined || size > items.length / 4)
    return andThen(sorted(items, compare, operation.work), all =>
      page(slice(range, all, positioning)),
    )

  // Of few rows from the beginning or behind a cursor, only those are put in order; one more shows whether there are more.
  const toAfter = after && positioning.toCursor(after)
  return andThen(operation.work.run(behind(items, toAfter, operation.work)), rest =>
    andThen(firstOf(rest, size + 1, compare, operation.work), first =>
      page({
        items: first.slice(0, size),
        hasNextPage: first.length > size,
        hasPreviousPage: rest.length < items.length,
      }),
    ),
  )
}

type Slice = Pick<ListPage, 'items' | 'hasNextPage' | 'hasPreviousPage'>

/** About what it takes to compare an item with a cursor. */
const COMPARE_NS = 150

/** The items that come after the cursor; all of them where there is none. */
function* behind(
  items: readonly ListItem[],
  toAfter: ((item: ListItem) => number) | undefined,
  work: Operation['work'],
): Generator<void, readonly ListItem[]> {
  if (toAfter === undefined) return items
  const found: ListItem[] = []
  for (const item of items) {
    if (!work.spend(COMPARE_NS)) yield
    if (toAfter(item) > 0) found.push(item)
  }
  return found
}

const slice = (
  { after, before, size, backward }: PageRange,
  all: readonly ListItem[],
  positioning: Positioning,
): Slice => {
  const [toAfter, toBefore] = [after, before].map(at => at && positioning.toCursor(at))
  const from = toAfter === undefined ? 0 : search(all, item => toAfter(item) > 0)
  const to = toBefore === undefined ? all.length : search(all, item => toBefore(item) >= 0)
  const start = backward ? Math.max(from, to - size) : from
  const end = Math.max(start, backward ? to : Math.min(to, from + size))
  return {
    items: all.slice(start, end),
    hasNextPage: end < all.length,
    hasPreviousPage: start > 0,
  }
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
