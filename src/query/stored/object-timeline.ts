/**
 * What happened to an object: the events about it and its changes as one list in the order of time, the latest first. A
 * change that rows learnt from a stored event is that event's, and is not given once more.
 */
import { BadInputError } from '../../errors.ts'
import { and, everything, type Filter } from '../../filter/filter.ts'
import type { EventSortKey } from '../../events/events.ts'
import { type Members, withPayload } from '../../model/events.ts'
import type { CollectionName, Row } from '../../model/rows.ts'
import { isGiven } from '../../model/values.ts'
import { listKey, readCursor, writeCursor } from '../list/cursor.ts'
import { ListPage } from '../list/page.ts'
import { type CursorFormat, emptyPage, type PageArguments, readRange } from '../list/range.ts'
import type { Operation } from '../operation/operation.ts'
import { changesOfObject } from './changes.ts'
import { historyOf } from './history.ts'
import type { StoredItem, StoredSource } from './list.ts'
import { withoutTold } from './told-changes.ts'

/** The kinds of items, in the order in which they stand at the same moment. */
export const timelineKinds = ['EVENT', 'CHANGE'] as const
export type TimelineKindName = (typeof timelineKinds)[number]

export interface ObjectTimelineTerms extends Pick<PageArguments, 'first' | 'after'> {
  /** UNIX seconds: at or after this time. */
  readonly since?: number | null | undefined
  /** UNIX seconds: before this time. */
  readonly until?: number | null | undefined
  /** All where absent. */
  readonly kinds?: readonly TimelineKindName[] | null | undefined
  /** Where the list stands in the answer, where a plan was asked for. */
  readonly path?: string | undefined
}

/** Whose timeline it is. */
export interface ObjectOfTimeline {
  readonly connector: string
  readonly collection: CollectionName
  readonly row: Row
}

/** Something that happened. `at`: UNIX seconds, when it happened, or of a change when it became known. */
export type ObjectTimelineItem = { readonly connector: string; readonly at: number } & (
  | {
      readonly kind: 'EVENT'
      readonly item: StoredItem<'events'> & { readonly payload: () => Members }
    }
  | { readonly kind: 'CHANGE'; readonly item: StoredItem<'changes'> }
)

export interface ObjectTimeline {
  page(): Promise<ListPage<ObjectTimelineItem>>
}

/** The timeline of that object. @throws BadInputError at once when the terms cannot be used */
export const createObjectTimeline = (
  of: ObjectOfTimeline,
  terms: ObjectTimelineTerms,
  source: StoredSource,
  operation: Operation,
): ObjectTimeline => {
  checkTimes(terms)
  const range = readRange(terms, timelineCursors(of, terms))
  const { size, after } = range
  const kinds = new Set(terms.kinds ?? timelineKinds)

  const readPage = async (): Promise<ListPage<ObjectTimelineItem>> => {
    if (size === 0) return emptyPage(range)
    // One more of each kind shows whether there is more.
    const wanted = size + 1
    const events = kinds.has('EVENT') ? await readEvents(of, terms, source, after, wanted) : []
    const last = events.length < wanted ? undefined : events.at(-1)
    const changes = kinds.has('CHANGE')
      ? await readChanges(of, terms, source, { after, until: last && positionOf(last), wanted })
      : []
    const found = [...events, ...changes].sort(compareItems)
    return new ListPage({
      items: found.slice(0, size),
      operation,
      path: terms.path,
      hasNextPage: found.length > size,
      hasPreviousPage: after !== undefined,
      cursor: item => range.write(positionOf(item)),
      // Nothing of it was read from Push.
      asOf: null,
      complete: true,
    })
  }
  let read: Promise<ListPage<ObjectTimelineItem>> | undefined
  return { page: () => (read ??= readPage()) }
}

/** Looks at the terms alone. @throws BadInputError when they cannot be used */
export const checkObjectTimeline = (terms: ObjectTimelineTerms): void => {
  checkTimes(terms)
  readRange({ first: terms.first }, { read: () => undefined, write: () => '' })
}

const checkTimes = ({ since, until }: ObjectTimelineTerms): void => {
  if (isGiven(since) && isGiven(until) && since > until)
    throw new BadInputError('"since" must not be later than "until"', 'since')
}

/** A place among the items: what stands there may have gone, and others may have come. */
interface TimelinePlace {
  readonly at: number
  /** The index of its kind. */
  readonly kind: number
  readonly sequence: number
}

