/**
 * What one operation will need, found before it runs: the collections it had better scan, since fifty reads by id are
 * wasted on rows that a scan needed elsewhere brings anyway, and what all of it will cost. Pure.
 */
import type { Filter } from '../../filter/filter.ts'
import type { CollectionName } from '../../model/rows.ts'
import type { ListName, StoredName } from '../../model/stored.ts'
import { type Cost, isBetter, timeMs, type Terms } from './cost.ts'
import type { Plan } from './plan.ts'
import type { Singles } from './observed-cardinality.ts'
import { countSteps, type Tally } from './estimate-steps.ts'
import { scanCost } from './scan-cost.ts'

/** One field of the operation that leads to objects, with what is asked of them. */
export type AnyNeed = Need | StoredNeed

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
  readonly then: readonly AnyNeed[]
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

/** What is known of a connector's collections when the operation begins. */
export interface Known {
  rows(name: CollectionName): number
  /** Rows of the whole collection that may be served are in the store. */
  covered(name: CollectionName): boolean
  /** The store has that row, fresh. */
  has(name: CollectionName, id: string): boolean
  /** The store has the rows of that value, fresh. */
  hasSlice(name: CollectionName, field: string, value: string): boolean
  /** The first rows of an unsorted list that the store has, fresh, and in how many pages they came. */
  walked(name: CollectionName): { readonly rows: number; readonly pages: number }
  /** Rows come with all their members; known, or else presumed not to. */
  comesDetailed(name: CollectionName): boolean
  /** False where the API does not answer by id. */
  byId(name: CollectionName): boolean
  /** False where Push does not filter by that field. */
  bySlice(name: CollectionName, field: string): boolean
  /** False where the parameter that narrows by that field is known not to work, or not to be safe. */
  byParameter(name: CollectionName, field: string): boolean
  /** The parameter for that field has been tried, and works. */
  isLearnt(name: CollectionName, field: string): boolean
  /** Rows that passed a filter like this one when that was last seen; undefined where it is not remembered. */
  passing(name: CollectionName, filter: Filter): number | undefined
  /** Single objects or slices that an operation like this one sought when it was last seen. */
  sought(singles: Singles): number | undefined
  /** Pages can be read side by side. */
  byOffset(name: CollectionName): boolean
  readonly pageSize: number
  readonly nowSeconds: number
  readonly terms: Terms
}

/** One step of the answer: how its rows are got, and what that is expected to cost. */
export interface Step {
  readonly path: string
  readonly collection: ListName
  readonly kind: AnyNeed['kind']
  /** The plan of a root list; the others are read by id, by parent, or by a scan. */
  readonly plan: Plan | undefined
  readonly filter: Filter
  /** Rows expected. */
  readonly rows: number
  /** Requests of its own; those of a scan that several steps share count at the first. */
  readonly cost: Cost
}

export interface Demand {
  /** Collections to be read whole rather than row by row. */
  readonly scan: ReadonlySet<CollectionName>
  /** Those of them that are certain enough to be begun before the first row asks. */
  readonly ahead: ReadonlySet<CollectionName>
  /** Those of them whose pages, one after another, would take longer than all else: worth reading side by side. */
  readonly hurried: ReadonlySet<CollectionName>
  readonly steps: readonly Step[]
  /** The ways in which single objects or slices may be asked for, and of which collection. */
  readonly singles: readonly { readonly what: Singles; readonly of: CollectionName }[]
  /** The store has all of it: nothing is to be read. */
  readonly isAtHand: boolean
}

export type ReadFilter = (name: CollectionName, input: unknown) => Filter

export const findDemand = (
  needs: readonly AnyNeed[],
  known: Known,
  readFilter: ReadFilter,
): Demand => {
  const count = (): Counted => countSteps(needs, known, readFilter, none, none)
  if (areAtHand(needs, known)) return new AtHand(count)
  const first = count()
  const scan = new Set<CollectionName>()
  const ahead = new Set<CollectionName>()
  for (const [name, tally] of first.tallies) {
    if (known.covered(name) || !scans(name, tally, known)) continue
    scan.add(name)
    if (tally.likely) ahead.add(name)
  }
  const isAtHand = false
  if (scan.size === 0)
    return { scan, ahead, hurried: none, steps: first.steps, singles: first.singles, isAtHand }
  const { steps, singles } = countSteps(needs, known, readFilter, scan, none)
  const beginsOf = (name: CollectionName): number =>
    ahead.has(name) ? 0 : (first.tallies.get(name)?.begins ?? 0)
  const hurried = new Set([...scan].filter(name => isLongest(name, beginsOf(name), steps, known)))
  if (hurried.size === 0) return { scan, ahead, hurried, steps, singles, isAtHand }
  return { scan, ahead, hurried, ...countSteps(needs, known, readFilter, scan, hurried), isAtHand }
}

const none: ReadonlySet<CollectionName> = new Set()

/**
 * Whether the needs are for rows of collections that the store has whole. What a filter looks at, and details, are left
 * to be weighed.
 */
const areAtHand = (needs: readonly AnyNeed[], known: Known): boolean =>
  needs.every(
    need =>
      need.kind !== 'stored' &&
      need.kind !== 'details' &&
      need.filter === undefined &&
      known.covered(need.collection) &&
      areAtHand(need.then, known),
  )

type Counted = ReturnType<typeof countSteps>

/** Most questions of a warm store: there is nothing to weigh, and the steps are counted only for whoever looks at them. */
class AtHand implements Demand {
  readonly scan = none
  readonly ahead = none
  readonly hurried = none
  readonly isAtHand = true
  readonly #count: () => Counted
  #counted: Counted | undefined

  constructor(count: () => Counted) {
    this.#count = count
  }

  get steps(): readonly Step[] {
    return (this.#counted ??= this.#count()).steps
  }

  get singles(): Demand['singles'] {
    return (this.#counted ??= this.#count()).singles
  }
}

/** What all steps cost together. */
export const totalCost = (demand: Demand): Cost => {
  let [requests, chain] = [0, 0]
  if (demand.isAtHand) return { requests, chain }
  for (const { cost } of demand.steps) {
    requests += cost.requests
    chain = Math.max(chain, cost.chain)
  }
  return { requests, chain }
}

/**
 * Whether the pages of a collection, one after another, outlast the limiter: only then does reading them side by
 * side, which costs a request more, let anybody have the answer sooner.
 */
const isLongest = (
  name: CollectionName,
  begins: number,
  steps: readonly Step[],
  known: Known,
): boolean => {
  const requests = steps.reduce((sum, { cost }) => sum + cost.requests, 0)
  const pacedMs = timeMs({ requests, chain: 1 }, known.terms)
  const chainMs = (begins + scanCost(name, known, false).chain) * known.terms.latencyMs
  return chainMs > pacedMs * (begins > 0 ? WAITS_FOR_OTHERS : WORTH_A_REQUEST)
}

/** What is gained in time must be more than a little. */
const WORTH_A_REQUEST = 1.1
/** What begins late finds the requests of others before it, and cannot make up for that. */
const WAITS_FOR_OTHERS = 0.9

const scans = (name: CollectionName, tally: Tally, known: Known): boolean => {
  if (tally.mustScan) return true
  const requests = Math.round(tally.singles)
  if (requests === 0) return false
  return isBetter(scanCost(name, known, false), { requests, chain: 1 }, known.terms)
}
