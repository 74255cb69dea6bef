/** Both places in which answers are kept, for tests that judge either of them. */
import { onTestFinished } from 'vitest'
import type { KeptAnswers } from '../../src/answers/contract.ts'
import { type AnswersOptions, openAnswers } from '../../src/answers/open-answers.ts'
import { systemClock } from '../../src/model/clock.ts'
import { openSharedAnswers } from '../../src/postgres/answers/open-shared-answers.ts'
import { openDatabase } from '../../src/postgres/connecting/database.ts'
import { directoryForTest } from '../support/directory.ts'
import { createDatabase } from '../support/postgres.ts'
import { patientClock } from './patient-clock.ts'
import { NOW } from './tasks-for-test.ts'

export interface AnswersMaker {
  readonly name: string
  /** A new, empty place. */
  place(): Promise<string>
  /** One more process or replica that keeps them there. */
  open(place: string, options?: Partial<AnswersOptions>): Promise<KeptAnswers>
}

const plain = () => ({
  clock: patientClock(NOW),
  maxBytes: Infinity,
  keepMs: Infinity,
  dataKeys: [],
})

const inFile: AnswersMaker = {
  name: 'in a file',
  place: () => Promise.resolve(directoryForTest()),
  open: (directory, options) => {
    const answers = openAnswers({ ...plain(), ...options, directory })
    onTestFinished(() => answers.close())
    return Promise.resolve(answers)
  },
}

const inDatabase: AnswersMaker = {
  name: 'in a database',
  place: createDatabase,
  open: async (url, options) => {
    const database = await openDatabase({ url, clock: systemClock })
    const answers = openSharedAnswers({ ...plain(), ...options, database })
    onTestFinished(async () => {
      await answers.close()
      await database.close()
    })
    return answers
  },
}

export const answersMakers: readonly AnswersMaker[] = [inFile, inDatabase]
