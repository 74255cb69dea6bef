/**
 * The objects of several collections, and the webhook events, in the order of time. What has a time of its own is read whole and sorted; what
 * is only as new as its reading has one moment for all, and comes in the order in which it is read, page by page.
 */
import { BadInputError } from '../../errors.ts'
import { andThen, type Maybe } from '../../model/maybe.ts'
import { collectionNames } from '../../model/collections.ts'
import type { CollectionName } from '../../model/rows.ts'
import { type KeyCursor, listKey, readCursor, writeCursor } from '../list/cursor.ts'
import type { Need } from '../planning/need.ts'
import { MAX_PAGE } from '../list/range.ts'
import { DEFAULT_PAGE } from '../list/range.ts'
import type { Operation } from '../operation/operation.ts'
import type { Reader } from '../reading/reader.ts'
import { conditionOf } from '../list/read-arguments.ts'
import type { StoredSource } from '../stored/list.ts'
import { type EventsFilter, eventsKey } from './events.ts'
import type { TimelineItem, TimelineName } from './item.ts'
import { hasOwnTime, type SegmentRead, readSegment, type Segment } from './segment.ts'

export type { TimelineItem, TimelineName } from './item.ts'
export { hasOwnTime } from './segment.ts'

export interface TimelineArguments {
  /** All collections where absent. */
  readonly types?: readonly TimelineName[] | null | undefined
  /** The filter of each collection, as GraphQL coerced it. */
  readonly filter?: Readonly<Partial<Record<TimelineName, unknown>>> | null | undefined
  /** UNIX seconds: not before this moment. */
  readonly since?: number | null | undefined
  /** UNIX seconds: before this moment. */
  readonly until?: number | null | undefined
  readonly first?: number | null | undefined
  readonly after?: string | null | undefined
}

export interface TimelinePage {
  readonly items: readonly TimelineItem[]
  readonly hasNextPage: boolean
  readonly hasPreviousPage: boolean
  cursor(item: TimelineItem): string
  readonly startCursor: string | null
  readonly endCursor: string | null
  /** Milliseconds; null where nothing was read. */
  readonly asOf: number | null
  readonly complete: boolean
}

export interface Timeline {
  /** @throws the first error where none of the collections can be read. */
  page(): Maybe<TimelinePage>
}

/** @throws BadInputError at once, before anything is read, when the arguments cannot be used. */
export const createTimeline = (
  args: TimelineArguments,
  readers: readonly Reader[],
  stored: StoredSource,
  operation: Operation,
): Timeline => {
  const range = readRange(args, readers, operation)
  let page: Maybe<TimelinePage> | undefined
  return { page: () => (page ??= readPage(range, readers, stored, operation)) }
}

/**
 * What the page needs for certain: the stretch that it begins in. Undefined filters are as if there were none; what
 * cannot be used needs nothing, and is the timeline's to refuse.
 */
export const timelineNeeds = (
  args: TimelineArguments,
): readonly Pick<Need, 'collection' | 'first' | 'whole' | 'filter'>[] => {
  const place = args.after === null || args.after === undefined ? undefined : peek(args.after)
  const segment =
    place === undefined ? firstOf(args) : stretchesOf(args, place.readAt)[place.segment]
  if (segment === undefined) return []
  const first = args.first ?? DEFAULT_PAGE
  // Events cost no request.
  const read = [...segment.collections].filter(name => name !== 'events')
  return read.map(collection => ({
    collection,
    first,
    whole: segment.kind === 'dated',
    filter: filterOf(args, collection, segment),
  }))
}

/** Where a timeline begins, at whatever moment it is read. */
const firstOf = (args: TimelineArguments): Segment | undefined => {
  const types = typesOf(args)
  const dated = types.filter(hasOwnTime)
  if (dated.length > 0) return { kind: 'dated', collections: dated, range: {} }
  const [first] = types.filter(isState)
  return first === undefined ? undefined : { kind: 'read', collections: [first] }
}

interface Range {
  readonly args: TimelineArguments
  readonly size: number
  /** Milliseconds: the moment of all that is only as new as its reading, the same on every page. */
  readonly readAt: number
  readonly segments: readonly Segment[]
  /** Where to go on. */
  readonly from: { readonly segment: number; readonly place: KeyCursor | undefined }
  write(segment: number, place: Omit<KeyCursor, 'kind'>): string
}

const readRange = (
  args: TimelineArguments,
  readers: readonly Reader[],
  operation: Operation,
): Range => {
  const size = args.first ?? DEFAULT_PAGE
  if (!Number.isInteger(size) || size < 1 || size > MAX_PAGE)
    throw new BadInputError(`"first" must be from 1 to ${MAX_PAGE}`, 'first')
  const { since, until } = args
  if (typeof since === 'number' && typeof until === 'number' && since > until)
    throw new BadInputError('"since" must not be later than "until"', 'since')
  const types = typesOf(args)
  const key = listKey([
    'timeline',
    types,
    since ?? null,
    until ?? null,
    types.map(name => conditionKey(name, args, operation)),
    readers.map(({ alias }) => alias),
  ])
  const cursor =
    args.after === null || args.after === undefined
      ? undefined
      : readCursor(key, args.after, 'after')
  const place = cursor?.kind === 'key' ? toPlace(cursor) : undefined
  if (cursor !== undefined && place === undefined)
    throw new BadInputError('"after" is a cursor of another list', 'after')
  const readAt = place?.readAt ?? operation.startedAt
  return {
    args,
    size,
    readAt,
    segments: stretchesOf(args, readAt),
    from: { segment: place?.segment ?? 0, place: place?.rest },
    write: (segment, { connector, id, keys }) =>
      writeCursor(key, { kind: 'key', connector, id, keys: [readAt, segment, ...keys] }),
  }
}

