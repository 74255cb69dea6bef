/** What is known of a connector at the beginning of an operation, as planning wants to know it. */
import type { Filter } from '../../filter/filter.ts'
import { parameterOf } from '../../model/collections.ts'
import type { CollectionName } from '../../model/rows.ts'
import type { ConnectorStore } from '../../store/store.ts'
import type { Terms } from './cost.ts'
import type { Statistics } from './statistics.ts'
import type { Operation } from '../operation/operation.ts'
import type { Memory } from './observed-cardinality.ts'
import type { PointReads } from '../operation/observations.ts'
import { presumedRows } from './presumed-sizes.ts'

/** `memory`: what is remembered of questions like this one. */
export const statisticsOf = (
  store: ConnectorStore,
  operation: Operation,
  memory: Memory,
): Statistics => new StoreStatistics(store, operation, memory)

// A class rather than closures: one is made for each question, and where all rows are at hand hardly anything is asked.
class StoreStatistics implements Statistics {
  readonly #store: ConnectorStore
  readonly #operation: Operation
  readonly #memory: Memory
  readonly #since: number
  #terms: Terms | undefined

  constructor(store: ConnectorStore, operation: Operation, memory: Memory) {
    this.#store = store
    this.#operation = operation
    this.#memory = memory
    // What is a little old may be served where it is read again in the background.
    this.#since = store.refresher.enabled ? operation.staleSince : operation.freshSince
  }

  /** As they are when they are first looked at. */
  get terms(): Terms {
    if (this.#terms === undefined) {
      const { available, burst, limit: rate } = this.#store.rateLimit()
      this.#terms = { available, burst, rate, latencyMs: this.#store.latencyMs() }
    }
    return this.#terms
  }

  get pageSize(): number {
    return this.#store.pageSize()
  }

  get nowSeconds(): number {
    return this.#operation.startedAt / 1_000
  }

  rows(name: CollectionName): number {
    return presumedRows(name, this.#store.expectedRows(name))
  }

  covered(name: CollectionName): boolean {
    return this.#isUsable(this.#store.table(name).whole)
  }

  has(name: CollectionName, id: string): boolean {
    return this.#store.table(name).readAt(id) >= this.#since
  }

  hasSlice(name: CollectionName, field: string, value: string): boolean {
    return this.#isUsable(this.#store.table(name).slice(field, value))
  }

  walked(name: CollectionName): { readonly rows: number; readonly pages: number } {
    const scan = this.#store.scanning(name)
    return scan !== undefined && scan.startedAt >= this.#operation.freshSince
      ? { rows: scan.rows, pages: scan.pages }
      : { rows: 0, pages: 0 }
  }

  comesDetailed(name: CollectionName): boolean {
    const table = this.#store.table(name)
    for (const row of table.values())
      if (table.detailedAt(row.id) === 0) return !('events' in row) || row.events !== null
    return false
  }

  byId(name: CollectionName): boolean {
    return this.#store.byId(name) !== false
  }

  bySlice(name: CollectionName, field: string): boolean {
    const parameter = parameterOf(name, field, 'eq', 'exact')
    return parameter !== undefined && this.#store.bySlice(name, parameter) !== false
  }

  byParameter(name: CollectionName, parameter: string): boolean {
    return this.#store.byParameter(name, parameter) !== false
  }

  isLearnt(name: CollectionName, parameter: string): boolean {
    return this.#store.byParameter(name, parameter) === true
  }

  passing(name: CollectionName, filter: Filter): number | undefined {
    // All rows pass what asks for nothing, and how many those are is no observation.
    return filter.kind === 'all' ? undefined : this.#memory.passing(name, filter)
  }

  observedReads(pointReads: PointReads): number | undefined {
    return this.#memory.observedReads(pointReads)
  }

  byOffset(name: CollectionName): boolean {
    return this.#store.byOffset(name)
  }

  #isUsable(asOf: number | undefined): boolean {
    return asOf !== undefined && asOf >= this.#since
  }
}
