/** Lets each caller have a few questions under way at a time; what it asks beyond that waits for its turn. */
import { CallerLimitError } from '../errors.ts'

export interface CallerQueue {
  /**
   * Calls `begin` once the caller has fewer under way. The returned function is to be called once that is over; before
   * its beginning it takes it back.
   *
   * @throws {CallerLimitError} when too many of the caller's wait already
   */
  enter(caller: string, begin: () => void): () => void
}

export interface CallerQueueOptions {
  /** What a caller has under way, and what waits, at most. */
  readonly underWay: number
  readonly waiting: number
}

interface OfCaller {
  underWay: number
  readonly waiting: Set<() => void>
}

const RETRY_AFTER_MS = 1_000

export const createCallerQueue = (most: CallerQueueOptions): CallerQueue => {
  const callers = new Map<string, OfCaller>()

  const leave = (name: string, caller: OfCaller): void => {
    const [next] = caller.waiting
    if (next !== undefined) {
      caller.waiting.delete(next)
      next()
      return
    }
    caller.underWay -= 1
    if (caller.underWay === 0) callers.delete(name)
  }

  return {
    enter: (name, begin) => {
      const caller = callers.get(name) ?? { underWay: 0, waiting: new Set() }
      callers.set(name, caller)
      if (caller.underWay >= most.underWay) {
        if (caller.waiting.size >= most.waiting)
          throw new CallerLimitError(
            `One caller may have ${most.waiting} questions about stored events that wait: ask again when some are answered`,
            {
              limit: 'waiting questions about stored events',
              max: most.waiting,
              retryAfterMs: RETRY_AFTER_MS,
            },
          )
        // The same function may wait twice.
        const waiter = (): void => {
          begin()
        }
        caller.waiting.add(waiter)
        return () => {
          if (!caller.waiting.delete(waiter)) leave(name, caller)
        }
      }
      caller.underWay += 1
      begin()
      return () => {
        leave(name, caller)
      }
    },
  }
}
