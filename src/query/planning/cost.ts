/** What an access path costs, in requests and in time. Pure: the same terms give the same choice. */

/** What is known of a connector when a choice is made. */
export interface Terms {
  /** Requests that could go out at once. */
  readonly available: number
  /** Requests that could go out at once after a pause. */
  readonly burst: number
  /** Requests per second after that. */
  readonly rate: number
  /** From sending to answer, in milliseconds. */
  readonly latencyMs: number
}

/** So many requests, of which so many must wait for one another. */
export interface Cost {
  readonly requests: number
  readonly depth: number
}

export const free: Cost = { requests: 0, depth: 0 }

/** What so many requests cost that do not wait for one another. */
export const atOnce = (requests: number): Cost => ({ requests, depth: Math.min(1, requests) })

/** What so many requests cost of which each waits for the one before. */
export const inTurn = (requests: number): Cost => ({ requests, depth: requests })

/** What both cost when they are made at the same time. */
export const sideBySide = (a: Cost, b: Cost): Cost => ({
  requests: a.requests + b.requests,
  depth: Math.max(a.depth, b.depth),
})

/** Of several answers that are waited for together, the last comes this much later than the usual one. */
const LAST_OF_SEVERAL = 1.15

/** Milliseconds until the last answer is in: the limiter or the chain, whichever is slower. */
export const timeMs = (cost: Cost, terms: Terms): number => {
  const { available, burst, rate, latencyMs } = terms
  if (cost.requests <= 0 && cost.depth <= 0) return 0
  if (cost.requests <= available) {
    const last = cost.requests > cost.depth ? LAST_OF_SEVERAL : 1
    return (Math.max(1, cost.depth) - 1 + last) * latencyMs
  }
  // What is full is not refilled before the first of its requests is answered.
  const untilRefillMs = available >= burst ? latencyMs : 0
  const pacedMs = untilRefillMs + ((cost.requests - available) / rate) * 1_000
  return Math.max(pacedMs + latencyMs, cost.depth * latencyMs)
}

/**
 * Fewer requests win, since they are what everybody shares, unless that is clearly slower for the one who waits:
 * half as long again, and by more than a quarter of a second.
 */
export const isBetter = (a: Cost, b: Cost, terms: Terms): boolean => {
  const [timeA, timeB] = [timeMs(a, terms), timeMs(b, terms)]
  if (a.requests === b.requests) return timeA < timeB
  const [fewer, more] = a.requests < b.requests ? [timeA, timeB] : [timeB, timeA]
  const muchSlower = fewer > more * 1.5 && fewer > more + 250
  return muchSlower ? timeA < timeB : a.requests < b.requests
}
