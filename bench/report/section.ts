/** What one part of the bench found out. */
import type { Chart } from './chart.ts'
import type { Table } from './table.ts'

export interface Section {
  readonly title: string
  /** The parts of which it is one, where several belong together. */
  readonly group?: SectionGroup
  /** How it was measured, in sentences. */
  readonly method: string
  readonly tables: readonly Table[]
  readonly charts: readonly Chart[]
  /** The figures as data, for `results.json`. */
  readonly figures: unknown
  /** The promises of the design that these figures do not keep, in sentences. */
  readonly missed: readonly string[]
}

/** What is said once of parts that belong together. */
export interface SectionGroup {
  readonly title: string
  readonly method: string
}

/** The middle one; the mean of the two in the middle where there are two. */
export const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length / 2
  const [low, high] = [sorted[Math.ceil(middle) - 1], sorted[Math.floor(middle)]]
  return ((low ?? NaN) + (high ?? NaN)) / 2
}
