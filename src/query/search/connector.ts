/**
 * A search in one connector: what names or holds the value is read side by side, links are followed as soon as it is
 * known where they begin, and nothing is read that no wanted object can come from.
 */
import { GatewayError } from '../../errors.ts'
import type { CollectionName, Row } from '../../model/rows.ts'
import type { Operation } from '../operation/operation.ts'
import type { Reader } from '../reading/reader.ts'
import type { RequestBudget } from './request-budget.ts'
import { type DirectHit, findDirectHits, readAllRows, readCandidates } from './direct-hits.ts'
import { readDetectionEvents } from './detection-events.ts'
import { beginsAt, collectionOf, addByEvents, followHop } from './follow-links.ts'
import { identify } from './resolve-id.ts'
import { createHits, HIT_NS, type Hits } from './hits.ts'
import { createOutcome, type Searched } from './completeness.ts'
import { type FieldRef, fieldRefsOf, type Hop } from './fields.ts'
import type { SearchQuery } from './arguments.ts'
import { scopeOf, type SearchScope } from './scope.ts'
import { searchStored, type StoredSearch } from './stored-events.ts'
import type { StoredSource } from '../stored/list.ts'
import type { Work } from '../../work/work.ts'

/** A search in one connector. */
interface ConnectorSearch extends StoredSearch {
  readonly budget: RequestBudget
}

/**
 * What the value leads to in that connector. A collection that cannot be read is left out, which the operation notes.
 * @throws the first error where nothing at all could be read.
 */
export const searchConnector = async (
  searchQuery: SearchQuery,
  reader: Reader,
  operation: Operation,
  budget: RequestBudget,
  source: StoredSource,
): Promise<Searched> => {
  const hits = createHits(reader.alias)
  const outcome = createOutcome(reader, operation)
  const search = { searchQuery, source, reader, operation, hits, outcome, budget }
  const apps = Promise.withResolvers<readonly DirectHit[]>()
  const [ofPush, ofStore] = await Promise.allSettled([
    searchRows(search, apps.resolve).finally(() => {
      apps.resolve([])
    }),
    searchQuery.events || searchQuery.fromEvents ? searchStored(search, apps.promise) : undefined,
  ])
  if (ofStore.status === 'rejected') throw ofStore.reason
  const found = await hits.all(searchQuery.types, reader.work)
  if (ofPush.status === 'rejected') {
    if (!(ofPush.reason instanceof GatewayError) || found.length === 0) throw ofPush.reason
    operation.incomplete({
      code: ofPush.reason.code,
      message: 'Of this connector, only the stored events could be searched',
      connector: reader.alias,
      collection: null,
    })
    outcome.add({ complete: false, budget: undefined })
  }
  return outcome.close(found)
}

/** Adds the objects that are found to the hits; `giveApps` gets those of the apps that hold the value. */
const searchRows = async (
  search: ConnectorSearch,
  giveApps: (found: Promise<readonly DirectHit[]>) => void,
): Promise<void> => {
  const { searchQuery, reader, budget, hits, outcome } = search
  const { kinds, value, types } = searchQuery
  // Nobody needs to know what an id names where none of Push's objects is wanted.
  const fields = types.size === 0 ? fieldRefsOf(kinds) : await identify(kinds, value, reader)
  const scope = scopeOf(searchQuery, fields)
  const { hops, inRows, looksIntoEvents } = scope
  const names = new Set([...inRows.keys(), ...(looksIntoEvents ? ['detections' as const] : [])])
  const reading = new Map([...names].map(name => [name, searchCollection(name, scope, search)]))
  const apps = reading.get('apps')
  if (apps !== undefined) giveApps(apps)

  const follow = (chosen: readonly Hop[], found: readonly DirectHit[]): Promise<unknown> =>
    Promise.all(
      chosen
        .filter(hop => found.some(({ field }) => beginsAt(hop, field)))
        .map(async hop => {
          // Nothing is asked for by id that is on its way already.
          await reading.get(hop.to)
          const asOf = await outcome.attempt(hop.to, () =>
            followHop(hop, found, reader, hits, budget),
          )
          outcome.restsOn(asOf)
        }),
    )

  const fromDetections = (hop: Hop): boolean => collectionOf(hop.from) === 'detections'
  const following = [...reading].map(async ([name, found]) =>
    follow(
      hops.filter(hop => hop.from === name && !fromDetections(hop)),
      await found,
    ),
  )
  const followDetections = async (): Promise<void> => {
    const inAll = (await Promise.all(reading.values())).flat()
    const canLook = looksIntoEvents && !outcome.failed('detections')
    const ofEvents = canLook ? await searchEvents(inAll, scope, search) : []
    await follow(hops.filter(fromDetections), [...inAll, ...ofEvents])
  }
  await Promise.all([...following, followDetections()])
}

/** The rows of the collection that hold the value. */
const searchCollection = async (
  name: CollectionName,
  { inRows, looksIntoEvents }: SearchScope,
  search: ConnectorSearch,
): Promise<readonly DirectHit[]> => {
  const { searchQuery, reader, budget, outcome } = search
  const fields = inRows.get(name) ?? []
  const candidates = await outcome.attempt(name, () =>
    name === 'detections' && looksIntoEvents
      ? readAllRows(name, reader, budget)
      : readCandidates(name, fields, searchQuery.value, reader, budget),
  )
  outcome.restsOn(candidates?.asOf)
  return addDirect(candidates?.rows ?? [], fields, search)
}

/** The events of detections that hold the value; those are read first that nothing else found leads to. */
const searchEvents = async (
  found: readonly DirectHit[],
  { hops, inEvents, thorough }: SearchScope,
  search: ConnectorSearch,
): Promise<readonly DirectHit[]> => {
  const { reader, operation, budget, hits, outcome } = search
  /** All detections of that employee are found by a link, whatever their events hold. */
  const leadsToDetections = ({ field }: DirectHit): boolean =>
    hops.some(hop => hop.to === 'detections' && hop.link.kind === 'many' && beginsAt(hop, field))
  const employees = employeesOf(found).difference(employeesOf(found.filter(leadsToDetections)))
  outcome.add(await readDetectionEvents({ thorough, employees }, reader, operation, budget))
  const detections = reader.rowsNow('detections')
  for (const hop of hops) await addByEvents(hop, found, detections, hits, reader.work)
  return addDirect(detections, inEvents, search)
}

/** Adds those of the rows that hold the value in one of the fields. */
const addDirect = async (
  rows: readonly Row[],
  fields: readonly FieldRef[],
  { searchQuery: { value }, reader: { work }, hits }: ConnectorSearch,
): Promise<readonly DirectHit[]> => {
  const found = await findDirectHits(rows, fields, value, work)
  await work.run(addEach(found, hits, work))
  return found
}

function* addEach(found: readonly DirectHit[], hits: Hits, work: Work): Generator<void, undefined> {
  for (const { field, row } of found) {
    if (!work.spend(HIT_NS)) yield
    hits.add(collectionOf(field.holder), row, { field: field.name, kind: field.kind, via: null })
  }
}

/** The employees that what was found belongs to, or is. */
const employeesOf = (found: readonly DirectHit[]): ReadonlySet<string> =>
  new Set(
    found.flatMap(({ field, row }) => {
      const id = field.holder === 'employees' ? row.id : employeeIdOf(row)
      return id === null ? [] : [id]
    }),
  )

const employeeIdOf = (row: Row): string | null => ('employeeId' in row ? row.employeeId : null)
