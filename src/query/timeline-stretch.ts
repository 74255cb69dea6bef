/** A stretch of a timeline: rows with times of their own, sorted; or a list as it is read. */
import { BadInputError } from '../errors.ts'
import { all, andThen, type Maybe } from '../model/maybe.ts'
import type { CollectionName, Row } from '../model/rows.ts'
import type { KeyCursor } from './cursor.ts'
import { noteFailure } from './failure.ts'
import { gather, type Gathered, type ListPage, readPage } from './list.ts'
import type { Operation } from './operation.ts'
import type { Reader } from './read.ts'
import { conditionOf } from './terms.ts'

export interface TimelineItem {
  readonly collection: CollectionName
  /** The alias of the row's connector. */
  readonly connector: string
  readonly row: Row
  /** Milliseconds: the time of what tells no time of its own. */
  readonly readAt: number
}

/**
 * `dated`: the rows of those collections in the order of their times, which lie in the range (UNIX seconds).
 * `read`: the rows of the one collection in the order of reading.
 */
export type Stretch =
  | {
      readonly kind: 'dated'
      readonly collections: readonly CollectionName[]
      readonly range: { readonly lte?: number; readonly gt?: number }
    }
  | { readonly kind: 'read'; readonly collections: readonly CollectionName[] }

/** A place of a stretch. */
type Place = Omit<KeyCursor, 'kind'>

/** What was read of a stretch. */
export interface Piece {
  readonly items: readonly (readonly [TimelineItem, Place])[]
  /** Where reading stopped, where that is not at the last item. */
  readonly end: Place | undefined
  /** Rows may follow in this stretch. */
  readonly more: boolean
  readonly asOf: number | null
  readonly complete: boolean
  /** Why nothing of it could be read. */
  readonly failure?: Error | undefined
}

export interface StretchQuestion {
  readonly stretch: Stretch
  /** The filter of each of its collections, as GraphQL coerced it. */
  readonly filters: readonly unknown[]
  readonly place: Place | undefined
  /** Items wanted at most. */
  readonly left: number
  readonly readAt: number
}

/** Objects that tell of something that happened, at the moment in `createdAt`. The others are a state, as it is read. */
export const hasOwnTime = (name: CollectionName): name is 'findings' | 'detections' =>
  name === 'findings' || name === 'detections'

export const readStretch = (
  question: StretchQuestion,
  readers: readonly Reader[],
  operation: Operation,
): Maybe<Piece> =>
  question.stretch.kind === 'dated'
    ? readDated(question, readers, operation)
    : readList(question, readers, operation)

const nothing = { items: [], end: undefined, more: false, asOf: null } as const

const readDated = (
  { stretch, filters, place, left, readAt }: StretchQuestion,
  readers: readonly Reader[],
  operation: Operation,
): Maybe<Piece> => {
  const { collections } = stretch
  const parts = collections.map((collection, index) =>
    attempt(collection, readers, operation, () =>
      gather(
        { collection, ...conditionOf(collection, filters[index], operation), page: {} },
        readers,
        operation,
      ),
    ),
  )
  return andThen(all<Gathered | Failed>(parts), settled => {
    const good = settled.filter((part): part is Gathered => !('failure' in part))
    const failed = settled.find((part): part is Failed => 'failure' in part)
    if (good.length === 0) return { ...nothing, complete: false, failure: failed?.failure }
    const entries = settled
      .flatMap((part, index) =>
        'failure' in part
          ? []
          : part.items.map(({ connector, row }): Entry => ({
              time: (row as { readonly createdAt: number }).createdAt,
              order: index,
              connector,
              row,
            })),
      )
      .filter(entry => place === undefined || compareToPlace(entry, place) > 0)
      .sort(compare)
    const times = good.map(({ asOf }) => asOf).filter(asOf => asOf !== null)
    return {
      items: entries.slice(0, left).map(({ time, order, connector, row }) => [
        { collection: collections[order] ?? 'findings', connector, row, readAt },
        { connector, id: row.id, keys: [time, order] },
      ]),
      end: undefined,
      more: entries.length > left,
      asOf: times.length === 0 ? null : Math.min(...times),
      complete: failed === undefined && good.every(({ complete }) => complete),
    }
  })
}

interface Entry {
  /** UNIX seconds. */
  readonly time: number
  /** Of its collection among those of the stretch. */
  readonly order: number
  readonly connector: string
  readonly row: Row
}

/** By time; then by collection, id and connector, so that the order is the same on every page. */
const compare = (a: Entry, b: Entry): number =>
  a.time - b.time ||
  a.order - b.order ||
  compareText(a.row.id, b.row.id) ||
  compareText(a.connector, b.connector)

const compareToPlace = (entry: Entry, { keys, id, connector }: Place): number => {
  const [time, order] = keys
  return (
    entry.time - Number(time) ||
    entry.order - Number(order) ||
    compareText(entry.row.id, id) ||
    compareText(entry.connector, connector)
  )
}

const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

const readList = (
  { stretch, filters, place, left, readAt }: StretchQuestion,
  readers: readonly Reader[],
  operation: Operation,
): Maybe<Piece> => {
  const [collection] = stretch.collections
  if (collection === undefined) return { ...nothing, complete: true }
  const [after = null] = place?.keys ?? []
  const page = attempt(collection, readers, operation, () =>
    readPage(
      {
        collection,
        ...conditionOf(collection, filters[0], operation),
        page: { first: left, after: after === null ? null : String(after) },
      },
      readers,
      operation,
    ),
  )
  return andThen(page, (read: ListPage | Failed): Piece => {
    if ('failure' in read) return { ...nothing, complete: false, failure: read.failure }
    const toPlace = (cursor: string): Place => ({ connector: '', id: '', keys: [cursor] })
    return {
      items: read.items.map(item => [{ collection, ...item, readAt }, toPlace(read.cursor(item))]),
      end: read.endCursor === null ? undefined : toPlace(read.endCursor),
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
  collection: CollectionName,
  readers: readonly Reader[],
  operation: Operation,
  run: () => Maybe<T>,
): Maybe<T | Failed> => {
  const failed = (failure: unknown): Failed => {
    if (failure instanceof BadInputError) throw failure
    // Which throws what is no failure that was foreseen.
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
