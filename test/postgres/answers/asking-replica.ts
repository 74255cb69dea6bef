/** A replica that follows a chain of questions, each of which the answer before leads to, and prints what it came by. */
import { createServer } from 'node:http'
import { systemClock } from '../../../src/model/clock.ts'
import { openSharedAnswers } from '../../../src/postgres/answers/open-shared-answers.ts'
import { openDatabase } from '../../../src/postgres/connecting/database.ts'

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
// Something must keep the process, as the server does.
const server = createServer().listen(0, '127.0.0.1')
const { signal } = new AbortController()

const came: string[] = []
for (let next: string | undefined = '/first'; next !== undefined;) {
  const question = { tenant: 'tenant', path: next }
  const claim = await answers.claim(question, Number(since), signal)
  let body: string
  if (claim.kind === 'found') body = claim.answer.body
  else {
    const askedAt = clock.now()
    const headers = { 'x-replica': String(process.pid) }
    body = await (await fetch(url + next, { headers })).text()
    answers.put(question, { connector: 'default' }, { body, askedAt, dateSeconds: undefined })
  }
  came.push(body)
  next = (JSON.parse(body) as { next?: string }).next
}
await answers.close()
await database.close()
server.close()
console.log(came.join('\n'))
