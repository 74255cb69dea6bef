/** Those who wait for a scan: each until it has enough, its time is over, or it leaves. */
import type { Clock } from '../../model/clock.ts'
import type { Call } from '../../upstream/contract/contract.ts'

export interface Wants {
  readonly size: number
  /** True when the caller has enough, false when its deadline came first. @throws the reason of its abort; a failure. */
  add(enough: () => boolean, call: Call, hurried: boolean): Promise<boolean>
  /** Ends the wait of all who have enough; of everybody when the scan is `done`. */
  settle(done: boolean): void
  fail(error: unknown): void
  /** The call of the first interactive caller, else of the first. */
  mostUrgent(): Call | undefined
  /** Whether anybody would have pages read side by side. */
  anyHurried(): boolean
}

interface Want {
  readonly enough: () => boolean
  readonly call: Call
  readonly hurried: boolean
  readonly end: (outcome: boolean | { readonly error: unknown }) => void
}

// A timer of the runtime holds no more; the background has no deadline that would come first.
const LONGEST_TIMER_MS = 2_147_483_647

/** Nobody waits yet; `onEmpty` is called whenever the last one has gone. */
export const createWants = (clock: Clock, onEmpty: () => void): Wants => {
  const wants = new Set<Want>()

  return {
    get size() {
      return wants.size
    },
    add: (enough, call, hurried) =>
      new Promise<boolean>((resolve, reject) => {
        const onAbort = (): void => {
          want.end({ error: call.signal?.reason })
        }
        const left = Math.min(LONGEST_TIMER_MS, call.deadline - clock.now())
        const cancelTimer = clock.after(left, () => {
          want.end(false)
        })
        const want: Want = {
          enough,
          call,
          hurried,
          end: outcome => {
            if (!wants.delete(want)) return
            cancelTimer()
            call.signal?.removeEventListener('abort', onAbort)
            if (typeof outcome === 'boolean') resolve(outcome)
            else
              reject(
                outcome.error instanceof Error
                  ? outcome.error
                  : new Error('The reading was given up', { cause: outcome.error }),
              )
            if (wants.size === 0) onEmpty()
          },
        }
        wants.add(want)
        call.signal?.addEventListener('abort', onAbort, { once: true })
      }),
    settle: done => {
      for (const want of [...wants]) if (done || want.enough()) want.end(true)
    },
    fail: error => {
      for (const want of [...wants]) want.end({ error })
    },
    mostUrgent: () => {
      let first: Call | undefined
      for (const { call } of wants) {
        if (call.priority === 'interactive') return call
        first ??= call
      }
      return first
    },
    anyHurried: () => [...wants].some(want => want.hurried),
  }
}
