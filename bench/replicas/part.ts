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
  /** What comes back has names of its own. */
  readonly measure: (
    surroundings: Surroundings,
    options: PieceOptions,
  ) => Promise<Readonly<Record<string, Part>>>
}

export interface PieceOptions {
  /** For as long as is promised, where that takes minutes. */
  readonly isFull: boolean
  /** The folder of another checkout of the program, ready to run, beside which this one is measured. */
  readonly before?: string | undefined
}
