/**
 * The stored events that a search finds: those that hold the value, and those about an app of that name. They are asked
 * of the event file, never of Push; what it does not answer leaves the rest of the search as it is.
 */
import { type Filter, or } from '../../filter/filter.ts'
import type { EventRow } from '../../model/events.ts'
import type { Operation } from '../operation/operation.ts'
import type { Reader } from '../reading/reader.ts'
import type { DirectHit } from './direct-hits.ts'
import { eventFields } from './event-fields.ts'
import type { Hits, Match } from './hits.ts'
import type { Completeness } from './completeness.ts'
import type { SearchQuery } from './arguments.ts'
import { leadsToEvents } from './scope.ts'
import type { StoredItem, StoredSource } from '../stored/list.ts'
import { withoutStored } from '../stored/without-stored.ts'

/** Events of one connector that a search gives, the newest. */
const MOST_EVENTS = 200

/** What a search of stored events works with. */
export interface StoredSearch {
  readonly searchQuery: SearchQuery
  readonly source: StoredSource
  readonly reader: Reader
  readonly operation: Operation
  readonly hits: Hits
  readonly outcome: Completeness
}

/** Adds the events that are found. `apps`: where the value was found in rows, of which apps lead to their events. */
export const searchStored = async (
  search: StoredSearch,
  apps: Promise<readonly DirectHit[]>,
): Promise<void> => {
  const { searchQuery, reader, operation, hits, outcome } = search
  const { alias: connector } = reader
  const add = ({ events, more }: FoundEvents): void => {
    for (const { row, matches } of events)
      for (const match of matches) hits.add('events', row, match)
    if (more) {
      outcome.add({ complete: false, budget: undefined })
      operation.incomplete({
        code: 'EVENTS_LEFT_OUT',
        message: `Of the stored events that were found, the newest ${MOST_EVENTS} are given; "events" gives them all`,
        connector,
        collection: null,
      })
    }
  }
  try {
    const named = () => apps.then(found => findHistory(matchesOf(found), search))
    const found = searchQuery.events ? await Promise.all([named(), findEvents(search)]) : []
    // Many searches are told of theirs at once.
    for (const part of found)
      await reader.work.inTurn(() => {
        add(part)
      })
    if (searchQuery.fromEvents) await followEmployees(search)
  } catch (error) {
    const why = withoutStored('The stored events could not be searched', error)
    if (why === undefined) throw error
    // What was read from Push is the better part of the answer.
    outcome.add({ complete: false, budget: undefined })
    operation.incomplete({ ...why, connector, collection: null })
  }
}

/** An event with every way in which the value led to it. */
interface FoundEvent {
  readonly row: EventRow
  readonly matches: readonly Match[]
}

interface FoundEvents {
  /** The newest first. */
  readonly events: readonly FoundEvent[]
  /** There are older ones that are not given. */
  readonly more: boolean
}

/** The events that hold the value. */
const findEvents = async (search: StoredSearch): Promise<FoundEvents> => {
  const { kinds, value } = search.searchQuery
  const parts = await Promise.all(
    eventFields
      .filter(({ kind }) => kinds.includes(kind))
      .map(async ({ kind, name, filter }) => {
        const rows = await newest(filter(value, [search.reader.alias]), search)
        return rows.map(row => ({ row, match: { field: name, kind, via: null } }))
      }),
  )
  const found = new Map<number, { readonly row: EventRow; readonly matches: Match[] }>()
  for (const { row, match } of parts.flat()) {
    const event = found.get(row.sequence) ?? { row, matches: [] }
    found.set(row.sequence, event)
    event.matches.push(match)
  }
  return limited([...found.values()].sort((a, b) => byNewest(a.row, b.row)))
}

const byNewest = (a: EventRow, b: EventRow): number =>
  b.occurredAt - a.occurredAt || b.sequence - a.sequence

/** Where the value was found in apps, by their ids. */
const matchesOf = (found: readonly DirectHit[]): ReadonlyMap<string, readonly Match[]> => {
  const apps = new Map<string, Match[]>()
  for (const { field, row } of found)
    if (leadsToEvents(field))
      apps.set(row.id, [
        ...(apps.get(row.id) ?? []),
        { field: field.name, kind: field.kind, via: 'App.history' },
      ])
  return apps
}

/** The events about those apps. */
const findHistory = async (
  apps: ReadonlyMap<string, readonly Match[]>,
  search: StoredSearch,
): Promise<FoundEvents> => {
  if (apps.size === 0) return { events: [], more: false }
  const rows = await newest({ kind: 'in', field: 'appId', values: [...apps.keys()] }, search)
  return limited(rows.map(row => ({ row, matches: apps.get(row.appId ?? '') ?? [] })))
}

const limited = (events: readonly FoundEvent[]): FoundEvents => ({
  events: events.slice(0, MOST_EVENTS),
  more: events.length > MOST_EVENTS,
})

/** One more than are given shows whether there are more. */
const newest = async (
  filter: Filter,
  { source, reader }: StoredSearch,
): Promise<readonly EventRow[]> => {
  const found = await source.page({
    list: 'events',
    parts: [{ connectors: [reader.alias], filter }],
    ordering: 'newest',
    from: undefined,
    until: undefined,
    backward: false,
    limit: MOST_EVENTS + 1,
  })
  return (found as readonly StoredItem<'events'>[]).map(({ row }) => row)
}

/** Who came from an IP address is what it is searched for: those of all events, be they older than what is given. */
const followEmployees = async ({
  searchQuery,
  source,
  reader,
  hits,
  outcome,
}: StoredSearch): Promise<void> => {
  const { kinds, linked, value } = searchQuery
  if (!kinds.includes('IP_ADDRESS') || !linked.has('employees')) return
  const filters = eventFields
    .filter(({ kind }) => kind === 'IP_ADDRESS')
    .map(({ filter }) => filter(value, [reader.alias]))
  const groups = await source.groups({
    list: 'events',
    parts: [{ connectors: [reader.alias], filter: or(filters) }],
    by: [{ kind: 'field', field: 'employeeId' }],
    first: undefined,
  })
  const ids = groups.flatMap(({ keys: [id] }) => (typeof id === 'string' ? [id] : []))
  if (ids.length === 0) return
  const via = 'Event.employee'
  await outcome.attempt('employees', async () => {
    const rows = await reader.rows('employees', ids)
    for (const row of rows)
      if (row !== null && !(row instanceof Error))
        hits.add('employees', row, { field: 'Event.sourceIpAddress', kind: 'IP_ADDRESS', via })
    const failure = rows.find(row => row instanceof Error)
    if (failure !== undefined) throw failure
  })
}