const positionOf = ({ at, kind, item }: ObjectTimelineItem): TimelinePlace => ({
  at,
  kind: timelineKinds.indexOf(kind),
  sequence: item.place.sequence,
})

const compareItems = (a: ObjectTimelineItem, b: ObjectTimelineItem): number => {
  const [one, other] = [positionOf(a), positionOf(b)]
  return other.at - one.at || one.kind - other.kind || other.sequence - one.sequence
}

/** The place in the list of that kind behind which all stands that comes after the place among all. */
const placeIn = (kind: TimelineKindName, place: TimelinePlace): EventSortKey => {
  const order = timelineKinds.indexOf(kind) - place.kind
  // At the same moment, those of an earlier kind have come, and those of a later one are to come.
  const sequence = order < 0 ? 0 : order > 0 ? Number.MAX_SAFE_INTEGER : place.sequence
  return { keys: [place.at], sequence }
}

const timelineCursors = (
  { connector, collection, row }: ObjectOfTimeline,
  { since, until, kinds }: ObjectTimelineTerms,
): CursorFormat<TimelinePlace> => {
  const wanted = timelineKinds.filter(kind => kinds?.includes(kind) ?? true)
  const key = listKey([
    ...['timeline of', connector, collection, row.id],
    ...[since ?? null, until ?? null, wanted],
  ])
  return {
    read: (text, argument) => {
      const cursor = readCursor(key, text, argument)
      const [at, kind] = cursor.kind === 'key' ? cursor.keys : []
      const sequence = Number(cursor.id)
      if (typeof at !== 'number' || typeof kind !== 'number' || !Number.isSafeInteger(sequence))
        throw new BadInputError(`"${argument}" is a cursor of another list`, argument)
      return { at, kind, sequence }
    },
    write: ({ at, kind, sequence }) =>
      writeCursor(key, { kind: 'key', connector: '', id: String(sequence), keys: [at, kind] }),
  }
}

const readEvents = async (
  { connector, collection, row }: ObjectOfTimeline,
  { since, until }: ObjectTimelineTerms,
  source: Pick<StoredSource, 'page'>,
  after: TimelinePlace | undefined,
  limit: number,
): Promise<readonly ObjectTimelineItem[]> => {
  const field = 'occurredAt'
  const within: readonly Filter[] = [
    isGiven(since) ? { kind: 'compare', field, op: 'gte', value: since } : everything,
    isGiven(until) ? { kind: 'compare', field, op: 'lt', value: until } : everything,
  ]
  const found = await source.page({
    list: 'events',
    parts: [{ connectors: [connector], filter: and([historyOf(collection, row), ...within]) }],
    ordering: 'newest',
    from: after && placeIn('EVENT', after),
    until: undefined,
    backward: false,
    limit,
  })
  return (found as readonly StoredItem<'events'>[]).map(item => ({
    connector,
    at: item.row.occurredAt,
    kind: 'EVENT',
    item: withPayload(item),
  }))
}

interface Stretch {
  readonly after: TimelinePlace | undefined
  /** What comes later than this is not wanted. */
  readonly until: TimelinePlace | undefined
  readonly wanted: number
}

/** Those that no event tells of, read on until there are as many as wanted. */
const readChanges = async (
  of: ObjectOfTimeline,
  { since, until: before, kinds }: ObjectTimelineTerms,
  source: Pick<StoredSource, 'page' | 'groups'>,
  { after, until, wanted }: Stretch,
): Promise<readonly ObjectTimelineItem[]> => {
  const { connector, collection, row } = of
  const filter = changesOfObject(collection, row, { since, until: before })
  const withEvents = kinds?.includes('EVENT') ?? true
  const found: ObjectTimelineItem[] = []
  let from = after && placeIn('CHANGE', after)
  while (found.length < wanted) {
    const some = (await source.page({
      list: 'changes',
      parts: [{ connectors: [connector], filter }],
      ordering: 'newest',
      from,
      until: until && placeIn('CHANGE', until),
      backward: false,
      limit: wanted,
    })) as readonly StoredItem<'changes'>[]
    // Where events are left out, nothing else tells what they told.
    const shown = withEvents ? await withoutTold(some, of, source) : some
    for (const item of shown) found.push({ connector, at: item.row.at, kind: 'CHANGE', item })
    if (some.length < wanted) return found
    from = some.at(-1)?.place
  }
  return found
}
