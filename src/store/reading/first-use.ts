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

/** A question that is open, and who waits for its answer in the order in which they came. */
interface OpenQuestion {
  /** When the first trial began. */
  readonly since: number
  readonly waiting: ((isNext: boolean) => void)[]
}

export const createTrials = (clock: Clock): Trials => {
  const underWay = new Map<string, OpenQuestion>()

  /** A trial has ended: where that left it open, the next one tries; woken all at once, each would only look and wait on. */
  const goOn = (key: string, question: OpenQuestion, isOpen: boolean): void => {
    const next = isOpen ? question.waiting.shift() : undefined
    if (next !== undefined) {
      next(true)
      return
    }
    underWay.delete(key)
    for (const wake of question.waiting) wake(false)
  }

  return {
    run: async (key, isOpen, run) => {
      const now = clock.now()
      if (!isOpen()) return run(now)
      const other = underWay.get(key)
      const question = other ?? { since: now, waiting: [] }
      // Whoever comes while another asks takes the answer to the same question, as with any request under way.
      const since = Math.min(now, question.since)
      if (other === undefined) underWay.set(key, question)
      else if (!(await new Promise<boolean>(wake => other.waiting.push(wake)))) return run(since)
      if (!isOpen()) {
        goOn(key, question, false)
        return run(since)
      }
      try {
        return await run(since)
      } finally {
        goOn(key, question, isOpen())
      }
    },
  }
}
