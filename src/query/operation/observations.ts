/** What an operation finds out while it runs, and the plans of later ones count on. */
import type { Filter } from '../../filter/filter.ts'
import type { CollectionName } from '../../model/rows.ts'

/** Objects that are asked for one by one, where no scan brings them: by id, by the parent they name, for their details. */
export type PointReads =
  `byId ${CollectionName}` | `details ${CollectionName}` | `of ${string} ${CollectionName}`

/** So many rows of the collection were all that passed the filter. */
export interface ObservedRows {
  readonly connector: string
  readonly collection: CollectionName
  readonly filter: Filter
  readonly rows: number
}

/** An operation may have hundreds of lists; those beyond are guessed the next time. */
export const MAX_OBSERVED_FILTERS = 50

/** What one operation has observed: nothing at first. */
export class Observations {
  readonly rowsByFilter: ObservedRows[] = []
  readonly #counts = new Map<string, number>()

  /** So many rows of the collection are all that pass the filter. */
  observedRows(connector: string, collection: CollectionName, filter: Filter, rows: number): void {
    if (filter.kind === 'all' || this.rowsByFilter.length >= MAX_OBSERVED_FILTERS) return
    this.rowsByFilter.push({ connector, collection, filter, rows })
  }

  /** So many single objects or slices were not at hand. */
  observedReads(connector: string, pointReads: PointReads, count: number): void {
    this.#counts.set(`${connector} ${pointReads}`, this.readsOf(connector, pointReads) + count)
  }

  /** How many reads of that kind were observed in all. */
  readsOf(connector: string, pointReads: PointReads): number {
    return this.#counts.get(`${connector} ${pointReads}`) ?? 0
  }
}
