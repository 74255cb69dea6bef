/**
 * What goes to and fro between those who wait and the bucket: one exchange at a time, which tells all that came back and asks
 * for as many tokens as are waited for.
 */
import { randomUUID } from 'node:crypto'
import type { Clock } from '../../model/clock.ts'
import type { Priority } from '../contract/contract.ts'
import { BucketUnreachable } from './bucket-keeper.ts'
import type { FairQueue, Waiting } from './fair-queue.ts'
import type { Exchanged, SharedBucket } from './shared-bucket.ts'

/** A token that was granted. */
export interface Lent {
  readonly id: string
  /** Milliseconds since it was asked for, by whichever clock says more: one may have been set, the other have slept. */
  readonly ageMs: () => number
}

/** One who waits in the queue; leaves it by either function. */
export interface Queued extends Waiting {
  readonly grant: (lent: Lent) => void
  readonly refuse: (error: Error) => void
}

export interface Pump {
  /** Something was given back, or what a wait was reckoned by has changed. */
  serve(): void
  /** An answer is in, which is told by the way where it brings no token any sooner. */
  answered(): void
  /** One of that priority waits from now on. */
  joined(priority: Priority): void
  /** Nobody waits any more. */
  rest(): void
}

/**
 * Where several processes wait for the next token, one of them gets it, and the others have asked in vain. Who reads in the
 * background does so the less often, and finds more at once: what a bucket holds is not lost meanwhile.
 */
const MOST_PATIENCE = 4
const LONGER_MS = 500

/**
 * Tokens that are granted in one pass of the event loop: to send a request takes a tenth of a millisecond or two, and what
 * its answer brings as long.
 */
const MOST_IN_PASS = 20

/** A keeper that cannot be asked is asked again after this, and those who wait are told of it after that. */
const ASK_AGAIN_MS = 100
const PATIENCE_MS = 1000

export const createPump = (queue: FairQueue<Queued>, bucket: SharedBucket, clock: Clock): Pump => {
  const name = randomUUID().slice(0, 18)
  let asked = 0
  let isUnderWay = false
  /** For whom the exchange under way asks, or the timer runs. */
  let waitsFor: Priority | undefined
  /** Whether it was asked in this pass of the event loop, and whether to ask once more at the end of it. */
  let hasServed = false
  let isPlanned = false
  /** Whether to ask again as soon as the exchange under way is over. */
  let isDue = false
  /** Whether a timer runs until the next token, whatever is answered meanwhile. */
  let isSoon = false
  /** Whether the exchange is at the time at which there should be a token. */
  let hasWaited = false
  let stopWaiting = (): void => undefined
  let failingFor: (() => number) | undefined
  /** By how much longer than was said to wait, since others take what comes. */
  let patience = 1

  const rest = (): void => {
    stopWaiting()
    isSoon = false
    if (!isUnderWay) waitsFor = undefined
  }

  const isIdle = (): boolean => queue.size === 0 && !bucket.hasNews()
  const mostUrgent = (): Priority => (queue.urgent > 0 ? 'interactive' : 'background')

  /** The first of a pass of the event loop at once; whatever else comes up in it comes to one exchange. */
  const serveInPass = (): void => {
    if (hasServed) {
      isPlanned = true
      return
    }
    hasServed = true
    setImmediate(() => {
      hasServed = false
      if (isPlanned) serveInPass()
    })
    serve()
  }

  const serve = (): void => {
    isPlanned = false
    rest()
    if (isUnderWay) isDue = true
    if (isUnderWay || isIdle()) return
    const wanted = Array.from(
      { length: Math.min(queue.size, bucket.most, MOST_IN_PASS) },
      () => `${name}${(asked += 1)}`,
    )
    const ageMs = stopwatch(clock)
    isUnderWay = true
    waitsFor = mostUrgent()
    const done = (exchanged: Exchanged): void => over(wanted, ageMs, exchanged)
    try {
      const exchanged = bucket.exchange(wanted, queue.urgent)
      if (exchanged instanceof Promise) exchanged.then(done, failed)
      else done(exchanged)
    } catch (error) {
      failed(error as Error)
    }
  }

  const over = (
    wanted: readonly string[],
    ageMs: () => number,
    { granted, waitMs, isSpent, isShared }: Exchanged,
  ): void => {
    const again = isDue || granted === wanted.length
    const isAsTold = hasWaited
    end()
    failingFor = undefined
    for (const id of wanted.slice(0, granted)) {
      const next = queue.next()
      if (next === undefined) bucket.giveBack(id)
      else next.grant({ id, ageMs })
    }
    if (isIdle()) return
    const isPressing = bucket.hasUrgentNews() || (isSpent && bucket.hasNews())
    if (again || isPressing) {
      serveInPass()
      return
    }
    waitsFor = mostUrgent()
    isSoon = !isSpent
    if (waitsFor === 'interactive' || granted === wanted.length) patience = 1
    else if (granted > 1) patience = Math.max(1, patience / 2)
    // Also whoever gets each token in time, so that others get the next.
    else if (granted === 0 ? isAsTold : isShared) patience = Math.min(MOST_PATIENCE, patience * 2)
    stopWaiting = clock.after(Math.max(waitMs, Math.min(LONGER_MS, waitMs * patience)), () => {
      hasWaited = true
      serve()
      if (!isUnderWay) hasWaited = false
    })
  }

  const failed = (error: Error): void => {
    end()
    // Not since it was asked: a process that was halted meanwhile finds its question overdue, be the answer there.
    failingFor ??= stopwatch(clock)
    if (!(error instanceof BucketUnreachable) || failingFor() >= PATIENCE_MS)
      for (const { refuse } of [...queue.entries()]) refuse(error)
    if (!isIdle()) stopWaiting = clock.after(ASK_AGAIN_MS, serve)
  }

  const end = (): void => {
    isUnderWay = false
    isDue = false
    hasWaited = false
    waitsFor = undefined
  }

  return {
    serve,
    rest,
    answered: () => {
      // What is counted as gone and no longer as on its way leaves as much as before.
      if (!isSoon && !isUnderWay) serveInPass()
    },
    joined: priority => {
      const isNews =
        waitsFor === undefined || (waitsFor === 'background' && priority === 'interactive')
      if (isNews) serveInPass()
    },
  }
}

/** Milliseconds from now on, by whichever clock says more. */
const stopwatch = (clock: Pick<Clock, 'now'>): (() => number) => {
  const [wall, steady] = [clock.now(), performance.now()]
  return () => Math.max(clock.now() - wall, performance.now() - steady)
}
