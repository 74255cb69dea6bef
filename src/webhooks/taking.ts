/**
 * Whether deliveries may be missing because nobody was there to take them: until when they were taken outlives the process,
 * and so it is known, when another one begins, for how long nobody did.
 */
import type { Clock } from '../model/clock.ts'
import type { Resumption } from '../store/store.ts'

/** Numbers by name that outlive the process. */
export interface TakingMemory {
  get(name: string): { readonly value: number } | undefined
  set(name: string, value: number): void
}

export interface TakingOptions {
  readonly memory: TakingMemory
  readonly clock: Clock
  /** Whether other servers on the same memory are there, who take what comes while this one does not. */
  readonly othersTake: () => boolean
}

export interface Taking {
  /** Deliveries are taken from now on, until the end. */
  begin(): Resumption
  end(): void
}

/** Push tries once more after so long; what failed twice comes after minutes only. */
const SECOND_TRY_MS = 60_000
/** What a try may take, and clocks may differ by. */
const SLACK_MS = 15_000
const BEAT_MS = 5_000

const TAKEN = 'taken until'
const MISSED = 'missed at'
const SETTLED = 'settled at'

export const createTaking = ({ memory, clock, othersTake }: TakingOptions): Taking => {
  let cancel: (() => void) | undefined

  const beat = (): void => {
    memory.set(TAKEN, clock.now())
    cancel = clock.after(BEAT_MS, beat)
  }

  return {
    begin: () => {
      const resumption = resume(memory, clock.now(), othersTake())
      memory.set(MISSED, resumption.missedAt)
      memory.set(SETTLED, resumption.settledAt)
      beat()
      return resumption
    },
    end: () => {
      cancel?.()
    },
  }
}

const resume = (memory: TakingMemory, now: number, othersTake: boolean): Resumption => {
  const [takenUntil = Infinity, missedAt = Infinity, settledAt = Infinity] = [
    memory.get(TAKEN)?.value,
    memory.get(MISSED)?.value,
    memory.get(SETTLED)?.value,
  ]
  const sinceMs = now - takenUntil
  // Nothing was sent that nobody took.
  if (othersTake && sinceMs >= 0 && sinceMs < 2 * BEAT_MS && settledAt !== Infinity)
    return { missedAt, settledAt }
  const isShort =
    // Not where the clock was set back, or nobody took any before.
    sinceMs >= 0 &&
    sinceMs < SECOND_TRY_MS &&
    // What was to come after an earlier pause may have been sent in this one.
    settledAt <= takenUntil
  return isShort
    ? { missedAt, settledAt: now + SECOND_TRY_MS + SLACK_MS }
    : { missedAt: now, settledAt: now }
}
