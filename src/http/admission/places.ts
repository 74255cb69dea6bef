/** Who may run an operation now: so many of each caller and of all, and a bounded number waits, callers in turn. */
import type { Clock } from '../../model/clock.ts'
import type { Caller } from './caller.ts'
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

/** `isLate`: whether the event loop has worked for so long already that whoever comes now had better wait for the next. */
export const createPlaces = (
  limits: Pick<DoorLimits, 'operations' | 'waiting' | 'maxWaitMs'>,
  clock: Pick<Clock, 'after'>,
  refusal: (limited: DoorLimit, scope: Scope, retryAfterMs: number) => Error,
  isLate: () => boolean = never,
): Places => {
  const running = new Shares(limits.operations)
  const waiting = new Shares(limits.waiting)
  /** In the order in which callers have their turn. */
  const queues = new Map<Caller, Set<Waiter>>()
  let isLettingIn = false

  const leaveQueue = (waiter: Waiter): void => {
    const queue = queues.get(waiter.caller)
    if (queue?.delete(waiter) !== true) return
    if (queue.size === 0) queues.delete(waiter.caller)
    waiting.give(waiter.caller)
    waiter.stopTimer()
  }

  /** Lets in one whose turn it is; false where nobody waits who may run. */
  const letOneIn = (): boolean => {
    for (const [caller, queue] of queues) {
      const [waiter] = queue
      if (waiter === undefined || running.take(caller) !== undefined) continue
      leaveQueue(waiter)
      // Its next one stands behind those of all others.
      if (queues.delete(caller)) queues.set(caller, queue)
      waiter.isIn = true
      waiter.resolve(true)
      return true
    }
    return false
  }

  /** One at each pass of the event loop: what an operation begins with is done in one go, however long it takes. */
  const letIn = (): void => {
    if (isLettingIn) return
    isLettingIn = true
    setImmediate(() => {
      isLettingIn = false
      if (letOneIn() && queues.size > 0) letIn()
    })
  }

  const giveBack = (caller: Caller): void => {
    running.give(caller)
    if (queues.size > 0) letIn()
  }

  const wait = (caller: Caller): OperationPlace => {
    const full = waiting.take(caller)
    if (full !== undefined) throw refusal('waiting', full, RETRY_AFTER_MS)
    const { promise, resolve, reject } = Promise.withResolvers<boolean>()
    const waiter: Waiter = {
      caller,
      resolve,
      isIn: false,
      stopTimer: clock.after(limits.maxWaitMs, () => {
        leaveQueue(waiter)
        reject(refusal('operations', running.lacks(caller, 1) ?? 'perCaller', RETRY_AFTER_MS))
      }),
    }
    const queue = queues.get(caller)
    if (queue === undefined) queues.set(caller, new Set([waiter]))
    else queue.add(waiter)
    letIn()
    return {
      ready: promise,
      leave: () => {
        if (waiter.isIn) giveBack(caller)
        else leaveQueue(waiter)
        waiter.isIn = false
        resolve(false)
      },
    }
  }

  return {
    enter: caller => {
      const isFree = !queues.has(caller) && !isLate() && running.take(caller) === undefined
      return isFree ? new HeldPlace(caller, giveBack) : wait(caller)
    },
    counts: () => ({ running: running.total, waiting: waiting.total }),
  }
}

const never = (): boolean => false

interface Waiter {
  readonly caller: Caller
  readonly resolve: (isIn: boolean) => void
  readonly stopTimer: () => void
  isIn: boolean
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
