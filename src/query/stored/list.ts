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
import { everything, and, type Filter } from '../../filter/filter.ts'
import { filterKey } from '../../filter/filter-key.ts'
import type { Group } from '../../filter/groups.ts'
import { readOrder } from '../../filter/order.ts'
import { readFilter } from '../../filter/read-filter.ts'
import type { GroupArguments } from '../../filter/read-grouping.ts'
import { withPayload } from '../../model/events.ts'
import type { StoredName, StoredRows } from '../../model/stored.ts'
import { type Cursor, listKey, readCursor, writeCursor } from '../list/cursor.ts'
import { MAX_PAGE } from '../list/range.ts'
import { DEFAULT_PAGE } from '../list/range.ts'
import { type PageArguments } from '../list/list-query.ts'
import type { Operation } from '../operation/operation.ts'
import type { Reader } from '../reading/reader.ts'
import { countGroups } from './groups.ts'
import { selectionsOf } from './links.ts'

/** Where stored lists are read. */
export type StoredSource = Pick<AsyncReading, 'page' | 'count' | 'groups' | 'sequenceBefore'> &
  Pick<Events, 'size'>

/** An element of a stored list, with the alias of its connector. */
export interface StoredItem<Name extends StoredName = StoredName> {
  readonly connector: string
  readonly row: StoredRows[Name]
  readonly place: EventSortKey
}

export interface StoredTerms extends PageArguments {
  /** Where the list stands in the answer, where a plan was asked for. */
  readonly path?: string | undefined
  readonly filter?: unknown
  readonly orderBy?: unknown
}

export interface StoredPage {
  readonly items: readonly StoredItem[]
  readonly hasNextPage: boolean
  readonly hasPreviousPage: boolean
  cursor(item: StoredItem): string
  readonly startCursor: string | null
  readonly endCursor: string | null
  /** Nothing of it was read from Push. */
  readonly asOf: null
  readonly complete: true
}

export interface StoredConnection {
  page(): Promise<StoredPage>
  complete(): Promise<boolean>
  totalCount(): Promise<number>
  /** @throws BadInputError for arguments that cannot be counted by. */
  groups(args: GroupArguments): Promise<readonly Group[]>
}

/**
 * The list of those connectors' elements that pass the terms and the scope.
 * @throws BadInputError at once, before anything is read, when the terms cannot be used.
 */
export const createStoredConnection = (
  list: StoredName,
  terms: StoredTerms,
  scope: Filter | undefined,
  readers: readonly Reader[],
  source: StoredSource,
  operation: Operation,
): StoredConnection => {
  const filter = and([
    scope ?? everything,
    readFilter(list, terms.filter ?? undefined, { nowSeconds: operation.startedAt / 1_000 }),
  ])
  const keys = readOrder(list, terms.orderBy ?? undefined)
  const ordering: Ordering = keys.length === 0 ? 'newest' : keys
  const aliases = readers.map(({ alias }) => alias)
  const range = readRange(terms, listKey([list, filterKey(filter), keys, aliases]))
  let selected: Promise<Selection> | undefined
  const select = (): Promise<Selection> =>
    (selected ??= selectionsOf(list, filter, readers, source).then(parts => ({ list, parts })))

  const readPage = async (): Promise<StoredPage> => {
    const { size, backward } = range
    const found = await source.page({
      ...(await select()),
      ordering,
      from: backward ? range.before : range.after,
      until: backward ? range.after : range.before,
      backward,
      // One more shows whether there is one.
      limit: size + 1,
    })
    const more = found.length > size
    const rows = more ? (backward ? found.slice(1) : found.slice(0, size)) : found
    const items = rows.map(found => toItem(list, found))
    operation.returned(items.length, terms.path)
    const cursor = ({ place }: StoredItem): string => range.write(place)
    const [first, last] = [items[0], items.at(-1)]
    return {
      items,
      hasNextPage: backward ? range.before !== undefined : more,
      hasPreviousPage: backward ? more : range.after !== undefined,
      cursor,
      startCursor: first === undefined ? null : cursor(first),
      endCursor: last === undefined ? null : cursor(last),
      asOf: null,
      complete: true,
    }
  }
  let page: Promise<StoredPage> | undefined

  const givePage = (): Promise<StoredPage> => (page ??= readPage())
  return {
    page: givePage,
    complete: async () => (await givePage()).complete,
    totalCount: async () => source.count(await select()),
    groups: args => countGroups(list, args, select, readers, source),
  }
}

/** The file gives the rows of the list that it was asked for. */
const toItem = (list: StoredName, found: FoundRow): StoredItem =>
  list === 'events' ? withPayload(found as StoredItem<'events'>) : (found as StoredItem)

interface Range {
  readonly size: number
  readonly backward: boolean
  readonly after: EventSortKey | undefined
  readonly before: EventSortKey | undefined
  write(place: EventSortKey): string
}

const readRange = ({ first, last, after, before }: StoredTerms, key: string): Range => {
  const given = (value: unknown): boolean => value !== undefined && value !== null
  if (given(first) && given(last))
    throw new BadInputError('Give "first" or "last", not both', 'last')
  const backward = given(last)
  const size = (backward ? last : first) ?? DEFAULT_PAGE
  const name = backward ? 'last' : 'first'
  if (!Number.isInteger(size) || size < 1 || size > MAX_PAGE)
    throw new BadInputError(`"${name}" must be from 1 to ${MAX_PAGE}`, name)
  const read = (text: string | null | undefined, argument: string): EventSortKey | undefined =>
    text === undefined || text === null
      ? undefined
      : toPlace(readCursor(key, text, argument), argument)
  return {
    size,
    backward,
    after: read(after, 'after'),
    before: read(before, 'before'),
    write: ({ keys, sequence }) =>
      writeCursor(key, { kind: 'key', connector: '', id: String(sequence), keys }),
  }
}

const toPlace = (cursor: Cursor, argument: string): EventSortKey => {
  const sequence = Number(cursor.id)
  if (cursor.kind !== 'key' || !Number.isSafeInteger(sequence))
    throw new BadInputError(`"${argument}" is a cursor of another list`, argument)
  return {
    sequence,
    keys: cursor.keys.map(key => (typeof key === 'boolean' ? Number(key) : key)),
  }
}
