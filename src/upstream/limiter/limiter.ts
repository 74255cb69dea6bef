/**
 * The one gate to Push for all who use a key: every request, retries included, waits here for its turn and for a
 * token of the bucket, which other processes share.
 */
import { RateLimitedError } from '../../errors.ts'
import { atDeadline, type Clock } from '../../model/clock.ts'
import { type MaybePromise, whenThere } from './maybe-promise.ts'
import type { Priority, RateLimitState } from '../contract/contract.ts'
import type { BucketLimits } from './bucket.ts'
import { type BucketKeeper, LEASE_MS } from './bucket-keeper.ts'
import { createFairQueue, type FairQueue } from './fair-queue.ts'
import { createPump, type Lent, type Queued } from './pump.ts'
import { createSharedBucket, type SharedBucket } from './shared-bucket.ts'
import type { Urgency } from './urgency.ts'

/** The leave to send one request now. Exactly one of its functions must be called, once. */
export interface Grant {
  /** Milliseconds between asking and getting. */
  readonly waitedMs: number
  /** The answer is in, or it is certain that none comes. */
  readonly settle: () => void
  /** No answer came in time: the request may reach Push yet, but not much later. */
  readonly overdue: () => void
  /** Whether it is too old for a request to leave by it: it may count as arrived before it arrives. */
  readonly isStale: () => boolean
  /** The request was not sent after all. */
  readonly giveBack: () => void
}

export interface Limiter extends Pick<SharedBucket, 'slowed'> {
  /** One who spends is to keep to these limits; without any, it spends no more. Of all who do, the smallest hold. */
  limitFor(spender: object, limits: BucketLimits | undefined): void
  /** Whether anybody spends. */
  isInUse(): boolean
  /**
   * Waits for its turn and a token.
   *
   * @throws {NoTurnError} at once when `urgency.deadline` cannot be met, or when it passes in the queue;
   *   {BucketUnreachable} where the keeper of the bucket cannot be asked for longer than a moment;
   *   the reason of `urgency.signal` when that aborts
   */
  acquire(urgency: Urgency, latencyMs: number): Promise<Grant>
  /** Push answered 429 to a request sent at `sentAt`. What comes back: for how long nothing will be sent, in milliseconds. */
  refused(sentAt: number, retryAfterMs: number | undefined): MaybePromise<number>
  /** Push failed, and asked to be left alone so long (milliseconds): nothing is sent meanwhile. */
  pause(ms: number): void
  look(): RateLimitState
}

/** Our own queue is too long for the caller's deadline; nothing was sent. */
export class NoTurnError extends RateLimitedError {}

interface Entry extends Queued {
  priority: Priority
  readonly urgency: Urgency
}

/** How long after giving up a request may still reach Push. */
const ARRIVAL_MS = 1000
/** A grant that is older is given back: a process that was stopped meanwhile may have lost its lease. */
const SHELF_LIFE_MS = 1000 /** A connection may take its time, but what leaves later would arrive when its lease may have run out. */
const LEAVE_WITHIN_MS = LEASE_MS / 2

