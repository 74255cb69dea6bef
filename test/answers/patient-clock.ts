import { type Clock, systemClock } from '../../src/model/clock.ts'

/**
 * A clock on which no time passes, with timers that run: whoever is held up on a busy machine counts as alive, and nobody
 * loses patience.
 */
export const patientClock = (now: number): Clock => ({
  ...systemClock,
  now: () => now,
  after: (ms, callback) => systemClock.after(ms < 1_000 ? ms : ms * 1_000, callback),
})
