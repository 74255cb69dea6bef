/** The times that stand in rows, as items of a timeline, without those of which a stored event tells. */
import type { ConnectorFilter } from '../../events/events.ts'
import { and, type Filter, or } from '../../filter/filter.ts'
import { sorted } from '../../filter/sorted.ts'
import { collectionOfEvent } from '../../model/events.ts'
import type { Detection, DetectionEvent } from '../../model/rows.ts'
import { fieldOf } from '../../model/values.ts'
import type { Work } from '../../work/work.ts'
import { isOneOf } from '../stored/history.ts'
import type { StoredSource } from '../stored/list.ts'
import { compareTimelinePlaces, type ObjectTimelineTerms } from './arguments.ts'
import { placeOfItem, type RowItem, type TimelineContent, type TimelineObject } from './item.ts'
import { type RowMoment, rowMomentKinds, rowMoments, type TimelineKindName } from './kinds.ts'
import type { Stretch } from './stored-items.ts'

/** About what it takes to look at a row. */
const ROW_NS = 500

/** Times that the events are asked about at once: so few that an index answers. */
const AT_ONCE = 50

/** The times of the rows, the newest first, gone through until there are as many as wanted. */
export const readRowItems = async (
  content: TimelineContent,
  terms: ObjectTimelineTerms & { readonly asked: ReadonlySet<TimelineKindName> },
  source: Pick<StoredSource, 'groups'>,
  { after, until, wanted }: Stretch,
  work: Work,
): Promise<readonly RowItem[]> => {
  const all = await work.run(itemsWithin(content, terms, { after, until }, work))
  const inOrder = await sorted(
    all,
    (a, b) => compareTimelinePlaces(placeOfItem(a), placeOfItem(b)),
    work,
  )
  if (!terms.asked.has('EVENT')) return inOrder.slice(0, wanted)
  const found: RowItem[] = []
  for (let at = 0; at < inOrder.length && found.length < wanted; at += AT_ONCE)
    found.push(...(await withoutToldItems(inOrder.slice(at, at + AT_ONCE), content, source)))
  return found
}

function* itemsWithin(
  { objects }: Pick<TimelineContent, 'objects'>,
  { since, until, asked }: ObjectTimelineTerms & { readonly asked: ReadonlySet<TimelineKindName> },
  stretch: Pick<Stretch, 'after' | 'until'>,
  work: Work,
): Generator<void, readonly RowItem[]> {
  const items: RowItem[] = []
  const add = (item: RowItem): void => {
    if (item.at < (since ?? -Infinity) || item.at >= (until ?? Infinity)) return
    const place = placeOfItem(item)
    if (stretch.after !== undefined && compareTimelinePlaces(place, stretch.after) <= 0) return
    if (stretch.until !== undefined && compareTimelinePlaces(place, stretch.until) > 0) return
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
  { events }: Pick<TimelineContent, 'events'>,
  source: Pick<StoredSource, 'groups'>,
): Promise<readonly RowItem[]> => {
  // Ids are those of one connector.
  const parts = [...Map.groupBy(items, ({ connector }) => connector)].flatMap(([alias, of]) =>
    events
      .filter(({ connectors }) => connectors.includes(alias))
      .flatMap(({ filter }) => {
        const part = { connectors: [alias], filter }
        return [
          toldBy(of.filter(isOf('came')), part, source),
          toldBy(of.filter(isOf('use')), part, source),
        ]
      }),
  )
  const told = new Set((await Promise.all(parts)).flat())
  return items.filter(item => !told.has(item))
}

/** No event tells of those of a detection. */
const isOf =
  (what: RowMoment['what']) =>
  ({ kind }: RowItem): boolean =>
    kind !== 'DETECTION_EVENT' && rowMoments[kind].what === what

/**
 * Which of the items an event tells of: that the object was created; of a time of use, a login or a change of the object at
 * that very second. All of them are of the one connector of that part, and of one kind of time.
 */
const toldBy = async (
  items: readonly RowItem[],
  { connectors, filter }: ConnectorFilter,
  source: Pick<StoredSource, 'groups'>,
): Promise<readonly RowItem[]> => {
  const [first] = items
  if (first === undefined) return []
  const isOfUse = isOf('use')(first)
  const ids = [...new Set(items.map(({ row }) => row.id))]
  const about = isOneOf('entityId', ids)
  const login = and([
    isOneOf('category', ['ACTIVITY']),
    isOneOf('object', ['LOGIN']),
    isOneOf('accountId', ids),
  ])
  const field = 'happenedAt'
  const moments = new Set(items.map(({ at }) => at))
  const asked: readonly Filter[] = isOfUse
    ? [
        or([about, login]),
        or([...moments].map(value => ({ kind: 'compare', field, op: 'eq', value }))),
      ]
    : [about, isOneOf('type', ['CREATE'])]
  const by = ['category', 'object', 'entityId', 'accountId', ...(isOfUse ? [field] : [])]
  const found = await source.groups({
    list: 'events',
    parts: [{ connectors, filter: and([filter, ...asked]) }],
    by: by.map(each => ({ kind: 'field', field: each })),
    first: undefined,
  })
  const told = new Set(
    found.map(({ keys: [category, object, entityId, accountId, at] }) => {
      const [word, kind] = [String(category), String(object)]
      const collection = collectionOfEvent({ category: word, object: kind })
      const when = isOfUse ? Number(at) : ''
      const isLogin = collection === undefined && kind === 'LOGIN'
      return isLogin
        ? `accounts ${accountId ?? ''} ${when}`
        : `${collection ?? ''} ${entityId ?? ''} ${when}`
    }),
  )
  return items.filter(({ collection, row, at }) =>
    told.has(`${collection} ${row.id} ${isOfUse ? at : ''}`),
  )
}
