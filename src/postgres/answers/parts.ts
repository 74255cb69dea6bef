/** What the keeping of answers in the database is made of. */
import type { AnswerFailures } from '../../answers/answer-failures.ts'
import type { AnswerSeals } from '../../answers/sealing.ts'
import type { AnswersTasks } from '../../answers/tasks.ts'
import type { Clock } from '../../model/clock.ts'
import type { Database } from '../connecting/database.ts'

export interface AnswersInDatabaseParts {
  readonly database: Pick<Database, 'query' | 'transaction' | 'replica'>
  readonly clock: Clock
  readonly seals: AnswerSeals
  readonly maxBytes: number
  readonly failures: Pick<AnswerFailures, 'died' | 'note'>
}

/** The same tasks as those of the thread of a file, each answered later. */
export type LaterTasks = {
  readonly [Name in keyof AnswersTasks]: (
    ...args: Parameters<AnswersTasks[Name]>
  ) => Promise<ReturnType<AnswersTasks[Name]>>
}
