/**
 * What happened to an object, or around a value, as one list in the order of time, the latest first: stored events, changes,
 * and the times that stand in rows. What one of them tells, no other tells again: an event goes before a time of a row, and
 * both before a change.
 */
import { ListPage } from '../list/page.ts'
import { emptyPage, type PageRange } from '../list/range.ts'
import type { Operation } from '../operation/operation.ts'
import { stepPath } from '../search/needs.ts'
import type { StoredSource } from '../stored/list.ts'
import { withoutStored } from '../stored/without-stored.ts'
import { compareTimelinePlaces, type ObjectTimelineTerms, type TimelinePlace } from './arguments.ts'
import {
  type ObjectTimelineItem,
  placeOfItem,
  type StoredHappening,
  type TimelineContent,
} from './item.ts'
import type { TimelineKindName } from './kinds.ts'
import { readRowItems } from './row-items.ts'
import { readChanges, readEvents, type Stretch } from './stored-items.ts'

export interface ObjectTimeline {
  page(): Promise<ListPage<ObjectTimelineItem>>
}

/** What a timeline is read by. */
export interface TimelineQuery {
  readonly terms: ObjectTimelineTerms
  /** What of its kinds the caller may see. */
  readonly asked: ReadonlySet<TimelineKindName>
  readonly range: PageRange<TimelinePlace>
  /** Reads what it is made from. */
  readonly read: () => Promise<TimelineContent>
  readonly source: StoredSource
  readonly operation: Operation
}

export const createTimelinePages = (query: TimelineQuery): ObjectTimeline => {
  let read: Promise<ListPage<ObjectTimelineItem>> | undefined
  return { page: () => (read ??= readPage(query)) }
}

const readPage = async ({
  terms,
  asked,
  range,
  read,
  source,
  operation,
}: TimelineQuery): Promise<ListPage<ObjectTimelineItem>> => {
  const { size, after } = range
  if (size === 0) return emptyPage(range)
  const content = await read()
  const { alone, stored, isWhole } = storedReads(asked, content, operation)
  // One more of each shows whether there is more.
  const wanted = size + 1
  const of = { ...terms, asked }
  const stretchUpTo = (items: readonly ObjectTimelineItem[]): Stretch => {
    const last = items[wanted - 1]
    return { after, until: last && placeOfItem(last), wanted }
  }
  const events = asked.has('EVENT')
    ? await stored(() => readEvents(content, terms, source, stretchUpTo([])), none)
    : []
  const readRows = (told: TimelineContent['events']) =>
    readRowItems({ ...content, events: told }, of, source, stretchUpTo(events), operation.work)
  // Without the events, nobody knows what they tell.
  const rows = alone
    ? []
    : await stored(
        () => readRows(content.events),
        () => readRows([]),
      )
  const first = inOrder([...events, ...rows]).slice(0, wanted)
  const changes = asked.has('CHANGE')
    ? await stored(() => readChanges(content, of, source, stretchUpTo(first)), none)
    : []
  const found = inOrder([...first, ...changes])
  return new ListPage({
    items: found.slice(0, size),
    operation,
    path: item => pathOf(item, terms.path),
    hasNextPage: found.length > size,
    hasPreviousPage: after !== undefined,
    cursor: item => range.write(placeOfItem(item)),
    asOf: content.asOf,
    complete: content.complete && isWhole(),
  })
}

const none = (): Promise<readonly StoredHappening[]> => Promise.resolve([])

const inOrder = (items: readonly ObjectTimelineItem[]): readonly ObjectTimelineItem[] =>
  items
    .map(item => ({ item, place: placeOfItem(item) }))
    .sort((a, b) => compareTimelinePlaces(a.place, b.place))
    .map(({ item }) => item)

/** How what is stored is read: what cannot be read now takes nothing from the rows, where those are asked for as well. */
const storedReads = (
  asked: ReadonlySet<TimelineKindName>,
  { events, objects }: TimelineContent,
  operation: Operation,
) => {
  const alone = [...asked].every(kind => kind === 'EVENT' || kind === 'CHANGE')
  let whole = true
  const stored = async <T>(read: () => Promise<T>, otherwise: () => Promise<T>): Promise<T> => {
    try {
      return await read()
    } catch (error) {
      const why = withoutStored('The stored events and changes could not be read', error)
      if (alone || why === undefined) throw error
      whole = false
      const connectors = [
        ...events.flatMap(part => part.connectors),
        ...objects.map(({ connector }) => connector),
      ]
      for (const connector of new Set(connectors))
        operation.incomplete({ ...why, connector, collection: null })
      return otherwise()
    }
  }
  return { alone, stored, isWhole: () => whole }
}

/** Where the plan told of it. */
const pathOf = (item: ObjectTimelineItem, path: string | undefined): string | undefined =>
  path === undefined || item.kind === 'EVENT' || item.kind === 'CHANGE'
    ? path
    : stepPath(path, item.collection)
