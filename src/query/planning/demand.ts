/**
 * What one operation will need, found before it runs: the collections it had better scan, since fifty reads by id are
 * wasted on rows that a scan needed elsewhere brings anyway, and what all of it will cost. Pure.
 */
import type { CollectionName } from '../../model/rows.ts'
import { toEnd } from '../../work/to-end.ts'
import type { Work } from '../../work/work.ts'
import { type Cost, free, isBetter, sideBySide, timeMs } from './cost.ts'
import { countSteps, type StepCount } from './estimate-steps.ts'
import type { Tally } from './tally.ts'
import { scanCost } from './scan-cost.ts'
import type { AnyNeed, ReadFilter } from './need.ts'
import type { Statistics } from './statistics.ts'
import type { Demand, Step } from './step.ts'

/** The demand of one operation on one connector, by what is known of it; yields where the turn of `work` is over. */
export function* findDemand(
  needs: readonly AnyNeed[],
  known: Statistics,
  readFilter: ReadFilter,
  work: Work,
): Generator<void, Demand> {
  const count = (scan = none, parallel = none): Generator<void, StepCount> =>
    countSteps(needs, { known, readFilter, scan, parallel }, work)
  if (areAtHand(needs, known)) return new AtHand(() => toEnd(count()))
  const first = yield* count()
  const scan = new Set<CollectionName>()
  const ahead = new Set<CollectionName>()
  for (const [name, tally] of first.tallies) {
    if (known.covered(name) || !scans(name, tally, known)) continue
    scan.add(name)
    if (tally.likely) ahead.add(name)
  }
  const demandOf = ({ steps, pointReads }: StepCount, parallel = none): Demand => ({
    scan,
    ahead,
    parallel,
    steps,
    pointReads,
    isAtHand: false,
  })
  if (scan.size === 0) return demandOf(first)
  const second = yield* count(scan)
  const beginsOf = (name: CollectionName): number =>
    ahead.has(name) ? 0 : (first.tallies.get(name)?.begins ?? 0)
  const parallel = new Set(
    [...scan].filter(name => isLongest(name, beginsOf(name), second.steps, known)),
  )
  return parallel.size === 0 ? demandOf(second) : demandOf(yield* count(scan, parallel), parallel)
}

const none: ReadonlySet<CollectionName> = new Set()

/**
 * Whether the needs are for rows of collections that the store has whole, or of the past. What a filter looks at, and details, are left
 * to be weighed.
 */
const areAtHand = (needs: readonly AnyNeed[], known: Statistics): boolean =>
  needs.every(
    need =>
      need.kind === 'past' ||
      (need.kind !== 'stored' &&
        need.kind !== 'details' &&
        need.filter === undefined &&
        need.beside === undefined &&
        known.covered(need.collection) &&
        areAtHand(need.then, known)),
  )

/** Most operations on a warm store: there is nothing to weigh, and the steps are counted only for whoever looks at them. */
class AtHand implements Demand {
  readonly scan = none
  readonly ahead = none
  readonly parallel = none
  readonly isAtHand = true
  readonly #count: () => StepCount
  #counted: StepCount | undefined

  constructor(count: () => StepCount) {
    this.#count = count
  }

  get steps(): readonly Step[] {
    return (this.#counted ??= this.#count()).steps
  }

  get pointReads(): Demand['pointReads'] {
    return (this.#counted ??= this.#count()).pointReads
  }
}

/** What all steps cost together. */
export const totalCost = (demand: Demand): Cost =>
  demand.isAtHand ? free : demand.steps.reduce((sum, { cost }) => sideBySide(sum, cost), free)

/**
 * Whether the pages of a collection, one after another, outlast the limiter: only then does reading them side by
 * side, which costs a request more, let anybody have the answer sooner.
 */
const isLongest = (
  name: CollectionName,
  begins: number,
  steps: readonly Step[],
  known: Statistics,
): boolean => {
  const requests = steps.reduce((sum, { cost }) => sum + cost.requests, 0)
  const pacedMs = timeMs({ requests, depth: 1 }, known.terms)
  const chainMs = (begins + scanCost(name, known, false).depth) * known.terms.latencyMs
  return chainMs > pacedMs * (begins > 0 ? WAITS_FOR_OTHERS : WORTH_A_REQUEST)
}

/** What is gained in time must be more than a little. */
const WORTH_A_REQUEST = 1.1
/** What begins late finds the requests of others before it, and cannot make up for that. */
const WAITS_FOR_OTHERS = 0.9

const scans = (name: CollectionName, tally: Tally, known: Statistics): boolean => {
  if (tally.mustScan) return true
  const requests = Math.round(tally.pointReads)
  if (requests === 0) return false
  return isBetter(scanCost(name, known, false), { requests, depth: 1 }, known.terms)
}
