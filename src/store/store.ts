/**
 * The rows read so far from every connector, one copy each, and the three ways of reading more: a scan, the slice of
 * one parent, one object by its id. Nothing above or below keeps rows.
 */
import { LRUCache } from 'lru-cache'
import type { Clock } from '../model/clock.ts'
import { collectionNames } from '../model/collections.ts'
import type { CollectionName, Row, Rows } from '../model/rows.ts'
import type { Call, Client, ConnectorHealth, RateLimitState } from '../upstream/contract.ts'
import { createByIdReader } from './read-one.ts'
import { createRefresher, type Refresher } from './refresh.ts'
import { createScan, type Scan } from './scan.ts'
import { createNarrowReader } from './read-narrow.ts'
import { createSliceReader } from './read-slice.ts'
import { createTable, type Table } from './table.ts'

export type { Call, ConnectorHealth, RateLimitState } from '../upstream/contract.ts'
export type { Scan } from './scan.ts'
export type { PageOrigin, Table } from './table.ts'

/** Where the sizes of collections outlive the process. */
export interface Sizes {
  get(collection: string): { readonly rows: number; readonly at: number } | undefined
  set(collection: string, rows: number): void
}

export interface ConnectorOptions {
  readonly alias: string
  readonly client: Client
  readonly sizes: Sizes
}

/** One connector's rows and how to read more of them. */
export interface ConnectorStore {
  readonly alias: string
  table<Name extends CollectionName>(name: Name): Table<Name>
  /** The scan that began at or after `notBefore` (milliseconds) and still goes on, or a new one. */
  scan(name: CollectionName, notBefore: number): Scan
  /** The newest scan that is not done; it may rest. */
  scanning(name: CollectionName): Scan | undefined
  /** Reads one object. `unavailable`: this API does not answer by id, the caller must scan. */
  readOne<Name extends CollectionName>(
    name: Name,
    id: string,
    call: Call,
  ): Promise<Rows[Name] | null | 'unavailable'>
  /** Whether reading by id is known to work, known not to, or still to be tried. */
  byId(name: CollectionName): boolean | undefined
  /** Reads the rows whose field has that value into the table. `unavailable`: Push does not filter by it. */
  readSlice(
    name: CollectionName,
    field: string,
    value: string,
    call: Call,
  ): Promise<'read' | 'unavailable'>
  /** Whether Push filters by that field: known, known not to, or still to be tried (`undefined`). */
  bySlice(name: CollectionName, field: string): boolean | undefined
  /** Reads the rows whose `field` is later than that moment (UNIX seconds) into the table. */
  readAfter(
    name: CollectionName,
    field: string,
    seconds: number,
    call: Call,
  ): Promise<'read' | 'unavailable'>
  /** Reads the rows of an address, in any letter case, into the table; `address` is in lower case. */
  readEmail(
    name: CollectionName,
    field: string,
    address: string,
    call: Call,
  ): Promise<'read' | 'unavailable'>
  /** Whether Push narrows by that field without losing rows: known, known not to, or still to be tried. */
  byParameter(name: CollectionName, field: string): boolean | undefined
  /** Rows that the collection is thought to have, from the last whole read or the scan that runs. */
  expectedRows(name: CollectionName): number | undefined
  readonly refresher: Refresher
  readonly pageSize: number
  readonly latencyMs: number
  readonly rateLimit: RateLimitState
  readonly health: ConnectorHealth
  /** What was learnt about this connector's API, by name. */
  readonly facts: ReadonlyMap<string, string>
  /** One page at a token or offset, outside any scan: to resume a list whose order is no longer here. */
  readPage<Name extends CollectionName>(
    name: Name,
    from: { readonly nextToken: string } | { readonly offset: number } | Record<string, never>,
    call: Call,
  ): Promise<{ rows: readonly Rows[Name][]; nextToken: string | undefined; readAt: number }>
}

export interface Store {
  /** In the order of the settings. */
  readonly aliases: readonly string[]
  connector(alias: string): ConnectorStore | undefined
  /** Ends background work; waiting readers are refused by their clients' close. */
  close(): Promise<void>
}

export interface StoreOptions {
  readonly connectors: readonly ConnectorOptions[]
  readonly clock: Clock
  /** The rows of all connectors together; beyond it the collections used least recently go. */
  readonly maxBytes: number
  /** Whether stale rows are read again in the background. */
  readonly refresh: boolean
  readonly onProblem?: (message: string, error: unknown) => void
}

