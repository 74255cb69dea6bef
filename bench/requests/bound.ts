/**
 * The least that a question can cost: of all ways to get the rows it needs, the one with the fewest requests, and the
 * one that is over soonest. Both are bounds for whoever knows the data beforehand, so no server beats them, and one
 * that does not know the data can only come near.
 */

/** What the API allows. */
export interface Limits {
  /** Requests per second. */
  readonly rate: number
  /** Requests at once after a pause. */
  readonly burst: number
  /** Milliseconds from a request to its answer, on average. */
  readonly latencyMs: number
  /** How far latencies lie from that at most, evenly spread: 0.2 for ± 20 %. */
  readonly jitter: number
}

/** What the stand-in is switched to by default, and Push documents or is seen to do. */
export const limits: Limits = { rate: 10, burst: 10, latencyMs: 120, jitter: 0.2 }
export const pageSize = 200

/** One way to get the rows of a need. */
export interface Way {
  /** As a reader of the table knows it: `scan`, `by id`. */
  readonly name: string
  readonly requests: number
  /** The needs whose answers must be in before the first of these requests can be written. */
  readonly after?: readonly string[]
}

/** Rows that the answer cannot do without. */
export interface Need {
  readonly of: string
  /** Any one of them suffices. */
  readonly ways: readonly Way[]
}

export interface Bound {
  /** The fewest requests. */
  readonly requests: number
  /** The shortest time, in milliseconds. Another choice of ways than that of the fewest requests may have it. */
  readonly ms: number
}

/**
 * The pages of so many rows. Also an empty list must be asked for. No page need wait for another: `offset` reads them
 * side by side.
 */
export const pagesOf = (rows: number, pageSize: number): number =>
  Math.max(1, Math.ceil(rows / pageSize))

/** The bound of a question with these needs. */
export const boundOf = (needs: readonly Need[], limits: Limits): Bound => {
  const choices = choicesOf(needs)
  const requestsOf = (choice: Choice): number =>
    [...choice.values()].reduce((sum, { requests }) => sum + requests, 0)
  return {
    requests: Math.min(...choices.map(requestsOf)),
    ms: Math.min(
      ...choices.map(choice =>
        Math.max(pacedMs(requestsOf(choice), limits), longestChain(choice) * limits.latencyMs),
      ),
    ),
  }
}

/**
 * Milliseconds until so many requests are answered, by the limiter alone: the first `burst` go at once, each other one
 * when its token is there. Push refills from when the first request reaches it. The way there may have taken all of the
 * time to its answer, so before the quickest answer nobody can know that it has begun; whoever sends another one sooner
 * than a token's time after that risks a 429.
 */
export const pacedMs = (requests: number, limits: Limits): number => {
  const { rate, burst, latencyMs } = limits
  if (requests === 0) return 0
  const atOnceMs = slowestMs(Math.min(requests, burst), limits)
  const behind = Math.max(0, requests - burst)
  return behind === 0
    ? atOnceMs
    : Math.max(atOnceMs, quickestMs(burst, limits) + (behind / rate) * 1_000 + latencyMs)
}

/** The average of the longest of so many latencies, which is what those wait for who send them together. */
const slowestMs = (requests: number, { latencyMs, jitter }: Limits): number =>
  latencyMs * (1 + (jitter * (requests - 1)) / (requests + 1))

/** The average of the shortest of so many latencies. */
const quickestMs = (requests: number, { latencyMs, jitter }: Limits): number =>
  latencyMs * (1 - (jitter * (requests - 1)) / (requests + 1))

/**
 * Milliseconds that one request takes while somebody else's scan takes every token: the next token is for the one who
 * came last, and is there after 1/rate of a second at the latest.
 */
export const besideScanMs = ({ rate, latencyMs }: Limits): number => 1_000 / rate + latencyMs

/** A way for each need. */
type Choice = ReadonlyMap<string, Way>

/** Every combination of ways. */
const choicesOf = (needs: readonly Need[]): readonly Choice[] =>
  needs.reduce<readonly Choice[]>(
    (choices, { of, ways }) =>
      choices.flatMap(choice => ways.map(way => new Map([...choice, [of, way]]))),
    [new Map()],
  )

/** The most requests that must wait for one another. */
const longestChain = (choice: Choice): number => {
  const depthOf = (of: string): number => {
    const way = choice.get(of)
    if (way === undefined) throw new Error(`Nothing needs "${of}"`)
    return (way.requests > 0 ? 1 : 0) + Math.max(0, ...(way.after ?? []).map(depthOf))
  }
  return Math.max(0, ...[...choice.keys()].map(depthOf))
}
