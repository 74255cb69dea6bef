/**
 * What one operation will need, found before it runs, and the collections it had better scan: fifty reads by id are
 * wasted on rows that a scan, needed elsewhere in the same operation, brings anyway. Pure.
 */
import type { CollectionName } from '../model/rows.ts'
import { type Cost, isBetter, type Terms } from './cost.ts'
import { distinct, pagesOf } from './sizes.ts'

/** One field of the operation that leads to objects, with what is asked of them. */
export interface Need {
  /**
   * `list`: a root list; `object`: one object by its id; `link`: the object that each parent names; `children`: the
   * rows of `collection` whose `field` names the parent.
   */
  readonly kind: 'list' | 'object' | 'link' | 'children'
  readonly collection: CollectionName
  /** The field that names the parent, for children. */
  readonly field?: string
  /** Rows asked for, of each parent for children. */
  readonly first: number
  /** Only the whole collection answers: a count, an order, a filter that few rows pass. */
  readonly whole: boolean
  readonly then: readonly Need[]
}

/** What is known of a connector's collections when the operation begins. */
export interface Known {
  rows(name: CollectionName): number
  /** Fresh rows of the whole collection are in the store. */
  covered(name: CollectionName): boolean
  /** False where the API does not answer by id. */
  byId(name: CollectionName): boolean
  /** False where Push does not filter by that field. */
  bySlice(name: CollectionName, field: string): boolean
  readonly pageSize: number
  readonly terms: Terms
}

export interface Demand {
  /** Collections to be read whole rather than row by row. */
  readonly scan: ReadonlySet<CollectionName>
  /** Those of them that are certain enough to be begun before the first row asks. */
  readonly ahead: ReadonlySet<CollectionName>
}

interface Tally {
  links: number
  slices: number
  mustScan: boolean
  /** Two parents or more are expected: that none of them exists is unlikely. */
  likely: boolean
}

export const findDemand = (needs: readonly Need[], known: Known): Demand => {
  const tallies = new Map<CollectionName, Tally>()
  const tally = (name: CollectionName): Tally => {
    const found = tallies.get(name) ?? { links: 0, slices: 0, mustScan: false, likely: false }
    tallies.set(name, found)
    return found
  }
  for (const need of needs) count(need, 1, undefined, known, tally)

  const scan = new Set<CollectionName>()
  const ahead = new Set<CollectionName>()
  for (const [name, of] of tallies) {
    if (known.covered(name) || !scans(name, of, known)) continue
    scan.add(name)
    if (of.likely) ahead.add(name)
  }
  return { scan, ahead }
}

const scans = (name: CollectionName, of: Tally, known: Known): boolean => {
  if (of.mustScan) return true
  const single: Cost = { requests: Math.round(of.links + of.slices), chain: 1 }
  if (single.requests === 0) return false
  const pages = pagesOf(known.rows(name), known.pageSize)
  return isBetter({ requests: pages, chain: pages }, single, known.terms)
}

/** Adds what the need and all below it ask, for so many parents of the collection `from`. */
const count = (
  need: Need,
  parents: number,
  from: CollectionName | undefined,
  known: Known,
  tally: (name: CollectionName) => Tally,
): void => {
  const rows = known.rows(need.collection)
  const of = tally(need.collection)
  const likely = parents >= 2
  let found: number
  switch (need.kind) {
    case 'list':
      found = Math.min(need.first, rows)
      of.mustScan ||= need.whole
      of.likely ||= need.whole
      break
    case 'object':
    case 'link':
      found = Math.min(parents, distinct(parents, rows) + 1)
      of.links += found
      of.mustScan ||= need.whole || !known.byId(need.collection)
      of.likely ||= likely
      break
    case 'children': {
      const perParent = from === undefined ? 1 : rows / Math.max(1, known.rows(from))
      found = parents * Math.min(need.first, perParent)
      of.slices += parents
      of.mustScan ||= !known.bySlice(need.collection, need.field ?? '')
      of.likely ||= likely
      break
    }
  }
  for (const next of need.then) count(next, found, need.collection, known, tally)
}
