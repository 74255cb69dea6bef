/** A clock that stands still until told otherwise, so that rules about time are tested without waiting. */
import { setImmediate as nextTurn } from 'node:timers/promises'
import { type Clock, systemClock } from '../../src/model/clock.ts'

export interface FakeClock extends Clock {
  /**
   * Lets `ms` pass. Timers run in the order in which they fall due, those that they set in turn too; what they
   * wake is settled before the next one runs, and once more at the end.
   */
  advance(ms: number): Promise<void>
  /** Moves the wall clock alone, as an administrator or a time server does: no timer comes nearer. */
  jump(ms: number): void
  /** Timers not yet run or taken back. */
  waiting(): number
}

interface Timer {
  readonly due: number
  readonly callback: () => void
}

/** A fake clock; `startMs` is 2026-01-01 where absent, and equal seeds give equal chance. */
export const createFakeClock = ({
  startMs = Date.UTC(2026, 0, 1),
  seed = 1,
}: { startMs?: number; seed?: number } = {}): FakeClock => {
  const timers = new Set<Timer>()
  const random = createRandom(seed)
  let passed = 0
  let wallOffset = startMs

  const earliest = (until: number): Timer | undefined => {
    let first: Timer | undefined
    // A Set keeps the order of setting, so that of two timers due together the older one runs first.
    for (const timer of timers)
      if (timer.due <= until && (first === undefined || timer.due < first.due)) first = timer
    return first
  }

  return {
    now: () => wallOffset + passed,
    random,
    after: (ms, callback) => {
      const timer = { due: passed + Math.max(0, ms), callback }
      timers.add(timer)
      return () => {
        timers.delete(timer)
      }
    },
    advance: async ms => {
      const until = passed + ms
      await settle()
      for (let timer = earliest(until); timer !== undefined; timer = earliest(until)) {
        timers.delete(timer)
        passed = Math.max(passed, timer.due)
        timer.callback()
        await settle()
      }
      passed = until
      await settle()
    },
    jump: ms => {
      wallOffset += ms
    },
    waiting: () => timers.size,
  }
}

/** The system's clock with a chance of 0: retries wait for nothing. */
export const withoutRetryDelays: Clock = { ...systemClock, random: () => 0 }

/** Lets every promise settle that waits for nothing but other promises. */
export const settle = async (): Promise<void> => {
  // One turn of the event loop drains all microtasks; the second one those of what `setImmediate` itself woke.
  await nextTurn()
  await nextTurn()
}

/** Mulberry32: equal seeds give equal numbers in [0, 1). */
export const createRandom = (seed: number): (() => number) => {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}
