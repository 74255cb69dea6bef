/** The times that stand in rows, as items of a timeline, without those of which a stored event tells. */
import { and, type Filter, or } from '../../filter/filter.ts'
import { sorted } from '../../filter/sorted.ts'
import { collections } from '../../model/collections.ts'
import type { CollectionName, Detection, DetectionEvent } from '../../model/rows.ts'
import { fieldOf } from '../../model/values.ts'
import type { Work } from '../../work/work.ts'
import { isAbout } from '../stored/history.ts'
import type { StoredSource } from '../stored/list.ts'
import { compareTimelinePlaces, type ObjectTimelineTerms } from './arguments.ts'
import { placeOfItem, type RowItem, type TimelineContent, type TimelineObject } from './item.ts'
import { rowMomentKinds, rowMoments, type TimelineKindName } from './kinds.ts'
import type { Stretch } from './stored-items.ts'

/** About what it takes to look at a row. */
const ROW_NS = 500

/** The times of the rows, the newest first, gone through until there are as many as wanted. */
export const readRowItems = async (
  content: TimelineContent,
  terms: ObjectTimelineTerms & { readonly asked: ReadonlySet<TimelineKindName> },
  source: Pick<StoredSource, 'groups'>,
  { after, wanted }: Stretch,
  work: Work,
): Promise<readonly RowItem[]> => {
  const all = await work.run(itemsWithin(content, terms, after, work))
  const inOrder = await sorted(
    all,
    (a, b) => compareTimelinePlaces(placeOfItem(a), placeOfItem(b)),
    work,
  )
  if (!terms.asked.has('EVENT')) return inOrder.slice(0, wanted)
  const found: RowItem[] = []
  for (let at = 0; at < inOrder.length && found.length < wanted; at += wanted)
    found.push(...(await withoutToldItems(inOrder.slice(at, at + wanted), content, source)))
  return found
}

function* itemsWithin(
  { objects }: Pick<TimelineContent, 'objects'>,
  { since, until, asked }: ObjectTimelineTerms & { readonly asked: ReadonlySet<TimelineKindName> },
  after: Stretch['after'],
  work: Work,
): Generator<void, readonly RowItem[]> {
  const items: RowItem[] = []
  const add = (item: RowItem): void => {
    const isWithin = item.at >= (since ?? -Infinity) && item.at < (until ?? Infinity)
    if (isWithin && (after === undefined || compareTimelinePlaces(placeOfItem(item), after) > 0))
      items.push(item)
  }
  const kinds = rowMomentKinds.filter(kind => asked.has(kind))
  for (const object of objects) {
    if (!work.spend(ROW_NS)) yield
    for (const kind of kinds) {
      const { collection, field } = rowMoments[kind]
      const at = collection === object.collection ? fieldOf(object.row, field) : undefined
      if (typeof at === 'number') add({ ...object, kind, at })
    }
    const { row } = object
    if (!asked.has('DETECTION_EVENT') || !('events' in row)) continue
    for (const detectionEvent of eventsOf(object, row))
      add({ ...object, row, kind: 'DETECTION_EVENT', at: detectionEvent.createdAt, detectionEvent })
  }
  return items
}

const eventsOf = (
  { namingAccount: account }: TimelineObject,
  { events }: Detection,
): readonly DetectionEvent[] =>
  (events ?? []).filter(({ accountId }) => account === undefined || accountId === account)

/** Those of which no event of the timeline tells. */
const withoutToldItems = async (
  items: readonly RowItem[],
  content: Pick<TimelineContent, 'events'>,
  source: Pick<StoredSource, 'groups'>,
): Promise<readonly RowItem[]> => {
  const asked = Map.groupBy(items, ({ connector, kind }) => `${connector} ${kind}`)
  const parts = await Promise.all(
    [...asked.values()].map(async of => ({ of, told: await toldOf(of, content, source) })),
  )
  const told = new Set(parts.flatMap(({ told: some }) => some))
  return items.filter(item => !told.has(item))
}

/**
 * Which of the items of one kind and connector an event tells of: that the object was created; of a time of use, a login
 * or a change of the object at that very second. No event tells of those of a detection.
 */
const toldOf = async (
  items: readonly RowItem[],
  { events }: Pick<TimelineContent, 'events'>,
  source: Pick<StoredSource, 'groups'>,
): Promise<readonly RowItem[]> => {
  const [first] = items
  if (first === undefined || first.kind === 'DETECTION_EVENT') return []
  const { connector, collection, kind } = first
  const own = events.filter(({ connectors }) => connectors.includes(connector))
  if (own.length === 0) return []
  const { idField } = collections[collection].webhook
  const ids: Filter = { kind: 'in', field: idField, values: items.map(({ row }) => row.id) }
  const isOfUse = rowMoments[kind].what === 'use'
  const [from, to] = [items.reduce(earlier).at, items.reduce(later).at]
  const found = await source.groups({
    list: 'events',
    parts: own.map(({ connectors, filter }) => ({
      connectors,
      filter: and([
        filter,
        ids,
        ...(isOfUse
          ? [
              usesOf(collection),
              { kind: 'compare', field: HAPPENED_AT, op: 'gte', value: from } as const,
              { kind: 'compare', field: HAPPENED_AT, op: 'lte', value: to } as const,
            ]
          : [isAbout(collection), is('type', 'CREATE')]),
      ]),
    })),
    by: [idField, ...(isOfUse ? [HAPPENED_AT] : [])].map(field => ({ kind: 'field', field })),
    first: undefined,
  })
  const told = new Set(
    found.map(({ keys: [id, at] }) => (isOfUse ? `${id ?? ''} ${Number(at)}` : String(id))),
  )
  return items.filter(({ row, at }) => told.has(isOfUse ? `${row.id} ${at}` : row.id))
}

const HAPPENED_AT = 'happenedAt'

/** Events that tell when an object of the collection was used. */
const usesOf = (collection: CollectionName): Filter =>
  collection === 'accounts'
    ? or([isAbout(collection), and([is('category', 'ACTIVITY'), is('object', 'LOGIN')])])
    : isAbout(collection)

const is = (field: string, value: string): Filter => ({ kind: 'compare', field, op: 'eq', value })

const earlier = (a: RowItem, b: RowItem): RowItem => (b.at < a.at ? b : a)
const later = (a: RowItem, b: RowItem): RowItem => (b.at > a.at ? b : a)
