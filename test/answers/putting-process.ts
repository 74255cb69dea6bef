/** Keeps ever new answers to the same questions, and says so now and then, until it is killed. */
import { setTimeout } from 'node:timers/promises'
import { openAnswers } from '../../src/answers/open-answers.ts'
import { systemClock } from '../../src/model/clock.ts'
import { bodyOf, QUESTIONS } from './put-bodies.ts'

const [, , directory = '', key = ''] = process.argv
const answers = openAnswers({
  directory,
  clock: systemClock,
  // So that old ones are deleted all the time.
  maxBytes: 1_500_000,
  keepMs: Infinity,
  dataKeys: key === '' ? [] : [Buffer.from(key, 'hex')],
})

for (let n = 0; ; n += 1) {
  const question = { tenant: 'tenant', path: `/${n % QUESTIONS}` }
  const askedAt = systemClock.now()
  const body = bodyOf(question.path, askedAt)
  answers.put(question, { connector: 'default' }, { body, askedAt, dateSeconds: n })
  if (n % 20 !== 0) continue
  // What was put is kept by the time that this is answered.
  await answers.usage()
  console.log(n)
  await setTimeout(0)
}
