/** What is known of a connector at the beginning of an operation, as planning wants to know it. */
import type { Filter } from '../../filter/filter.ts'
import { parameterOf } from '../../model/collection-lookups.ts'
import type { CollectionName } from '../../model/rows.ts'
import type { ConnectorStore } from '../../store/store.ts'
import type { Terms } from './cost.ts'
import type { Operation } from '../operation/operation.ts'
import type { PointReads } from '../operation/observations.ts'
import { presumedRows } from './presumed-sizes.ts'

/** What is remembered of a connector for one operation. */
export interface Memory {
  /** Rows that passed the filter, or one like it, when that was last seen. */
  passing(collection: CollectionName, filter: Filter): number | undefined
  /** Single objects or slices that an operation like this one asked for when nothing was at hand. */
  observedReads(pointReads: PointReads): number | undefined
}

/** What planning has to know of a connector's collections when the operation begins. */
export type Statistics = Pick<StoreStatistics, keyof StoreStatistics>

// A class rather than closures: one is made for each question, and where all rows are at hand hardly anything is asked.
/** They come from the store; `memory` is what is remembered of questions like this one. */
export class StoreStatistics {
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

  /** Rows of the whole collection that may be served are in the store. */
  covered(name: CollectionName): boolean {
    return this.#isUsable(this.#store.table(name).whole)
  }

  /** The same, and none of them is missing. */
  isWhole(name: CollectionName): boolean {
    return this.covered(name) && this.#store.table(name).gaps.length === 0
  }

  /** The store has that row, fresh. */
  has(name: CollectionName, id: string): boolean {
    return this.#store.table(name).readAt(id) >= this.#since
  }

  /** The store has the rows of that value, fresh. */
  hasSlice(name: CollectionName, field: string, value: string): boolean {
    return this.#isUsable(this.#store.table(name).slice(field, value))
  }

  /** The first rows of an unsorted list that the store has, fresh, and in how many pages they came. */
  walked(name: CollectionName): { readonly rows: number; readonly pages: number } {
    const scan = this.#store.scanning(name)
    return scan !== undefined && scan.startedAt >= this.#operation.freshSince
      ? { rows: scan.rows, pages: scan.pages }
      : { rows: 0, pages: 0 }
  }

  /** Rows come with all their members; known, or else presumed not to. */
  comesDetailed(name: CollectionName): boolean {
    const table = this.#store.table(name)
    for (const row of table.values())
      if (table.detailedAt(row.id) === 0) return !('events' in row) || row.events !== null
    return false
  }

  /** False where the API does not answer by id. */
  byId(name: CollectionName): boolean {
    return this.#store.byId(name) !== false
  }

  /** False where Push does not filter by that field. */
  bySlice(name: CollectionName, field: string): boolean {
    const parameter = parameterOf(name, field, 'eq', 'exact')
    return parameter !== undefined && this.#store.bySlice(name, parameter) !== false
  }

  /** False where that parameter, which narrows, is known not to work, or not to be safe. */
  byParameter(name: CollectionName, parameter: string): boolean {
    return this.#store.byParameter(name, parameter) !== false
  }

  /** That parameter has been tried, and works. */
  isLearnt(name: CollectionName, parameter: string): boolean {
    return this.#store.byParameter(name, parameter) === true
  }

  /** Rows that passed a filter like this one when that was last seen; undefined where it is not remembered. */
  passing(name: CollectionName, filter: Filter): number | undefined {
    // All rows pass what asks for nothing, and how many those are is no observation.
    return filter.kind === 'all' ? undefined : this.#memory.passing(name, filter)
  }

  /** Single objects or slices that an operation like this one had to ask for when it was last seen. */
  observedReads(pointReads: PointReads): number | undefined {
    return this.#memory.observedReads(pointReads)
  }

  /** Pages can be read side by side. */
  byOffset(name: CollectionName): boolean {
    return this.#store.byOffset(name)
  }

  #isUsable(asOf: number | undefined): boolean {
    return asOf !== undefined && asOf >= this.#since
  }
}
