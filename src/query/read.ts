/**
 * Getting rows by id, by parent or whole, from the store where it can answer and from Push where it cannot, by the
 * cheaper way. One reader serves one operation on one connector.
 */
import { BudgetError, GatewayError, UpstreamUnavailableError } from '../errors.ts'
import type { Maybe } from '../model/maybe.ts'
import type { CollectionName, Row, Rows } from '../model/rows.ts'
import type { Call, ConnectorStore, Scan, Table } from '../store/store.ts'
import { type Cost, isBetter, timeMs, type Terms } from './cost.ts'
import type { Demand, Known } from './demand.ts'
import type { Operation } from './operation.ts'
import type { Way } from './plan.ts'
import { pagesOf, presumedRows } from './sizes.ts'

export interface Reader {
  readonly alias: string
  readonly store: ConnectorStore
  /** The row if the store can say now, null if there is none, undefined if Push must be asked. */
  known<Name extends CollectionName>(name: Name, id: string): Rows[Name] | null | undefined
  /** Rows in the order of the ids; null where there is none, an error where it cannot be known. */
  rows<Name extends CollectionName>(
    name: Name,
    ids: readonly string[],
  ): Promise<(Rows[Name] | null | Error)[]>
  /** The rows whose field has that value if the store can say now. */
  knownChildren<Name extends CollectionName>(
    name: Name,
    field: string,
    value: string,
  ): readonly Rows[Name][] | undefined
  children<Name extends CollectionName>(
    name: Name,
    field: string,
    values: readonly string[],
  ): Promise<(readonly Rows[Name][] | Error)[]>
  /** When the whole collection in the store was read, if it may be served; undefined otherwise. */
  covered(name: CollectionName): number | undefined
  /** Sees to it that the table holds the whole collection. @throws what made that impossible. */
  whole(name: CollectionName): Maybe<void>
  /** A row with the members that lists may leave out. */
  detailed<Name extends CollectionName>(name: Name, id: string): Promise<Rows[Name] | null>
  /** The same for many rows, so that the store has their details. @throws what made that impossible. */
  details(name: CollectionName, ids: readonly string[]): Promise<void>
  /** The rows that a parameter narrows to; undefined where it turns out not to narrow. */
  narrowed(name: CollectionName, way: Narrow): Maybe<Narrowed | undefined>
  /** The scan that a list reads from, and the terms on which it is asked. */
  scan(name: CollectionName): Scan
  callFor(name: CollectionName): Call
  /** What reading the whole collection still costs. */
  scanCost(name: CollectionName): Cost
  terms(): Terms
  readonly demand: Demand
  /** What is known of the connector, for planning. */
  readonly facts: Known
  /** When the operation began, in milliseconds. */
  readonly startedAt: number
}

type Narrow = Extract<Way, { kind: 'after' | 'emails' }>

export interface Narrowed {
  readonly rows: readonly Row[]
  /** Start of the oldest read, in milliseconds. */
  readonly asOf: number
}

/** A refresh may take one part in so many of the time: a scan of a minute is begun again after four. */
const REFRESH_SHARE = 4

