/** What a way of reading costs, in requests and in time. Pure: the same terms give the same choice. */

/** What is known of a connector when a choice is made. */
export interface Terms {
  /** Requests that could go out at once. */
  readonly available: number
  /** Requests per second after that. */
  readonly rate: number
  /** From sending to answer, in milliseconds. */
  readonly latencyMs: number
}

/** A way of reading: so many requests, of which so many must wait for one another. */
export interface Cost {
  readonly requests: number
  readonly chain: number
}

/** Milliseconds until the last answer is in: the limiter or the chain, whichever is slower. */
export const timeMs = (cost: Cost, terms: Terms): number => {
  if (cost.requests <= 0 && cost.chain <= 0) return 0
  const paced = (Math.max(0, cost.requests - terms.available) / terms.rate) * 1_000
  return Math.max(paced + terms.latencyMs, cost.chain * terms.latencyMs)
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
