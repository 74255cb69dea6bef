/** What is asked of a list of Push's rows: which of them, in which order. The page of it is asked for apart. */
import type { Filter } from '../../filter/filter.ts'
import type { Maybe } from '../../model/maybe.ts'
import type { NumberOf } from '../../filter/order.ts'
import type { ToMany } from '../../model/relations.ts'
import type { CollectionName, Row } from '../../model/rows.ts'

export interface ListQuery {
  readonly collection: CollectionName
  /** That which lets everything pass where none is given. */
  readonly filter: Filter
  readonly scope?: ParentScope | undefined
  readonly order?: RowOrdering | undefined
  /** Where the list stands in the answer, where a plan was asked for. */
  readonly path?: string | undefined
}

/** The rows of one parent: those whose `field` is `value`, but for the parent itself among them. */
export interface ParentScope {
  readonly field: string
  readonly value: string
  readonly except: string | undefined
  /** Reads them, in one batch with those of other parents. */
  read(): Maybe<readonly Row[]>
}

/** The order of a sorted list, ties broken by id. */
export interface RowOrdering {
  readonly key: string
  /** The relations whose objects it counts. */
  readonly counted: readonly ToMany[]
  /** Sorts rows of which that is how many objects each of the relations leads to. */
  over(numberOf: NumberOf): RowSorting
}

export interface RowSorting {
  /** The values that a row is sorted by, for its cursor. */
  keysOf(row: Row): readonly (string | number | boolean | null)[]
  /** A row that compares as the one with those keys did. */
  rowOf(id: string, keys: readonly (string | number | boolean | null)[]): Row
  /** Compares two rows by their keys, then by id. */
  compare(a: Row, b: Row): number
}
