import type { Filter } from '../../filter/filter.ts'
import type { Maybe } from '../../model/maybe.ts'
import type { CollectionName, Row } from '../../model/rows.ts'

/** The rows that pass, as the filter of a list says. */
export interface ListCondition {
  /** The same text for the same condition. */
  readonly key: string
  readonly filter: Filter
}

/** The order of a sorted list, ties broken by id. */
export interface RowOrdering {
  readonly key: string
  /** The values that a row is sorted by, for its cursor. */
  keysOf(row: Row): readonly (string | number | boolean | null)[]
  /** A row that compares as the one with those keys did. */
  rowOf(id: string, keys: readonly (string | number | boolean | null)[]): Row
  /** Compares two rows by their keys, then by id. */
  compare(a: Row, b: Row): number
}

/** The rows of one parent: those whose `field` is `value`, but for the parent itself among them. */
export interface ParentScope {
  readonly field: string
  readonly value: string
  readonly except: string | undefined
  /** Reads them, in one batch with the same question about other parents. */
  read(): Maybe<readonly Row[]>
}

export interface PageArguments {
  readonly first?: number | null | undefined
  readonly after?: string | null | undefined
  readonly last?: number | null | undefined
  readonly before?: string | null | undefined
}

export interface ListQuery {
  readonly collection: CollectionName
  readonly scope?: ParentScope
  readonly condition?: ListCondition
  readonly order?: RowOrdering
  readonly page: PageArguments
  /** Where the list stands in the answer, where a plan was asked for. */
  readonly path?: string
}
