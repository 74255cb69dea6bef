/** What planning says of an operation: its steps, and which collections it reads whole. */
import type { Filter } from '../../filter/filter.ts'
import type { CollectionName } from '../../model/rows.ts'
import type { ListName } from '../../model/stored.ts'
import type { PointReads } from '../operation/observations.ts'
import type { Cost } from './cost.ts'
import type { AnyNeed } from './need.ts'
import type { Plan } from './plan.ts'

/** One step of the answer: how its rows are got, and what that is expected to cost. */
export interface Step {
  readonly path: string
  readonly collection: ListName
  readonly kind: AnyNeed['kind']
  /** The plan of a root list; the others are read by id, by parent, or by a scan. */
  readonly plan: Plan | undefined
  readonly filter: Filter
  /** The moment as of which it is asked (UNIX seconds), where that is not now. */
  readonly at?: number
  /** Rows expected. */
  readonly rows: number
  /** Requests of its own; those of a scan that several steps share count at the first. */
  readonly cost: Cost
}

/** What one operation needs of one connector. */
export interface Demand {
  /** Collections to be read whole rather than row by row. */
  readonly scan: ReadonlySet<CollectionName>
  /** Those of them that are certain enough to be begun before the first row asks. */
  readonly ahead: ReadonlySet<CollectionName>
  /** Those of them whose pages, one after another, would take longer than all else: worth reading side by side. */
  readonly parallel: ReadonlySet<CollectionName>
  readonly steps: readonly Step[]
  /** The kinds of single reads that may be made, and of which collection each is. */
  readonly pointReads: readonly { readonly what: PointReads; readonly of: CollectionName }[]
  /** The store has all of it: nothing is to be read. */
  readonly isAtHand: boolean
}
