import type { Filter } from '../../filter/filter.ts'
import type { CollectionName } from '../../model/rows.ts'

/** Objects that are asked for one by one, where no scan brings them: by id, by the parent they name, for their details. */
export type Singles =
  `byId ${CollectionName}` | `details ${CollectionName}` | `of ${string} ${CollectionName}`
export interface Passing {
  readonly connector: string
  readonly collection: CollectionName
  readonly filter: Filter
  readonly rows: number
}

/** An operation may have hundreds of lists; those beyond are guessed the next time. */
export const MOST_PASSINGS = 50

/** What one operation saw. */
export interface Sightings {
  /** So many rows of the collection are all that pass the filter. */
  passed(connector: string, collection: CollectionName, filter: Filter, rows: number): void
  /** So many single objects or slices were not at hand. */
  sought(connector: string, singles: Singles, count: number): void
  readonly passings: readonly Passing[]
  soughtOf(connector: string, singles: Singles): number
}

export const createSightings = (): Sightings => {
  const passings: Passing[] = []
  const counts = new Map<string, number>()

  return {
    passings,
    passed: (connector, collection, filter, rows) => {
      if (filter.kind === 'all' || passings.length >= MOST_PASSINGS) return
      passings.push({ connector, collection, filter, rows })
    },
    sought: (connector, singles, count) => {
      const key = `${connector} ${singles}`
      counts.set(key, (counts.get(key) ?? 0) + count)
    },
    soughtOf: (connector, singles) => counts.get(`${connector} ${singles}`) ?? 0,
  }
}
