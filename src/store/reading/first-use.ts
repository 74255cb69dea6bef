/** The first use of something that nobody outside knows of the API: one tries, the others wait for what it learns. */

export interface Trials {
  /**
   * Runs at once where nothing is open about `key`, else alone: those who come meanwhile wait until it is settled, or
   * are the next to try, so that fifty first uses do not repeat one mistake.
   */
  run<Result>(key: string, isOpen: () => boolean, run: () => Promise<Result>): Promise<Result>
}

export const createTrials = (): Trials => {
  const underWay = new Map<string, Promise<unknown>>()

  return {
    run: async (key, isOpen, run) => {
      while (isOpen() && underWay.has(key)) await underWay.get(key)
      if (!isOpen()) return run()
      const trial = run()
      const settled = trial.then(
        () => undefined,
        () => undefined,
      )
      underWay.set(key, settled)
      try {
        return await trial
      } finally {
        underWay.delete(key)
      }
    },
  }
}
