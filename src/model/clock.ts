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
