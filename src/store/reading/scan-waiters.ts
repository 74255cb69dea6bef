/** Those who wait for a scan: each until it has enough, its time is over, or it leaves. */
import type { Clock } from '../../model/clock.ts'
import type { Call } from '../../upstream/contract/contract.ts'

export interface Waiters {
  readonly size: number
  /** True when the caller has enough, false when its deadline came first. @throws the reason of its abort; a failure. */
  add(enough: () => boolean, call: Call, parallel: boolean): Promise<boolean>
  /** Ends the wait of all who have enough; of everybody when the scan is `done`. */
  settle(done: boolean): void
  fail(error: unknown): void
  /** The call of the first interactive caller, else of the first. */
  mostUrgent(): Call | undefined
  /** Whether anybody would have pages read side by side. */
  anyParallel(): boolean
}

interface Waiter {
  readonly enough: () => boolean
  readonly call: Call
  readonly parallel: boolean
  readonly end: (outcome: boolean | { readonly error: unknown }) => void
}

/** Nobody waits yet; `onEmpty` is called whenever the last one has gone. */
export const createWaiters = (clock: Clock, onEmpty: () => void): Waiters => {
  const waiters = new Set<Waiter>()

  return {
    get size() {
      return waiters.size
    },
    add: (enough, call, parallel) =>
      new Promise<boolean>((resolve, reject) => {
        const onAbort = (): void => {
          waiter.end({ error: call.signal?.reason })
        }
        const cancelTimer = clock.after(call.deadline - clock.now(), () => {
          waiter.end(false)
        })
        const waiter: Waiter = {
          enough,
          call,
          parallel,
          end: outcome => {
            if (!waiters.delete(waiter)) return
            cancelTimer()
            call.signal?.removeEventListener('abort', onAbort)
            if (typeof outcome === 'boolean') resolve(outcome)
            else
              reject(
                outcome.error instanceof Error
                  ? outcome.error
                  : new Error('The reading was given up', { cause: outcome.error }),
              )
            if (waiters.size === 0) onEmpty()
          },
        }
        waiters.add(waiter)
        call.signal?.addEventListener('abort', onAbort, { once: true })
      }),
    settle: done => {
      for (const waiter of [...waiters]) if (done || waiter.enough()) waiter.end(true)
    },
    fail: error => {
      for (const waiter of [...waiters]) waiter.end({ error })
    },
    mostUrgent: () => {
      let first: Call | undefined
      for (const { call } of waiters) {
        if (call.priority === 'interactive') return call
        first ??= call
      }
      return first
    },
    anyParallel: () => [...waiters].some(waiter => waiter.parallel),
  }
}
