/**
 * Turns on the event loop, shared out among all who have long work, so that nobody holds the others up. In each turn one
 * caller after the other goes on, who had least of the loop first, until the turn is over and everybody else (requests,
 * probes, what came from Push) has had theirs. What these begin has a turn before that of those who wait: in one pass of
 * the loop, two at most.
 */

import { LargeHoldings } from './large-holdings.ts'

/** Where time comes from; an argument, so that tests need not wait. */
export interface TurnTime {
  /** Milliseconds from any moment on. */
  now(): number
  /** Processor time of this thread so far, in milliseconds. */
  cpu(): number
  /** Calls back once whatever waits in the event loop has had its turn. */
  defer(callback: () => void): void
}

/** Without a look at the processor's own time: to wait for another process counts as work, too. */
export const plainTime: TurnTime = {
  now: () => performance.now(),
  cpu: () => performance.now(),
  defer: callback => {
    setImmediate(callback)
  },
}

/** Work of a caller that waits for a turn. */
export interface QueuedWork {
  /** Whose turn it takes. */
  readonly caller: string
  /** Goes on with one of the things that wait. False where none does any more. */
  goOn(): boolean
  /** It had so many milliseconds of this turn. */
  took(ms: number): void
}

/** How long a turn lasts, in milliseconds; a step that cannot be broken off comes on top. */
const TURN_MS = 5
/** The same while new connections come, and how long after the last of them that holds. */
const SHORT_TURN_MS = 1
const SHORT_FOR_MS = 10

interface Queue {
  /** What the caller had of the loop, in milliseconds, counted from where others stood when it came. */
  had: number
  readonly works: QueuedWork[]
}

export class Turns {
  /** Who holds much in memory, of all who have turns. */
  readonly holdings = new LargeHoldings()
  readonly #watch: TurnTime
  readonly #queues = new Map<string, Queue>()
  #number = 0
  #isOpen = false
  #beganAt = 0
  #lengthMs = TURN_MS
  #shortUntil = -Infinity
  #beganCpu = 0
  #lookedAt = 0
  #isGoing = false
  /** Whether somebody has in this turn, and who did last, until what it took is counted. */
  #hasGoneOn = false
  #gone: QueuedWork | undefined
  /** What those had who went on last: who comes anew is owed no more than they. */
  #floor = 0

  constructor(watch: TurnTime = plainTime) {
    this.#watch = watch
  }

  /** The number of this turn. */
  get number(): number {
    return this.#number
  }

  /** Milliseconds since the last look in this turn; 0 where it begins with this one. */
  look(): number {
    const now = this.#watch.now()
    if (!this.#isOpen) {
      this.#begin(now)
      return 0
    }
    const ms = now - this.#lookedAt
    this.#lookedAt = now
    return ms
  }

  /** Whether so many turns' time is used up, as of the last look. */
  isOver(times = 1): boolean {
    return this.#lookedAt - this.#beganAt > this.#lengthMs * times
  }

  /** Whether this turn is over by now, for whoever has not worked in it. */
  isLate(): boolean {
    const now = this.#watch.now()
    if (!this.#isOpen) this.#begin(now)
    return now - this.#beganAt > this.#lengthMs
  }

  /**
   * Turns are short for a while: somebody came by a new connection. The event loop takes one of those in each of its
   * passes, however many wait, and whoever waits there waits for as many passes as there are others before it.
   */
  giveWay(): void {
    this.#shortUntil = this.#watch.now() + SHORT_FOR_MS
  }

  /** Which part of the time since this turn began the processor worked for us: 0 to 1. */
  share(): number {
    const wall = this.#lookedAt - this.#beganAt
    return wall <= 0 ? 1 : Math.min(1, (this.#watch.cpu() - this.#beganCpu) / wall)
  }

  /** That caller had so many milliseconds. */
  charge(caller: string, ms: number): void {
    const queue = this.#queues.get(caller)
    if (queue !== undefined) queue.had += ms
  }

  /** Calls back once whatever waits in the event loop has had its turn. */
  defer(callback: () => void): void {
    this.#watch.defer(callback)
  }

  /** Goes on with that work in one of the next turns. */
  wait(work: QueuedWork): void {
    const queue = this.#queues.get(work.caller)
    if (queue !== undefined) queue.works.push(work)
    else this.#queues.set(work.caller, { had: this.#floor, works: [work] })
    if (this.#isGoing) return
    this.#isGoing = true
    this.#watch.defer(this.#turn)
  }

  readonly #turn = (): void => {
    this.#begin(this.#watch.now())
    this.#hasGoneOn = false
    this.#goOn()
  }

  readonly #goOn = (): void => {
    // It may have had no look at the time itself: many small steps would go on for nothing, before all others.
    const ms = this.look()
    const gone = this.#gone
    gone?.took(ms)
    this.#gone = undefined
    const queue = this.#next()
    if (queue === undefined) {
      this.#isGoing = false
      this.#isOpen = false
      return
    }
    // However long others of the machine had the processor meanwhile, somebody goes on in each.
    if (this.isOver() && this.#hasGoneOn) {
      // Of one caller, those who wait take turns, too: who has more to do is no longer the first.
      const own = gone && this.#queues.get(gone.caller)?.works
      if (own?.[0] === gone) own?.push(...own.splice(0, 1))
      // Who comes before the next has a turn of its own, and need not wait for those who were here already.
      this.#isOpen = false
      this.#watch.defer(this.#turn)
      return
    }
    this.#floor = queue.had
    this.#hasGoneOn = true
    this.#gone = queue.works[0]
    if (this.#gone?.goOn() !== true) queue.works.shift()
    // What it goes on with runs before that.
    queueMicrotask(this.#goOn)
  }

  /** The queue of the caller who had least. */
  #next(): Queue | undefined {
    let least: Queue | undefined
    for (const [caller, queue] of this.#queues)
      if (queue.works.length === 0) this.#queues.delete(caller)
      else if (least === undefined || queue.had < least.had) least = queue
    return least
  }

  #begin(now: number): void {
    this.#number += 1
    this.#beganAt = now
    this.#lookedAt = now
    this.#beganCpu = this.#watch.cpu()
    this.#lengthMs = now < this.#shortUntil ? SHORT_TURN_MS : TURN_MS
    if (this.#isOpen) return
    this.#isOpen = true
    this.#watch.defer(() => {
      this.#isOpen = false
    })
  }
}
