/** What an operation asks for, as a tree of the fields that lead to objects: all that planning sees of a query. */
import type { Filter } from '../../filter/filter.ts'
import type { Related } from '../../filter/relations-in.ts'
import type { CollectionName } from '../../model/rows.ts'
import type { StoredName } from '../../model/stored.ts'

/** One field of the operation that leads to objects, with what is asked of them. */
export type AnyNeed = Need | StoredNeed | PastNeed

/** A field that leads to Push's objects. */
export interface Need {
  /**
   * `list`: a root list; `search`: the rows that a search looks at, when it comes to that; `object`: one object by its
   * id; `link`: the object that each parent names; `children`: the rows of `collection` whose `field` names the parent;
   * `details`: what lists may leave out of each parent itself.
   */
  readonly kind: 'list' | 'search' | 'object' | 'link' | 'children' | 'details'
  /** Where it stands in the answer, without the indexes of lists. */
  readonly path: string
  /** The only connectors asked, for root fields that name some. */
  readonly connectors?: readonly string[]
  readonly collection: CollectionName
  /** The field that names the parent, for children. */
  readonly field?: string
  /** Rows asked for, of each parent for children. */
  readonly first: number
  /** Every row that passes is needed: for a count, groups, an order, or a page from the end. */
  readonly whole: boolean
  /** The `filter` argument as GraphQL coerced it. */
  readonly filter?: unknown
  readonly beside?: LookedAt
  readonly then: readonly AnyNeed[]
}

/** What is looked at around the rows of a list, beside what its filter looks at. */
export interface LookedAt {
  /** Collections by whose values all its rows are grouped. */
  readonly whole: readonly CollectionName[]
  /** What is counted of each row that passes, to sort by it. */
  readonly counted: readonly Related[]
  /** Filters that its rows are put to, as GraphQL coerced them. */
  readonly filters: readonly unknown[]
}

/** A field that leads to what is kept here, a root list or the history of each parent: only its links are read. */
export interface StoredNeed {
  readonly kind: 'stored'
  readonly path: string
  readonly connectors?: readonly string[]
  readonly collection: StoredName
  /** Rows asked for, of each parent for a history. */
  readonly first: number
  /** What its filter asks of the objects behind its links, as GraphQL coerced it. */
  readonly through: readonly { readonly collection: CollectionName; readonly filter: unknown }[]
  readonly then: readonly AnyNeed[]
}

/** A root field of the past: what was known then is here or nowhere, with all that is selected below it. */
export interface PastNeed {
  readonly kind: 'past'
  readonly path: string
  readonly connectors?: readonly string[]
  readonly collection: CollectionName
  /** UNIX seconds. */
  readonly at: number
  /** Rows asked for. */
  readonly first: number
  /** None: it needs nothing, whatever is selected. */
  readonly then: readonly AnyNeed[]
}

/** Reads the `filter` argument of a need. */
export type ReadFilter = (name: CollectionName, input: unknown) => Filter
