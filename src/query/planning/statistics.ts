/** What planning has to know of a connector. The source is the store, with what is remembered of earlier operations. */
import type { Filter } from '../../filter/filter.ts'
import type { CollectionName } from '../../model/rows.ts'
import type { PointReads } from '../operation/observations.ts'
import type { Terms } from './cost.ts'

/** What is known of a connector's collections when the operation begins. */
export interface Statistics {
  rows(name: CollectionName): number
  /** Rows of the whole collection that may be served are in the store. */
  covered(name: CollectionName): boolean
  /** The store has that row, fresh. */
  has(name: CollectionName, id: string): boolean
  /** The store has the rows of that value, fresh. */
  hasSlice(name: CollectionName, field: string, value: string): boolean
  /** The first rows of an unsorted list that the store has, fresh, and in how many pages they came. */
  walked(name: CollectionName): { readonly rows: number; readonly pages: number }
  /** Rows come with all their members; known, or else presumed not to. */
  comesDetailed(name: CollectionName): boolean
  /** False where the API does not answer by id. */
  byId(name: CollectionName): boolean
  /** False where Push does not filter by that field. */
  bySlice(name: CollectionName, field: string): boolean
  /** False where that parameter, which narrows, is known not to work, or not to be safe. */
  byParameter(name: CollectionName, parameter: string): boolean
  /** That parameter has been tried, and works. */
  isLearnt(name: CollectionName, parameter: string): boolean
  /** Rows that passed a filter like this one when that was last seen; undefined where it is not remembered. */
  passing(name: CollectionName, filter: Filter): number | undefined
  /** Single objects or slices that an operation like this one had to ask for when it was last seen. */
  observedReads(pointReads: PointReads): number | undefined
  /** Pages can be read side by side. */
  byOffset(name: CollectionName): boolean
  readonly pageSize: number
  readonly nowSeconds: number
  readonly terms: Terms
}
