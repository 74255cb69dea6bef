/** The events and the changes of a timeline, read from where they are stored as far as they are wanted. */
import type { EventSortKey } from '../../events/events.ts'
import { and, everything, type Filter, or } from '../../filter/filter.ts'
import { withPayload } from '../../model/events.ts'
import type { CollectionName } from '../../model/rows.ts'
import { fieldOf, isGiven } from '../../model/values.ts'
import { changesWithin } from '../stored/changes.ts'
import { isOneOf } from '../stored/history.ts'
import type { StoredItem, StoredSource } from '../stored/list.ts'
import { withoutTold } from '../stored/told-changes.ts'
import type { ObjectTimelineTerms, TimelinePlace } from './arguments.ts'
import {
  indexOfKind,
  type StoredHappening,
  type TimelineContent,
  type TimelineObject,
} from './item.ts'
import { rowMomentKinds, rowMoments, type TimelineKindName } from './kinds.ts'

/** A stretch of a timeline. */
export interface Stretch {
  readonly after: TimelinePlace | undefined
  /** What comes later than this is not wanted. */
  readonly until?: TimelinePlace | undefined
  /** Items at least, where there are as many. */
  readonly wanted: number
}

/** The place in the list of that kind behind which all stands that comes after the place among all. */
const placeIn = (kind: 'EVENT' | 'CHANGE', place: TimelinePlace): EventSortKey => {
  const order = indexOfKind(kind) - place.kind
  // At the same moment, those of an earlier kind have come, and those of a later one are to come.
  const sequence = order < 0 ? 0 : order > 0 ? Number.MAX_SAFE_INTEGER : Number(place.id)
  return { keys: [place.at], sequence }
}

/** The events, the newest first. */
export const readEvents = async (
  { events }: Pick<TimelineContent, 'events'>,
  { since, until }: ObjectTimelineTerms,
  source: Pick<StoredSource, 'page'>,
  { after, wanted }: Stretch,
): Promise<readonly StoredHappening[]> => {
  if (events.length === 0) return []
  const field = 'occurredAt'
  const within: readonly Filter[] = [
    isGiven(since) ? { kind: 'compare', field, op: 'gte', value: since } : everything,
    isGiven(until) ? { kind: 'compare', field, op: 'lt', value: until } : everything,
  ]
  const found = await source.page({
    list: 'events',
    parts: events.map(({ connectors, filter }) => ({
      connectors,
      filter: and([filter, ...within]),
    })),
    ordering: 'newest',
    from: after && placeIn('EVENT', after),
    until: undefined,
    backward: false,
    limit: wanted,
  })
  return (found as readonly StoredItem<'events'>[]).map(item => ({
    connector: item.connector,
    at: item.row.occurredAt,
    kind: 'EVENT',
    item: withPayload(item),
  }))
}

/** The changes that nothing else in the timeline tells of, read on until there are as many as wanted. */
export const readChanges = async (
  content: TimelineContent,
  terms: ObjectTimelineTerms & { readonly asked: ReadonlySet<TimelineKindName> },
  source: Pick<StoredSource, 'page' | 'groups'>,
  { after, until, wanted }: Stretch,
): Promise<readonly StoredHappening[]> => {
  const { objects, own, events } = content
  if (objects.length === 0) return []
  const byKey = new Map(objects.map(object => [keyOf(object.connector, object), object]))
  const objectOf = ({ connector, row }: StoredItem<'changes'>): TimelineObject | undefined =>
    byKey.get(keyOf(connector, { collection: row.collection, row: { id: row.objectId } }))
  const parts = [...Map.groupBy(objects, ({ connector }) => connector)].map(([alias, of]) => ({
    connectors: [alias],
    filter: and([changesWithin({ since: terms.since, until: terms.until }), changesIn(of)]),
  }))
  const found: StoredHappening[] = []
  let from = after && placeIn('CHANGE', after)
  while (found.length < wanted) {
    const some = (await source.page({
      list: 'changes',
      parts,
      ordering: 'newest',
      from,
      until: until && placeIn('CHANGE', until),
      backward: false,
      limit: wanted,
    })) as readonly StoredItem<'changes'>[]
    const ofObjects = some.flatMap(item => {
      const object = objectOf(item)
      return object === undefined ? [] : [{ item, object }]
    })
    const untold = await withoutTimesOfRows(ofObjects, terms.asked, source)
    // Where events are left out, nothing else tells what they told.
    const shown = terms.asked.has('EVENT') ? await withoutTold(untold, events, source) : untold
    for (const { item, object } of shown)
      found.push({
        ...{ connector: item.connector, at: item.row.at, kind: 'CHANGE' },
        ...{ item, object, isOwn: object === own },
      })
    if (some.length < wanted) return found
    from = some.at(-1)?.place
  }
  return found
}

