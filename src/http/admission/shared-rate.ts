/**
 * Requests a second of one caller to all servers together, without asking anybody while a request waits: each server counts by
 * its own bucket, tells the others ten times a second what was asked of it, and learns how much is left. So what comes in
 * such a tenth to one server is not known to the others yet: after a pause, each of them may let a full bucket through.
 * Whatever was too much is waited for afterwards. Where the others cannot be asked, each server's own bucket counts.
 */
import type { CallerTokens } from '../../model/callers.ts'
import type { Clock } from '../../model/clock.ts'
import type { Caller } from './caller.ts'
import type { OwnRequestRate, RequestRate } from './request-rate.ts'

const TELL_EVERY_MS = 100

export interface SharedRate extends RequestRate {
  /** Tells nobody anything any more. */
  close(): void
}

/** The rate of all servers that share `tokens`, counted by this one's `own`. */
export const createSharedRate = (
  own: OwnRequestRate,
  tokens: CallerTokens,
  clock: Pick<Clock, 'after'>,
): SharedRate => {
  let asked = new Map<Caller, number>()
  let isTelling = false
  let stopTimer: (() => void) | undefined
  let isClosed = false

  const note = (caller: Caller, requests: number): void => {
    asked.set(caller, (asked.get(caller) ?? 0) + requests)
    if (!isTelling && !isClosed) stopTimer ??= clock.after(TELL_EVERY_MS, tell)
  }

  const tell = (): void => {
    stopTimer = undefined
    isTelling = true
    const told = [...asked]
    asked = new Map()
    const over = (): void => {
      isTelling = false
      if (asked.size > 0 && !isClosed) stopTimer = clock.after(TELL_EVERY_MS, tell)
    }
    tokens
      .use(told)
      .then(left => {
        for (const [index, [caller]] of told.entries())
          // What was asked since is not in it.
          own.correct(caller, (left[index] ?? 0) - (asked.get(caller) ?? 0))
      })
      // Nobody can be asked: what was counted here is all that is known.
      .catch(() => undefined)
      .finally(over)
  }

  return {
    count: caller => {
      const tooFast = own.count(caller)
      // Whoever is refused is asked about as well: others may have let through more meanwhile, or nothing.
      note(caller, tooFast === undefined ? 1 : 0)
      return tooFast
    },
    charge: (caller, requests) => {
      own.charge(caller, requests)
      note(caller, requests)
    },
    close: () => {
      isClosed = true
      stopTimer?.()
    },
  }
}
