/**
 * A search in one connector: what names or holds the value is read side by side, links are followed as soon as it is
 * known where they begin, and nothing is read that no wanted object can come from.
 */
import { GatewayError } from '../../errors.ts'
import type { CollectionName, Row } from '../../model/rows.ts'
import type { Operation } from '../operation/operation.ts'
import type { Reader } from '../reading/reader.ts'
import type { RequestBudget } from './request-budget.ts'
import {
  type Candidates,
  findDirectHits,
  type DirectHit,
  readAllRows,
  readCandidates,
} from './direct-hits.ts'
import { readDetectionEvents } from './detection-events.ts'
import { beginsAt, collectionOf, enterByEvents, followHop } from './follow-links.ts'
import { identify } from './resolve-id.ts'
import { createHits, type Hits } from './hits.ts'
import { createOutcome, type Completeness, type Searched } from './completeness.ts'
import { type Hop, type FieldRef, fieldRefsOf } from './fields.ts'
import type { SearchQuery } from './arguments.ts'
import { scopeOf } from './scope.ts'
import { searchStored } from './stored-events.ts'
import type { StoredSource } from '../stored/list.ts'

/**
 * What the value leads to in that connector. A collection that cannot be read is left out, and the operation is told.
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
  const apps = Promise.withResolvers<readonly DirectHit[]>()
  const ofPush = searchRows(searchQuery, reader, operation, budget, hits, outcome, apps.resolve)
  const [rows, told] = await Promise.allSettled([
    ofPush.finally(() => {
      apps.resolve([])
    }),
    searchQuery.events
      ? searchStored({ searchQuery, source, reader, operation, hits, outcome }, apps.promise)
      : undefined,
  ])
  if (told.status === 'rejected') throw told.reason
  const found = hits.all(searchQuery.types)
  if (rows.status === 'rejected') {
    if (!(rows.reason instanceof GatewayError) || found.length === 0) throw rows.reason
    operation.incomplete({
      code: rows.reason.code,
      message: 'Of this connector, only the stored events could be searched',
      connector: reader.alias,
      collection: null,
    })
    outcome.add({ complete: false, budget: undefined })
  }
  return outcome.close(found)
}

/** Enters the objects that are found; `tellApps` hears of where the value was found in apps. */
const searchRows = async (
  searchQuery: SearchQuery,
  reader: Reader,
  operation: Operation,
  budget: RequestBudget,
  hits: Hits,
  outcome: Completeness,
  tellApps: (found: Promise<readonly DirectHit[]>) => void,
): Promise<void> => {
  const { value, types } = searchQuery
  // Nobody needs to know what an id names where none of Push's objects is wanted.
  const fields =
    types.size === 0
      ? fieldRefsOf(searchQuery.kinds)
      : await identify(searchQuery.kinds, value, reader)
  const { hops, inRows, inEvents, looksIntoEvents, thorough } = scopeOf(searchQuery, fields)
  const fromEvents = (hop: Hop): boolean => collectionOf(hop.from) === 'detections'

  /** All detections of that employee are found by a link, whatever their events hold. */
  const leadsToDetections = ({ field }: DirectHit): boolean =>
    hops.some(hop => hop.to === 'detections' && hop.link.kind === 'many' && beginsAt(hop, field))

  const enter = (holdings: readonly DirectHit[]): readonly DirectHit[] => {
    for (const { field, row } of holdings)
      hits.add(collectionOf(field.holder), row, {
        field: field.name,
        kind: field.kind,
        via: null,
      })
    return holdings
  }

  const follow = (chosen: readonly Hop[], holdings: readonly DirectHit[]): Promise<unknown> =>
    Promise.all(
      chosen
        .filter(hop => holdings.some(({ field }) => beginsAt(hop, field)))
        .map(async hop => {
          // Nothing is asked for by id that is on its way already.
          await reading.get(hop.to)
          const asOf = await outcome.attempt(hop.to, () =>
            followHop(hop, holdings, reader, hits, budget),
          )
          outcome.restsOn(asOf)
        }),
    )

  const readRows = (
    name: CollectionName,
    where: readonly FieldRef[],
  ): Promise<Candidates | undefined> =>
    outcome.attempt(name, () =>
      name === 'detections' && looksIntoEvents
        ? readAllRows(name, reader, budget)
        : readCandidates(name, where, value, reader, budget),
    )

  const direct = async (name: CollectionName): Promise<readonly DirectHit[]> => {
    const where = inRows.get(name) ?? []
    const candidates = await readRows(name, where)
    outcome.restsOn(candidates?.asOf)
    return enter(findDirectHits(candidates?.rows ?? [], where, value))
  }

  const searchEvents = async (near: readonly DirectHit[]): Promise<readonly DirectHit[]> => {
    const employees = employeesOf(near).difference(employeesOf(near.filter(leadsToDetections)))
    const wish = { thorough, employees }
    outcome.add(await readDetectionEvents(wish, reader, operation, budget))
    const detections = [...reader.store.table('detections').values()]
    for (const hop of hops) enterByEvents(hop, near, detections, hits)
    return enter(findDirectHits(detections, inEvents, value))
  }

  const names = new Set([...inRows.keys(), ...(looksIntoEvents ? ['detections' as const] : [])])
  const reading = new Map([...names].map(name => [name, direct(name)]))
  const following = [...reading].map(async ([name, holdings]) =>
    follow(
      hops.filter(hop => hop.from === name && !fromEvents(hop)),
      await holdings,
    ),
  )
  const lookIntoEvents = async (): Promise<void> => {
    const near = (await Promise.all(reading.values())).flat()
    const canLook = looksIntoEvents && !outcome.failed('detections')
    const ofEvents = canLook ? await searchEvents(near) : []
    await follow(hops.filter(fromEvents), [...near, ...ofEvents])
  }
  const apps = reading.get('apps')
  if (apps !== undefined) tellApps(apps)
  await Promise.all([...following, lookIntoEvents()])
}

/** The employees that what was found belongs to, or is. */
const employeesOf = (holdings: readonly DirectHit[]): ReadonlySet<string> =>
  new Set(
    holdings.flatMap(({ field, row }) => {
      const id = field.holder === 'employees' ? row.id : employeeIdOf(row)
      return id === null ? [] : [id]
    }),
  )

const employeeIdOf = (row: Row): string | null => ('employeeId' in row ? row.employeeId : null)
