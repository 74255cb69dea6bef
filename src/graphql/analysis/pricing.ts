/** What the estimate of an operation is reckoned with, for the variables of one request. */
import { collections } from '../../model/collections.ts'
import type { Rights } from '../../model/rights.ts'
import type { CollectionName } from '../../model/rows.ts'
import { type FilterPrice, type KnownPrices, priceOfFilter } from './filter-price.ts'
import { lookedAtBy, type StoredReading } from './stored-filter.ts'
import type { Coerced } from './variables.ts'
import { STORED_ROWS, type Weight } from './weights.ts'

/** How many rows there are. */
export interface Sizes {
  /** Of a collection, in those of these connectors, or of all, that such a caller sees: known, or else presumed. */
  rows(name: CollectionName, connectors: readonly string[] | undefined, rights: Rights): number
  /** Events stored of them: counted, or else presumed. */
  stored(connectors: readonly string[] | undefined, rights: Rights): number
}

/** Those of a tenant that nothing is known of. */
export const usualSizes: Sizes = {
  rows: name => collections[name].size.usualRows,
  stored: () => STORED_ROWS,
}

/** A list whose parts are being priced. */
export interface Listed {
  /** Rows that it has in all, and on the page. */
  readonly total: number
  readonly page: number
  /** What a row of it costs beside its fields. */
  readonly row: Weight
  /** What it costs to group a row by that dimension. */
  readonly grouped: (dimension: unknown) => number
  /** What it costs to count a row, beside what is asked of it. */
  readonly counted: number
}

/** Groups of a list: what it takes to go through its rows, how many those are, and what is counted of all of them. */
export interface Grouped {
  readonly walked: number
  readonly grouped: Listed['grouped']
  readonly total: number
  cost: number
}

interface Priced extends Weight {
  /** What it adds to the groups that it stands in. */
  readonly atOnce: number
  readonly path: string
}

/** One reckoning. A price gives the cost, and leaves here what else there is to say of it: that saves an object for each. */
export class Pricing {
  readonly values: Coerced
  /** Bytes of what was priced last. */
  bytes = 0
  /** The part that costs most of it; only where that was asked for. */
  path = ''
  readonly isTraced: boolean
  list: Listed | undefined
  /** The groups whose numbers are being priced. */
  grouped: Grouped | undefined
  /** Whether the parent is one that others name: those that many name are met more often. */
  isNamed = false
  readonly #sizes: Sizes
  readonly #rights: Rights
  #filters: KnownPrices | undefined
  #lookedAt: Map<object, StoredReading> | undefined
  #fragments: Map<string, Priced> | undefined
  #rows: Map<CollectionName, number> | undefined

  constructor(values: Coerced, sizes: Sizes, rights: Rights, isTraced: boolean) {
    this.values = values
    this.#sizes = sizes
    this.#rights = rights
    this.isTraced = isTraced
  }

  /** Rows of a collection, in these connectors or in all of them. */
  rows(name: CollectionName, connectors?: readonly string[]): number {
    if (connectors !== undefined) return this.#sizes.rows(name, connectors, this.#rights)
    this.#rows ??= new Map()
    let rows = this.#rows.get(name)
    if (rows === undefined)
      this.#rows.set(name, (rows = this.#sizes.rows(name, undefined, this.#rights)))
    return rows
  }

  /** Events stored of these connectors, or of all of them. */
  stored(connectors?: readonly string[]): number {
    return this.#sizes.stored(connectors, this.#rights)
  }

  /** What the filter costs. */
  filter(filter: unknown): FilterPrice {
    this.#filters ??= new Map()
    return priceOfFilter(filter, this.#filters)
  }

  /** What the filter of a stored list makes it look at. */
  lookedAt(filter: unknown): StoredReading {
    this.#lookedAt ??= new Map()
    return lookedAtBy(filter, this.#lookedAt)
  }

  /** What the fragment of that name costs, priced once for each list that it stands in. */
  fragment(name: string, price: Price): number {
    const { list, isNamed, grouped } = this
    const place = list === undefined ? `${isNamed}` : `${list.total} ${list.page} ${list.counted}`
    const key = grouped === undefined ? `${place} ${name}` : `${place} ${grouped.walked} ${name}`
    this.#fragments ??= new Map()
    let found = this.#fragments.get(key)
    if (found === undefined) {
      const before = grouped?.cost ?? 0
      const cost = price(this)
      const atOnce = (grouped?.cost ?? 0) - before
      this.#fragments.set(key, (found = { cost, atOnce, bytes: this.bytes, path: this.path }))
    } else if (grouped !== undefined) grouped.cost += found.atOnce
    this.bytes = found.bytes
    this.path = found.path
    return found.cost
  }
}

/** What a part of the operation costs for each parent, in microseconds. */
export type Price = (pricing: Pricing) => number
