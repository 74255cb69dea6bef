/** A segment of a timeline: rows with times of their own, sorted; or a list as it is read. */
import { BadInputError } from '../../errors.ts'
import { everything, type Filter } from '../../filter/filter.ts'
import { firstOf } from '../../filter/first-of.ts'
import { allOf, andThen, type Maybe } from '../../model/maybe.ts'
import { collections } from '../../model/collections.ts'
import type { CollectionName } from '../../model/rows.ts'
import { noteFailure } from '../operation/failure.ts'
import { collect, type CollectedRows, itemsOf, oldest } from '../list/collect.ts'
import { readListPage } from '../list/list.ts'
import type { ListPage } from '../list/page.ts'
import { listCursors, readRange } from '../list/range.ts'
import type { Operation } from '../operation/operation.ts'
import type { Reader } from '../reading/reader.ts'
import type { StoredSource } from '../stored/list.ts'
import { readWebhookEvents } from './events.ts'
import type { Entry, SortKey, TimelineItem, TimelineName } from './item.ts'
import { compareText, fieldOf } from '../../model/values.ts'
import type { Work } from '../../work/work.ts'

/** UNIX seconds. */
export type TimeBounds = Readonly<Partial<Record<'gte' | 'gt' | 'lt' | 'lte', number>>>

/**
 * `dated`: the rows of those collections in the order of their times, which lie in the range (UNIX seconds).
 * `read`: the rows of the one collection in the order of reading.
 */
export type Segment =
  | {
      readonly kind: 'dated'
      readonly collections: readonly TimelineName[]
      readonly range: TimeBounds
    }
  | { readonly kind: 'read'; readonly collections: readonly CollectionName[] }

/** What was read of a segment. */
export interface SegmentRead {
  readonly items: readonly (readonly [TimelineItem, () => SortKey])[]
  /** Where reading stopped, if not at the last item. */
  readonly end: (() => SortKey) | undefined
  /** Rows may follow in this segment. */
  readonly more: boolean
  readonly asOf: number | null
  readonly complete: boolean
  /** Why nothing of it could be read. */
  readonly failure?: Error | undefined
}

export interface SegmentQuery {
  readonly segment: Segment
  /** The filter of each of its collections. */
  readonly filters: readonly Filter[]
  readonly after: SortKey | undefined
  /** Items wanted at most. */
  readonly left: number
  readonly readAt: number
}

/**
 * Whether it tells of something that happened, at the moment in a field of its own. The others are a state, as it is
 * read.
 */
export const hasOwnTime = (name: TimelineName): boolean =>
  name === 'events' || collections[name].ownTime !== null

export const readSegment = (
  query: SegmentQuery,
  readers: readonly Reader[],
  stored: StoredSource,
  operation: Operation,
): Maybe<SegmentRead> =>
  query.segment.kind === 'dated'
    ? readDated(query, readers, stored, operation)
    : readList(query, query.segment.collections[0], readers, operation)

const nothing = { items: [], end: undefined, more: false, asOf: null } as const

const readDated = (
  { segment, filters, after, left, readAt }: SegmentQuery,
  readers: readonly Reader[],
  stored: StoredSource,
  operation: Operation,
): Maybe<SegmentRead> => {
  const parts = segment.collections.map((collection, order) =>
    attempt(collection, readers, operation, (): Maybe<Entries> => {
      const filter = filters[order] ?? everything
      if (collection === 'events')
        return andThen(
          readWebhookEvents({ filter, order, after, left }, readers, stored, operation.work),
          entries => ({ entries, asOf: null, complete: true }),
        )
      return andThen(collect({ collection, filter }, readers, operation), found =>
        operation.work.run(entriesOf(collection, order, found, after, operation.work)),
      )
    }),
  )
  return andThen(allOf<Entries | Failed>(parts), settled => {
    const good = settled.filter((part): part is Entries => !('failure' in part))
    const failed = settled.find((part): part is Failed => 'failure' in part)
    if (good.length === 0) return { ...nothing, complete: false, failure: failed?.failure }
    // One more shows whether there are more.
    const entries = firstOf(
      chained(good.map(({ entries: some }) => some)),
      left + 1,
      compare,
      operation.work,
    )
    return andThen(entries, all => ({
      items: all
        .slice(0, left)
        .map(({ time, order, item, key }) => [
          { ...item, readAt },
          () => ({ connector: item.connector, id: key, keys: [time, order] }),
        ]),
      end: undefined,
      more: all.length > left,
      asOf: oldest(good.map(({ asOf }) => asOf)),
      complete: failed === undefined && good.every(({ complete }) => complete),
    }))
  })
}