export const createReader = (
  store: ConnectorStore,
  operation: Operation,
  demand: Demand,
  facts: Known,
): Reader => {
  const { alias } = store
  // Reads of single rows so far: many small batches must not cost more than one scan would have.
  const singles = new Map<CollectionName, number>()

  const terms = (): Terms => {
    const { available, limit } = store.rateLimit
    return { available, rate: limit, latencyMs: store.latencyMs }
  }

  const background = (): Call => ({
    owner: `refresh ${alias}`,
    priority: 'background',
    deadline: Number.MAX_SAFE_INTEGER,
  })

  const callFor = (name: CollectionName): Call => operation.callFor(alias, name)

  /** A scan under way is as fresh as can be had soon; one that rests must have begun lately. */
  const joinable = (name: CollectionName): number =>
    store.scanning(name)?.running === true ? operation.staleSince : operation.freshSince

  const scan = (name: CollectionName): Scan => store.scan(name, joinable(name))

  /** Whether rows of that age may be served; if only because a refresh runs, asks for that refresh. */
  const usable = (
    asOf: number | undefined,
    key: string,
    again: () => Promise<unknown>,
  ): boolean => {
    if (asOf === undefined || asOf < operation.staleSince) return false
    if (asOf >= operation.freshSince) return true
    if (!store.refresher.enabled) return false
    store.refresher.ask(key, again)
    return true
  }

  const readWhole = (name: CollectionName, notBefore: number) => (): Promise<unknown> =>
    store.scan(name, notBefore).until(() => false, background(), true)

  const wholeUsable = (table: Table): boolean => {
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

  const covered = (name: CollectionName): number | undefined => {
    const table = store.table(name)
    if (!wholeUsable(table)) return undefined
    operation.served(table.whole ?? 0, true)
    noteUnreadable(table)
    return table.whole
  }

  const serveStale = (name: CollectionName, asOf: number, cause: unknown): void => {
    operation.served(asOf, true)
    operation.warn({
      code: cause instanceof GatewayError ? cause.code : 'UPSTREAM_UNAVAILABLE',
      message: `Push could not be read; these ${name} are older than asked for`,
      connector: alias,
      collection: name,
    })
  }

  const noteUnreadable = (table: Table): void => {
    const first = table.unreadable[0]
    if (first === undefined) return
    operation.incomplete({
      code: 'UPSTREAM_INVALID',
      message: `${table.unreadable.length} of the ${table.collection} that Push sent cannot be read (first at ${first.path}: ${first.reason})`,
      connector: alias,
      collection: table.collection,
    })
  }

  /** What a scan still costs: nothing more than the rest of one that runs. */
  const scanCost = (name: CollectionName) => {
    const pages = pagesOf(presumedRows(name, store.expectedRows(name)), store.pageSize)
    const running = store.scanning(name)
    const joins = running !== undefined && running.startedAt >= joinable(name)
    const left = joins ? Math.max(1, pages - running.pages) : pages
    return { requests: joins && running.running ? 0 : left, chain: left, pages: left }
  }

  const scanIsBetter = (name: CollectionName, requests: number): boolean => {
    if (demand.scan.has(name)) return true
    const soFar = singles.get(name) ?? 0
    const cost = scanCost(name)
    return isBetter(cost, { requests, chain: 1 }, terms()) || soFar + requests > 2 * cost.pages
  }

  const finishScan = async (name: CollectionName, enough: () => boolean): Promise<void> => {
    const cost = scanCost(name)
    const tooLong = timeMs(cost, terms()) > (operation.deadline - operation.startedAt) * 1.2
    if (cost.requests > operation.requestsLeft || tooLong) throw giveUp(name)
    const inTime = await scan(name).until(enough, callFor(name), true)
    if (!inTime) throw giveUp(name)
  }

  /** What the operation is told when it cannot wait for a scan, which goes on for the next who asks. */
  const giveUp = (name: CollectionName): BudgetError => {
    store.refresher.carryOn(`whole ${name}`, readWhole(name, operation.freshSince))
    const { requests, chain, pages } = scanCost(name)
    const retryAfterMs = Math.ceil(timeMs({ requests: Math.max(requests, pages), chain }, terms()))
    return new BudgetError(
      `Reading all ${name} takes about ${pages} more requests to Push, more than one operation may make (PUSHGRAPH_MAX_REQUESTS) or wait for (PUSHGRAPH_MAX_WAIT_MS); the reading goes on, ask again after retryAfterMs`,
      pages,
      retryAfterMs,
    )
  }

  const whole = (name: CollectionName): Maybe<void> => {
    if (covered(name) !== undefined) return undefined
    return finishScan(name, () => false).then(
      () => {
        const now = store.table(name)
        operation.served(now.whole ?? operation.startedAt, false)
        operation.read(now.size)
        noteUnreadable(now)
      },
      (error: unknown) => {
        const old = store.table(name).whole
        if (old === undefined || operation.call.signal?.aborted === true) throw error
        serveStale(name, old, error)
      },
    )
  }

  const known: Reader['known'] = (name, id) => {
    const table = store.table(name)
    const row = table.get(id)
    if (row !== undefined) {
      const readAt = table.readAt(id)
      const fresh =
        usable(readAt, `${name} ${id}`, () => store.readOne(name, id, background())) ||
        wholeUsable(table)
      if (!fresh) return undefined
      operation.served(readAt, true)
      return row
    }
    const absent = table.absent(id)
    if ((absent !== undefined && absent >= operation.freshSince) || wholeUsable(table)) {
      operation.served(absent ?? table.whole ?? operation.startedAt, true)
      return null
    }
    return undefined
  }

  /** The row, read by a scan that somebody needs anyway or that is cheaper. */
  const rowsByScan = async <Name extends CollectionName>(
    name: Name,
    ids: readonly string[],
  ): Promise<(Rows[Name] | null | Error)[]> => {
    const table = store.table(name)
    const since = Math.min(operation.freshSince, scan(name).startedAt)
    const fresh = (id: string): boolean => table.readAt(id) >= since
    let failure: Error | undefined
    try {
      await finishScan(name, () => ids.every(fresh))
    } catch (error) {
      failure = toError(error)
    }
    return ids.map(id => {
      const row = table.get(id)
      if (failure !== undefined && !fresh(id)) {
        if (row === undefined) return failure
        serveStale(name, table.readAt(id), failure)
        return row
      }
      operation.served(row === undefined ? (table.whole ?? 0) : table.readAt(id), false)
      if (row !== undefined) operation.read(1)
      return row ?? null
    })
  }

  const rowById = async <Name extends CollectionName>(
    name: Name,
    id: string,
  ): Promise<Rows[Name] | null | Error | 'unavailable'> => {
    try {
      const row = await store.readOne(name, id, callFor(name))
      if (row === 'unavailable') return row
      operation.served(store.table(name).readAt(id) || operation.startedAt, false)
      if (row !== null) operation.read(1)
      return row
    } catch (error) {
      const old = store.table(name).get(id)
      if (old === undefined) return toError(error)
      serveStale(name, store.table(name).readAt(id), error)
      return old
    }
  }

  const rows: Reader['rows'] = async <Name extends CollectionName>(
    name: Name,
    ids: readonly string[],
  ) => {
    const found = new Map<string, Rows[Name] | null | Error>()
    const ask: string[] = []
    for (const id of ids) {
      const row = known(name, id)
      if (row === undefined) ask.push(id)
      else found.set(id, row)
    }
    const missing = [...new Set(ask)]
    let scanned: string[] = []
    if (missing.length > 0 && (store.byId(name) === false || scanIsBetter(name, missing.length)))
      scanned = missing
    else if (missing.length > 0) {
      operation.spend(missing.length, timeMs({ requests: missing.length, chain: 1 }, terms()))
      singles.set(name, (singles.get(name) ?? 0) + missing.length)
      const answers = await Promise.all(missing.map(id => rowById(name, id)))
      for (const [index, id] of missing.entries()) {
        const answer = answers[index]
        if (answer === 'unavailable') scanned.push(id)
        else if (answer !== undefined) found.set(id, answer)
      }
    }
    if (scanned.length > 0) {
      const answers = await rowsByScan(name, scanned)
      for (const [index, id] of scanned.entries()) found.set(id, answers[index] ?? null)
    }
    return ids.map(id => found.get(id) ?? null)
  }

  const sliceAsOf = (table: Table, field: string, value: string): number | undefined => {
    const slice = table.slice(field, value)
    return slice === undefined ? table.whole : Math.max(slice, table.whole ?? 0)
  }

  const knownChildren: Reader['knownChildren'] = (name, field, value) => {
    const table = store.table(name)
    const slice = table.slice(field, value)
    const fresh =
      usable(slice, `${name} ${field} ${value}`, () =>
        store.readSlice(name, field, value, background()),
      ) || wholeUsable(table)
    if (!fresh) return undefined
    operation.served(sliceAsOf(table, field, value) ?? operation.startedAt, true)
    noteUnreadable(table)
    return table.by(field, value)
  }

  const childrenBySlice = async <Name extends CollectionName>(
    name: Name,
    field: string,
    value: string,
  ): Promise<readonly Rows[Name][] | Error | 'unavailable'> => {
    try {
      if ((await store.readSlice(name, field, value, callFor(name))) === 'unavailable')
        return 'unavailable'
      return readChildren(name, field, value)
    } catch (error) {
      return staleChildren(name, field, value, error)
    }
  }

  const readChildren = <Name extends CollectionName>(
    name: Name,
    field: string,
    value: string,
  ): readonly Rows[Name][] => {
    const table = store.table(name)
    const found = table.by(field, value)
    operation.served(sliceAsOf(table, field, value) ?? operation.startedAt, false)
    operation.read(found.length)
    noteUnreadable(table)
    return found
  }

  const staleChildren = <Name extends CollectionName>(
    name: Name,
    field: string,
    value: string,
    error: unknown,
  ): readonly Rows[Name][] | Error => {
    const table = store.table(name)
    const old = sliceAsOf(table, field, value)
    if (old === undefined) return toError(error)
    serveStale(name, old, error)
    return table.by(field, value)
  }

  const children: Reader['children'] = async <Name extends CollectionName>(
    name: Name,
    field: string,
    values: readonly string[],
  ) => {
    const found = new Map<string, readonly Rows[Name][] | Error>()
    const ask: string[] = []
    for (const value of new Set(values)) {
      const at = knownChildren(name, field, value)
      if (at === undefined) ask.push(value)
      else found.set(value, at)
    }
    let scanned: string[] = []
    if (ask.length > 0 && (store.bySlice(name, field) === false || scanIsBetter(name, ask.length)))
      scanned = ask
    else if (ask.length > 0) {
      operation.spend(ask.length, timeMs({ requests: ask.length, chain: 1 }, terms()))
      singles.set(name, (singles.get(name) ?? 0) + ask.length)
      const answers = await Promise.all(ask.map(value => childrenBySlice(name, field, value)))
      for (const [index, value] of ask.entries()) {
        const answer = answers[index]
        if (answer === 'unavailable') scanned.push(value)
        else if (answer !== undefined) found.set(value, answer)
      }
    }
    if (scanned.length > 0) {
      const failure = await finishScan(name, () => false).then(
        () => undefined,
        (error: unknown) => error,
      )
      for (const value of scanned)
        found.set(
          value,
          failure === undefined
            ? readChildren(name, field, value)
            : staleChildren(name, field, value, failure),
        )
    }
    return values.map(value => found.get(value) ?? [])
  }

  const detailed: Reader['detailed'] = async (name, id) => {
    const table = store.table(name)
    const at = table.detailedAt(id)
    if (at >= operation.freshSince || (at > 0 && at >= operation.staleSince))
      return table.get(id) ?? null
    const row = await rowById(name, id)
    if (row instanceof Error) throw row
    return row === 'unavailable' ? (table.get(id) ?? null) : row
  }

  const details: Reader['details'] = async (name, ids) => {
    const table = store.table(name)
    const missing = ids.filter(id => table.detailedAt(id) < operation.freshSince)
    if (missing.length === 0) return
    const unavailable = new UpstreamUnavailableError(
      `The API does not give single ${name}, and its list leaves out what is asked for`,
    )
    if (store.byId(name) === false) throw unavailable
    operation.spend(missing.length, timeMs({ requests: missing.length, chain: 1 }, terms()))
    for (const answer of await Promise.all(missing.map(id => rowById(name, id)))) {
      if (answer instanceof Error) throw answer
      if (answer === 'unavailable') throw unavailable
    }
  }

  const narrowed: Reader['narrowed'] = (name, way) => {
    const table = store.table(name)
    const asOfs = (): (number | undefined)[] =>
      way.kind === 'after'
        ? [table.after(way.field, way.seconds)]
        : way.values.map(value => table.slice(`${way.field} folded`, value))
    const refresh = (): Promise<unknown> => read(background())
    const read = async (call: Call): Promise<boolean> => {
      const outcomes =
        way.kind === 'after'
          ? [await store.readAfter(name, way.field, way.seconds, call)]
          : await Promise.all(
              way.values.map(value => store.readEmail(name, way.field, value, call)),
            )
      return outcomes.every(outcome => outcome === 'read')
    }
    const collect = (fromStore: boolean): Narrowed => {
      const asOf = Math.min(...asOfs().map(at => at ?? operation.startedAt))
      operation.served(asOf, fromStore)
      noteUnreadable(table)
      return { rows: [...table.values()], asOf }
    }
    const key = `${name} ${JSON.stringify(way)}`
    if (asOfs().every(asOf => usable(asOf, key, refresh))) return collect(true)
    operation.spend(1, 0)
    return read(callFor(name)).then(isRead => {
      if (!isRead) return undefined
      return collect(false)
    })
  }

  return {
    alias,
    store,
    known,
    rows,
    knownChildren,
    children,
    covered,
    whole,
    detailed,
    details,
    narrowed,
    scan,
    callFor,
    scanCost,
    terms,
    demand,
    facts,
    startedAt: operation.startedAt,
  }
}

const toError = (error: unknown): Error =>
  error instanceof Error ? error : new Error('The reading was given up', { cause: error })
