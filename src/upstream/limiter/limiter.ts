/**
 * The one gate to Push for all who use a key: every request, retries included, waits here for its turn and for a
 * token of the bucket, which other processes share.
 */
import { randomUUID } from 'node:crypto'
import { RateLimitedError } from '../../errors.ts'
import { atDeadline, type Clock } from '../../model/clock.ts'
import type { Priority, RateLimitState } from '../contract/contract.ts'
import type { BucketKeeper, BucketLimits } from './bucket.ts'
import { createFairQueue, type FairQueue, type Waiting } from './fair-queue.ts'
import {
  createSharedBucket,
  LEASE_MS,
  type SendingPause,
  type SharedBucket,
} from './shared-bucket.ts'
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

export interface Limiter extends Pick<SharedBucket, 'slowed'> {
  /** One who spends is to keep to these limits; without any, it spends no more. Of all who do, the smallest hold. */
  limitFor(spender: object, limits: BucketLimits | undefined): void
  /**
   * Waits for its turn and a token.
   *
   * @throws {NoTurnError} at once when `urgency.deadline` cannot be met, or when it passes in the queue;
   *   the reason of `urgency.signal` when that aborts
   */
  acquire(urgency: Urgency, latencyMs: number): Promise<Grant>
  /** Push answered 429 to a request sent at `sentAt`. Returns for how long nothing will be sent, in milliseconds. */
  refused(sentAt: number, retryAfterMs: number | undefined): number
  /** Push failed, and asked to be left alone so long (milliseconds): nothing is sent meanwhile. */
  pause(ms: number): void
  look(): RateLimitState
}

/** Our own queue is too long for the caller's deadline; nothing was sent. */
export class NoTurnError extends RateLimitedError {}

interface Entry extends Waiting {
  priority: Priority
  readonly urgency: Urgency
  readonly grant: (lease: string) => void
  readonly refuse: (error: Error) => void
}

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
  const bucket = createSharedBucket(keeper, clock, configured)
  const spenders = new Map<object, BucketLimits>()
  let stopWaiting = (): void => undefined

  /** Grants tokens in turn while there are any; then again when there may be one. */
  const serve = (): void => {
    stopWaiting()
    while (queue.size > 0) {
      const id = randomUUID()
      const taken = bucket.take(id)
      if (!taken.granted) {
        stopWaiting = clock.after(Math.max(1, taken.waitMs ?? untilReturnMs()), serve)
        return
      }
      queue.next()?.grant(id)
    }
  }

  /** Every token is on its way: answers of ours call `serve` themselves, those of others must be looked for. */
  const untilReturnMs = (): number => (bucket.hasForeignLease() ? FOREIGN_POLL_MS : LEASE_MS)

  const createGrant = (id: string, waitedMs: number): Grant => {
    const settle = (): void => {
      bucket.settle(id)
      serve()
    }
    return {
      waitedMs,
      settle,
      overdue: () => clock.after(ARRIVAL_MS, settle),
      giveBack: () => {
        bucket.giveBack(id)
        serve()
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
      const waitMs = bucket.waitMs(queue.ahead(urgency), latencyMs)
      const answeredAt = since + (waitMs === 0 ? 0 : waitMs + latencyMs)
      if (answeredAt > urgency.deadline || since >= urgency.deadline) {
        reject(noTurn(waitMs))
        return
      }
      enqueue(queue, urgency, clock, {
        waitMs: entry => bucket.waitMs(queue.before(entry), latencyMs),
        onGrant: lease => resolve(createGrant(lease, clock.now() - since)),
        onRefuse: reject,
        onEmpty: () => stopWaiting(),
      })
      serve()
    })

  /** Whoever cannot wait until the end of a pause learns it now. */
  const holdBack = ({ until, pauseMs }: SendingPause): number => {
    for (const { urgency, refuse } of [...queue.entries()])
      if (urgency.deadline < until) refuse(noTurn(pauseMs))
    serve()
    return pauseMs
  }

  return {
    acquire,
    refused: (sentAt, retryAfterMs) => holdBack(bucket.slowDown(sentAt, retryAfterMs)),
    pause: ms => void holdBack(bucket.pause(ms)),
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
      serve()
    },
    look: () => bucket.look(queue.size, queue.ahead({ owner: '', priority: 'interactive' })),
    slowed: bucket.slowed,
  }
}

interface Enqueued {
  /** Milliseconds until the entry's turn. */
  readonly waitMs: (entry: Entry) => number
  readonly onGrant: (lease: string) => void
  readonly onRefuse: (error: Error) => void
  /** Nobody waits any more. */
  readonly onEmpty: () => void
}

/** Lets one wait in the queue: until its turn, its abort, or its deadline. It moves up when it becomes more urgent. */
const enqueue = (
  queue: FairQueue<Entry>,
  urgency: Urgency,
  clock: Clock,
  { waitMs, onGrant, onRefuse, onEmpty }: Enqueued,
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
