/** Who may run an operation now: so many of each caller and of all, and a bounded number waits, callers in turn. */
import type { Clock } from '../../model/clock.ts'
import type { Caller } from './caller.ts'
import { CallerTurns } from './caller-turns.ts'
import { FewAtOnce } from './few-at-once.ts'
import type { DoorLimits, DoorLimit, Scope } from './limits.ts'
import { Shares } from './shares.ts'

/** One operation's place among those that run. */
export interface OperationPlace {
  /** Undefined where it is had at once; else whether it is had in the end: false where it was left before. */
  readonly ready: Promise<boolean> | undefined
  /** Gives the place to the next; who still waits does so no more. May be called again. */
  leave(): void
}

export interface Places {
  /** @throws what `refusal` makes, where too many wait; with it rejects, too, who waited for too long */
  enter(caller: Caller): OperationPlace
  counts(): { readonly running: number; readonly waiting: number }
}

/** When asking again makes sense where nobody can say: places come free all the time. */
const RETRY_AFTER_MS = 1_000

/** What operations begin with is done in one go, however long it takes. */
const BEGINNING = { most: 32, ms: 3 }

/**
 * `isLate`: whether the event loop has worked for so long already that whoever comes now had better wait for the next.
 * `now`: milliseconds from any moment on.
 */
export const createPlaces = (
  limits: Pick<DoorLimits, 'operations' | 'waiting' | 'maxWaitMs'>,
  clock: Pick<Clock, 'after'>,
  refusal: (limited: DoorLimit, scope: Scope, retryAfterMs: number) => Error,
  isLate: () => boolean = never,
  now?: () => number,
): Places => {
  const running = new Shares(limits.operations)
  const waiting = new Shares(limits.waiting)
  /** Who waits for a place, and who has one and begins in one of the next passes of the event loop. */
  const queue = new CallerTurns<Waiter>()
  const begins = new FewAtOnce<Waiter>(BEGINNING, ({ resolve }) => resolve(true), now)

  const begin = (waiter: Waiter): void => {
    waiter.isIn = true
    begins.later(waiter)
  }

  /** Gives places to those in whose turn it is, one of each caller after the other. */
  const letIn = (): void => {
    for (;;) {
      const waiter = queue.next(caller => running.take(caller) === undefined)
      if (waiter === undefined) return
      waiting.give(waiter.caller)
      waiter.stopTimer()
      begin(waiter)
    }
  }

  const giveBack = (caller: Caller): void => {
    running.give(caller)
    if (queue.size > 0) letIn()
  }

  const leaveQueue = (waiter: Waiter): void => {
    if (!queue.delete(waiter)) return
    waiting.give(waiter.caller)
    waiter.stopTimer()
  }

  const placeOf = (waiter: Waiter): OperationPlace => ({
    ready: waiter.ready,
    leave: () => {
      begins.delete(waiter)
      if (waiter.isIn) giveBack(waiter.caller)
      else leaveQueue(waiter)
      waiter.isIn = false
      waiter.resolve(false)
    },
  })

  const wait = (caller: Caller): OperationPlace => {
    const full = waiting.take(caller)
    if (full !== undefined) throw refusal('waiting', full, RETRY_AFTER_MS)
    const waiter = new Waiter(caller)
    waiter.stopTimer = clock.after(limits.maxWaitMs, () => {
      leaveQueue(waiter)
      waiter.reject(refusal('operations', running.lacks(caller, 1) ?? 'perCaller', RETRY_AFTER_MS))
    })
    queue.add(waiter)
    return placeOf(waiter)
  }

  const beginLater = (caller: Caller): OperationPlace => {
    const waiter = new Waiter(caller)
    begin(waiter)
    return placeOf(waiter)
  }

  return {
    enter: caller => {
      if (queue.has(caller) || running.take(caller) !== undefined) return wait(caller)
      return isLate() ? beginLater(caller) : new HeldPlace(caller, giveBack)
    },
    counts: () => ({ running: running.total, waiting: waiting.total }),
  }
}

const never = (): boolean => false

class Waiter {
  readonly caller: Caller
  readonly ready: Promise<boolean>
  readonly resolve: (isIn: boolean) => void
  readonly reject: (error: Error) => void
  /** Whether it has a place. */
  isIn = false
  stopTimer = (): void => undefined

  constructor(caller: Caller) {
    const { promise, resolve, reject } = Promise.withResolvers<boolean>()
    this.caller = caller
    this.ready = promise
    this.resolve = resolve
    this.reject = reject
  }
}

/** One that was had at once, as nearly all are. */
class HeldPlace implements OperationPlace {
  readonly ready = undefined
  #caller: Caller | undefined
  readonly #giveBack: (caller: Caller) => void

  constructor(caller: Caller, giveBack: (caller: Caller) => void) {
    this.#caller = caller
    this.#giveBack = giveBack
  }

  leave(): void {
    if (this.#caller === undefined) return
    const caller = this.#caller
    this.#caller = undefined
    this.#giveBack(caller)
  }
}
