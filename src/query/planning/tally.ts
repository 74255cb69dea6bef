/** What asks for each collection of an operation, counted up field by field. */
import type { CollectionName } from '../../model/rows.ts'

/** What asks for a collection. */
export interface Tally {
  /** Reads of single rows, slices and pages that a scan would save. */
  pointReads: number
  mustScan: boolean
  /** Two parents or more are expected: that none of them exists is unlikely. */
  likely: boolean
  /** Requests that must be answered before the first of them is known to be needed. */
  begins: number
}

/** That of the collection; of one that nothing asks for yet it begins here. */
export const tallyIn = (tallies: Map<CollectionName, Tally>, name: CollectionName): Tally => {
  let tally = tallies.get(name)
  if (tally === undefined) {
    tally = { pointReads: 0, mustScan: false, likely: false, begins: Infinity }
    tallies.set(name, tally)
  }
  return tally
}
