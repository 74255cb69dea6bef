/** Going through the needs of an operation, field by field: how their rows are got, and what that costs. */
import { everything, and, type Filter } from '../../filter/filter.ts'
import type { CollectionName } from '../../model/rows.ts'
import type { Cost } from './cost.ts'
import type { Step } from './step.ts'
import type { Statistics } from './statistics.ts'
import type { ReadFilter } from './need.ts'
import type { StoredNeed } from './need.ts'
import type { AnyNeed } from './need.ts'
import { plan, type Plan } from './plan.ts'
import { relatedTo } from '../../filter/relations-in.ts'
import { scanCost } from './scan-cost.ts'
import type { PointReads } from '../operation/observations.ts'
import { distinct, pagesOf } from './presumed-sizes.ts'

/** What asks for a collection. */
export interface Tally {
  /** Reads of single rows, slices and pages that a scan would save. */
  pointReads: number
  mustScan: boolean
  /** Two parents or more are expected: that none of them exists is unlikely. */
  likely: boolean
  /** Requests that must be answered before the first of them is known to be needed. */
  begins: number
}

/**
 * What each field of the operation costs, and what asks for each collection, where those in `scan` are read whole and
 * those in `hurried` side by side.
 */
export const countSteps = (
  needs: readonly AnyNeed[],
  known: Statistics,
  readFilter: ReadFilter,
  scan: ReadonlySet<CollectionName>,
  parallel: ReadonlySet<CollectionName>,
) => {
  const tallies = new Map<CollectionName, Tally>()
  const steps: Step[] = []
  const begun = new Set<CollectionName>()
  const pointReads = new Map<PointReads, CollectionName>()

  /** Objects or slices to be asked for one by one: as many as were the last time, all at the first step, or a guess. */
  const singlesOf = (what: PointReads, of: CollectionName, guess: number): number => {
    const isFirst = !pointReads.has(what)
    pointReads.set(what, of)
    if (known.covered(of)) return 0
    const seen = known.observedReads(what)
    return seen === undefined ? guess : isFirst ? seen : 0
  }

  const tally = (name: CollectionName): Tally => {
    const found = tallies.get(name) ?? {
      pointReads: 0,
      mustScan: false,
      likely: false,
      begins: Infinity,
    }
    tallies.set(name, found)
    return found
  }

  /** What the step costs: its share of single reads, or the scan of its collection if it is the first to need it. */
  const costOf = (name: CollectionName, pointReads: Cost): Cost => {
    if (!scan.has(name)) return pointReads
    if (begun.has(name)) return { requests: 0, depth: 0 }
    begun.add(name)
    return scanCost(name, known, parallel.has(name))
  }

  const singlesCost = (what: PointReads, of: CollectionName, asked: number): Cost => {
    if (known.covered(of)) return { requests: 0, depth: 0 }
    // What is only guessed is not guessed to be nothing.
    const least = known.observedReads(what) === undefined ? 1 : 0
    const requests = Math.max(least, Math.round(asked))
    return costOf(of, { requests, depth: Math.min(1, requests) })
  }

  /** The rows around so many rows that a filter looks at. */
  const countRelated = (filter: Filter, rows: number, whole: boolean): Cost => {
    let cost: Cost = { requests: 0, depth: 0 }
    for (const { to, sliced } of relatedTo(filter)) {
      const of = tally(to)
      const guess = sliced ? rows : distinct(rows, known.rows(to))
      const what: PointReads = sliced ? `of ${sliced} ${to}` : `byId ${to}`
      const asked = singlesOf(what, to, guess)
      of.begins = 0
      of.mustScan ||= whole || (sliced ? !known.bySlice(to, sliced) : !known.byId(to))
      of.likely ||= rows >= 2
      of.pointReads += asked
      const one = known.covered(to)
        ? { requests: 0, depth: 0 }
        : costOf(to, { requests: Math.round(asked), depth: 1 })
      cost = { requests: cost.requests + one.requests, depth: Math.max(cost.depth, one.depth) }
    }
    return cost
  }

  /** What is kept here costs nothing; how much of it there is, and what it leads to, is seen when it is read. */
  const countStored = (need: StoredNeed, parents: number, before: number): void => {
    let begins = before
    for (const { collection, filter: input } of need.through) {
      const filter = readFilter(collection, input)
      const scanned = scan.has(collection)
      const planned = plan({ collection, filter, enough: undefined, scanned }, known)
      const { requests, depth } = costOf(collection, planned.cost)
      begins = Math.max(begins, before + depth)
      steps.push({
        path: need.path,
        collection,
        kind: 'list',
        plan: planned,
        filter,
        rows: Math.round(planned.rows),
        cost: { requests, depth: before + depth },
      })
    }
    const rows = parents * need.first
    steps.push({
      path: need.path,
      collection: need.collection,
      kind: 'stored',
      plan: undefined,
      filter: everything,
      rows: Math.round(rows),
      cost: { requests: 0, depth: begins },
    })
    for (const next of need.then) count(next, rows, undefined, begins, false)
  }

  /** `isCertain`: so many parents are expected for good reason. */
  const count = (
    need: AnyNeed,
    parents: number,
    from: CollectionName | undefined,
    before: number,
    isCertain: boolean,
  ): void => {
    if (need.kind === 'stored') {
      countStored(need, parents, before)
      return
    }
    const { collection } = need
    const rows = known.rows(collection)
    const of = tally(collection)
    of.begins = Math.min(of.begins, before)
    const filter = need.filter === undefined ? everything : readFilter(collection, need.filter)
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
        const narrow = planned.accessPath.kind !== 'scan' && planned.accessPath.kind !== 'store'
        const partial =
          planned.accessPath.kind === 'scan' &&
          planned.cost.requests < pagesOf(rows, known.pageSize)
        const inHand =
          partial && filter.kind === 'all' && known.walked(collection).rows >= need.first
        const mustScan = planned.accessPath.kind === 'scan' && !partial
        of.mustScan ||= mustScan
        // A search shares its requests out among what it looks at, and begins no more than they suffice for.
        of.likely ||= mustScan && need.kind === 'list'
        of.pointReads += narrow ? planned.cost.requests : 0
        const around = narrow ? restOf(planned, filter) : filter
        const related = countRelated(around, narrow ? planned.rows : rows, !narrow)
        const own = inHand ? { requests: 0, depth: 0 } : planned.cost
        cost = costOf(collection, own)
        cost = {
          requests: cost.requests + related.requests,
          depth: Math.max(cost.depth, related.depth),
        }
        const seen =
          planned.accessPath.kind === 'store' && need.then.length > 0
            ? known.passing(collection, filter)
            : undefined
        found = Math.min(need.first, seen ?? planned.rows)
        break
      }
      case 'object':
      case 'link': {
        found = need.kind === 'object' ? parents : Math.min(parents, distinct(parents, rows))
        const what: PointReads = `byId ${collection}`
        const asked = singlesOf(what, collection, found)
        const needsAll = need.whole || !known.byId(collection)
        of.mustScan ||= needsAll
        of.likely ||= parents >= 2 && isCertain
        of.pointReads += asked
        cost = singlesCost(what, collection, asked)
        break
      }
      case 'details': {
        const asked = singlesOf(`details ${collection}`, collection, parents)
        found = parents
        cost = known.comesDetailed(collection)
          ? { requests: 0, depth: 0 }
          : { requests: Math.round(asked), depth: 1 }
        break
      }
      case 'children': {
        const perParent = from === undefined ? 1 : rows / Math.max(1, known.rows(from))
        const what: PointReads = `of ${need.field ?? ''} ${collection}`
        const asked = singlesOf(what, collection, parents)
        found = parents * Math.min(need.first, perParent)
        of.mustScan ||= !known.bySlice(collection, need.field ?? '')
        of.likely ||= parents >= 2 && isCertain
        of.pointReads += asked
        cost = singlesCost(what, collection, asked)
        const related = countRelated(filter, found, false)
        cost = { requests: cost.requests + related.requests, depth: cost.depth + related.depth }
        break
      }
    }
    // A scan that is begun ahead does not wait for the steps before it.
    const depth =
      scan.has(collection) && need.kind !== 'details'
        ? Math.max(cost.depth, before)
        : before + cost.depth
    steps.push({
      path: need.path,
      collection,
      kind: need.kind,
      plan: planned,
      filter,
      rows: Math.round(found),
      cost: { requests: cost.requests, depth },
    })
    for (const next of need.then) count(next, found, collection, depth, isCertain)
  }

  for (const need of needs) count(need, 1, undefined, 0, true)
  return { tallies, steps, pointReads: [...pointReads].map(([what, of]) => ({ what, of })) }
}

/** The part whose relations are still to be read: those of the link that a way goes through come with it. */
const restOf = ({ accessPath, residual }: Plan, filter: Filter): Filter =>
  accessPath.kind === 'semiJoin' && relatedTo(accessPath.of).next().done === true
    ? and(residual)
    : filter
