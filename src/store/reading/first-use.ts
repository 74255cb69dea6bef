/** The first use of something that nobody outside knows of the API: one tries, the others wait for what it learns. */
import type { Clock } from '../../model/clock.ts'

export interface Trials {
  /**
   * Runs at once where nothing is open about `key`, else alone: those who come meanwhile wait until it is settled, or
   * are the next to try, so that fifty first uses do not repeat one mistake.
   */
  run<Result>(
    key: string,
    isOpen: () => boolean,
    /** `since`: what was asked for at this moment (milliseconds) or later is as new as if it were asked for now. */
    run: (since: number) => Promise<Result>,
  ): Promise<Result>
}

export const createTrials = (clock: Clock): Trials => {
  const underWay = new Map<string, { readonly settled: Promise<unknown>; readonly since: number }>()

  return {
    run: async (key, isOpen, run) => {
      let since = clock.now()
      for (let other = underWay.get(key); isOpen() && other; other = underWay.get(key)) {
        // Whoever comes while another asks takes the answer to the same question, as with any request under way.
        since = Math.min(since, other.since)
        await other.settled
      }
      if (!isOpen()) return run(since)
      const trial = run(since)
      const settled = trial.then(
        () => undefined,
        () => undefined,
      )
      underWay.set(key, { settled, since })
      try {
        return await trial
      } finally {
        underWay.delete(key)
      }
    },
  }
}
