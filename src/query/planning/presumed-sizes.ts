/** How large collections are thought to be, known or not. */
import type { CollectionName } from '../../model/rows.ts'

/**
 * A tenant of a thousand employees, for the very first operation on a connector. The figures only choose between ways
 * of reading that give the same rows.
 */
const PRESUMED_ROWS: { readonly [Name in CollectionName]: number } = {
  employees: 1_000,
  accounts: 12_000,
  apps: 300,
  browsers: 1_500,
  browserExtensions: 2_000,
  findings: 6_000,
  detections: 500,
}

export const presumedRows = (name: CollectionName, known: number | undefined): number =>
  known ?? PRESUMED_ROWS[name]

/** Pages of a collection, at least one: also an empty one must be asked. */
export const pagesOf = (rows: number, pageSize: number): number =>
  Math.max(1, Math.ceil(rows / pageSize))

/** How many different objects so many links are expected to lead to, out of `rows`. */
export const distinct = (links: number, rows: number): number =>
  rows <= 0 ? 0 : rows * (1 - Math.exp(-links / rows))
