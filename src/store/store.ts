/**
 * The rows read so far from every connector, one copy each, and the three ways of reading more: a scan, the slice of
 * one parent, one object by its id. Nothing above or below keeps rows.
 */
import type { Clock } from '../model/clock.ts'
import type { Notice, TenantOfRows } from '../model/known-rows.ts'
import type { CollectionName } from '../model/rows.ts'
import type { Client, ConnectorHealth, RateLimitState } from '../upstream/contract/contract.ts'
import type { Measures, SizesByConnector } from '../upstream/state/sizes.ts'
import { createFollower, type Follow } from './table/follow.ts'
import {
  createWrittenFollower,
  type Written,
  type WrittenFollower,
} from './reading/follow-written.ts'
import { createFollowing, type Following } from './reading/following.ts'
import { createTrust, type Trust } from './reading/trust.ts'
import { type ByIdReader, createByIdReader } from './reading/read-one.ts'
import { type AnewReader, createAnewReader } from './reading/read-anew.ts'
import { createObjectChanger, type ObjectChanger } from './reading/change-object.ts'
import { createRefresher, type Refresher } from './reading/refresh.ts'
import { createAnyRowFinder } from './reading/any-row.ts'
import { createScans, type ScanAccess, type Scans } from './reading/scans.ts'
import { type CaughtUp, type ChangesSince, createCatchUp } from './reading/catch-up.ts'
import { createParameterReader, type ParameterReader } from './reading/read-narrowed.ts'
import { createSliceReader, type SliceReader } from './reading/read-equal.ts'
import type { Table } from './table/table.ts'
import { createTables, type TableAccess, type Tables } from './table/tables.ts'
import { offsetFact } from '../upstream/contract/capabilities.ts'
import { createPageReader, type PageReader } from './reading/read-page.ts'

export type { Call, ConnectorHealth, RateLimitState } from '../upstream/contract/contract.ts'
export type { Written } from './reading/follow-written.ts'
export type { Changed } from './reading/change-object.ts'
export type { Resumption } from './reading/remembered-trust.ts'
export type { WriteRequest } from '../upstream/contract/contract.ts'
export type { KeptReading } from './reading/kept-reading.ts'
export type { Scan } from './reading/scan.ts'
export type { Table } from './table/table.ts'

export interface ConnectorOptions {
  readonly alias: string
  readonly client: Client
  readonly sizes: SizesByConnector
  /** Numbers that outlive the process; nothing does where absent. */
  readonly measures?: Pick<Measures, 'get' | 'set'>
  /** The tenant whose rows those are; undefined as long as that is not known. */
  readonly tenant?: () => TenantOfRows | undefined
}

/** One connector's rows and how to read more of them. */
export interface ConnectorStore
  extends
    TableAccess,
    ScanAccess,
    ByIdReader,
    SliceReader,
    ParameterReader,
    PageReader,
    AnewReader,
    ObjectChanger,
    WrittenFollower,
    Following {
  readonly alias: string
  /** Rows that the collection is thought to have, from the last whole read or the scan that runs. */
  expectedRows(name: CollectionName): number | undefined
  /** How many objects that question came to when it was last answered; undefined where that is not remembered. */
  observed(question: string): number | undefined
  observe(question: string, objects: number): void
  readonly refresher: Refresher
  /** Bytes of Push's answers about that collection that are kept. */
  keptBytes(name: CollectionName): Promise<number>
  /** Whether Push's answers are kept, so that a collection may be there without a request. */
  keeps(): boolean
  pageSize(): number
  latencyMs(): number
  /** Whether pages of the collection are known to be readable by offset, and so side by side. */
  byOffset(name: CollectionName): boolean
  rateLimit(): RateLimitState
  health(): ConnectorHealth
  /** Whether Push has ever answered, be it with a refusal. */
  hasAnswered(): boolean
  /** What was learnt about this connector's API, by name. */
  facts(): ReadonlyMap<string, string>
}

/** Connectors by alias, in the order of the settings. */
export type ConnectorStores = ReadonlyMap<string, ConnectorStore>

export interface Store {
  /** Those that are served now. They never change: another map takes their place. */
  readonly connectors: ConnectorStores
  /** The one of that alias now. */
  connector(alias: string): ConnectorStore | undefined
  /**
   * Serves these from now on. One of the same alias and client goes on with its rows; all others begin with none. Those
   * that are served no more go on for whoever began with them, read nothing in the background, and are closed when
   * `lingerMs` have passed.
   */
  serve(connectors: readonly ConnectorOptions[]): void
  /** Ends background work; waiting readers are refused by their clients' close. */
  close(): Promise<void>
}

export interface StoreOptions {
  /** Those that are served at first. */
  readonly connectors: readonly ConnectorOptions[]
  readonly clock: Clock
  /** The rows of all connectors together; beyond it the collections used least recently go. */
  readonly maxBytes: number
  /** Whether stale rows are read again in the background. */
  readonly refresh: boolean
  /** After so long a collection that webhooks keep up to date is read whole to check; 0: none is followed (the default). */
  readonly reconcileMs?: number
  /** What happened to the objects of that connector, as far as events that are stored tell; none where absent. */
  readonly changesSince?: (alias: string) => ChangesSince
  /** For how long somebody who began with a connector may go on with it, in milliseconds. */
  readonly lingerMs?: number
  readonly onProblem?: (message: string, error: unknown) => void
  /** Hears what is learnt of rows of that connector, and whose they are. */
  readonly onNotice?:
    ((connector: string, notice: Notice, tenant: TenantOfRows | undefined) => void) | undefined
  /** Hears what Push was had to change of that connector. */
  readonly onWritten?: ((connector: string, written: Written) => void) | undefined
}

