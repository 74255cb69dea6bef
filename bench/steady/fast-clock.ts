/** A clock that runs faster than the machine's, for what takes minutes. */
import { type Clock, systemClock } from '../../src/model/clock.ts'

/** One that runs so many times as fast, from the machine's time on. */
export const createFastClock = (times: number): Clock => {
  const begun = Date.now()
  const from = performance.now()
  return {
    now: () => begun + (performance.now() - from) * times,
    after: (ms, callback) => systemClock.after(ms / times, callback),
    random: () => Math.random(),
  }
}
