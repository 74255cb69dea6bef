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

/** What one operation has observed. */
export interface Observations {
  /** So many rows of the collection are all that pass the filter. */
  observedRows(connector: string, collection: CollectionName, filter: Filter, rows: number): void
  /** So many single objects or slices were not at hand. */
  observedReads(connector: string, pointReads: PointReads, count: number): void
  readonly rowsByFilter: readonly ObservedRows[]
  /** How many reads of that kind were observed in all. */
  readsOf(connector: string, pointReads: PointReads): number
}

/** Nothing is observed yet. */
export const createObservations = (): Observations => {
  const rowsByFilter: ObservedRows[] = []
  const counts = new Map<string, number>()

  return {
    rowsByFilter,
    observedRows: (connector, collection, filter, rows) => {
      if (filter.kind === 'all' || rowsByFilter.length >= MAX_OBSERVED_FILTERS) return
      rowsByFilter.push({ connector, collection, filter, rows })
    },
    observedReads: (connector, pointReads, count) => {
      const key = `${connector} ${pointReads}`
      counts.set(key, (counts.get(key) ?? 0) + count)
    },
    readsOf: (connector, pointReads) => counts.get(`${connector} ${pointReads}`) ?? 0,
  }
}
