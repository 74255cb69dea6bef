/** What the resolvers ask of the lists that are kept here. */
import type { EventPlace } from '../model/events.ts'
import type { Rights } from '../model/rights.ts'
import type { StoredName } from '../model/stored.ts'
import type { CollectionName, Row } from '../model/rows.ts'
import { changesOfObject, type ChangesTerms, changesWithin } from '../query/stored/changes.ts'
import { historyOf } from '../query/stored/history.ts'
import type { GivenPlace } from '../query/stored/resume.ts'
import type { StreamedList } from '../query/stored/followed-filter.ts'
import { createStoredStream, type StoredStream } from '../query/stored/stream.ts'
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
  /** The changes of objects of those connectors, within the terms. */
  changes(connectors: ConnectorNames, terms: ChangesTerms): StoredConnection
  /** The changes of an object. */
  changesOf(
    connector: string,
    collection: CollectionName,
    row: Row,
    terms: ChangesTerms,
  ): StoredConnection
  /** A stored list as it grows. */
  stream(list: StreamedList): StoredStream
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

  return {
    stored: (connectors, name, terms) =>
      createStoredConnection(name, terms, undefined, readersOf(connectors), source, operation),
    history: (connector, collection, row, terms) =>
      createStoredConnection(
        'events',
        terms,
        historyOf(collection, [row]),
        readersOf([connector]),
        source,
        operation,
      ),
    changes: (connectors, terms) =>
      createStoredConnection(
        'changes',
        terms,
        changesWithin(terms),
        readersOf(connectors),
        source,
        operation,
      ),
    changesOf: (connector, collection, row, terms) =>
      createStoredConnection(
        'changes',
        terms,
        changesOfObject(collection, row, terms),
        readersOf([connector]),
        source,
        operation,
      ),
    stream: list => createStoredStream(list, readersOf(undefined), source, operation),
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
  standing: async () => ({ receivedAt: null, purged: 0, given: 0 }),
  changeBefore: async () => 0,
  newestChange: async () => 0,
  changeStanding: async () => ({ receivedAt: null, purged: 0, given: 0 }),
  listThen: async () => ({ asOf: undefined, cutAt: undefined, wholeSince: undefined }),
  rowsThen: async () => ({ rows: [], next: undefined }),
  rowThen: async () => undefined,
  noted: async () => undefined,
  identity: 'none',
  size: async () => ({ bytes: 0, stored: [], retentionDays: 0 }),
}