const keyOf = (
  connector: string,
  {
    collection,
    row,
  }: { readonly collection: CollectionName; readonly row: { readonly id: string } },
): string => `${connector} ${collection} ${row.id}`

const changesIn = (objects: readonly TimelineObject[]): Filter =>
  or(
    [...Map.groupBy(objects, ({ collection }) => collection)].map(([collection, of]) => {
      const [only, ...more] = of.map(({ row }) => row.id)
      return and([
        more.length === 0 && only !== undefined
          ? { kind: 'compare', field: 'objectId', op: 'eq', value: only }
          : { kind: 'in', field: 'objectId', values: of.map(({ row }) => row.id) },
        { kind: 'compare', field: 'collection', op: 'eq', value: collection },
      ])
    }),
  )

interface ChangeOfTimeline {
  readonly item: StoredItem<'changes'>
  readonly object: TimelineObject
}

/** The changes without those of which a time of the row tells that is asked for. No row has a time of its coming again. */
const withoutTimesOfRows = async (
  changes: readonly ChangeOfTimeline[],
  asked: ReadonlySet<TimelineKindName>,
  source: Pick<StoredSource, 'groups'>,
): Promise<readonly ChangeOfTimeline[]> => {
  const told = new Set(changes.filter(change => isTimeOfRow(change, asked)))
  const came = [...told].filter(({ item }) => item.row.kind === 'CREATED')
  const again = new Set(await comingsAgain(came, source))
  return changes.filter(change => !told.has(change) || again.has(change))
}

/** Those comings of objects that had gone before. */
const comingsAgain = async (
  came: readonly ChangeOfTimeline[],
  source: Pick<StoredSource, 'groups'>,
): Promise<readonly ChangeOfTimeline[]> => {
  if (came.length === 0) return []
  const parts = [...Map.groupBy(came, ({ item }) => item.connector)].map(([alias, of]) => ({
    connectors: [alias],
    filter: and([isOneOf('kind', ['DELETED']), changesIn(of.map(({ object }) => object))]),
  }))
  const fields = ['collection', 'objectId', 'at'].map(field => ({ kind: 'field', field }) as const)
  const by = [{ kind: 'connector' } as const, ...fields]
  const gone = await source.groups({ list: 'changes', parts, by, first: undefined })
  const since = new Map<string, number>()
  for (const { keys } of gone) {
    const [alias, collection, id, at] = keys
    const key = `${alias} ${collection} ${id}`
    since.set(key, Math.min(since.get(key) ?? Infinity, Number(at)))
  }
  return came.filter(
    ({ item, object }) => (since.get(keyOf(item.connector, object)) ?? Infinity) <= item.row.at,
  )
}

/** Whether a time of the row that is asked for says the same: that the object came, or when it was last used. */
const isTimeOfRow = (
  { item: { row: change }, object: { collection, row } }: ChangeOfTimeline,
  asked: ReadonlySet<TimelineKindName>,
): boolean =>
  rowMomentKinds.some(kind => {
    const { collection: of, field, what } = rowMoments[kind]
    if (of !== collection || !asked.has(kind)) return false
    const at = fieldOf(row, field)
    if (typeof at !== 'number') return false
    return what === 'came'
      ? change.kind === 'CREATED'
      : change.kind === 'UPDATED' && change.field === field && change.new === at
  })