/** A connector, and what of it ends with it. */
interface Held {
  readonly client: Client
  readonly connector: ConnectorStore
  /** Its tables go. */
  readonly leave: () => void
}

const LINGER_MS = 30_000

export const createStore = (options: StoreOptions): Store => {
  const { clock, maxBytes, lingerMs = LINGER_MS, onProblem } = options
  const tables = createTables({ clock, maxBytes })
  const lingering = new Map<Held, () => void>()
  let held = new Map<string, Held>()
  let connectors: ConnectorStores = new Map()

  const end = async (one: Held): Promise<void> => {
    lingering.get(one)?.()
    lingering.delete(one)
    one.connector.refresher.close()
    one.leave()
    await one.client.close()
  }

  const linger = (one: Held): void => {
    one.connector.refresher.close()
    const endLater = (): void => {
      end(one).catch((error: unknown) => onProblem?.('A connector could not be closed', error))
    }
    lingering.set(one, clock.after(lingerMs, endLater))
  }

  const serve = (next: readonly ConnectorOptions[]): void => {
    const present = new Map(
      next.map(each => {
        const known = held.get(each.alias)
        const isKnown = known?.client === each.client
        return [each.alias, isKnown ? known : createHeld(each, tables, options)] as const
      }),
    )
    const [before, now] = [[...held.values()], [...present.values()]]
    if (before.length === now.length && now.every((one, index) => one === before[index])) return
    held = present
    connectors = new Map([...present].map(([alias, { connector }]) => [alias, connector]))
    for (const one of before) if (!now.includes(one)) linger(one)
  }

  serve(options.connectors)
  return {
    get connectors() {
      return connectors
    },
    connector: alias => connectors.get(alias),
    serve,
    close: async () => {
      await Promise.all([...held.values(), ...lingering.keys()].map(end))
    },
  }
}

const createHeld = (connector: ConnectorOptions, tables: Tables, options: StoreOptions): Held => {
  const trust = createTrust(options.clock, connector.measures)
  const { clock } = options
  const follow = createFollower(name => scans.peek(name) as Table<typeof name> | undefined)
  const changesSince = options.changesSince?.(connector.alias)
  const { onNotice } = options
  const { client, whole }: CaughtUp =
    changesSince === undefined
      ? { client: connector.client, whole: () => undefined }
      : createCatchUp({
          client: connector.client,
          table: name => scans.table(name),
          clock,
          changesSince,
          follow,
        })
  const caughtUp = { ...connector, client }
  const scans = createScans({
    ...caughtUp,
    clock,
    tables,
    trust,
    onWhole: whole,
    onNotice: onNotice && ((alias, notice) => onNotice(alias, notice, connector.tenant?.())),
  })
  return {
    client: connector.client,
    connector: createConnectorStore(caughtUp, scans, trust, follow, options),
    leave: scans.leave,
  }
}

const createConnectorStore = (
  { alias, client, sizes }: ConnectorOptions,
  { table, peek, usedAt, scan, scanning, recall }: Scans,
  trust: Trust,
  follow: Follow,
  { clock, refresh, reconcileMs = 0, onProblem, onWritten }: StoreOptions,
): ConnectorStore => {
  const anyRow = createAnyRowFinder({ table, scan, clock })
  const byId = createByIdReader({ client, table, clock, anyRow })
  const anew = createAnewReader({ ...byId, table, scan })
  const refresher = createRefresher({ alias, enabled: refresh, onProblem })

  return {
    alias,
    table,
    peek,
    scanning,
    scan,
    recall,
    ...createFollowing({
      ...{ alias, client, clock, trust, refresher, follow, peek, usedAt, scan, reconcileMs },
      recall,
      readOne: byId.readOne,
    }),
    ...byId,
    ...anew,
    ...createObjectChanger({
      ...{ ...anew, client, table, peek, clock, follow },
      onWritten: written => onWritten?.(alias, written),
    }),
    ...createWrittenFollower({ ...byId, ...anew, client, peek, clock, follow, refresher }),
    ...createSliceReader({ client, table, clock }),
    ...createParameterReader({ client, table, clock, anyRow }),
    ...createPageReader({ client, sizes, table }),
    expectedRows: name => {
      const known = sizes.get(name)?.rows
      const seen = scanning(name)?.rows ?? 0
      return known === undefined ? undefined : Math.max(known, seen)
    },
    observed: question => sizes.seen(question),
    observe: (question, objects) => {
      if (sizes.seen(question) !== objects) sizes.see(question, objects)
    },
    refresher,
    keptBytes: async name => client.keptBytes?.(name) ?? 0,
    keeps: () => client.kept !== undefined,
    pageSize: () => client.pageSize(),
    latencyMs: () => client.latencyMs(),
    byOffset: name => client.facts.get(offsetFact(name)) === 'works',
    rateLimit: () => client.rateLimit(),
    health: () => client.health(),
    hasAnswered: () => client.hasAnswered(),
    facts: () => client.facts.all(),
  }
}
