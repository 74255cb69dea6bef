/** A replica that follows a chain of questions. */
import { systemClock } from '../../../src/model/clock.ts'
import { openSharedAnswers } from '../../../src/postgres/answers/open-shared-answers.ts'
import { openDatabase } from '../../../src/postgres/connecting/database.ts'
import { followChain } from '../../answers/follow-chain.ts'

const [, , databaseUrl = '', url = '', since = ''] = process.argv
const database = await openDatabase({ url: databaseUrl, clock: systemClock })
const { clock } = database
const answers = openSharedAnswers({
  database,
  clock,
  maxBytes: Infinity,
  keepMs: Infinity,
  dataKeys: [],
})
await followChain(answers, { url, since: Number(since), now: clock.now }, database.close)
