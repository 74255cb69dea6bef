/** A page of a list whose rows are all at hand. */
import { type CollectedRows, rowCountOf, itemsOf } from './collect.ts'
import type { ListQuery } from './list-query.ts'
import { type ListItem, ListPage } from './page.ts'
import type { Positioning } from './position.ts'
import type { PageRange } from './range.ts'
import type { Operation } from '../operation/operation.ts'
import { firstOf } from '../../filter/first-of.ts'
import { andThen, type Maybe } from '../../model/maybe.ts'

/** The asked-for slice of the collected rows in their order; what lies outside it is never put in order. */
export const slicePage = (
  query: ListQuery,
  { after, before, size, backward, write }: PageRange,
  collected: CollectedRows,
  positioning: Positioning,
  operation: Operation,
): Maybe<ListPage> => {
  const [toAfter, toBefore] = [after, before].map(at => at && positioning.toCursor(at))
  // Up to the one cursor, and from the other on.
  let [ahead, behind] = [0, 0]
  const isBetween = (item: ListItem): boolean => {
    const isAhead = toAfter !== undefined && toAfter(item) <= 0
    const isBehind = toBefore !== undefined && toBefore(item) >= 0
    ahead += Number(isAhead)
    behind += Number(isBehind)
    return !isAhead && !isBehind
  }
  const compare: Positioning['compare'] = backward
    ? (a, b) => positioning.compare(b, a)
    : (a, b) => positioning.compare(a, b)

  return andThen(
    firstOf(itemsOf(collected), size, compare, operation.work, isBetween),
    nearest =>
      new ListPage({
        items: backward ? nearest.toReversed() : nearest,
        operation,
        path: query.path,
        hasNextPage: backward ? behind > 0 : rowCountOf(collected) - ahead > nearest.length,
        hasPreviousPage: backward ? rowCountOf(collected) - behind > nearest.length : ahead > 0,
        cursor: item => write(positioning.cursor(item)),
        asOf: collected.asOf,
        complete: collected.complete,
      }),
  )
}
