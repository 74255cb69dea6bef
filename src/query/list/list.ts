/**
 * One page of a list. An unsorted list is walked in the order in which its rows were first read, no further than the
 * page needs; a sorted one, one scoped to a parent, or one asked for from its end is put together whole.
 */
import { needsEvents } from '../../filter/relations-in.ts'
import { type Maybe, andThen } from '../../model/maybe.ts'
import type { Operation } from '../operation/operation.ts'
import { plan } from '../planning/plan.ts'
import type { Reader } from '../reading/reader.ts'
import { collect } from './collect.ts'
import type { ListQuery } from './list-query.ts'
import type { ListPage } from './page.ts'
import { positioningOf } from './position.ts'
import type { PageRange } from './range.ts'
import { slicePage } from './slice-page.ts'
import { walk } from './walk.ts'

/** The asked-for page of a list over those connectors. Settled at once where the store holds what it needs. */
export const readListPage = (
  query: ListQuery,
  range: PageRange,
  readers: readonly Reader[],
  operation: Operation,
): Maybe<ListPage> => {
  const positioned =
    query.scope === undefined && query.order === undefined && isPositioned(query, range, readers)
  // Events are read detection by detection, which a walk, testing row by row as pages come in, cannot wait for.
  if (positioned && !range.backward && range.before === undefined && !needsEvents(query.filter))
    return walk(query, range, readers, operation)
  return andThen(collect(query, readers, operation, positioned), collected =>
    slicePage(query, range, collected, positioningOf(query, readers, positioned), operation),
  )
}

/**
 * An unsorted list goes in the order in which its rows were first read, unless Push can be asked for few rows
 * everywhere: those go by id. The cursor holds on to the order that its list began with.
 */
const isPositioned = (
  { collection, filter }: ListQuery,
  range: PageRange,
  readers: readonly Reader[],
): boolean => {
  const cursor = range.after ?? range.before
  if (cursor !== undefined) return cursor.kind === 'walk'
  const narrows = ({ facts, demand }: Reader): boolean => {
    const ask = {
      collection,
      filter,
      enough: range.backward ? undefined : range.size,
      scanned: demand.scan.has(collection),
    }
    return !['scan', 'store'].includes(plan(ask, facts).accessPath.kind)
  }
  return filter.kind === 'all' || !readers.every(narrows)
}
