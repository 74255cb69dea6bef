/** Going through the needs of an operation, field by field: how their rows are got, and what that costs. */
import { and, everything, type Filter } from '../../filter/filter.ts'
import { type Related, relatedTo } from '../../filter/relations-in.ts'
import type { CollectionName } from '../../model/rows.ts'
import type { PointReads } from '../operation/observations.ts'
import type { Work } from '../../work/work.ts'
import { type Cost, free, sideBySide } from './cost.ts'
import type { AnyNeed, Need, PastNeed, ReadFilter, StoredNeed } from './need.ts'
import { createFilterPlans, type FilterPlans } from './filter-plans.ts'
import type { Plan } from './plan.ts'
import { distinct, pagesOf } from './presumed-sizes.ts'
import { scanCost } from './scan-cost.ts'
import type { Statistics } from './statistics.ts'
import type { Demand, Step } from './step.ts'
import { type Tally, tallyIn } from './tally.ts'

export interface StepCount extends Pick<Demand, 'steps' | 'pointReads'> {
  readonly tallies: ReadonlyMap<CollectionName, Tally>
}

export interface StepTerms {
  readonly known: Statistics
  readonly readFilter: ReadFilter
  /** Collections that are read whole. */
  readonly scan: ReadonlySet<CollectionName>
  /** Those of them whose pages are read side by side. */
  readonly parallel: ReadonlySet<CollectionName>
}

/**
 * What each field of the operation costs, and what asks for each collection; yields between fields where the turn of
 * `work` is over.
 */
export function* countSteps(
  needs: readonly AnyNeed[],
  terms: StepTerms,
  work: Work,
): Generator<void, StepCount> {
  const counter = new StepCounter(terms, work)
  const root = { rows: 1, collection: undefined, depth: 0, isCertain: true }
  for (const need of needs) yield* counter.count(need, root)
  const { tallies, steps, pointReads } = counter
  return { tallies, steps, pointReads: [...pointReads].map(([what, of]) => ({ what, of })) }
}

/** The rows that lead to what a need asks for. */
interface Parents {
  readonly rows: number
  /** Undefined for the root, and for what is kept here. */
  readonly collection: CollectionName | undefined
  /** Requests that must be answered, one after another, before they are there. */
  readonly depth: number
  /** So many are expected for good reason. */
  readonly isCertain: boolean
}

/** The rows that a need is expected to come to, and what getting them costs once the parents are there. */
interface Estimate {
  readonly rows: number
  readonly cost: Cost
  readonly plan?: Plan
}

class StepCounter {
  readonly tallies = new Map<CollectionName, Tally>()
  readonly steps: Step[] = []
  readonly pointReads = new Map<PointReads, CollectionName>()
  /** Scans that an earlier step counts. */
  readonly #begun = new Set<CollectionName>()
  readonly #plan: FilterPlans
  readonly #terms: StepTerms
  readonly #work: Work

  constructor(terms: StepTerms, work: Work) {
    this.#terms = terms
    this.#work = work
    this.#plan = createFilterPlans(terms)
  }

  /** Adds the steps of the need and of those below it. */
  *count(need: AnyNeed, parents: Parents): Generator<void, void> {
    // What a filter takes to be read and weighed nobody can guess: a look at the time is nothing beside it.
    if (this.#work.isOver()) yield
    if (need.kind === 'stored') {
      yield* this.#countStored(need, parents)
      return
    }
    if (need.kind === 'past') {
      this.#countPast(need)
      return
    }
    const { collection, kind } = need
    const tally = tallyIn(this.tallies, collection)
    tally.begins = Math.min(tally.begins, parents.depth)
    const filter =
      need.filter === undefined ? everything : this.#terms.readFilter(collection, need.filter)
    const { rows, cost, plan } = this.#estimate(need, filter, parents)
    // A scan that is begun ahead does not wait for the steps before it.
    const depth =
      this.#terms.scan.has(collection) && kind !== 'details'
        ? Math.max(cost.depth, parents.depth)
        : parents.depth + cost.depth
    this.#step(need, collection, filter, rows, { requests: cost.requests, depth }, plan)
    const { isCertain } = parents
    for (const next of need.then) yield* this.count(next, { rows, collection, depth, isCertain })
  }

  /** What is kept here costs nothing; how much of it there is, and what it leads to, is seen when it is read. */
  *#countStored(need: StoredNeed, parents: Parents): Generator<void, void> {
    const { readFilter } = this.#terms
    let { depth } = parents
    for (const { collection, filter: input } of need.through) {
      const filter = readFilter(collection, input)
      const planned = this.#plan(collection, filter, undefined)
      const cost = this.#orScan(collection, planned.cost)
      const after = { requests: cost.requests, depth: parents.depth + cost.depth }
      depth = Math.max(depth, after.depth)
      this.#step({ ...need, kind: 'list' }, collection, filter, planned.rows, after, planned)
    }
    const rows = parents.rows * need.first
    this.#step(need, need.collection, everything, rows, { requests: 0, depth })
    for (const next of need.then)
      yield* this.count(next, { rows, collection: undefined, depth, isCertain: false })
  }

