/**
 * Push's answers in the database that all replicas share: a cold replica, a second one, and one that goes on where another was
 * killed find what was asked before, and who asks just now. Where the database is out of reach, nothing can be found or kept.
 */
import { createAnswerFailures } from '../../answers/answer-failures.ts'
import { composeAnswers } from '../../answers/compose-answers.ts'
import type { KeptAnswers } from '../../answers/contract.ts'
import { checkDataKeys, createSeals } from '../../answers/sealing.ts'
import type { KeepingTerms } from '../../answers/tidying.ts'
import type { Database } from '../connecting/database.ts'
import { createAnswersInDatabase } from './answers-in-database.ts'
import { createHeardNews } from './heard-news.ts'

export interface SharedAnswersOptions extends KeepingTerms {
  readonly database: Pick<Database, 'query' | 'transaction' | 'on' | 'replica'>
  /** How much the answers of all replicas may take; the oldest go first. */
  readonly maxBytes: number
  /** Of 32 bytes each, the same on every replica: the first seals, all open; without any, nothing is sealed. */
  readonly dataKeys: readonly Uint8Array[]
  /** Told once while a failure lasts, and without an error when it is over. */
  readonly onProblem?: (message: string, error: unknown) => void
}

/** One for each `database`. Its clock is that of the database. @throws {RangeError} for a key of another length */
export const openSharedAnswers = (options: SharedAnswersOptions): KeptAnswers => {
  const { database, clock, maxBytes, dataKeys } = options
  checkDataKeys(dataKeys)
  const seals = createSeals(dataKeys)
  const failures = createAnswerFailures({
    ...options,
    // Its tokens are in the same database.
    meanwhile: 'Push is asked once the database is back',
  })
  const news = createHeardNews(database, clock, seals)
  const keeper = createAnswersInDatabase({ database, clock, seals, maxBytes, failures })
  const answers = composeAnswers({ keeper, failures, news, place: 'the database' }, options)
  return {
    ...answers,
    close: async () => {
      await answers.close()
      news.end()
    },
  }
}
