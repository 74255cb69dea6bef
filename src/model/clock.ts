/** Time and chance as arguments, so that no rule has to be tested by waiting. */
export interface Clock {
  /** Milliseconds since 1970 (UTC), from the machine's clock. */
  now(): number
  /** Calls back once after `ms`; the returned function takes it back. */
  after(ms: number, callback: () => void): () => void
  /** A number in [0, 1). */
  random(): number
}

/** The machine's own clock and chance. Its timers do not keep the process alive. */
export const systemClock: Clock = {
  now: () => Date.now(),
  after: (ms, callback) => {
    const timer = setTimeout(callback, ms)
    timer.unref()
    return () => {
      clearTimeout(timer)
    }
  },
  random: () => Math.random(),
}

// A timer of the runtime holds no more, and nobody waits 24 days.
const LONGEST_TIMER_MS = 2_147_483_647

/** Calls back once at `deadline` (milliseconds since 1970), soon if it has passed; the returned function takes it back. */
export const atDeadline = (clock: Clock, deadline: number, callback: () => void): (() => void) =>
  clock.after(Math.min(LONGEST_TIMER_MS, Math.max(0, deadline - clock.now())), callback)

/** Waits; rejects with the signal's reason when it aborts. */
export const pause = (ms: number, clock: Clock, signal: AbortSignal): Promise<void> =>
  new Promise((resolve, reject) => {
    const aborted = (): void => {
      stop()
      reject(signal.reason as Error)
    }
    const stop = clock.after(ms, () => {
      signal.removeEventListener('abort', aborted)
      resolve()
    })
    signal.addEventListener('abort', aborted, { once: true })
  })
