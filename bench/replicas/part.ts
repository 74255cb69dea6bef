/** One of the measurements of replicas. */
import type { Table } from '../report/table.ts'

export interface Part {
  readonly table: Table
  readonly figures: unknown
  /** The promises that it does not keep, in sentences. */
  readonly missed: readonly string[]
}
