/** A process on a data folder that follows a chain of questions. */
import { openAnswers } from '../../src/answers/open-answers.ts'
import { followChain } from './follow-chain.ts'
import { patientClock } from './patient-clock.ts'

const [, , directory = '', url = '', now = ''] = process.argv
const since = Number(now)
const answers = openAnswers({
  directory,
  clock: patientClock(since),
  maxBytes: Infinity,
  keepMs: Infinity,
  dataKeys: [],
})
await followChain(answers, { url, since, now: () => since })
