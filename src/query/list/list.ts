/**
 * One page of a list. An unsorted list is walked in the order in which its rows were first read, no further than the
 * page needs; a sorted one, one scoped to a parent, or one asked for from its end is put together whole.
 */
import { needsEvents } from '../../filter/relations-in.ts'
import { type Maybe, andThen } from '../../model/maybe.ts'
import type { Operation } from '../operation/operation.ts'
import type { AccessPath } from '../planning/plan.ts'
import { planFor } from '../reading/matching-rows.ts'
import type { Reader } from '../reading/reader.ts'
import { collect } from './collect.ts'
import { countRelated } from './count-related.ts'
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
  const isSorted = query.scope !== undefined || query.order !== undefined
  const paths = isSorted ? unplanned : narrowPaths(query, range, readers)
  const positioned = paths === undefined
  // Events are read detection by detection, which a walk, testing row by row as pages come in, cannot wait for.
  if (positioned && !range.backward && range.before === undefined && !needsEvents(query.filter))
    return walk(query, range, readers, operation)
  return andThen(collect(query, readers, operation, paths ?? readers.map(() => whole)), collected =>
    andThen(countRelated(query, collected, readers, operation), ({ numberOf, complete }) =>
      slicePage(
        query,
        range,
        complete ? collected : { ...collected, complete },
        positioningOf(query, readers, positioned, numberOf),
        operation,
      ),
    ),
  )
}

const whole: AccessPath = { kind: 'scan' }
const unplanned: readonly AccessPath[] = []

/**
 * How each reader gets the rows, where Push can be asked for few rows everywhere: those go by id. Undefined where the
 * list goes in the order in which its rows were first read. The cursor holds on to the order that its list began with.
 */
const narrowPaths = (
  { collection, filter }: ListQuery,
  range: PageRange,
  readers: readonly Reader[],
): readonly AccessPath[] | undefined => {
  const cursor = range.after ?? range.before
  if (cursor !== undefined) return cursor.kind === 'walk' ? undefined : unplanned
  if (filter.kind === 'all') return undefined
  const paths: AccessPath[] = []
  for (const reader of readers) {
    const enough = range.backward ? undefined : range.size
    const { accessPath } = planFor(collection, filter, reader, enough)
    if (accessPath.kind === 'scan' || accessPath.kind === 'store') return undefined
    paths.push(accessPath)
  }
  return paths
}
