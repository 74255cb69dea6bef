/** The client against a plain HTTP server that answers as the test says. */
import type { RequestListener, ServerResponse } from 'node:http'
import { onTestFinished } from 'vitest'
import { systemClock } from '../../src/model/clock.ts'
import type { ClientOptions } from '../../src/upstream/client.ts'
import { createClient } from '../../src/upstream/client.ts'
import type { Call } from '../../src/upstream/contract/contract.ts'
import type { UpstreamEvent } from '../../src/upstream/contract/events.ts'
import { openState } from '../../src/upstream/state/state.ts'
import { serverForTest } from './server-for-test.ts'

export const KEY = 'psk_0123456789-secret'

/** An app as Push sends it. */
export const app = (id: string, changes: object = {}) => ({
  id,
  type: 'SLACK',
  creationTimestamp: 1698604061,
  ...changes,
})

/** Answers with JSON, or with a text as it stands. */
export const reply = (response: ServerResponse, body: unknown, status = 200): void => {
  response.writeHead(status, { 'content-type': 'application/json' })
  response.end(typeof body === 'string' ? body : JSON.stringify(body))
}

/** Push's envelope. */
export const list = (rows: readonly unknown[], nextToken: string | null = null) => ({
  result: rows,
  paging: { moreResults: nextToken !== null, nextToken },
})

/** A call that can wait 20 seconds. */
export const call = (changes: Partial<Call> = {}): Call => ({
  owner: 'someone',
  priority: 'interactive',
  deadline: Date.now() + 20_000,
  ...changes,
})

/** A server that answers so, and a client of it whose own limit holds nothing back; both end with the running test. */
export const setUp = async (answer: RequestListener, options: Partial<ClientOptions> = {}) => {
  const server = await serverForTest(answer)
  const state = options.state ?? openState(':memory:')
  const events: UpstreamEvent[] = []
  const messages: string[] = []
  const client = createClient({
    alias: 'default',
    url: server.url,
    key: () => KEY,
    rate: 1000,
    burst: 1000,
    state,
    clock: { ...systemClock, random: () => 0 },
    log: (level, message) => messages.push(`${level} ${message}`),
    onEvent: event => events.push(event),
    ...options,
  })
  onTestFinished(() => client.close())
  return { server, state, client, events, messages }
}

/** Answers the n-th request (from 0) with the n-th of these, the last one for good. */
export const inTurn = (...answers: readonly RequestListener[]): RequestListener => {
  let n = 0
  return (request, response) => {
    const answer = answers[Math.min(n, answers.length - 1)] as RequestListener
    n += 1
    void answer(request, response)
  }
}

/** What the promise is rejected with. */
export const fails = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => 'nothing failed',
    (error: unknown) => error,
  )
