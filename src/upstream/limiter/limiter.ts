/**
 * The one gate to Push for all who use a key: every request, retries included, waits here for its turn and for a
 * token of the bucket, which other processes share.
 */
import { randomUUID } from 'node:crypto'
import { RateLimitedError } from '../../errors.ts'
import { atDeadline, type Clock } from '../../model/clock.ts'
import {
  available,
  fullBucket,
  giveBack,
  rateAt,
  refill,
  settle,
  slowDown,
  take,
  waitFor,
  type TokenBucket,
  type BucketKeeper,
  type BucketLimits,
} from './bucket.ts'
import type { RateLimitState, Priority } from '../contract/contract.ts'
import { createFairQueue, type Waiting } from './fair-queue.ts'
import type { Urgency } from './urgency.ts'

/** The leave to send one request now. Exactly one of its functions must be called, once. */
export interface Grant {
  /** Milliseconds between asking and getting. */
  readonly waitedMs: number
  /** The answer is in, or it is certain that none comes. */
  readonly settle: () => void
  /** No answer came in time: the request may reach Push yet, but not much later. */
  readonly overdue: () => void
  /** The request was not sent after all. */
  readonly giveBack: () => void
}

export interface Limiter {
  /**
   * Waits for turn and token.
   *
   * @throws {NoTurnError} at once when `urgency.deadline` cannot be met, or when it passes in the queue;
   *   the reason of `urgency.signal` when that aborts
   */
  acquire(urgency: Urgency, latencyMs: number): Promise<Grant>
  /** Push answered 429 to a request sent at `sentAt`. Returns for how long nothing will be sent, in milliseconds. */
  refused(sentAt: number, retryAfterMs: number | undefined): number
  /** A second client of the same key: the smaller limits hold. */
  tighten(limits: BucketLimits): void
  look(): RateLimitState
  /** Whether the rate is below the configured one, because others spend on the key. */
  slowed(): boolean
}

/** Our own queue is too long for the caller's deadline; nothing was sent. */
export class NoTurnError extends RateLimitedError {}

interface Entry extends Waiting {
  priority: Priority
  readonly urgency: Urgency
  readonly grant: (lease: string) => void
  readonly refuse: (error: Error) => void
}

/** Longer than any request may take: when a lease of a dead process counts as arrived. */
const LEASE_MS = 12_000
/** How long after giving up a request may still reach Push. */
const ARRIVAL_MS = 1000
/** How soon the return of another process's request is noticed. */
const FOREIGN_POLL_MS = 100

