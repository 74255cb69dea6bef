/**
 * Push's answers in a file of the data folder, which all processes there share. A thread of its own works on it; where
 * that cannot be done, or not in time, Push is asked as if nothing had been kept.
 */
import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { createAnswerFailures } from './answer-failures.ts'
import { openAnswersThread } from './answers-thread.ts'
import { withoutNews } from './claiming.ts'
import { composeAnswers } from './compose-answers.ts'
import type { KeptAnswers } from './contract.ts'
import { checkDataKeys } from './sealing.ts'
import type { KeepingTerms } from './tidying.ts'

export interface AnswersOptions extends KeepingTerms {
  /** The data folder; made where it is not there. */
  readonly directory: string
  /** How large the file may be, without its log of some megabytes; the oldest answers go first. */
  readonly maxBytes: number
  /** Of 32 bytes each: the first seals, all open; without any, nothing is sealed. */
  readonly dataKeys: readonly Uint8Array[]
  /** Told once while a failure lasts, and without an error when it is over. */
  readonly onProblem?: (message: string, error: unknown) => void
}

/** Opens the file `answers.db` of that folder, without waiting for it. @throws {RangeError} for a key of another length */
export const openAnswers = (options: AnswersOptions): KeptAnswers => {
  const { clock } = options
  const failures = createAnswerFailures(options)
  const keeper = openAnswersThread(threadOptions(options), clock, {
    onNote: failures.note,
    onDeath: failures.died,
  })
  return composeAnswers(
    { keeper, failures, news: withoutNews(clock), place: 'their file' },
    options,
  )
}

const threadOptions = ({ directory, maxBytes, dataKeys }: AnswersOptions) => {
  checkDataKeys(dataKeys)
  return {
    path: join(directory, 'answers.db'),
    maxBytes,
    // Copies: what is cloned for the thread is the memory that a buffer lies in, with all that is beside it.
    dataKeys: dataKeys.map(key => Uint8Array.from(key)),
    holder: randomUUID(),
  }
}
