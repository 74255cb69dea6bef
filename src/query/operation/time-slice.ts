/** Testing many rows without holding up everybody else. */

/** How long an operation works before others have their turn; the guess of a row's time may be off by a few times. */
const SLICE_NS = 5_000_000

/** One operation's share of the event loop. */
export interface TimeSlice {
  /** Takes the time of some work out of this slice. False where the slice is over. */
  spend(nanoseconds: number): boolean
  /** This slice lasts so many times as long, for work that cannot be broken off. */
  extend(times: number): void
  /** Resolves when whatever waits in the event loop has had its turn, one of those who wait here after the other. */
  next(): Promise<void>
}

export const createTimeSlice = (): TimeSlice => {
  const waiting: (() => void)[] = []
  let left = SLICE_NS

  const begin = (): void => {
    left = SLICE_NS
    waiting.shift()?.()
    if (waiting.length > 0) setImmediate(begin)
  }

  return {
    spend: nanoseconds => {
      left -= nanoseconds
      return left >= 0
    },
    extend: times => {
      left = times * SLICE_NS
    },
    next: () =>
      new Promise(resolve => {
        waiting.push(resolve)
        if (waiting.length === 1) setImmediate(begin)
      }),
  }
}
