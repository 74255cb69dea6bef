/**
 * A search in one connector: what names or holds the value is read side by side, links are followed as soon as it is
 * known where they begin, and nothing is read that no wanted object can come from.
 */
import { GatewayError } from '../../errors.ts'
import type { CollectionName, Row } from '../../model/rows.ts'
import type { Operation } from '../operation/operation.ts'
import type { Reader } from '../reading/reader.ts'
import type { Allowance } from './request-budget.ts'
import {
  type Candidates,
  findHoldings,
  type Holding,
  readAllRows,
  readCandidates,
} from './direct-hits.ts'
import { readEvents } from './detection-events.ts'
import { beginsAt, collectionOf, enterByEvents, followHop } from './follow-links.ts'
import { identify } from './resolve-id.ts'
import { createLedger, type Ledger } from './hits.ts'
import { createOutcome, type Outcome, type Searched } from './completeness.ts'
import { type Hop, type Place, placesOf } from './fields.ts'
import type { Quest } from './arguments.ts'
import { scopeOf } from './scope.ts'
import { searchStored } from './stored-events.ts'
import type { StoredSource } from '../stored/list.ts'

/**
 * What the value leads to in that connector. A collection that cannot be read is left out, and the operation is told.
 * @throws the first error where nothing at all could be read.
 */
export const searchConnector = async (
  quest: Quest,
  reader: Reader,
  operation: Operation,
  allowance: Allowance,
  source: StoredSource,
): Promise<Searched> => {
  const ledger = createLedger(reader.alias)
  const outcome = createOutcome(reader, operation)
  const apps = Promise.withResolvers<readonly Holding[]>()
  const ofPush = searchRows(quest, reader, operation, allowance, ledger, outcome, apps.resolve)
  const [rows, told] = await Promise.allSettled([
    ofPush.finally(() => {
      apps.resolve([])
    }),
    quest.events
      ? searchStored({ quest, source, reader, operation, ledger, outcome }, apps.promise)
      : undefined,
  ])
  if (told.status === 'rejected') throw told.reason
  const hits = ledger.hits(quest.types)
  if (rows.status === 'rejected') {
    if (!(rows.reason instanceof GatewayError) || hits.length === 0) throw rows.reason
    operation.incomplete({
      code: rows.reason.code,
      message: 'Of this connector, only the stored events could be searched',
      connector: reader.alias,
      collection: null,
    })
    outcome.add({ complete: false, budget: undefined })
  }
  return outcome.close(hits)
}

/** Enters the objects that are found; `tellApps` hears of where the value was found in apps. */
const searchRows = async (
  quest: Quest,
  reader: Reader,
  operation: Operation,
  allowance: Allowance,
  ledger: Ledger,
  outcome: Outcome,
  tellApps: (found: Promise<readonly Holding[]>) => void,
): Promise<void> => {
  const { value, types } = quest
  // Nobody needs to know what an id names where none of Push's objects is wanted.
  const places =
    types.size === 0 ? placesOf(quest.kinds) : await identify(quest.kinds, value, reader)
  const { hops, inRows, inEvents, looksIntoEvents, thorough } = scopeOf(quest, places)
  const fromEvents = (hop: Hop): boolean => collectionOf(hop.from) === 'detections'

  /** All detections of that employee are found by a link, whatever their events hold. */
  const leadsToDetections = ({ place }: Holding): boolean =>
    hops.some(hop => hop.to === 'detections' && hop.link.kind === 'many' && beginsAt(hop, place))

  const enter = (holdings: readonly Holding[]): readonly Holding[] => {
    for (const { place, row } of holdings)
      ledger.add(collectionOf(place.holder), row, {
        field: place.name,
        kind: place.kind,
        via: null,
      })
    return holdings
  }

  const follow = (chosen: readonly Hop[], holdings: readonly Holding[]): Promise<unknown> =>
    Promise.all(
      chosen
        .filter(hop => holdings.some(({ place }) => beginsAt(hop, place)))
        .map(async hop => {
          // Nothing is asked for by id that is on its way already.
          await reading.get(hop.to)
          const asOf = await outcome.attempt(hop.to, () =>
            followHop(hop, holdings, reader, ledger, allowance),
          )
          outcome.restsOn(asOf)
        }),
    )

  const readRows = (
    name: CollectionName,
    where: readonly Place[],
  ): Promise<Candidates | undefined> =>
    outcome.attempt(name, () =>
      name === 'detections' && looksIntoEvents
        ? readAllRows(name, reader, allowance)
        : readCandidates(name, where, value, reader, allowance),
    )

  const direct = async (name: CollectionName): Promise<readonly Holding[]> => {
    const where = inRows.get(name) ?? []
    const candidates = await readRows(name, where)
    outcome.restsOn(candidates?.asOf)
    return enter(findHoldings(candidates?.rows ?? [], where, value))
  }

  const searchEvents = async (near: readonly Holding[]): Promise<readonly Holding[]> => {
    const employees = employeesOf(near).difference(employeesOf(near.filter(leadsToDetections)))
    const wish = { thorough, employees }
    outcome.add(await readEvents(wish, reader, operation, allowance))
    const detections = [...reader.store.table('detections').values()]
    for (const hop of hops) enterByEvents(hop, near, detections, ledger)
    return enter(findHoldings(detections, inEvents, value))
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
const employeesOf = (holdings: readonly Holding[]): ReadonlySet<string> =>
  new Set(
    holdings.flatMap(({ place, row }) => {
      const id = place.holder === 'employees' ? row.id : employeeIdOf(row)
      return id === null ? [] : [id]
    }),
  )

const employeeIdOf = (row: Row): string | null => ('employeeId' in row ? row.employeeId : null)
