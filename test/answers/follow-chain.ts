/** Follows a chain of questions, each of which the answer before leads to, as a process that shares its answers with others. */
import { createServer } from 'node:http'
import type { KeptAnswers } from '../../src/answers/contract.ts'

export interface ChainTerms {
  /** Where it is asked. */
  readonly url: string
  /** Answers asked for then or later will do (ms). */
  readonly since: number
  readonly now: () => number
}

/** Prints what it came by, once `answers` are closed and `closed` was called. */
export const followChain = async (
  answers: KeptAnswers,
  { url, since, now }: ChainTerms,
  closed: () => Promise<void> = async () => undefined,
): Promise<void> => {
  // Something must keep the process, as the server does.
  const server = createServer().listen(0, '127.0.0.1')
  const { signal } = new AbortController()
  const came: string[] = []
  for (let next: string | undefined = '/first'; next !== undefined;) {
    const question = { tenant: 'tenant', path: next }
    const claim = await answers.claim(question, since, signal)
    let body: string
    if (claim.kind === 'found') body = claim.answer.body
    else {
      const askedAt = now()
      const headers = { 'x-replica': String(process.pid) }
      body = await (await fetch(url + next, { headers })).text()
      answers.put(question, { connector: 'default' }, { body, askedAt, dateSeconds: undefined })
    }
    came.push(body)
    next = (JSON.parse(body) as { next?: string }).next
  }
  await answers.close()
  await closed()
  server.close()
  console.log(came.join('\n'))
}
