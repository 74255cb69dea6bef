/**
 * A list that is kept here: a page of it, its count, its groups. The file's own thread evaluates the filter; what lies
 * behind a link is found in the rows read from Push first, and becomes a comparison of ids.
 */
import type {
  AsyncReading,
  Events,
  FoundRow,
  Ordering,
  EventSortKey,
  Selection,
} from '../../events/events.ts'
import { BadInputError } from '../../errors.ts'
import { and, everything, type Filter } from '../../filter/filter.ts'
import { filterKey } from '../../filter/filter-key.ts'
import type { Group } from '../../filter/groups.ts'
import { readOrder } from '../../filter/order.ts'
import type { GroupArguments } from '../../filter/read-grouping.ts'
import { withPayload } from '../../model/events.ts'
import type { StoredName, StoredRows } from '../../model/stored.ts'
import { type Cursor, listKey, readCursor, writeCursor } from '../list/cursor.ts'
import { ListPage } from '../list/page.ts'
import { type CursorFormat, emptyPage, readRange } from '../list/range.ts'
import { filterOf, type ListTerms } from '../list/read-arguments.ts'
import type { Operation } from '../operation/operation.ts'
import type { Reader } from '../reading/reader.ts'
import { countGroups, countOfGroups, type StoredToGroup } from './groups.ts'
import { selectionsOf } from './links.ts'

/** Where stored lists are read. */
export type StoredSource = Pick<
  AsyncReading,
  | 'page'
  | 'count'
  | 'groups'
  | 'sequenceBefore'
  | 'newest'
  | 'standing'
  | 'changeBefore'
  | 'newestChange'
  | 'changeStanding'
  | 'listThen'
  | 'rowsThen'
  | 'rowThen'
> &
  Pick<Events, 'size' | 'identity' | 'noted'>

/** An element of a stored list, with the alias of its connector. */
export interface StoredItem<Name extends StoredName = StoredName> {
  readonly connector: string
  readonly row: StoredRows[Name]
  readonly place: EventSortKey
}

export interface StoredConnection {
  page(): Promise<ListPage<StoredItem>>
  asOf(): Promise<number | null>
  complete(): Promise<boolean>
  totalCount(): Promise<number>
  /** @throws BadInputError for arguments that cannot be counted by. */
  groups(args: GroupArguments): Promise<readonly Group[]>
  /** @throws BadInputError like `groups`. */
  groupCount(args: Pick<GroupArguments, 'by'>): Promise<number>
}

/**
 * The list of those connectors' elements that pass the terms and the scope.
 * @throws BadInputError at once, before anything is read, when the terms cannot be used.
 */
export const createStoredConnection = (
  list: StoredName,
  terms: ListTerms,
  scope: Filter | undefined,
  readers: readonly Reader[],
  source: StoredSource,
  operation: Operation,
): StoredConnection => {
  const filter = and([scope ?? everything, filterOf(list, terms.filter, operation)])
  const keys = readOrder(list, terms.orderBy ?? undefined)
  const ordering: Ordering = keys.length === 0 ? 'newest' : keys
  const aliases = readers.map(({ alias }) => alias)
  const range = readRange(terms, storedCursors(listKey([list, filterKey(filter), keys, aliases])))
  let selected: Promise<Selection> | undefined
  const select = (): Promise<Selection> =>
    (selected ??= selectionsOf(list, filter, readers, source).then(parts => ({ list, parts })))

  const toGroup: StoredToGroup = {
    list,
    readers,
    select: async also =>
      also === undefined
        ? select()
        : { list, parts: await selectionsOf(list, and([filter, also]), readers, source) },
    readFilter: where => filterOf(list, where, operation, 'where'),
    source,
    work: operation.work,
  }

  const readPage = async (): Promise<ListPage<StoredItem>> => {
    const { size, backward, after, before } = range
    if (size === 0) return emptyPage(range)
    const found = await source.page({
      ...(await select()),
      ordering,
      from: backward ? before : after,
      until: backward ? after : before,
      backward,
      // One more shows whether there is one.
      limit: size + 1,
    })
    const more = found.length > size
    const rows = more ? (backward ? found.slice(1) : found.slice(0, size)) : found
    return new ListPage({
      items: rows.map(of => toItem(list, of)),
      operation,
      path: terms.path,
      hasNextPage: backward ? before !== undefined : more,
      hasPreviousPage: backward ? more : after !== undefined,
      cursor: item => range.write(item.place),
      // Nothing of it was read from Push.
      asOf: null,
      complete: true,
    })
  }
  let read: Promise<ListPage<StoredItem>> | undefined
  const page = (): Promise<ListPage<StoredItem>> => (read ??= readPage())
  return {
    page,
    asOf: async () => (await page()).asOf,
    complete: async () => (await page()).complete,
    totalCount: async () => source.count(await select()),
    groups: args => countGroups(toGroup, args),
    groupCount: args => countOfGroups(toGroup, args),
  }
}

/** The file gives the rows of the list that it was asked for. */
const toItem = (list: StoredName, found: FoundRow): StoredItem =>
  list === 'events' ? withPayload(found as StoredItem<'events'>) : (found as StoredItem)

const storedCursors = (key: string): CursorFormat<EventSortKey> => ({
  read: (text, argument) => toSortKey(readCursor(key, text, argument), argument),
  write: ({ keys, sequence }) =>
    writeCursor(key, { kind: 'key', connector: '', id: String(sequence), keys }),
})

const toSortKey = (cursor: Cursor, argument: string): EventSortKey => {
  const sequence = Number(cursor.id)
  if (cursor.kind !== 'key' || !Number.isSafeInteger(sequence))
    throw new BadInputError(`"${argument}" is a cursor of another list`, argument)
  return { sequence, keys: cursor.keys.map(key => (typeof key === 'boolean' ? Number(key) : key)) }
}
