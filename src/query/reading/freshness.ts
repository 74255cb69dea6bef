/** Whether what the store has may be served to an operation, and who hears of it where it is old or not whole. */
import { GatewayError } from '../../errors.ts'
import type { CollectionName } from '../../model/rows.ts'
import { describePagingGap, type Gap, isUnreadable } from '../../paging/gap.ts'
import type { Call, ConnectorStore, KeptReading, Scan, Table } from '../../store/store.ts'
import type { Operation } from '../operation/operation.ts'

/** A refresh may take one part in so many of the time: a scan of a minute is begun again after four. */
const REFRESH_SHARE = 4

/** How long a collection is taken in for that is kept, beyond the time that the operation had. */
const RECALL_MS = 60_000

/** How fresh the rows of one connector have to be for one operation, and how they are asked for. */
export class Freshness {
  readonly #store: ConnectorStore
  readonly #operation: Operation
  /** While it is tried to go on with a followed collection; undefined once it was. */
  readonly #goingOn = new Map<CollectionName, Promise<unknown> | undefined>()

  constructor(store: ConnectorStore, operation: Operation) {
    this.#store = store
    this.#operation = operation
  }

  /**
   * Whether rows of that table may be served that were read at `asOf` (milliseconds): they are fresh, or the table may be
   * served as the whole collection, which one scan refreshes where many rows would each be read again.
   */
  isCurrent(table: Table, asOf: number | undefined): boolean {
    return this.#isFreshWhole(table) || this.#isFresh(asOf) || this.#isUsableWhole(table)
  }

  /** Whether rows of that age may be served; if only because a refresh runs, asks for that refresh. */
  usable(asOf: number | undefined, key: string, again: () => Promise<unknown>): boolean {
    const { freshSince, staleSince } = this.#operation
    if (asOf === undefined || asOf < staleSince) return false
    if (asOf >= freshSince) return true
    if (!this.#store.refresher.enabled) return false
    this.#store.refresher.ask(key, again)
    return true
  }

  /** When the whole collection was read, if it may be served; undefined otherwise. */
  covered(name: CollectionName): number | undefined {
    const table = this.#store.table(name)
    if (!this.#isUsableWhole(table)) return undefined
    this.#operation.served(table.whole ?? 0, true)
    this.noteGaps(name, table.gaps)
    return table.whole
  }

  /** Tells the operation that it is served rows older than it asked for. */
  serveStale(name: CollectionName, asOf: number, cause: unknown): void {
    this.#operation.served(asOf, true)
    this.#operation.warn({
      code: cause instanceof GatewayError ? cause.code : 'UPSTREAM_UNAVAILABLE',
      message: `Push could not be read; these ${name} are older than asked for`,
      connector: this.#store.alias,
      collection: name,
    })
  }

