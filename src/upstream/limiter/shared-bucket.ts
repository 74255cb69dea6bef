/** The bucket of a key, which several processes share: each look and each change by the clock, at the limits that hold. */
import type { Clock } from '../../model/clock.ts'
import type { RateLimitState } from '../contract/contract.ts'
import {
  available,
  type BucketKeeper,
  type BucketLimits,
  fullBucket,
  giveBack,
  pauseSending,
  rateAt,
  refill,
  settle,
  slowDown,
  take,
  type Taken,
  type TokenBucket,
  waitFor,
} from './bucket.ts'

/** Until when nothing will be sent, and for how long. */
export interface SendingPause {
  readonly until: number
  readonly pauseMs: number
}

export interface SharedBucket {
  /** Takes a token for the request named `id`. */
  take(id: string): Taken
  /** The request has been answered, or cannot reach Push any more. */
  settle(id: string): void
  /** The request was never sent. */
  giveBack(id: string): void
  /** Push answered 429 to a request sent at `sentAt`. */
  slowDown(sentAt: number, retryAfterMs: number | undefined): SendingPause
  /** Push asked to be left alone so long (milliseconds), and nothing is wrong with the rate. */
  pause(ms: number): SendingPause
  /** Milliseconds until one who has `ahead` others before it could be sent. */
  waitMs(ahead: number, latencyMs: number): number
  /** Whether a request of another process is on its way. */
  hasForeignLease(): boolean
  /** From now on these hold. What was gained until now was gained under those before. */
  limitTo(limits: BucketLimits): void
  /** What it is like with so many waiting, `ahead` of them before a newcomer; perhaps as it was a second ago. */
  look(queued: number, ahead: number): RateLimitState
  /** Whether the rate is below the configured one, because others spend on the key. */
  slowed(): boolean
}

/** Longer than any request is on its way to Push: when a lease of a dead process counts as arrived. */
export const LEASE_MS = 12_000

/** The bucket that `keeper` keeps. */
export const createSharedBucket = (
  keeper: BucketKeeper,
  clock: Clock,
  configured: BucketLimits,
): SharedBucket => {
  const own = new Set<string>()
  let limits = configured

  const change = <Verdict>(
    how: (bucket: TokenBucket, now: number) => readonly [TokenBucket, Verdict],
  ): Verdict =>
    keeper.update(kept => {
      const now = clock.now()
      return how(kept ?? fullBucket(now, limits), now)
    })

  const finish = (id: string, how: (bucket: TokenBucket, now: number) => TokenBucket): void => {
    own.delete(id)
    change((bucket, now) => [how(bucket, now), undefined])
  }

  const asOfNow = (kept: TokenBucket | undefined): TokenBucket => {
    const now = clock.now()
    return refill(kept ?? fullBucket(now, limits), now, limits)
  }

  const waitMs = (bucket: TokenBucket, ahead: number, latencyMs: number): number =>
    // Where all tokens are on their way, the first answer makes room for the refill to begin.
    waitFor(bucket, ahead + 1, limits) ??
    latencyMs + (1000 * (ahead + 1)) / rateAt(bucket, bucket.at, limits)

  return {
    take: id => {
      const taken = change((bucket, now) =>
        take(bucket, now, limits, { id, expiresAt: now + LEASE_MS }),
      )
      if (taken.granted) own.add(id)
      return taken
    },
    settle: id => finish(id, (bucket, now) => settle(bucket, now, limits, id)),
    giveBack: id => finish(id, bucket => giveBack(bucket, id)),
    slowDown: (sentAt, retryAfterMs) => {
      const random = clock.random()
      return change((bucket, now) => {
        return paused(slowDown(bucket, now, limits, { sentAt, retryAfterMs, random }), now)
      })
    },
    pause: ms => change((bucket, now) => paused(pauseSending(bucket, now, limits, ms), now)),
    waitMs: (ahead, latencyMs) => waitMs(asOfNow(keeper.peek()), ahead, latencyMs),
    hasForeignLease: () => asOfNow(keeper.peek()).leases.some(lease => !own.has(lease.id)),
    limitTo: next => {
      if (next.rate === limits.rate && next.burst === limits.burst) return
      change((bucket, now) => [refill(bucket, now, limits), undefined])
      limits = next
    },
    look: (queued, ahead) => {
      const bucket = asOfNow(keeper.glance())
      return {
        limit: rateAt(bucket, bucket.at, limits),
        burst: limits.burst,
        available: Math.max(0, available(bucket) - queued),
        queued,
        estimatedWaitMs: Math.ceil(waitMs(bucket, ahead, 0)),
      }
    },
    slowed: () => {
      const bucket = asOfNow(keeper.glance())
      return rateAt(bucket, bucket.at, limits) < limits.rate
    },
  }
}

/** The bucket, and what its pause means for those who wait. */
const paused = (bucket: TokenBucket, now: number): readonly [TokenBucket, SendingPause] => {
  const until = bucket.pausedUntil
  return [bucket, { until, pauseMs: Math.max(0, until - now) }]
}
