/**
 * What one operation will need, found before it runs: the collections it had better scan, since fifty reads by id are
 * wasted on rows that a scan needed elsewhere brings anyway, and what all of it will cost. Pure.
 */
import type { CollectionName } from '../../model/rows.ts'
import { type Cost, isBetter, timeMs } from './cost.ts'
import { countSteps, type Tally } from './estimate-steps.ts'
import { scanCost } from './scan-cost.ts'
import type { AnyNeed, ReadFilter } from './need.ts'
import type { Known } from './statistics.ts'
import type { Demand, Step } from './step.ts'

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
