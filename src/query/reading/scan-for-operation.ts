/** Reading whole collections for an operation: what that costs, whether it is the better choice, and how long it waits. */
import { BudgetError } from '../../errors.ts'
import type { Maybe } from '../../model/maybe.ts'
import type { CollectionName } from '../../model/rows.ts'
import { isQuicker } from '../../paging/offset-pages.ts'
import type { ConnectorStore } from '../../store/store.ts'
import { type Cost, isBetter, timeMs, type Terms } from '../planning/cost.ts'
import type { Demand } from '../planning/step.ts'
import type { Freshness } from './freshness.ts'
import type { Operation, Reservation } from '../operation/operation.ts'
import { pagesOf, presumedRows } from '../planning/presumed-sizes.ts'

export interface Scanning {
  /** What a scan still costs: nothing more than the rest of one that runs. */
  readonly cost: (name: CollectionName) => ScanCost
  /** Whether a scan is better than so many reads of single rows or slices. */
  isBetter(name: CollectionName, pointReads: number): boolean
  /** Sets requests for single rows or slices aside. @throws BudgetError where they do not fit the budget. */
  reserve(name: CollectionName, pointReads: number): Reservation
  /** Scans until `enough` holds or all is read. @throws BudgetError where the operation cannot wait for that. */
  finish(name: CollectionName, enough: () => boolean): Promise<void>
  /** Sees to it that the table holds the whole collection. @throws what made that impossible. */
  readonly whole: (name: CollectionName) => Maybe<void>
  readonly terms: () => Terms
}

export interface ScanCost extends Cost {
  /** Pages that are still to be read, by whomever. */
  readonly pages: number
  /** The collection has turned out larger than it was thought to be. */
  readonly outran: boolean
}

/** An estimate may be this much too high before it is believed that the operation cannot wait. */
const DOUBT = 1.2

/** A reading that goes on in the background lets others go before it. */
const OTHERS_FIRST = 1.1

/** What scans still cost an operation. */
const createEstimate = (store: ConnectorStore, demand: Demand, freshness: Freshness) => {
  const terms = (): Terms => {
    const { available, burst, limit } = store.rateLimit
    return { available, burst, rate: limit, latencyMs: store.latencyMs }
  }

  /** A scan that the operation did not foresee is all that somebody waits for. */
  const isParallel = (name: CollectionName): boolean =>
    demand.parallel.has(name) || !demand.scan.has(name)

  /** How many of so many pages must wait for one another. */
  const depthOf = (name: CollectionName, pages: number, parallel: boolean): number => {
    const { latencyMs, rate } = terms()
    const overlap = parallel && store.byOffset(name) && isQuicker(latencyMs, rate)
    return overlap ? Math.min(1, pages) : pages
  }

  const cost: Scanning['cost'] = name => {
    const rows = presumedRows(name, store.expectedRows(name))
    const running = store.scanning(name)
    const joins = running !== undefined && running.startedAt >= freshness.joinableSince(name)
    const read = joins ? running.rows : 0
    const outran = joins && read >= rows
    // As much again is expected of a scan that has outrun what its collection was thought to have.
    const pages = outran ? running.pages : pagesOf(rows - read, store.pageSize)
    const requests = joins && running.running ? 0 : pages
    return { requests, depth: depthOf(name, pages, isParallel(name)), pages, outran }
  }

  return { terms, isParallel, depthOf, cost }
}

export const createScanning = (
  store: ConnectorStore,
  operation: Operation,
  demand: Demand,
  freshness: Freshness,
): Scanning => {
  const { terms, isParallel, depthOf, cost } = createEstimate(store, demand, freshness)
  // Many small batches of single reads must not cost more than one scan would have.
  const readSoFar = new Map<CollectionName, number>()

  /** What the operation is told when it cannot wait for a scan, which goes on for the next who asks. */
  const giveUp = (name: CollectionName): BudgetError => {
    store.refresher.carryOn(`whole ${name}`, freshness.readWhole(name, operation.staleSince, true))
    const { pages } = cost(name)
    const rest = { requests: pages, depth: depthOf(name, pages, true) }
    return new BudgetError(
      `Reading all ${name} takes about ${pages} more requests to Push, more than one operation may make (PUSHGRAPH_MAX_REQUESTS) or wait for (PUSHGRAPH_MAX_WAIT_MS); the reading goes on, ask again after retryAfterMs`,
      pages,
      Math.ceil(timeMs(rest, terms()) * OTHERS_FIRST),
    )
  }

  const finish: Scanning['finish'] = async (name, enough) => {
    const rest = cost(name)
    const patienceMs = operation.deadline - operation.startedAt
    const tooLong = timeMs(rest, terms()) > patienceMs * DOUBT
    // Nobody is refused for a size that is a presumption, unless a scan has shown that it is larger still.
    const isKnown = store.expectedRows(name) !== undefined || rest.outran
    if (isKnown && (rest.requests > operation.requestsLeft || tooLong)) throw giveUp(name)
    const scan = freshness.scan(name)
    const isSpent = (): boolean => operation.requestsLeft === 0
    const inTime = await scan.until(
      () => enough() || isSpent(),
      freshness.callFor(name),
      isParallel(name),
    )
    if (!inTime || !(scan.done || enough())) throw giveUp(name)
  }

  const whole: Scanning['whole'] = name => {
    if (freshness.covered(name) !== undefined) return undefined
    return finish(name, () => false).then(
      () => {
        const table = store.table(name)
        operation.served(table.whole ?? operation.startedAt, false)
        operation.read(table.size)
        freshness.noteUnreadable(name, table.unreadable)
      },
      (error: unknown) => {
        const old = store.table(name).whole
        if (old === undefined || operation.call.signal?.aborted === true) throw error
        freshness.serveStale(name, old, error)
      },
    )
  }

  return {
    cost,
    isBetter: (name, pointReads) => {
      if (demand.scan.has(name)) return true
      const scan = cost(name)
      const soFar = readSoFar.get(name) ?? 0
      return (
        isBetter(scan, { requests: pointReads, depth: 1 }, terms()) ||
        soFar + pointReads > 2 * scan.pages
      )
    },
    reserve: (name, pointReads) => {
      const retryAfterMs = timeMs({ requests: pointReads, depth: 1 }, terms())
      const reservation = operation.reserve(pointReads, retryAfterMs, freshness.callFor(name))
      readSoFar.set(name, (readSoFar.get(name) ?? 0) + pointReads)
      return reservation
    },
    finish,
    whole,
    terms,
  }
}
