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
    let timer: NodeJS.Timeout
    const wait = (leftMs: number): void => {
      const thenMs = leftMs - LONGEST_TIMER_MS
      timer = thenMs > 0 ? setTimeout(wait, LONGEST_TIMER_MS, thenMs) : setTimeout(callback, leftMs)
      timer.unref()
    }
    wait(ms)
    return () => {
      clearTimeout(timer)
    }
  },
  random: () => Math.random(),
}

/** A timer of the runtime holds no more, which is 24 days: what is longer, it would call back at once. */
const LONGEST_TIMER_MS = 2_147_483_647

/** Calls back once at `deadline` (milliseconds since 1970), soon if it has passed; the returned function takes it back. */
export const atDeadline = (clock: Clock, deadline: number, callback: () => void): (() => void) =>
  clock.after(Math.max(0, deadline - clock.now()), callback)

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
