/** Whether what the store has may be served to an operation, and who hears of it where it is old or not whole. */
import type { CollectionName } from '../../model/rows.ts'
import type { Call, ConnectorStore, Scan, Table } from '../../store/store.ts'
import type { Unreadable } from '../../paging/token-guard.ts'
import { noteStale, noteUnreadable } from '../operation/failure.ts'
import type { Operation } from '../operation/operation.ts'
import { isFreshWhole } from '../operation/answer-validity.ts'

export interface Freshness {
  /**
   * Whether rows of that table may be served that were read at `asOf` (milliseconds): they are fresh, or the table may be
   * served as the whole collection, which one scan refreshes where many rows would each be read again.
   */
  isCurrent(table: Table, asOf: number | undefined): boolean
  /** Whether rows of that age may be served; if only because a refresh runs, asks for that refresh. */
  usable(asOf: number | undefined, key: string, again: () => Promise<unknown>): boolean
  /** When the whole collection was read, if it may be served; undefined otherwise. */
  readonly covered: (name: CollectionName) => number | undefined
  /** Tells the operation that it is served rows older than it asked for. */
  readonly serveStale: (name: CollectionName, asOf: number, cause: unknown) => void
  /** Tells the operation of rows that Push sent and nobody can read. */
  readonly noteUnreadable: (name: CollectionName, unreadable: readonly Unreadable[]) => void
  /** A scan that began at or after this moment may be joined. */
  joinableSince(name: CollectionName): number
  /** The scan that a list reads from, and the terms on which it is asked. */
  readonly scan: (name: CollectionName) => Scan
  /**
   * Reads the whole collection at low priority, by a scan that began at or after `notBefore`. `parallel`: somebody was
   * sent away to come back for it.
   */
  readWhole(name: CollectionName, notBefore: number, parallel?: boolean): () => Promise<unknown>
  readonly callFor: (name: CollectionName) => Call
  background(): Call
}

/** A refresh may take one part in so many of the time: a scan of a minute is begun again after four. */
const REFRESH_SHARE = 4

export const createFreshness = (store: ConnectorStore, operation: Operation): Freshness => {
  const { alias } = store
  const { validity } = operation

  const isFreshTable = (table: Table): boolean => {
    if (validity.restsOn(table)) return true
    if (!isFreshWhole(table, operation, store.refresher.enabled)) return false
    validity.dependsOn(store, table)
    return true
  }

  const isFresh = (asOf: number | undefined): boolean => {
    validity.markVolatile()
    return asOf !== undefined && asOf >= operation.freshSince
  }

  const background = (): Call => ({
    owner: `refresh ${alias}`,
    priority: 'background',
    deadline: Number.MAX_SAFE_INTEGER,
  })

  const callFor: Freshness['callFor'] = name => {
    validity.markVolatile()
    return operation.callFor(alias, name)
  }

  /** A scan under way is as fresh as can be had soon; one that rests must have begun lately. */
  const joinableSince: Freshness['joinableSince'] = name =>
    store.scanning(name)?.running === true ? operation.staleSince : operation.freshSince

  const scan: Freshness['scan'] = name => {
    validity.markVolatile()
    return store.scan(name, joinableSince(name))
  }

  const usable: Freshness['usable'] = (asOf, key, again) => {
    validity.markVolatile()
    if (asOf === undefined || asOf < operation.staleSince) return false
    if (asOf >= operation.freshSince) return true
    if (!store.refresher.enabled) return false
    store.refresher.ask(key, again)
    return true
  }

  const readWhole =
    (name: CollectionName, notBefore: number, parallel = false) =>
    (): Promise<unknown> =>
      store.scan(name, notBefore).until(() => false, background(), parallel)

  /** Whether the table may be served as the whole collection. */
  const wholeUsable = (table: Table): boolean => {
    if (isFreshTable(table)) return true
    validity.markVolatile()
    const { collection: name, whole: asOf, wholeTookMs } = table
    if (asOf === undefined || asOf < operation.staleSince) return false
    // What took a minute to read is as fresh as can be when it is in.
    if (asOf + wholeTookMs >= operation.freshSince) return true
    if (!store.refresher.enabled) return false
    // A collection that takes long is read again less often, so that refreshing leaves requests to others.
    if (operation.startedAt - asOf >= REFRESH_SHARE * wholeTookMs)
      store.refresher.ask(`whole ${name}`, readWhole(name, asOf))
    return true
  }

  const covered: Freshness['covered'] = name => {
    const table = store.table(name)
    if (!wholeUsable(table)) return undefined
    operation.served(table.whole ?? 0, true)
    noteUnreadable(name, alias, table.unreadable, operation)
    return table.whole
  }

  return {
    isCurrent: (table, asOf) => isFreshTable(table) || isFresh(asOf) || wholeUsable(table),
    usable,
    covered,
    serveStale: (name, asOf, cause) => {
      noteStale(name, alias, asOf, cause, operation)
    },
    noteUnreadable: (name, unreadable) => {
      noteUnreadable(name, alias, unreadable, operation)
    },
    joinableSince,
    scan,
    readWhole,
    callFor,
    background,
  }
}
