/** One of the measurements of replicas. */
import type { Table } from '../report/table.ts'
import type { Surroundings } from './surroundings.ts'

export interface Part {
  readonly table: Table
  readonly figures: unknown
  /** The promises that it does not keep, in sentences. */
  readonly missed: readonly string[]
}

/** What is measured together, on a server of its own, and can be measured alone. */
export interface Piece {
  readonly title: string
  /** How it is measured, beyond what holds for all of them. */
  readonly method: string
  /** `isFull`: for as long as is promised, where that takes minutes. What comes back has names of its own. */
  readonly measure: (
    surroundings: Surroundings,
    isFull: boolean,
  ) => Promise<Readonly<Record<string, Part>>>
}
