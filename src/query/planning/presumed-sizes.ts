/** How large collections are thought to be, known or not. */
import { collections } from '../../model/collections.ts'
import type { CollectionName } from '../../model/rows.ts'

/** How many rows the collection has, or is thought to have in a tenant that nothing has been read of. */
export const presumedRows = (name: CollectionName, known: number | undefined): number =>
  known ?? collections[name].size.usualRows

/** Pages of a collection, at least one: also an empty one must be asked. */
export const pagesOf = (rows: number, pageSize: number): number =>
  Math.max(1, Math.ceil(rows / pageSize))

/** How many different objects so many links are expected to lead to, out of `rows`. */
export const distinct = (links: number, rows: number): number =>
  rows <= 0 ? 0 : rows * (1 - Math.exp(-links / rows))
