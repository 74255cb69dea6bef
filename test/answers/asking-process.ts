/** Follows a chain of questions, each of which the answer before leads to, and prints what it came by. */
import { createServer } from 'node:http'
import { openAnswers } from '../../src/answers/open-answers.ts'
import { patientClock } from './patient-clock.ts'

const [, , directory = '', url = '', now = ''] = process.argv
const answers = openAnswers({
  directory,
  clock: patientClock(Number(now)),
  maxBytes: Infinity,
  keepMs: Infinity,
  dataKeys: [],
})
// Something must keep the process, as the server does.
const server = createServer().listen(0, '127.0.0.1')
const { signal } = new AbortController()

const came: string[] = []
for (let next: string | undefined = '/first'; next !== undefined;) {
  const question = { tenant: 'tenant', path: next }
  const claim = await answers.claim(question, Number(now), signal)
  let body: string
  if (claim.kind === 'found') body = claim.answer.body
  else {
    body = await (await fetch(url + next)).text()
    answers.put(
      question,
      { connector: 'default' },
      { body, askedAt: Number(now), dateSeconds: undefined },
    )
  }
  came.push(body)
  next = (JSON.parse(body) as { next?: string }).next
}
await answers.close()
server.close()
console.log(came.join('\n'))