function* chained<T>(lists: readonly (readonly T[])[]): Generator<T> {
  for (const list of lists) yield* list
}

interface Entries {
  /** All that are left, or one more than wanted at least. */
  readonly entries: readonly Entry[]
  readonly asOf: number | null
  readonly complete: boolean
}

/** About what it takes to make one. */
const ENTRY_NS = 200

function* entriesOf(
  collection: CollectionName,
  order: number,
  collected: CollectedRows,
  after: SortKey | undefined,
  work: Work,
): Generator<void, Entries> {
  // What has none is not read by its time.
  const ownTime = collections[collection].ownTime as string
  const entries: Entry[] = []
  for (const { connector, row } of itemsOf(collected)) {
    if (!work.spend(ENTRY_NS)) yield
    const entry: Entry = {
      time: fieldOf(row, ownTime) as number,
      order,
      key: row.id,
      item: { collection, connector, row },
    }
    if (after === undefined || compareToKey(entry, after) > 0) entries.push(entry)
  }
  return { entries, asOf: collected.asOf, complete: collected.complete }
}

/** By time; then by collection, id and connector, so that the order is the same on every page. */
const compare = (a: Entry, b: Entry): number =>
  a.time - b.time ||
  a.order - b.order ||
  compareText(a.key, b.key) ||
  compareText(a.item.connector, b.item.connector)

const compareToKey = (entry: Entry, { keys, id, connector }: SortKey): number => {
  const [time, order] = keys
  return (
    entry.time - Number(time) ||
    entry.order - Number(order) ||
    compareText(entry.key, id) ||
    compareText(entry.item.connector, connector)
  )
}

const readList = (
  { filters: [filter = everything], after, left, readAt }: SegmentQuery,
  collection: CollectionName | undefined,
  readers: readonly Reader[],
  operation: Operation,
): Maybe<SegmentRead> => {
  if (collection === undefined) return { ...nothing, complete: true }
  const query = { collection, filter }
  // The cursor of the list itself is all the key that its rows have.
  const [cursor = null] = after?.keys ?? []
  const page = attempt(collection, readers, operation, () =>
    readListPage(
      query,
      readRange(
        { first: left, after: cursor === null ? null : String(cursor) },
        listCursors(query, readers),
      ),
      readers,
      operation,
    ),
  )
  return andThen(page, (read: ListPage | Failed): SegmentRead => {
    if ('failure' in read) return { ...nothing, complete: false, failure: read.failure }
    const toKey = (cursor: string): SortKey => ({ connector: '', id: '', keys: [cursor] })
    const { endCursor } = read
    return {
      items: read.items.map(item => [
        { collection, ...item, readAt },
        () => toKey(read.cursor(item)),
      ]),
      end: endCursor === null ? undefined : () => toKey(endCursor),
      more: read.hasNextPage,
      asOf: read.asOf,
      complete: read.complete,
    }
  })
}

interface Failed {
  readonly failure: Error
}

/** A collection that cannot be read takes nothing from the others; what the caller did wrong does. */
const attempt = <T>(
  collection: TimelineName,
  readers: readonly Reader[],
  operation: Operation,
  run: () => Maybe<T>,
): Maybe<T | Failed> => {
  const failed = (failure: unknown): Failed => {
    if (failure instanceof BadInputError) throw failure
    // Throws what is no failure that was foreseen.
    for (const { alias } of readers) noteFailure(collection, alias, failure, operation)
    return { failure: failure as Error }
  }
  try {
    const value = run()
    return value instanceof Promise ? value.catch(failed) : value
  } catch (failure) {
    return failed(failure)
  }
}
