/** Answers that are too old, or too many, are deleted by and by. */
import type { Clock } from '../model/clock.ts'

/** Answers about one list of a connector that were asked for from that moment to that one (ms). */
export interface NeededAnswers {
  readonly connector: string
  /** Such as `/accounts`. */
  readonly list: string
  readonly from: number
  readonly until: number
}

/** Whose answers are kept beyond their time, as far as they can be read. */
export interface Spared {
  /** All of these connectors, which fail just now. */
  readonly connectors: readonly string[]
  /** Those from which their lists can be gone on with, as events tell of all that changed since. */
  readonly answers: readonly NeededAnswers[]
}

export interface KeepingTerms {
  readonly clock: Clock
  /** How long an answer is kept, in ms. */
  readonly keepMs: number
  /** Those that are kept beyond that. None where absent. */
  readonly spared?: () => Spared
}

export const nothingSpared: Spared = { connectors: [], answers: [] }

const FIRST_AFTER_MS = 5_000
const EVERY_MS = 60_000

/** `tidy` does one step, and says whether another one is needed. */
export const startTidying = (
  { clock, keepMs, spared = () => nothingSpared }: KeepingTerms,
  tidy: (now: number, before: number, kept: Spared) => Promise<boolean>,
): { end(): void } => {
  let isOver = false

  const tidyUp = async (): Promise<void> => {
    const now = clock.now()
    while (!isOver && (await tidy(now, now - keepMs, spared())));
  }
  const goOn = (): void => {
    tidyUp()
      // Who wants to keep or find an answer hears of it.
      .catch(() => undefined)
      .finally(() => {
        if (!isOver) cancel = clock.after(EVERY_MS, goOn)
      })
  }
  let cancel = clock.after(FIRST_AFTER_MS, goOn)

  return {
    end: () => {
      isOver = true
      cancel()
    },
  }
}
