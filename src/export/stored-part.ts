/** One of the lists that are kept here as a part of an export: in the order of arrival, up to what there is at its start. */
import type { EventRow } from '../model/events.ts'
import { fieldsOf, type StoredName, type StoredRows } from '../model/stored.ts'
import type { Position } from '../paging/resume-point.ts'
import type { StoredSource } from '../query/stored/list.ts'
import type { StoredOrder } from '../query/stored/resume.ts'
import type { TimeRange } from './collection-part.ts'
import type { Batch, ExportPart, ReadTerms } from './part.ts'
import { stateOf } from './state.ts'
import { checkPlace, firstPlace, nothingGone, placeBehind } from './stored-place.ts'

/** Where stored lists are read for an export. */
export interface StoredLists extends Pick<StoredSource, 'page' | 'count'> {
  /** The sequence of the newest event, and of the newest change; 0 where there is none. */
  newest(): Promise<number>
  newestChange(): Promise<number>
}

export interface StoredPart<Name extends StoredName> {
  readonly connector: string
  readonly name: Name
  readonly lists: StoredLists
  readonly range: TimeRange
  /** Which of its elements are written; all of them where absent. */
  readonly filter?: Filter | undefined
  /** What is written of an element. */
  readonly toValue: (row: StoredRows[Name]) => object
  /** Where objects are written again in each state that they come to have: what tells those apart. */
  readonly toState?: ((row: StoredRows[Name]) => object) | undefined
}

type Selection = Pick<Parameters<StoredLists['page']>[0], 'list' | 'parts'>
type Filter = Selection['parts'][number]['filter']

/** Rows between two positions; a body may have a megabyte. */
const BATCH = 100

/** The list of that connector; of events and changes those of the time in the range, of objects all. */
export const createStoredPart = <Name extends StoredName>(
  options: StoredPart<Name>,
): ExportPart => {
  const { connector, name, lists, range } = options
  const filter: Filter = {
    kind: 'and',
    of: [filterOf(name, range), options.filter ?? everything],
  }
  const selection: Selection = { list: name, parts: [{ connectors: [connector], filter }] }
  let expected: number | undefined
  return {
    connector,
    type: name,
    expected: () => expected,
    read: async function* (from, terms) {
      expected = await lists.count(selection)
      yield* readPart(options, selection, from as StoredPosition | undefined, terms)
    },
  }
}

export interface FollowedEvents extends Omit<StoredPart<'events'>, 'lists' | 'name'> {
  readonly lists: StoredLists & StoredOrder
}

/**
 * The events that were stored since the place where the part ended the last time, all of them the first time. It fails with
 * {PlaceLostError} where some of those were deleted, or the store is another one.
 */
export const createEventsOnwards = (options: FollowedEvents): ExportPart => {
  const { connector, range } = options
  const selection: Selection = {
    list: 'events',
    parts: [{ connectors: [connector], filter: filterOf('events', range) }],
  }
  return {
    connector,
    type: 'events',
    expected: () => undefined,
    read: (from, terms) => readOnwards(options, selection, from as EventsPosition, terms),
  }
}

async function* readOnwards(
  { connector, lists, toValue }: FollowedEvents,
  selection: Selection,
  from: EventsPosition | undefined,
  { signal }: ReadTerms,
): AsyncGenerator<Batch> {
  const place = from ?? (await firstPlace(lists, 0))
  await checkPlace(lists, place, [connector])
  const end = await placeBehind(lists, from?.until ?? (await lists.newest()))
  for (let { sequence } = place; ;) {
    signal.throwIfAborted()
    const found = await pageFrom(lists, selection, sequence, end.sequence + 1)
    await nothingGone(lists, sequence, [connector])
    const events = found.map(({ row }) => row as EventRow)
    const last = events.length < BATCH ? undefined : events.at(-1)
    sequence = last?.sequence ?? end.sequence
    const receivedAt = last?.receivedAt ?? end.receivedAt
    yield {
      items: events.map(row => ({ id: row.id, value: toValue(row) })),
      met: events.length,
      position: { store: end.store, sequence, receivedAt, until: end.sequence },
    }
    if (last === undefined) return
  }
}

/** A place, with the last sequence that is of this round. */
interface EventsPosition extends Position {
  readonly store: string
  readonly sequence: number
  readonly receivedAt: number
  readonly until: number | undefined
}

/** Where a part that stands there begins anew in the next round: behind the events that are written, other lists at their start. */
export const nextRoundFrom = (end: Position): Position | undefined => {
  const { store, sequence, receivedAt } = end
  return store === undefined ? undefined : { store, sequence, receivedAt }
}

interface StoredPosition extends Position {
  /** The sequence of the last row before it. */
  readonly after: number
  /** What arrives meanwhile is of the next export: so that one that goes on has what it would have had. */
  readonly until: number | undefined
}

async function* readPart<Name extends StoredName>(
  { name, lists, toValue, toState }: StoredPart<Name>,
  selection: Selection,
  from: StoredPosition | undefined,
  { signal, isWritten }: ReadTerms,
): AsyncGenerator<Batch> {
  const until = from?.until ?? (await endOf(name, lists))
  for (let after = from?.after ?? 0; ;) {
    signal.throwIfAborted()
    const found = await pageFrom(lists, selection, after, until)
    after = found.at(-1)?.place.sequence ?? after
    yield {
      items: found.flatMap(({ row: of }) => {
        const row = of as StoredRows[Name]
        const state = toState && stateOf(toState(row))
        return isWritten(row.id, state) ? [] : [{ id: row.id, value: toValue(row), state }]
      }),
      met: found.length,
      position: { after, until } satisfies StoredPosition,
    }
    if (found.length < BATCH) return
  }
}

const pageFrom = (
  lists: Pick<StoredLists, 'page'>,
  selection: Selection,
  after: number,
  until: number | undefined,
): ReturnType<StoredLists['page']> =>
  lists.page({
    ...selection,
    ordering: 'arrival',
    from: { keys: [], sequence: after },
    until: until === undefined ? undefined : { keys: [], sequence: until },
    backward: false,
    limit: BATCH,
  })

/** The first sequence that is of the next export; undefined where objects are written as they are then. */
const endOf = async (name: StoredName, lists: StoredLists): Promise<number | undefined> => {
  if (name === 'events') return (await lists.newest()) + 1
  return name === 'changes' ? (await lists.newestChange()) + 1 : undefined
}

/** What has no time of its own is in every export. */
const filterOf = (name: StoredName, { since, until }: TimeRange): Filter => {
  const field = ['occurredAt', 'at'].find(of => of in fieldsOf(name))
  if (field === undefined) return everything
  return {
    kind: 'and',
    of: [
      since === undefined ? everything : { kind: 'compare', field, op: 'gte', value: since },
      until === undefined ? everything : { kind: 'compare', field, op: 'lt', value: until },
    ],
  }
}

const everything: Filter = { kind: 'all' }
