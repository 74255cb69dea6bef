/**
 * What one operation will need, found before it runs: the collections it had better scan, since fifty reads by id are
 * wasted on rows that a scan needed elsewhere brings anyway, and what all of it will cost. Pure.
 */
import { all, type Filter } from '../filter/filter.ts'
import type { CollectionName } from '../model/rows.ts'
import { pagesAhead } from '../store/read-ahead.ts'
import { type Cost, isBetter, timeMs, type Terms } from './cost.ts'
import { plan, type Plan } from './plan.ts'
import { relatedTo } from './related.ts'
import { distinct, pagesOf } from './sizes.ts'

/** One field of the operation that leads to objects, with what is asked of them. */
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
  readonly then: readonly Need[]
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
  /** Pages can be read side by side. */
  byOffset(name: CollectionName): boolean
  readonly pageSize: number
  readonly nowSeconds: number
  readonly terms: Terms
}

/** One step of the answer: how its rows are got, and what that is expected to cost. */
export interface Step {
  readonly path: string
  readonly collection: CollectionName
  readonly kind: Need['kind']
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
}

/** The demand of no operation: every question is weighed for itself. */
export const noDemand: Demand = {
  scan: new Set(),
  ahead: new Set(),
  hurried: new Set(),
  steps: [],
}

interface Tally {
  /** Reads of single rows, slices and pages that a scan would save. */
  singles: number
  mustScan: boolean
  /** Two parents or more are expected: that none of them exists is unlikely. */
  likely: boolean
  /** Requests that must be answered before the first of them is known to be needed. */
  begins: number
}

export type ReadFilter = (name: CollectionName, input: unknown) => Filter

export const findDemand = (
  needs: readonly Need[],
  known: Known,
  readFilter: ReadFilter,
): Demand => {
  const none: ReadonlySet<CollectionName> = new Set()
  const first = countAll(needs, known, readFilter, none, none)
  const scan = new Set<CollectionName>()
  const ahead = new Set<CollectionName>()
  for (const [name, tally] of first.tallies) {
    if (known.covered(name) || !scans(name, tally, known)) continue
    scan.add(name)
    if (tally.likely) ahead.add(name)
  }
  const { steps } = countAll(needs, known, readFilter, scan, none)
  const beginsOf = (name: CollectionName): number =>
    ahead.has(name) ? 0 : (first.tallies.get(name)?.begins ?? 0)
  const hurried = new Set([...scan].filter(name => isLongest(name, beginsOf(name), steps, known)))
  if (hurried.size === 0) return { scan, ahead, hurried, steps }
  return {
    scan,
    ahead,
    hurried,
    steps: countAll(needs, known, readFilter, scan, hurried).steps,
  }
}

/** Milliseconds that the steps are expected to take: the limiter or the longest chain, whichever is slower. */
export const totalCost = (demand: Demand): Cost => ({
  requests: demand.steps.reduce((sum, { cost }) => sum + cost.requests, 0),
  chain: demand.steps.reduce((longest, { cost }) => Math.max(longest, cost.chain), 0),
})

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

/**
 * Pages one after another, or, where offsets work, as many side by side as the limiter lets through; those overlap by
 * one row.
 */
const scanCost = (name: CollectionName, known: Known, hurried: boolean): Cost => {
  const rows = known.rows(name)
  const read = known.walked(name)
  const left = Math.max(1, pagesOf(rows, known.pageSize) - read.pages)
  const quicker = known.terms.latencyMs * known.terms.rate > 1_000
  if (!hurried || !known.byOffset(name) || !quicker || left < 2)
    return { requests: left, chain: left }
  return { requests: Math.max(1, pagesAhead(rows, read.rows, known.pageSize)), chain: 1 }
}

