/** What the resolvers ask of the lists that are kept here. */
import type { EventPlace, EventRow } from '../model/events.ts'
import type { Maybe } from '../model/maybe.ts'
import type { Rights } from '../model/rights.ts'
import type { StoredName } from '../model/stored.ts'
import type { CollectionName, Row } from '../model/rows.ts'
import { historyOf } from '../query/stored/history.ts'
import { passesLive, replay } from '../query/stored/live.ts'
import { type GivenPlace, resumeFrom } from '../query/stored/resume.ts'
import type { ListTerms } from '../query/list/read-arguments.ts'
import type { Batches } from './batches.ts'
import type { ConnectorNames, Connectors } from './connectors.ts'
import type { Operation } from '../query/operation/operation.ts'
import {
  createStoredConnection,
  type StoredConnection,
  type StoredItem,
  type StoredSource,
} from '../query/stored/list.ts'

/** Other apps read from the file at once. */
const MOST_APPS = 1_000

/** What is stored of a connector's webhook events. */
export interface ConnectorEvents {
  readonly events: number
  /** The arrival of the oldest (UNIX seconds). */
  readonly oldestAt: number | null
  /** Of the file, with the events of all connectors; of this one alone for a caller that does not see all of them. */
  readonly bytes: number
  readonly retentionDays: number
}

export interface StoredLoaders {
  /** A stored list over those connectors. */
  stored(connectors: ConnectorNames, name: StoredName, terms: ListTerms): StoredConnection
  /** The events about an object. */
  history(
    connector: string,
    collection: CollectionName,
    row: Row,
    terms: ListTerms,
  ): StoredConnection
  /**
   * Whether the event, which the caller may see, passes the filter of a subscription.
   * @throws BadInputError with the path of what cannot be asked.
   */
  passes(filter: unknown, event: EventRow): Maybe<boolean>
  /** The stored events that pass and arrived after that sequence, in the order of arrival. */
  replay(filter: unknown, after: number, limit: number): Promise<readonly StoredItem<'events'>[]>
  /** The place right before the first event that arrived at or after that time (UNIX seconds). */
  placeBefore(receivedAt: number): Promise<EventPlace>
  /** The place of the newest event. */
  newestPlace(): Promise<EventPlace>
  /** @throws GatewayError where going on from there would leave events out. */
  resumeFrom(place: GivenPlace): Promise<EventPlace>
  /** The place with this store. */
  given(place: EventPlace): GivenPlace
  /** How much of that connector is stored. */
  eventStore(connector: string): Promise<ConnectorEvents>
  /** The app with that id, or null. */
  otherApp(connector: string, id: string | null): Promise<StoredItem<'otherApps'> | null> | null
}

export const createStoredLoaders = (
  { readersOf }: Connectors,
  batches: Batches,
  source: StoredSource,
  operation: Operation,
  rights: Rights,
): StoredLoaders => {
  const readApps = async (
    connector: string,
    ids: readonly string[],
  ): Promise<(StoredItem<'otherApps'> | null)[]> => {
    const found = await source.page({
      list: 'otherApps',
      parts: [{ connectors: [connector], filter: { kind: 'in', field: 'id', values: ids } }],
      ordering: 'arrival',
      from: undefined,
      until: undefined,
      backward: false,
      limit: ids.length,
    })
    const byId = new Map(
      (found as readonly StoredItem<'otherApps'>[]).map(item => [item.row.id, item]),
    )
    return ids.map(id => byId.get(id) ?? null)
  }

  const placeOf = async (sequence: number): Promise<EventPlace> => ({
    sequence,
    receivedAt: (await source.standing(sequence)).receivedAt ?? 0,
  })

  return {
    stored: (connectors, name, terms) =>
      createStoredConnection(name, terms, undefined, readersOf(connectors), source, operation),
    history: (connector, collection, row, terms) =>
      createStoredConnection(
        'events',
        terms,
        historyOf(collection, row),
        readersOf([connector]),
        source,
        operation,
      ),
    passes: (filter, event) => {
      const reader = readersOf(undefined).find(({ alias }) => alias === event.connector)
      return reader !== undefined && passesLive(filter, event, reader, operation)
    },
    replay: (filter, after, limit) =>
      replay(filter, after, limit, readersOf(undefined), source, operation),
    placeBefore: async receivedAt => placeOf(await source.sequenceBefore(receivedAt)),
    newestPlace: async () => placeOf(await source.newest()),
    resumeFrom: place => resumeFrom(place, source),
    given: ({ sequence, receivedAt }) => ({ store: source.identity, sequence, receivedAt }),
    eventStore: async connector => {
      const { bytes, retentionDays, stored } = await source.size()
      const own = stored.find(of => of.connector === connector)
      const { events = 0, oldestAt = null } = own ?? {}
      // How much there is of the others is nothing to whom they are hidden from.
      const all = stored.reduce((sum, of) => sum + of.events, 0)
      const ownBytes = events === 0 ? 0 : Math.round((bytes * events) / all)
      const isWhole = rights.connectors === undefined
      return { events, oldestAt, bytes: isWhole ? bytes : ownBytes, retentionDays }
    },
    otherApp: (connector, id) =>
      id === null
        ? null
        : batches.load(`${connector} otherApps`, id, ids => readApps(connector, ids), MOST_APPS),
  }
}

/** Where nothing is stored. */
export const emptySource: StoredSource = {
  page: async () => [],
  count: async () => 0,
  groups: async () => [],
  sequenceBefore: async () => 0,
  newest: async () => 0,
  standing: async () => ({ receivedAt: null, purged: 0 }),
  identity: 'none',
  maxCpuMs: Infinity,
  size: async () => ({ bytes: 0, stored: [], retentionDays: 0 }),
}
