/** What goes wrong with the kept answers: told once while it lasts, and there to be asked. */
import type { Clock } from '../model/clock.ts'
import { createOutage } from '../model/outage.ts'
import { AnswersAway, AnswersUnavailable } from './contract.ts'
import type { AnswersNote } from './tasks.ts'

export interface AnswerFailures {
  failed(error: unknown): void
  /** The thread ended by itself, or could not be started. */
  died(error: Error): void
  /** The thread has answered. */
  answered(): void
  /** An answer was kept. */
  kept(): void
  /** Told by the thread, besides. */
  note(note: AnswersNote): void
  /** Why the thread is not there, and why nothing can be kept, as sentences; undefined where nothing is wrong. */
  ended(): string | undefined
  unwritten(): string | undefined
}

export interface AnswerFailuresOptions {
  readonly clock: Clock
  /** What becomes of questions while no kept answer can be used. */
  readonly meanwhile?: string
  readonly onProblem?: ((message: string, error: unknown) => void) | undefined
}

/** How often the same note is told. */
const NOTE_AGAIN_MS = 60 * 60_000

const notes: Readonly<Record<AnswersNote, string>> = {
  lost: 'The file of kept answers was removed or replaced while it was in use. Another one was begun.',
  damaged:
    'The file of kept answers was damaged. Another one was begun; what it held is asked of Push again.',
  'damaged row': 'A kept answer was damaged. It was deleted, and is asked of Push again.',
}

/** Nothing has gone wrong yet. */
export const createAnswerFailures = ({
  clock,
  meanwhile = 'Push is asked again',
  onProblem,
}: AnswerFailuresOptions): AnswerFailures => {
  const thread = createOutage(
    {
      failing: `Kept answers cannot be used now, so ${meanwhile}`,
      over: 'Kept answers can be used again',
    },
    onProblem,
  )
  const writing = createOutage(
    {
      failing: 'Answers of Push cannot be kept now, so they will be asked for again',
      over: 'Answers of Push are kept again',
    },
    onProblem,
  )
  const toldAt = new Map<AnswersNote, number>()
  let ended: string | undefined
  let unwritten: string | undefined

  const died = (error: Error): void => {
    ended = `Kept answers cannot be used now: ${error.message}`
    thread.failed(new AnswersAway(error.message))
  }

  const answered = (): void => {
    ended = undefined
    thread.worked()
  }

  return {
    died,
    failed: error => {
      if (error instanceof AnswersAway) {
        died(error)
        return
      }
      if (error instanceof AnswersUnavailable)
        unwritten = `Answers of Push cannot be kept now: ${error.message}`
      writing.failed(error)
    },
    answered,
    kept: () => {
      answered()
      unwritten = undefined
      writing.worked()
    },
    note: note => {
      const sinceMs = clock.now() - (toldAt.get(note) ?? -Infinity)
      if (sinceMs >= 0 && sinceMs < NOTE_AGAIN_MS) return
      toldAt.set(note, clock.now())
      onProblem?.(notes[note], new AnswersUnavailable(note))
    },
    ended: () => ended,
    unwritten: () => unwritten,
  }
}