const countAll = (
  needs: readonly Need[],
  known: Known,
  readFilter: ReadFilter,
  scan: ReadonlySet<CollectionName>,
  hurried: ReadonlySet<CollectionName>,
) => {
  const tallies = new Map<CollectionName, Tally>()
  const steps: Step[] = []
  const begun = new Set<CollectionName>()

  const tally = (name: CollectionName): Tally => {
    const found = tallies.get(name) ?? {
      singles: 0,
      mustScan: false,
      likely: false,
      begins: Infinity,
    }
    tallies.set(name, found)
    return found
  }

  /** What the step costs: its share of single reads, or the scan of its collection if it is the first to need it. */
  const costOf = (name: CollectionName, singles: Cost): Cost => {
    if (!scan.has(name)) return singles
    if (begun.has(name)) return { requests: 0, chain: 0 }
    begun.add(name)
    return scanCost(name, known, hurried.has(name))
  }

  /** The rows around so many rows that a filter looks at. */
  const countRelated = (filter: Filter, rows: number, whole: boolean): Cost => {
    let cost: Cost = { requests: 0, chain: 0 }
    for (const { to, sliced } of relatedTo(filter)) {
      const of = tally(to)
      const singles = sliced ? rows : distinct(rows, known.rows(to))
      of.begins = 0
      of.mustScan ||= whole || (sliced ? !known.bySlice(to, sliced) : !known.byId(to))
      of.likely ||= rows >= 2
      of.singles += known.covered(to) ? 0 : singles
      const one = known.covered(to)
        ? { requests: 0, chain: 0 }
        : costOf(to, { requests: Math.round(singles), chain: 1 })
      cost = { requests: cost.requests + one.requests, chain: Math.max(cost.chain, one.chain) }
    }
    return cost
  }

  const count = (
    need: Need,
    parents: number,
    from: CollectionName | undefined,
    before: number,
  ): void => {
    const { collection } = need
    const rows = known.rows(collection)
    const of = tally(collection)
    of.begins = Math.min(of.begins, before)
    const filter = need.filter === undefined ? all : readFilter(collection, need.filter)
    let found: number
    let cost: Cost
    let planned: Plan | undefined
    switch (need.kind) {
      case 'list':
      case 'search': {
        planned = plan(
          {
            collection,
            filter,
            enough: need.whole ? undefined : need.first,
            scanned: scan.has(collection),
          },
          known,
        )
        const narrow = planned.way.kind !== 'scan' && planned.way.kind !== 'store'
        const partial =
          planned.way.kind === 'scan' && planned.cost.requests < pagesOf(rows, known.pageSize)
        const inHand =
          partial && filter.kind === 'all' && known.walked(collection).rows >= need.first
        of.mustScan ||= planned.way.kind === 'scan' && !partial
        // A search shares its requests out among what it looks at, and begins no more than they suffice for.
        of.likely ||= of.mustScan && need.kind === 'list'
        of.singles += narrow ? planned.cost.requests : 0
        const related = countRelated(filter, narrow ? planned.rows : rows, !narrow)
        const own = inHand ? { requests: 0, chain: 0 } : planned.cost
        cost = costOf(collection, own)
        cost = {
          requests: cost.requests + related.requests,
          chain: Math.max(cost.chain, related.chain),
        }
        found = Math.min(need.first, planned.rows)
        break
      }
      case 'object':
      case 'link': {
        const links = need.kind === 'object' ? parents : Math.min(parents, distinct(parents, rows))
        found = links
        const needsAll = need.whole || !known.byId(collection)
        of.mustScan ||= needsAll
        of.likely ||= parents >= 2
        of.singles += known.covered(collection) ? 0 : links
        const single = { requests: Math.max(1, Math.round(links)), chain: 1 }
        cost = known.covered(collection) ? { requests: 0, chain: 0 } : costOf(collection, single)
        break
      }
      case 'details':
        found = parents
        cost = known.comesDetailed(collection)
          ? { requests: 0, chain: 0 }
          : { requests: Math.round(parents), chain: 1 }
        break
      case 'children': {
        const perParent = from === undefined ? 1 : rows / Math.max(1, known.rows(from))
        found = parents * Math.min(need.first, perParent)
        of.mustScan ||= !known.bySlice(collection, need.field ?? '')
        of.likely ||= parents >= 2
        of.singles += known.covered(collection) ? 0 : parents
        const slices = { requests: Math.max(1, Math.round(parents)), chain: 1 }
        cost = known.covered(collection) ? { requests: 0, chain: 0 } : costOf(collection, slices)
        const related = countRelated(filter, found, false)
        cost = { requests: cost.requests + related.requests, chain: cost.chain + related.chain }
        break
      }
    }
    // A scan that is begun ahead does not wait for the steps before it.
    const chain =
      scan.has(collection) && need.kind !== 'details'
        ? Math.max(cost.chain, before)
        : before + cost.chain
    steps.push({
      path: need.path,
      collection,
      kind: need.kind,
      plan: planned,
      filter,
      rows: Math.round(found),
      cost: { requests: cost.requests, chain },
    })
    for (const next of need.then) count(next, found, collection, chain)
  }

  for (const need of needs) count(need, 1, undefined, 0)
  return { tallies, steps }
}