/** A filter that cannot be read is refused with the collection that it is for. */
const conditionKey = (
  name: TimelineName,
  { filter }: TimelineArguments,
  operation: Operation,
): string => {
  try {
    if (name === 'events') return eventsKey(filter?.events, operation)
    return conditionOf(name, filter?.[name], operation).condition?.key ?? ''
  } catch (error) {
    if (!(error instanceof BadInputError)) throw error
    const { path } = error.fields
    const below =
      typeof path === 'string' ? path.replace(/^filter/, `filter.${name}`) : `filter.${name}`
    throw new BadInputError(error.message, below)
  }
}

const names: readonly TimelineName[] = [...collectionNames, 'events']

const typesOf = ({ types }: TimelineArguments): readonly TimelineName[] => {
  const wanted = new Set(types ?? names)
  return names.filter(name => wanted.has(name))
}

const isState = (name: TimelineName): name is CollectionName => !hasOwnTime(name)

/** The stretches of the timeline one after another: what happened until now, what there is now, what is to come. */
const stretchesOf = (args: TimelineArguments, readAt: number): readonly Segment[] => {
  const types = typesOf(args)
  const dated = types.filter(hasOwnTime)
  const others = types.filter(isState)
  const now = readAt / 1_000
  const isNowWithin = now >= (args.since ?? -Infinity) && now < (args.until ?? Infinity)
  if (others.length === 0 || !isNowWithin)
    return dated.length === 0 ? [] : [{ kind: 'dated', collections: dated, range: {} }]
  const inventory = others.map((name): Segment => ({ kind: 'read', collections: [name] }))
  if (dated.length === 0) return inventory
  return [
    { kind: 'dated', collections: dated, range: { lte: now } },
    ...inventory,
    { kind: 'dated', collections: dated, range: { gt: now } },
  ]
}

const readPage = (
  range: Range,
  readers: readonly Reader[],
  stored: StoredSource,
  operation: Operation,
): Maybe<TimelinePage> => {
  const { segments, size, from } = range
  const items: TimelineItem[] = []
  const cursors = new Map<TimelineItem, string>()
  let asOf: number | null = null
  let complete = true
  let failure: Error | undefined
  let succeeded = false
  let last: string | null = null

  const finish = (more: boolean): TimelinePage => {
    if (failure !== undefined && !succeeded) throw failure
    operation.returned(items.length)
    const [first] = items
    return {
      items,
      hasNextPage: more,
      hasPreviousPage: range.args.after !== null && range.args.after !== undefined,
      cursor: item => cursors.get(item) ?? '',
      startCursor: first === undefined ? null : (cursors.get(first) ?? null),
      endCursor: last,
      asOf,
      complete,
    }
  }

  const take = (index: number, piece: SegmentRead): 'stop' | 'go on' => {
    for (const [item, place] of piece.items) {
      const cursor = range.write(index, place)
      items.push(item)
      cursors.set(item, cursor)
      last = cursor
    }
    if (piece.end !== undefined) last = range.write(index, piece.end)
    if (piece.asOf !== null) asOf = Math.min(asOf ?? piece.asOf, piece.asOf)
    complete &&= piece.complete
    if (piece.failure === undefined) succeeded = true
    else failure ??= piece.failure
    return piece.more ? 'stop' : 'go on'
  }

  const goOn = (index: number): Maybe<TimelinePage> => {
    const segment = segments[index]
    if (segment === undefined) return finish(false)
    const left = size - items.length
    // That the stretches to come are empty can only be known by reading them.
    if (left === 0) return finish(true)
    const place = index === from.segment ? from.place : undefined
    const filters = segment.collections.map(name => filterOf(range.args, name, segment))
    const piece = readSegment(
      { segment, filters, place, left, readAt: range.readAt },
      readers,
      stored,
      operation,
    )
    return andThen(piece, read => (take(index, read) === 'stop' ? finish(true) : goOn(index + 1)))
  }
  return goOn(from.segment)
}

/** The caller's filter of a collection, with the stretch of time where it has one of its own. */
const filterOf = (
  { filter, since, until }: TimelineArguments,
  name: TimelineName,
  segment: Segment,
): unknown => {
  const own = filter?.[name]
  if (segment.kind === 'read') return own
  const time = {
    ...(typeof since === 'number' ? { gte: since } : {}),
    ...(typeof until === 'number' ? { lt: until } : {}),
    ...segment.range,
  }
  if (name === 'events') return { own, span: time } satisfies EventsFilter
  return { and: [...(own === undefined || own === null ? [] : [own]), { createdAt: time }] }
}

interface Place {
  readonly readAt: number
  readonly segment: number
  readonly rest: KeyCursor
}

const toPlace = (cursor: KeyCursor): Place | undefined => {
  const [readAt, segment, ...keys] = cursor.keys
  return typeof readAt === 'number' && typeof segment === 'number'
    ? { readAt, segment, rest: { ...cursor, keys } }
    : undefined
}

/** Where a cursor stands, whichever timeline it is of; undefined where it is none. */
const peek = (text: string): Place | undefined => {
  try {
    const [key] = JSON.parse(Buffer.from(text, 'base64url').toString('utf8')) as unknown[]
    const cursor = readCursor(String(key), text, 'after')
    return cursor.kind === 'key' ? toPlace(cursor) : undefined
  } catch {
    return undefined
  }
}