/** The gate before the bucket that `keeper` keeps. */
export const createLimiter = (
  keeper: BucketKeeper,
  clock: Clock,
  configured: BucketLimits,
): Limiter => {
  const queue = createFairQueue<Entry>()
  const own = new Set<string>()
  let limits = configured
  let stopWaiting: (() => void) | undefined

  const change = <Verdict>(
    how: (bucket: TokenBucket, now: number) => readonly [TokenBucket, Verdict],
  ) =>
    keeper.update(kept => {
      const now = clock.now()
      return how(kept ?? fullBucket(now, limits), now)
    })

  const asOfNow = (kept: TokenBucket | undefined): TokenBucket => {
    const now = clock.now()
    return refill(kept ?? fullBucket(now, limits), now, limits)
  }

  const present = (): TokenBucket => asOfNow(keeper.peek())

  /** Milliseconds until one who has `ahead` others before it could be sent. */
  const estimate = (bucket: TokenBucket, ahead: number, latencyMs: number): number => {
    const waitMs = waitFor(bucket, ahead + 1, limits)
    if (waitMs !== undefined) return waitMs
    // The first answer makes room for the refill to begin.
    return latencyMs + (1000 * (ahead + 1)) / rateAt(bucket, bucket.at, limits)
  }

  const serve = (): void => {
    stopWaiting?.()
    stopWaiting = undefined
    while (queue.size > 0) {
      const id = randomUUID()
      const taken = change((bucket, now) =>
        take(bucket, now, limits, { id, expiresAt: now + LEASE_MS }),
      )
      if (!taken.granted) {
        stopWaiting = clock.after(Math.max(1, taken.waitMs ?? untilReturnMs()), serve)
        return
      }
      own.add(id)
      queue.next()?.grant(id)
    }
  }

  /** Every token is on its way: answers of ours call `serve` themselves, those of others must be looked for. */
  const untilReturnMs = (): number =>
    present().leases.every(lease => own.has(lease.id)) ? LEASE_MS : FOREIGN_POLL_MS

  const finish = (id: string, how: (bucket: TokenBucket, now: number) => TokenBucket): void => {
    own.delete(id)
    change((bucket, now) => [how(bucket, now), undefined])
    if (queue.size > 0) serve()
  }

  const createGrant = (id: string, waitedMs: number): Grant => {
    const settled = (): void => {
      finish(id, (bucket, now) => settle(bucket, now, limits, id))
    }
    return {
      waitedMs,
      settle: settled,
      overdue: () => {
        clock.after(ARRIVAL_MS, settled)
      },
      giveBack: () => {
        finish(id, bucket => giveBack(bucket, id))
      },
    }
  }

  const acquire = (urgency: Urgency, latencyMs: number): Promise<Grant> =>
    new Promise((resolve, reject) => {
      if (urgency.signal.aborted) {
        reject(urgency.signal.reason as Error)
        return
      }
      const since = clock.now()
      const waitMs = estimate(present(), queue.ahead(urgency), latencyMs)
      const answeredAt = since + (waitMs === 0 ? 0 : waitMs + latencyMs)
      if (answeredAt > urgency.deadline || since >= urgency.deadline) {
        reject(noTurn(waitMs))
        return
      }

      let stopDeadline: (() => void) | undefined
      const leave = (): void => {
        queue.remove(entry)
        stopDeadline?.()
        urgency.signal.removeEventListener('abort', aborted)
        urgency.onRise = undefined
        urgency.waitMs = undefined
        if (queue.size === 0) {
          stopWaiting?.()
          stopWaiting = undefined
        }
      }
      const refuse = (error: Error): void => {
        leave()
        reject(error)
      }
      const aborted = (): void => {
        refuse(urgency.signal.reason as Error)
      }
      const awaitDeadline = (): void => {
        stopDeadline?.()
        stopDeadline = atDeadline(clock, urgency.deadline, () => {
          refuse(noTurn(estimate(present(), queue.before(entry), latencyMs)))
        })
      }
      const entry: Entry = {
        owner: urgency.owner,
        priority: urgency.priority,
        urgency,
        refuse,
        grant: lease => {
          leave()
          resolve(createGrant(lease, clock.now() - since))
        },
      }

      queue.add(entry)
      urgency.signal.addEventListener('abort', aborted)
      urgency.waitMs = () => estimate(present(), queue.before(entry), latencyMs)
      urgency.onRise = () => {
        awaitDeadline()
        if (entry.priority === urgency.priority) return
        queue.remove(entry)
        entry.priority = urgency.priority
        queue.add(entry)
      }
      awaitDeadline()
      serve()
    })

  return {
    acquire,
    refused: (sentAt, retryAfterMs) => {
      const random = clock.random()
      const { until, pauseMs } = change((bucket, now) => {
        const slowed = slowDown(bucket, now, limits, { sentAt, retryAfterMs, random })
        const pause = { until: slowed.pausedUntil, pauseMs: Math.max(0, slowed.pausedUntil - now) }
        return [slowed, pause]
      })
      // Whoever cannot wait that long learns it now.
      for (const { urgency, refuse } of [...queue.entries()])
        if (urgency.deadline < until) refuse(noTurn(pauseMs))
      if (queue.size > 0) serve()
      return pauseMs
    },
    tighten: other => {
      limits = {
        rate: Math.min(limits.rate, other.rate),
        burst: Math.min(limits.burst, other.burst),
      }
    },
    look: () => {
      const bucket = asOfNow(keeper.glance())
      const newcomer = { owner: '', priority: 'interactive' } as const
      return {
        limit: rateAt(bucket, bucket.at, limits),
        burst: limits.burst,
        available: Math.max(0, available(bucket) - queue.size),
        queued: queue.size,
        estimatedWaitMs: Math.ceil(estimate(bucket, queue.ahead(newcomer), 0)),
      }
    },
    slowed: () => {
      const bucket = asOfNow(keeper.glance())
      return rateAt(bucket, bucket.at, limits) < limits.rate
    },
  }
}

const noTurn = (waitMs: number): NoTurnError => {
  const retryAfterMs = Math.ceil(waitMs)
  return new NoTurnError(
    `Push's request limit leaves no turn in time; the next one is in about ${retryAfterMs} ms.`,
    retryAfterMs,
  )
}
