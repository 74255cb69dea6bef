/** A list with everything that may be asked of it, each part worked out when it is asked for and then once. */
import { type Maybe, andThen, settled } from '../../model/maybe.ts'
import type { Group } from '../../filter/groups.ts'
import type { GroupArguments } from '../../filter/read-grouping.ts'
import { collect, type CollectedRows } from './collect.ts'
import { groupsOf } from './groups.ts'
import { readListPage } from './list.ts'
import { emptyPage, listCursors, type PageArguments, readRange } from './range.ts'
import type { ListPage } from './page.ts'
import type { ListQuery } from './list-query.ts'
import type { Operation } from '../operation/operation.ts'
import type { Reader } from '../reading/reader.ts'

export interface ListConnection {
  page(): Maybe<ListPage>
  /** Whether no row is missing, in the page and in what is counted beside it. */
  complete(): Maybe<boolean>
  /** How many rows the list has. @throws BudgetError when that cannot be known within the operation's budget. */
  totalCount(): Maybe<number>
  /** How many rows share the same values. @throws BadInputError, BudgetError like `totalCount`. */
  groups(args: GroupArguments): Maybe<readonly Group[]>
}

/** @throws BadInputError at once, before anything is read, when the arguments cannot be used. */
export const createConnection = (
  query: ListQuery,
  args: PageArguments,
  readers: readonly Reader[],
  operation: Operation,
): ListConnection => {
  const range = readRange(args, listCursors(query, readers))
  let read: Maybe<ListPage> | undefined
  const page = (): Maybe<ListPage> =>
    (read ??= range.size === 0 ? emptyPage(range) : readListPage(query, range, readers, operation))
  let counted: Maybe<CollectedRows> | undefined
  const all = (): Maybe<CollectedRows> => (counted ??= collect(query, readers, operation))
  const isWholeCounted = (): Maybe<boolean> =>
    counted === undefined
      ? true
      : andThen(
          // What cannot be counted at all says so itself.
          settled(() => counted as Maybe<CollectedRows>),
          whole => !('value' in whole) || whole.value.complete,
        )
  return {
    page,
    complete: () => {
      const isWhole = ({ complete }: ListPage): Maybe<boolean> => complete && isWholeCounted()
      const mayMiss =
        readers.length > 1 ||
        readers.some(({ store }) => store.table(query.collection).gaps.length > 0)
      // A count may be asked for behind this in the same selection: it begins before a promise goes on.
      return mayMiss ? Promise.resolve(page()).then(isWhole) : andThen(page(), isWhole)
    },
    totalCount: () =>
      andThen(all(), ({ parts }) => parts.reduce((sum, { rows }) => sum + rows.length, 0)),
    groups: args =>
      groupsOf(query.collection, args, readers, () => andThen(all(), ({ parts }) => parts)),
  }
}
