import type { Clock } from '../model/clock.ts'

// A timer of the runtime holds no more, and nobody waits 24 days.
const LONGEST_TIMER_MS = 2_147_483_647

/** Calls back once at `deadline` (milliseconds since 1970), soon if it has passed; the returned function takes it back. */
export const atDeadline = (clock: Clock, deadline: number, callback: () => void): (() => void) =>
  clock.after(Math.min(LONGEST_TIMER_MS, Math.max(0, deadline - clock.now())), callback)