  /** Tells the operation of rows that may be missing from what it is served. */
  noteGaps(name: CollectionName, gaps: readonly Gap[]): void {
    if (gaps.length === 0) return
    const unreadable = gaps.filter(isUnreadable)
    const [first] = unreadable
    if (first !== undefined)
      this.#miss(
        name,
        `${unreadable.length} of the ${name} that Push sent cannot be read (first at ${first.path}: ${first.reason})`,
      )
    for (const gap of gaps)
      if (!isUnreadable(gap))
        this.#miss(
          name,
          describePagingGap(name, gap),
          gap === 'unknown' ? 'NOT_KNOWN' : 'UPSTREAM_INVALID',
        )
  }

  /** A scan that began at or after this moment may be joined. */
  joinableSince(name: CollectionName): number {
    // A scan under way is as fresh as can be had soon; one that rests must have begun lately.
    const isRunning = this.#store.scanning(name)?.running === true
    return isRunning ? this.#operation.staleSince : this.#operation.freshSince
  }

  /**
   * The scan that a list reads from. `asWhole`: all of the collection is wanted, which may be older as long as it is read
   * again in the background.
   */
  scan(name: CollectionName, asWhole = false): Scan {
    return this.#store.scan(name, this.joinableSince(name), this.#keptReading(asWhole))
  }

  /**
   * Takes the collection in as far as it is kept, where it is not here; undefined where there is nothing to wait for. A
   * list that were read page by page instead would have Push asked for what is there.
   */
  revive(name: CollectionName): Promise<unknown> | undefined {
    return this.goOnFollowed(name)?.then(() => this.#reviveKept(name)) ?? this.#reviveKept(name)
  }

  /**
   * Goes on, once for the operation, with a collection that webhooks have kept up to date, where it is too old to be served: a
   * probe says whether it is as new as asked for. Undefined where there is nothing to wait for.
   */
  goOnFollowed(name: CollectionName): Promise<unknown> | undefined {
    if (this.#goingOn.has(name)) return this.#goingOn.get(name)
    const { staleSince, startedAt } = this.#operation
    if (staleSince >= startedAt || this.#isUsableWhole(this.#store.table(name))) return undefined
    const going = this.#store.goOnFollowed(name, staleSince, this.callFor(name))
    if (going === undefined) return undefined
    // Where it cannot be done, it is read anew.
    const gone = going.catch(() => undefined).finally(() => this.#goingOn.set(name, undefined))
    this.#goingOn.set(name, gone)
    return gone
  }

  #reviveKept(name: CollectionName): Promise<unknown> | undefined {
    const table = this.#store.table(name)
    if (table.whole !== undefined || !this.#store.keeps()) return undefined
    const scan = this.scan(name, true)
    if (!scan.isKept) return undefined
    return scan.until(() => !scan.isKept, this.callFor(name)).then(() => this.refreshIfOld(name))
  }

  /**
   * When the collection was read that is here, or is kept, however old: for who cannot have Push asked. Undefined where
   * there is none.
   */
  async remembered(name: CollectionName): Promise<number | undefined> {
    const store = this.#store
    const { whole } = store.table(name)
    if (whole !== undefined || !store.keeps()) return whole
    const deadline = this.#operation.now() + RECALL_MS
    // Whatever made it impossible to ask Push has most often taken all the time there was.
    await store.recall(name, { ...this.callFor(name), deadline }).catch(() => undefined)
    return store.table(name).whole
  }

  /** The whole collection has been read, or taken from what is kept: in the latter case it may have to be read again. */
  refreshIfOld(name: CollectionName): void {
    this.#isUsableWhole(this.#store.table(name))
  }

  /** The terms on which the operation asks for rows of that collection. */
  callFor(name: CollectionName): Call {
    return this.#operation.callFor(this.#store.alias, name)
  }

  /**
   * Reads the whole collection anew at low priority, by a scan that began at or after `notBefore`. What others who share the
   * kept answers have read since then, and is fresh, is not asked for again.
   */
  readWhole(name: CollectionName, notBefore: number): () => Promise<unknown> {
    const since = Math.max(notBefore, this.#operation.freshSince)
    return () =>
      this.#store
        .scan(name, notBefore, { since, goOnSince: since })
        .until(() => false, this.background())
  }

  /** Reads on to the end of the collection at low priority, for somebody who was sent away to come back for it. */
  goOn(name: CollectionName): () => Promise<unknown> {
    const { staleSince } = this.#operation
    return () =>
      this.#store
        .scan(name, staleSince, this.#keptReading(true))
        .until(() => false, this.background(), true)
  }

  background(): Call {
    return this.#store.refresher.call
  }

  /** On which terms what is kept will do; undefined where Push is to be asked. */
  #keptReading(asWhole: boolean): KeptReading | undefined {
    const { freshSince, staleSince, startedAt } = this.#operation
    const since = asWhole && this.#store.refresher.enabled ? staleSince : freshSince
    return since < startedAt ? { since, goOnSince: freshSince } : undefined
  }

  #miss(name: CollectionName, message: string, code = 'UPSTREAM_INVALID'): void {
    this.#operation.noteGap({
      code,
      message,
      connector: this.#store.alias,
      collection: name,
    })
  }

  #isFresh(asOf: number | undefined): boolean {
    return asOf !== undefined && asOf >= this.#operation.freshSince
  }

  /** Whether the operation found the table whole and fresh when it first looked at it. */
  #isFreshWhole(table: Table): boolean {
    return this.#operation.validity.restsOn(table)
  }

  /** Whether the table may be served as the whole collection. */
  #isUsableWhole(table: Table): boolean {
    if (this.#isFreshWhole(table)) return true
    const { freshSince, staleSince, startedAt } = this.#operation
    const { collection: name, whole: asOf, wholeTookMs } = table
    if (asOf === undefined || asOf < staleSince) return false
    // What took a minute to read is as fresh as can be when it is in.
    if (asOf + wholeTookMs >= freshSince) return true
    const { refresher } = this.#store
    if (!refresher.enabled) return false
    if (table.followed) {
      // Events have kept it up to date; a request that says so is enough.
      this.#operation.validity.noteFollowed()
      this.#store.probeSoon(name)
      return true
    }
    // A collection that takes long is read again less often, so that refreshing leaves requests to others.
    if (startedAt - asOf >= REFRESH_SHARE * wholeTookMs)
      // One that began then is of what is here.
      refresher.ask(`whole ${name}`, this.readWhole(name, asOf + 1))
    return true
  }
}
