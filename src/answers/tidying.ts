/** Answers that are too old, or too many, are deleted by and by. */
import type { Clock } from '../model/clock.ts'

export interface KeepingTerms {
  readonly clock: Clock
  /** How long an answer is kept, in ms. */
  readonly keepMs: number
  /** Whose answers are kept beyond that: the connectors that fail just now. None where absent. */
  readonly failing?: () => readonly string[]
}

const FIRST_AFTER_MS = 5_000
const EVERY_MS = 60_000

/** `tidy` does one step, and says whether another one is needed. */
export const startTidying = (
  { clock, keepMs, failing }: KeepingTerms,
  tidy: (now: number, before: number, failing: readonly string[]) => Promise<boolean>,
): { end(): void } => {
  let isOver = false

  const tidyUp = async (): Promise<void> => {
    const now = clock.now()
    while (!isOver && (await tidy(now, now - keepMs, failing?.() ?? [])));
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