  /** Nor does what was known at a moment, and as much of it may be told as is there by now. */
  #countPast({ path, kind, collection, first, at }: PastNeed): void {
    const rows = Math.round(Math.min(first, this.#terms.known.rows(collection)))
    const [plan, filter] = [undefined, everything]
    this.steps.push({ path, kind, collection, plan, filter, at, rows, cost: free })
  }

  #step(
    { path, kind }: Pick<Step, 'path' | 'kind'>,
    collection: Step['collection'],
    filter: Filter,
    rows: number,
    cost: Cost,
    plan?: Plan,
  ): void {
    this.steps.push({ path, collection, kind, plan, filter, rows: Math.round(rows), cost })
  }

  #estimate(need: Need, filter: Filter, parents: Parents): Estimate {
    switch (need.kind) {
      case 'list':
      case 'search':
        return this.#list(need, filter)
      case 'object':
      case 'link':
        return this.#byId(need, parents)
      case 'details':
        return this.#details(need, parents)
      case 'children':
        return this.#children(need, filter, parents)
      default:
        return need.kind satisfies never
    }
  }

  #list(need: Need, filter: Filter): Estimate {
    const { collection, kind, first, whole, then } = need
    const { known } = this.#terms
    const all = known.rows(collection)
    const planned = this.#plan(collection, filter, whole ? undefined : first)
    const { accessPath, cost } = planned
    const isScan = accessPath.kind === 'scan'
    const isStore = accessPath.kind === 'store'
    const isPartial = isScan && cost.requests < pagesOf(all, known.pageSize)
    const mustScan = isScan && !isPartial
    const tally = tallyIn(this.tallies, collection)
    tally.mustScan ||= mustScan
    // A search shares its requests out among what it looks at, and begins no more than they suffice for.
    tally.likely ||= mustScan && kind === 'list'
    tally.pointReads += isScan || isStore ? 0 : cost.requests
    const around =
      isScan || isStore
        ? this.#related(filter, all, true)
        : this.#related(restOf(planned, filter), planned.rows, false)
    const isInHand = isPartial && filter.kind === 'all' && known.walked(collection).rows >= first
    const own = this.#orScan(collection, isInHand ? free : cost)
    const seen = isStore && then.length > 0 ? known.passing(collection, filter) : undefined
    const rows = Math.min(first, seen ?? planned.rows)
    const beside = this.#beside(need, planned.rows)
    return { rows, cost: sideBySide(sideBySide(own, around), beside), plan: planned }
  }

  #byId({ collection, kind, whole }: Need, parents: Parents): Estimate {
    const { known } = this.#terms
    const rows =
      kind === 'object'
        ? parents.rows
        : Math.min(parents.rows, distinct(parents.rows, known.rows(collection)))
    const mustScan = whole || !known.byId(collection)
    const cost = this.#singly(`byId ${collection}`, collection, rows, mustScan, parents)
    return { rows, cost }
  }

  #details({ collection }: Need, { rows }: Parents): Estimate {
    const asked = this.#asked(`details ${collection}`, collection, rows)
    const cost = this.#terms.known.comesDetailed(collection)
      ? free
      : { requests: Math.round(asked), depth: 1 }
    return { rows, cost }
  }

  #children(need: Need, filter: Filter, parents: Parents): Estimate {
    const { collection, field = '', first } = need
    const { known } = this.#terms
    const { collection: from, rows: count } = parents
    const perParent =
      from === undefined ? 1 : known.rows(collection) / Math.max(1, known.rows(from))
    const mustScan = !known.bySlice(collection, field)
    const own = this.#singly(`of ${field} ${collection}`, collection, count, mustScan, parents)
    const rows = count * Math.min(first, perParent)
    const around = sideBySide(this.#related(filter, rows, false), this.#beside(need, rows))
    const cost = { requests: own.requests + around.requests, depth: own.depth + around.depth }
    return { rows, cost }
  }

  /** Objects or slices read one by one, or by the scan of their collection. */
  #singly(
    what: PointReads,
    of: CollectionName,
    guess: number,
    mustScan: boolean,
    parents: Parents,
  ): Cost {
    const asked = this.#asked(what, of, guess)
    const tally = tallyIn(this.tallies, of)
    tally.mustScan ||= mustScan
    tally.likely ||= parents.rows >= 2 && parents.isCertain
    tally.pointReads += asked
    if (this.#terms.known.covered(of)) return free
    // What is only guessed is not guessed to be nothing.
    const least = this.#terms.known.observedReads(what) === undefined ? 1 : 0
    const requests = Math.max(least, Math.round(asked))
    return this.#orScan(of, { requests, depth: Math.min(1, requests) })
  }

  /** The rows around so many rows that a filter looks at; `whole`: around all of the collection. */
  #related(filter: Filter, rows: number, whole: boolean): Cost {
    return this.#around(relatedTo(filter), rows, whole)
  }

  /** What is looked at around so many rows beside what their filter looks at. */
  #beside({ collection, beside }: Need, rows: number): Cost {
    if (beside === undefined) return free
    const { readFilter } = this.#terms
    const grouped = beside.whole.map((to): Related => ({ to, sliced: undefined }))
    return [
      this.#around(grouped, rows, true),
      this.#around(beside.counted, rows, false),
      ...beside.filters.map(input => this.#related(readFilter(collection, input), rows, false)),
    ].reduce(sideBySide)
  }

  #around(related: Iterable<Related>, rows: number, whole: boolean): Cost {
    const { known } = this.#terms
    let cost = free
    for (const { to, sliced } of related) {
      const tally = tallyIn(this.tallies, to)
      const guess = sliced ? rows : distinct(rows, known.rows(to))
      const asked = this.#asked(sliced ? `of ${sliced} ${to}` : `byId ${to}`, to, guess)
      tally.begins = 0
      tally.mustScan ||= whole || (sliced ? !known.bySlice(to, sliced) : !known.byId(to))
      tally.likely ||= rows >= 2
      tally.pointReads += asked
      if (known.covered(to)) continue
      cost = sideBySide(cost, this.#orScan(to, { requests: Math.round(asked), depth: 1 }))
    }
    return cost
  }

  /** Objects or slices to be asked for one by one: as many as were the last time, all at the first step, or a guess. */
  #asked(what: PointReads, of: CollectionName, guess: number): number {
    const isFirst = !this.pointReads.has(what)
    this.pointReads.set(what, of)
    if (this.#terms.known.covered(of)) return 0
    const seen = this.#terms.known.observedReads(what)
    return seen === undefined ? guess : isFirst ? seen : 0
  }

  /** What the step costs: its own reads, or the scan of its collection if it is the first to need it. */
  #orScan(name: CollectionName, own: Cost): Cost {
    const { known, scan, parallel } = this.#terms
    if (!scan.has(name)) return own
    if (this.#begun.has(name)) return free
    this.#begun.add(name)
    return scanCost(name, known, parallel.has(name))
  }
}

/** The part whose relations are still to be read: those of the link that a semi-join goes through come with it. */
const restOf = ({ accessPath, residual }: Plan, filter: Filter): Filter =>
  accessPath.kind === 'semiJoin' && relatedTo(accessPath.of).next().done === true
    ? and(residual)
    : filter
