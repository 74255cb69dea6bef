/** Requests a second, of each caller and of all: token buckets that hold twice what comes in a second. */
import { LRUCache } from 'lru-cache'
import type { Clock } from '../../model/clock.ts'
import type { Bounds } from '../../model/callers.ts'
import type { Caller } from './caller.ts'
import type { Scope } from './limits.ts'

/** Callers remembered; one who is forgotten has a full bucket again. */
const MAX_CALLERS = 10_000

/** Seconds' worth that a bucket holds. */
export const BURST_S = 2

export interface TooFast {
  readonly scope: Scope
  readonly retryAfterMs: number
}

export interface RequestRate {
  /** Counts one request, unless it comes too fast. */
  count(caller: Caller): TooFast | undefined
  /** Counts so many more, however many came; fewer than none are given back. */
  charge(caller: Caller, requests: number): void
}

/** That of one process. */
export interface OwnRequestRate extends RequestRate {
  /** So many are left to the caller by what others know; below none, so many more come before the next. */
  correct(caller: Caller, left: number): void
}

export const createRequestRate = (
  { perCaller, inAll }: Bounds,
  clock: Pick<Clock, 'now'>,
): OwnRequestRate => {
  const buckets = new LRUCache<Caller, Bucket>({ max: MAX_CALLERS })
  const all = new Bucket(inAll, clock.now())

  return {
    count: caller => {
      const now = clock.now()
      let own = buckets.get(caller)
      if (own === undefined) buckets.set(caller, (own = new Bucket(perCaller, now)))
      own.fill(now)
      all.fill(now)
      if (own.tokens < 1) return { scope: 'perCaller', retryAfterMs: own.msUntilNext() }
      // Who asks little is not made to pay for those who ask much.
      if (all.tokens < 1 && !own.isHalfFull())
        return { scope: 'inAll', retryAfterMs: all.msUntilNext() }
      own.tokens -= 1
      all.tokens = Math.max(0, all.tokens - 1)
      return undefined
    },
    charge: (caller, requests) => {
      const own = buckets.get(caller)
      if (own !== undefined) own.tokens = Math.max(0, own.tokens - requests)
    },
    correct: (caller, left) => {
      const own = buckets.get(caller)
      if (own === undefined) return
      own.fill(clock.now())
      own.tokens = Math.min(perCaller * BURST_S, left)
    },
  }
}

class Bucket {
  readonly #rate: number
  tokens: number
  #filledAt: number

  constructor(rate: number, now: number) {
    this.#rate = rate
    this.tokens = rate * BURST_S
    this.#filledAt = now
  }

  /** A clock that was set back fills nothing. */
  fill(now: number): void {
    const ms = Math.max(0, now - this.#filledAt)
    this.tokens = Math.min(this.#rate * BURST_S, this.tokens + (ms * this.#rate) / 1_000)
    this.#filledAt = now
  }

  isHalfFull(): boolean {
    return this.tokens >= (this.#rate * BURST_S) / 2
  }

  msUntilNext(): number {
    return ((1 - this.tokens) * 1_000) / this.#rate
  }
}
