/** The bucket of a key, which several processes share, as one process deals with it: at the limits that hold. */
import type { Clock } from '../../model/clock.ts'
import { type MaybePromise, whenThere } from './maybe-promise.ts'
import type { RateLimitState } from '../contract/contract.ts'
import { available, type BucketLimits, rateAt, type TokenBucket, waitFor } from './bucket.ts'
import { type BucketKeeper, type BucketVerdict, LEASE_MS } from './bucket-keeper.ts'

export interface SharedBucket {
  /** So many more may be asked for at once. */
  readonly most: number
  /**
   * One exchange with the keeper: tells what came back, and asks for tokens for the requests named `wanted`, for the first
   * `urgent` of which somebody waits. Not while another one is under way.
   *
   * @throws {BucketUnreachable} where the keeper cannot be asked: what was to be told is told by the next exchange
   */
  exchange(wanted: readonly string[], urgent: number): MaybePromise<Exchanged>
  /** Whether something is to be told. */
  hasNews(): boolean
  /** Whether something is by which a token may come sooner, or must not be taken. */
  hasUrgentNews(): boolean
  /** The request has been answered, or cannot reach Push any more. */
  settle(id: string): void
  /** The request was never sent. */
  giveBack(id: string): void
  /** Push answered 429 to a request sent at `sentAt`: milliseconds for which nothing will be sent. */
  slowDown(sentAt: number, retryAfterMs: number | undefined): MaybePromise<number>
  /** Push asked to be left alone so long (milliseconds), and nothing is wrong with the rate. The same. */
  pause(ms: number): MaybePromise<number>
  /** Milliseconds until one who has `ahead` others before it could be sent. */
  waitMs(ahead: number, latencyMs: number): number
  /** From now on these hold. What was gained until now was gained under those before. */
  limitTo(limits: BucketLimits): void
  /** What it is like with so many waiting, `ahead` of them before a newcomer; perhaps as it was a second ago. */
  look(queued: number, ahead: number): RateLimitState
  /** Whether the rate is below the configured one, because others spend on the key. */
  slowed(): boolean
}

export interface Exchanged {
  /** So many of the first that were wanted may be sent now. */
  readonly granted: number
  /** Milliseconds after which to ask for more. */
  readonly waitMs: number
  /** Whether there is none before an answer comes: every token is on its way. */
  readonly isSpent: boolean
  /** Whether requests of other processes are on their way. */
  readonly isShared: boolean
}

/** How soon the return of another process's request is noticed. */
const FOREIGN_POLL_MS = 100

/** The bucket that `keeper` keeps. */
export const createSharedBucket = (
  keeper: BucketKeeper,
  clock: Clock,
  configured: BucketLimits,
): SharedBucket => {
  /** Granted here, and not known to have come back by the keeper. */
  const own = new Set<string>()
  let limits = configured
  let settled: string[] = []
  let returned: string[] = []
  /** What the keeper must hear before the next step. */
  const owed: (() => MaybePromise<unknown>)[] = []

  const payDebts = (): MaybePromise<void> => {
    for (let debt = owed[0]; debt !== undefined; debt = owed[0]) {
      const paid = debt()
      if (paid instanceof Promise)
        return paid.then(() => {
          owed.shift()
          return payDebts()
        })
      owed.shift()
    }
  }

  /** Tells it now, or with the next exchange where it cannot be told; `presumedMs` is what is said of the pause then. */
  const tell = (how: () => MaybePromise<TokenBucket>, presumedMs: number): MaybePromise<number> => {
    const told = whenThere(how(), pauseMs)
    if (!(told instanceof Promise)) return told
    return told.catch(() => {
      owed.push(how)
      return presumedMs
    })
  }

  const waitMs = (bucket: TokenBucket, ahead: number, latencyMs: number): number =>
    // Where all tokens are on their way, the first answer makes room for the refill to begin.
    waitFor(bucket, ahead + 1, limits) ??
    latencyMs + (1000 * (ahead + 1)) / rateAt(bucket, bucket.at, limits)

  return {
    get most() {
      return Math.max(1, Math.ceil(limits.burst))
    },
    exchange: (wanted, urgent) => {
      const told = { settled, returned }
      settled = []
      returned = []
      const done = ({ bucket, granted, waitMs: untilNextMs }: BucketVerdict): Exchanged => {
        for (const id of [...told.settled, ...told.returned]) own.delete(id)
        for (const id of wanted.slice(0, granted)) own.add(id)
        // Every token is on its way: answers of ours are told by themselves, those of others must be looked for.
        const isShared = bucket.leases.some(lease => !own.has(lease.id))
        const waitMs = Math.max(1, untilNextMs ?? (isShared ? FOREIGN_POLL_MS : LEASE_MS))
        return { granted, waitMs, isSpent: untilNextMs === undefined, isShared }
      }
      const failed = (error: unknown): never => {
        settled.unshift(...told.settled)
        // Perhaps they were granted; surely none of them was sent.
        returned.unshift(...told.returned, ...wanted)
        throw error
      }
      const step = () => keeper.step({ limits, ...told, wanted, urgent })
      try {
        const verdict = whenThere(payDebts(), step)
        return verdict instanceof Promise ? verdict.then(done).catch(failed) : done(verdict)
      } catch (error) {
        return failed(error)
      }
    },
    hasNews: () => settled.length > 0 || returned.length > 0 || owed.length > 0,
    hasUrgentNews: () => returned.length > 0 || owed.length > 0,
    settle: id => {
      settled.push(id)
    },
    giveBack: id => {
      returned.push(id)
    },
    slowDown: (sentAt, retryAfterMs) =>
      tell(
        () => keeper.slow(limits, { sentAgoMs: clock.now() - sentAt, retryAfterMs }),
        retryAfterMs ?? 0,
      ),
    pause: ms => tell(() => keeper.pause(limits, ms), ms),
    waitMs: (ahead, latencyMs) => waitMs(keeper.peek(limits), ahead, latencyMs),
    limitTo: next => {
      if (next.rate === limits.rate && next.burst === limits.burst) return
      const before = limits
      owed.push(() =>
        keeper.step({ limits: before, settled: [], returned: [], wanted: [], urgent: 0 }),
      )
      limits = next
    },
    look: (queued, ahead) => {
      const bucket = keeper.glance(limits)
      return {
        limit: rateAt(bucket, bucket.at, limits),
        burst: limits.burst,
        available: Math.max(0, available(bucket) - queued),
        queued,
        estimatedWaitMs: Math.ceil(waitMs(bucket, ahead, 0)),
      }
    },
    slowed: () => {
      const bucket = keeper.glance(limits)
      return rateAt(bucket, bucket.at, limits) < limits.rate
    },
  }
}

/** For how long nothing will be sent. */
const pauseMs = (bucket: TokenBucket): number => Math.max(0, bucket.pausedUntil - bucket.at)
