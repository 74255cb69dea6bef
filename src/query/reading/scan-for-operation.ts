/** Reading whole collections for an operation: what that costs, whether it is the better choice, and how long it waits. */
import { BudgetError } from '../../errors.ts'
import type { Maybe } from '../../model/maybe.ts'
import type { CollectionName } from '../../model/rows.ts'
import { isQuicker } from '../../paging/pages-ahead.ts'
import type { ConnectorStore } from '../../store/store.ts'
import { type Cost, isBetter, timeMs, type Terms } from '../planning/cost.ts'
import type { Demand } from '../planning/step.ts'
import type { Freshness } from './freshness.ts'
import type { Operation, Reservation } from '../operation/operation.ts'
import { pagesOf, presumedRows } from '../planning/presumed-sizes.ts'

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

/** The scans of one connector for one operation, against reading rows or slices one by one. */
export class Scanning {
  readonly #store: ConnectorStore
  readonly #operation: Operation
  readonly #demand: Demand
  readonly #freshness: Freshness
  // Many small batches of single reads must not cost more than one scan would have.
  readonly #readSoFar = new Map<CollectionName, number>()

  constructor(store: ConnectorStore, operation: Operation, demand: Demand, freshness: Freshness) {
    this.#store = store
    this.#operation = operation
    this.#demand = demand
    this.#freshness = freshness
  }

  terms(): Terms {
    const { available, burst, limit } = this.#store.rateLimit()
    return { available, burst, rate: limit, latencyMs: this.#store.latencyMs() }
  }

  /** What a scan still costs: nothing more than the rest of one that runs. */
  cost(name: CollectionName): ScanCost {
    const rows = presumedRows(name, this.#store.expectedRows(name))
    const running = this.#store.scanning(name)
    const joins = running !== undefined && running.startedAt >= this.#freshness.joinableSince(name)
    const read = joins ? running.rows : 0
    const outran = joins && running.pages > 0 && read >= rows
    // As much again is expected of a scan that has outrun what its collection was thought to have.
    const pages = outran ? running.pages : pagesOf(rows - read, this.#store.pageSize())
    const requests = joins && running.running ? 0 : pages
    return { requests, depth: this.#depthOf(name, pages, this.#isParallel(name)), pages, outran }
  }

  /** Whether a scan is better than so many reads of single rows or slices. */
  isBetter(name: CollectionName, pointReads: number): boolean {
    if (this.#demand.scan.has(name)) return true
    const scan = this.cost(name)
    const soFar = this.#readSoFar.get(name) ?? 0
    return (
      isBetter(scan, { requests: pointReads, depth: 1 }, this.terms()) ||
      soFar + pointReads > 2 * scan.pages
    )
  }

  /** Sets requests for single rows or slices aside. @throws BudgetError where they do not fit the budget. */
  reserve(name: CollectionName, pointReads: number): Reservation {
    const retryAfterMs = timeMs({ requests: pointReads, depth: 1 }, this.terms())
    const call = this.#freshness.callFor(name)
    const reservation = this.#operation.reserve(pointReads, retryAfterMs, call)
    this.#readSoFar.set(name, (this.#readSoFar.get(name) ?? 0) + pointReads)
    return reservation
  }

  /** Scans until `enough` holds or all is read. @throws BudgetError where the operation cannot wait for that. */
  async finish(name: CollectionName, enough: () => boolean): Promise<void> {
    const operation = this.#operation
    const call = this.#freshness.callFor(name)
    const goingOn = this.#freshness.goOnFollowed(name)
    if (goingOn !== undefined) {
      await goingOn
      if (this.#freshness.covered(name) !== undefined) return
    }
    const kept = this.#store.keeps() ? this.#freshness.scan(name, true) : undefined
    // What is kept costs nothing: how much is left to be read is known behind it.
    if (kept?.isKept === true) await kept.until(() => enough() || !kept.isKept, call)
    if (kept?.done === true || enough()) return
    const rest = this.cost(name)
    const patienceMs = operation.deadline - operation.startedAt
    const tooLong = timeMs(rest, this.terms()) > patienceMs * DOUBT
    // Nobody is refused for a size that is a presumption, unless a scan has shown that it is larger still.
    const isKnown = this.#store.expectedRows(name) !== undefined || rest.outran
    if (isKnown && (rest.requests > operation.requestsLeft || tooLong)) throw this.#giveUp(name)
    const scan = kept ?? this.#freshness.scan(name)
    const inTime = await scan.until(
      () => enough() || operation.requestsLeft === 0,
      call,
      this.#isParallel(name),
    )
    if (!inTime || !(scan.done || enough())) throw this.#giveUp(name)
  }

  /** Sees to it that the table holds the whole collection. @throws what made that impossible. */
  whole(name: CollectionName): Maybe<void> {
    if (this.#freshness.covered(name) !== undefined) return undefined
    const goingOn = this.#freshness.goOnFollowed(name)
    return goingOn === undefined ? this.#readWhole(name) : goingOn.then(() => this.whole(name))
  }

  #readWhole(name: CollectionName): Promise<void> {
    const [store, operation, freshness] = [this.#store, this.#operation, this.#freshness]
    return this.finish(name, () => false).then(
      () => {
        freshness.refreshIfOld(name)
        const table = store.table(name)
        operation.served(table.whole ?? operation.startedAt, false)
        operation.read(table.size)
        freshness.noteGaps(name, table.gaps)
      },
      async (error: unknown) => {
        const old = await freshness.remembered(name)
        if (old === undefined || operation.work.signal.aborted) throw error
        freshness.serveStale(name, old, error)
      },
    )
  }

  /** A scan that the operation did not foresee is all that somebody waits for. */
  #isParallel(name: CollectionName): boolean {
    return this.#demand.parallel.has(name) || !this.#demand.scan.has(name)
  }

  /** How many of so many pages must wait for one another. */
  #depthOf(name: CollectionName, pages: number, parallel: boolean): number {
    const { latencyMs, rate } = this.terms()
    const overlap = parallel && this.#store.byOffset(name) && isQuicker(latencyMs, rate)
    return overlap ? Math.min(1, pages) : pages
  }

  /** What the operation is told when it cannot wait for a scan, which goes on for the next who asks. */
  #giveUp(name: CollectionName): BudgetError {
    this.#store.refresher.carryOn(`whole ${name}`, this.#freshness.goOn(name))
    const { pages } = this.cost(name)
    const rest = { requests: pages, depth: this.#depthOf(name, pages, true) }
    return new BudgetError(
      `Reading all ${name} takes about ${pages} more requests to Push, more than one operation may make (PUSHGRAPH_MAX_REQUESTS) or wait for (PUSHGRAPH_MAX_WAIT_MS); the reading goes on, ask again after retryAfterMs`,
      pages,
      Math.ceil(timeMs(rest, this.terms()) * OTHERS_FIRST),
      pages > this.#operation.requestsLeft ? 'PUSHGRAPH_MAX_REQUESTS' : 'PUSHGRAPH_MAX_WAIT_MS',
    )
  }
}