/** Heap per row with its share of the indexes, measured; what the memory limit counts with. */
const BYTES_PER_ROW: { readonly [Name in CollectionName]: number } = {
  employees: 500,
  accounts: 500,
  apps: 900,
  browsers: 600,
  browserExtensions: 500,
  findings: 450,
  detections: 3_000,
}

export const createStore = (options: StoreOptions): Store => {
  const { clock, maxBytes } = options
  let epochs = 0
  const tables = new LRUCache<string, Table>({
    // Eviction is by bytes, which grow while a table is in use; the count only has to be no limit of its own.
    max: options.connectors.length * collectionNames.length + 1,
  })
  const startedAt = clock.now().toString(36)

  const bytesOf = (table: Table): number => table.size * BYTES_PER_ROW[table.collection]

  /** Drops the collections used least recently, but never one that is being read or was just asked for. */
  const makeRoom = (keep: string, busy: (key: string) => boolean): void => {
    let bytes = [...tables.values()].reduce((sum, table) => sum + bytesOf(table), 0)
    for (const key of [...tables.rkeys()]) {
      if (bytes <= maxBytes) return
      const table = tables.peek(key)
      if (table === undefined || key === keep || busy(key)) continue
      tables.delete(key)
      bytes -= bytesOf(table)
    }
  }

  const createConnector = ({ alias, client, sizes }: ConnectorOptions): ConnectorStore => {
    const scans = new Map<CollectionName, Scan>()
    const keyOf = (name: CollectionName): string => `${alias} ${name}`

    const table = <Name extends CollectionName>(name: Name): Table<Name> => {
      const found = tables.get(keyOf(name))
      // The map holds each table under its own collection's key.
      if (found !== undefined) return found as unknown as Table<Name>
      epochs += 1
      const created = createTable(name, `${startedAt}${epochs.toString(36)}`)
      tables.set(keyOf(name), created)
      return created
    }

    const scanning = (name: CollectionName): Scan | undefined => {
      const scan = scans.get(name)
      return scan === undefined || scan.done ? undefined : scan
    }

    /** A row that exists, read by the first page of a scan where nothing is here yet. */
    const anyRow = async (name: CollectionName, call: Call): Promise<Row | undefined> => {
      const rows = table(name)
      await connector.scan(name, 0).until(() => rows.size > 0, call)
      const [row] = rows.values()
      return row
    }

    const connector: ConnectorStore = {
      alias,
      table,
      scanning,
      scan: (name, notBefore) => {
        const current = scanning(name)
        if (current !== undefined && current.startedAt >= notBefore) return current
        const scan: Scan = createScan({
          table: table(name),
          client,
          clock,
          expectedRows: sizes.get(name)?.rows,
          onDone: rows => {
            sizes.set(name, rows)
            makeRoom(keyOf(name), key =>
              collectionNames.some(other => key === keyOf(other) && scanning(other)?.running),
            )
          },
        })
        scans.set(name, scan)
        return scan
      },
      ...createByIdReader({
        client,
        table,
        anyRow: async (name, call) => (await anyRow(name, call))?.id,
      }),
      ...createSliceReader({ client, table, clock }),
      ...createNarrowReader({ client, table, clock, anyRow }),
      expectedRows: name => {
        const known = sizes.get(name)?.rows
        const seen = scanning(name)?.rows ?? 0
        return known === undefined ? undefined : Math.max(known, seen)
      },
      refresher: createRefresher({ enabled: options.refresh, ...pick(options.onProblem) }),
      get pageSize() {
        return client.pageSize()
      },
      get latencyMs() {
        return client.latencyMs()
      },
      get rateLimit() {
        return client.rateLimit()
      },
      get health() {
        return client.health()
      },
      get facts() {
        return client.facts.all()
      },
      readPage: async (name, from, call) => {
        const page = await client.page(name, from, call)
        const rows = table(name)
        for (const row of page.rows) rows.put(row, page.readAt)
        return page
      },
    }
    return connector
  }

  const connectors = new Map(
    options.connectors.map(connector => [connector.alias, createConnector(connector)]),
  )
  return {
    aliases: [...connectors.keys()],
    connector: alias => connectors.get(alias),
    close: async () => {
      for (const connector of connectors.values()) connector.refresher.close()
      await Promise.all(options.connectors.map(({ client }) => client.close()))
    },
  }
}

const pick = (
  onProblem: StoreOptions['onProblem'],
): { readonly onProblem?: (message: string, error: unknown) => void } =>
  onProblem === undefined ? {} : { onProblem }