/** The gate before the bucket that `keeper` keeps. */
export const createLimiter = (
  keeper: BucketKeeper,
  clock: Clock,
  configured: BucketLimits,
): Limiter => {
  const queue = createFairQueue<Entry>()
  const bucket = createSharedBucket(keeper, clock, configured)
  const spenders = new Map<object, BucketLimits>()
  const pump = createPump(queue, bucket, clock)

  const createGrant = ({ id, ageMs }: Lent, waitedMs: number): Grant => {
    const settle = (): void => {
      bucket.settle(id)
      pump.answered()
    }
    return {
      waitedMs,
      settle,
      overdue: () => clock.after(ARRIVAL_MS, settle),
      isStale: () => ageMs() > LEAVE_WITHIN_MS,
      giveBack: () => {
        bucket.giveBack(id)
        pump.serve()
      },
    }
  }

  const wait = (urgency: Urgency, latencyMs: number, since: number): Promise<Lent> =>
    new Promise((resolve, reject) => {
      if (urgency.signal.aborted) {
        reject(urgency.signal.reason as Error)
        return
      }
      const at = clock.now()
      const waitMs = bucket.waitMs(queue.ahead(urgency), latencyMs)
      const answeredAt = at + (waitMs === 0 ? 0 : waitMs + latencyMs)
      if (answeredAt > urgency.deadline || since >= urgency.deadline) {
        reject(noTurn(waitMs))
        return
      }
      enqueue(queue, urgency, clock, {
        waitMs: entry => bucket.waitMs(queue.before(entry), latencyMs),
        onGrant: resolve,
        onRefuse: reject,
        onRise: () => pump.joined('interactive'),
        onEmpty: pump.rest,
      })
      pump.joined(urgency.priority)
    })

  const acquire = async (urgency: Urgency, latencyMs: number): Promise<Grant> => {
    const since = clock.now()
    for (;;) {
      const lent = await wait(urgency, latencyMs, since)
      if (lent.ageMs() <= SHELF_LIFE_MS) return createGrant(lent, clock.now() - since)
      bucket.giveBack(lent.id)
    }
  }

  /** Whoever cannot wait until the end of a pause learns it now. */
  const holdBack = (pauseMs: number): number => {
    const until = clock.now() + pauseMs
    for (const { urgency, refuse } of [...queue.entries()])
      if (urgency.deadline < until) refuse(noTurn(pauseMs))
    pump.serve()
    return pauseMs
  }

  return {
    acquire,
    refused: (sentAt, retryAfterMs) => whenThere(bucket.slowDown(sentAt, retryAfterMs), holdBack),
    pause: ms => void whenThere(bucket.pause(ms), holdBack),
    limitFor: (spender, limits) => {
      if (limits === undefined) spenders.delete(spender)
      else spenders.set(spender, limits)
      if (spenders.size === 0) return
      const all = [...spenders.values()]
      bucket.limitTo({
        rate: Math.min(...all.map(({ rate }) => rate)),
        burst: Math.min(...all.map(({ burst }) => burst)),
      })
      // A turn may come sooner now.
      pump.serve()
    },
    isInUse: () => spenders.size > 0,
    look: () => bucket.look(queue.size, queue.ahead({ owner: '', priority: 'interactive' })),
    slowed: bucket.slowed,
  }
}

interface Enqueued {
  /** Milliseconds until the entry's turn. */
  readonly waitMs: (entry: Entry) => number
  readonly onGrant: (lease: Lent) => void
  readonly onRefuse: (error: Error) => void
  /** It has become interactive. */
  readonly onRise: () => void
  /** Nobody waits any more. */
  readonly onEmpty: () => void
}

/** Lets one wait in the queue: until its turn, its abort, or its deadline. It moves up when it becomes more urgent. */
const enqueue = (
  queue: FairQueue<Entry>,
  urgency: Urgency,
  clock: Clock,
  { waitMs, onGrant, onRefuse, onRise, onEmpty }: Enqueued,
): void => {
  let stopDeadline = (): void => undefined
  const leave = (): void => {
    queue.remove(entry)
    stopDeadline()
    urgency.signal.removeEventListener('abort', aborted)
    urgency.onRise = undefined
    urgency.waitMs = undefined
    if (queue.size === 0) onEmpty()
  }
  const refuse = (error: Error): void => {
    leave()
    onRefuse(error)
  }
  const aborted = (): void => refuse(urgency.signal.reason as Error)
  const awaitDeadline = (): void => {
    stopDeadline()
    stopDeadline = atDeadline(clock, urgency.deadline, () => refuse(noTurn(waitMs(entry))))
  }
  const entry: Entry = {
    owner: urgency.owner,
    priority: urgency.priority,
    urgency,
    refuse,
    grant: lease => {
      leave()
      onGrant(lease)
    },
  }

  queue.add(entry)
  urgency.signal.addEventListener('abort', aborted)
  urgency.waitMs = () => waitMs(entry)
  urgency.onRise = () => {
    awaitDeadline()
    if (entry.priority === urgency.priority) return
    queue.remove(entry)
    entry.priority = urgency.priority
    queue.add(entry)
    onRise()
  }
  awaitDeadline()
}

const noTurn = (waitMs: number): NoTurnError => {
  const retryAfterMs = Math.ceil(waitMs)
  return new NoTurnError(
    `Push's request limit leaves no turn in time; the next one is in about ${retryAfterMs} ms.`,
    retryAfterMs,
  )
}
