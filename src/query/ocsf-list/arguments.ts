/** What a timeline is asked for: its segments one after another, and where among them the page begins. */
import { BadInputError } from '../../errors.ts'
import { and, type Compare, everything, type Filter } from '../../filter/filter.ts'
import { filterKey } from '../../filter/filter-key.ts'
import { collectionNames } from '../../model/collections.ts'
import type { CollectionName } from '../../model/rows.ts'
import { isUnixTime } from '../../model/values.ts'
import { type Cursor, listKey, readCursor, writeCursor } from '../list/cursor.ts'
import { type CursorFormat, type PageArguments, readRange } from '../list/range.ts'
import { filterOf } from '../list/read-arguments.ts'
import type { Operation } from '../operation/operation.ts'
import type { Reader } from '../reading/reader.ts'
import type { SortKey, TimelineName } from './item.ts'
import { hasOwnTime, type Segment, type TimeBounds } from './segment.ts'

export interface TimelineArguments extends Pick<PageArguments, 'first' | 'after'> {
  /** All collections where absent. */
  readonly types?: readonly TimelineName[] | null | undefined
  /** The filter of each collection, as GraphQL coerced it. */
  readonly filter?: Readonly<Partial<Record<TimelineName, unknown>>> | null | undefined
  /** UNIX seconds: at or after this time. */
  readonly since?: number | null | undefined
  /** UNIX seconds: before this time. */
  readonly until?: number | null | undefined
}

/** Where an item stands in a timeline. */
export interface TimelinePosition {
  /** Milliseconds: the time of all that is only as new as its reading, the same on every page. */
  readonly readAt: number
  /** The index of its segment. */
  readonly segment: number
  readonly sortKey: SortKey
}

export interface TimelineRange {
  readonly size: number
  readonly after: TimelinePosition | undefined
  readonly readAt: number
  readonly segments: readonly Segment[]
  /** The filters of the collections of a segment, in their order. */
  readonly filtersOf: (segment: Segment) => readonly Filter[]
  readonly write: (position: TimelinePosition) => string
}

/** @throws BadInputError that names the argument and says what it may be. */
export const readTimelineRange = (
  args: TimelineArguments,
  readers: readonly Reader[],
  operation: Operation,
): TimelineRange => {
  const filters = new Map<TimelineName, Filter>()
  let known: string | undefined
  const key = (): string => {
    if (known !== undefined) return known
    const { since, until } = args
    if (typeof since === 'number' && typeof until === 'number' && since > until)
      throw new BadInputError('"since" must not be later than "until"', 'since')
    const names = namesOf(args)
    for (const name of names) filters.set(name, ownFilter(name, args, operation))
    const aliases = readers.map(({ alias }) => alias)
    const keys = [...filters].map(([name, filter]) =>
      name !== 'events' && filter.kind === 'all' ? '' : filterKey(filter),
    )
    return (known = listKey(['timeline', names, since ?? null, until ?? null, keys, aliases]))
  }
  const { size, after, write } = readRange(args, timelineCursors(key))
  // What cannot be asked is refused without a cursor too.
  key()
  const readAt = after?.readAt ?? operation.startedAt
  return {
    size,
    after,
    readAt,
    segments: segmentsOf(args, readAt),
    filtersOf: segment =>
      segment.collections.map(name =>
        and([filters.get(name) ?? everything, ...comparisons(name, boundsOf(args, segment))]),
      ),
    write,
  }
}

const timelineCursors = (key: () => string): CursorFormat<TimelinePosition> => ({
  read: (text, argument) => {
    const position = positionOf(readCursor(key(), text, argument))
    if (position === undefined)
      throw new BadInputError(`"${argument}" is a cursor of another list`, argument)
    return position
  },
  write: ({ readAt, segment, sortKey: { connector, id, keys } }) =>
    writeCursor(key(), { kind: 'key', connector, id, keys: [readAt, segment, ...keys] }),
})

/** The position that the cursor of a timeline stands for; undefined where it is of something else. */
export const positionOf = (cursor: Cursor): TimelinePosition | undefined => {
  if (cursor.kind !== 'key') return undefined
  const { connector, id } = cursor
  const [readAt, segment, ...keys] = cursor.keys
  const isMoment = Number.isSafeInteger(readAt) && isUnixTime(Number(readAt) / 1_000)
  return isMoment && typeof segment === 'number'
    ? { readAt: Number(readAt), segment, sortKey: { connector, id, keys } }
    : undefined
}

/** A filter that cannot be read is refused with the collection that it is for. */
const ownFilter = (
  name: TimelineName,
  { filter }: TimelineArguments,
  operation: Operation,
): Filter => {
  try {
    return filterOf(name, filter?.[name], operation)
  } catch (error) {
    if (!(error instanceof BadInputError)) throw error
    const { path } = error.fields
    const below =
      typeof path === 'string' ? path.replace(/^filter/, `filter.${name}`) : `filter.${name}`
    throw new BadInputError(error.message, below)
  }
}

const allNames: readonly TimelineName[] = [...collectionNames, 'events']

const namesOf = ({ types }: TimelineArguments): readonly TimelineName[] => {
  const wanted = new Set(types ?? allNames)
  return allNames.filter(name => wanted.has(name))
}

const isState = (name: TimelineName): name is CollectionName => !hasOwnTime(name)

/**
 * The segments of the timeline one after another: what happened until now, what there is now, what is to come. `readAt`
 * (milliseconds) is what counts as now.
 */
export const segmentsOf = (args: TimelineArguments, readAt: number): readonly Segment[] => {
  const names = namesOf(args)
  const dated = names.filter(hasOwnTime)
  const states = names.filter(isState)
  const now = readAt / 1_000
  const isNowWithin = now >= (args.since ?? -Infinity) && now < (args.until ?? Infinity)
  if (states.length === 0 || !isNowWithin)
    return dated.length === 0 ? [] : [{ kind: 'dated', collections: dated, range: {} }]
  const inventory = states.map((name): Segment => ({ kind: 'read', collections: [name] }))
  if (dated.length === 0) return inventory
  return [
    { kind: 'dated', collections: dated, range: { lte: now } },
    ...inventory,
    { kind: 'dated', collections: dated, range: { gt: now } },
  ]
}

/** The segment where the timeline begins, whenever it is read. */
export const firstSegmentOf = (args: TimelineArguments): Segment | undefined => {
  const names = namesOf(args)
  const dated = names.filter(hasOwnTime)
  if (dated.length > 0) return { kind: 'dated', collections: dated, range: {} }
  const state = names.find(isState)
  return state === undefined ? undefined : { kind: 'read', collections: [state] }
}

/** Between which times the rows of the segment lie; none where they have no times of their own. */
export const boundsOf = ({ since, until }: TimelineArguments, segment: Segment): TimeBounds =>
  segment.kind === 'read'
    ? {}
    : {
        ...(typeof since === 'number' ? { gte: since } : {}),
        ...(typeof until === 'number' ? { lt: until } : {}),
        ...segment.range,
      }

const comparisons = (name: TimelineName, bounds: TimeBounds): readonly Compare[] =>
  Object.entries(bounds).map(([op, value]) => ({
    kind: 'compare',
    field: name === 'events' ? 'happenedAt' : 'createdAt',
    op: op as keyof TimeBounds,
    value,
  }))
