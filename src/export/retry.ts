/** Asking on while Push fails: an export has time, where a caller of the graph has not. */
import { GatewayError } from '../errors.ts'
import { type Clock, pause } from '../model/clock.ts'

export interface Retry {
  /** What `ask` gives, asked again after each failure that may pass. */
  <Result>(ask: () => Promise<Result>, signal: AbortSignal): Promise<Result>
}

const FIRST_PAUSE_MS = 250
const LONGEST_PAUSE_MS = 5_000

const mayPass: ReadonlySet<string> = new Set([
  'RATE_LIMITED',
  'UPSTREAM_TIMEOUT',
  'UPSTREAM_UNAVAILABLE',
  'UPSTREAM_INVALID',
])

/**
 * Asks again until nothing has worked for `forMs`: the failure of then is thrown. What asking again cannot mend
 * is thrown at once, and so is the reason of the signal.
 */
export const createRetry = (
  forMs: number,
  clock: Clock,
  onPause: (error: GatewayError) => void,
): Retry => {
  let workedAt = -Infinity
  /** Since when nothing has worked that was asked: between two questions, time passes and nothing fails. */
  let failingSince: number | undefined
  let pauseMs = FIRST_PAUSE_MS

  return async (ask, signal) => {
    for (;;) {
      const askedAt = clock.now()
      try {
        const result = await ask()
        workedAt = clock.now()
        failingSince = undefined
        pauseMs = FIRST_PAUSE_MS
        return result
      } catch (error) {
        signal.throwIfAborted()
        if (!(error instanceof GatewayError) || !mayPass.has(error.code)) throw error
        failingSince ??= Math.max(askedAt, workedAt)
        if (clock.now() + pauseMs - failingSince > forMs) throw error
        onPause(error)
        await pause(pauseMs * (0.5 + clock.random() / 2), clock, signal)
        pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS)
      }
    }
  }
}
