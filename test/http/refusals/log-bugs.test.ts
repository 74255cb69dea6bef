/** What the log is told of failures that nobody foresaw, over streams: whose operation it was, and nothing of the row. */
import { once } from 'node:events'
import { type ExecutionResult, GraphQLError } from 'graphql'
import { beforeEach, expect, onTestFinished, test } from 'vitest'
import WebSocket from 'ws'
import { startToy, type Toy } from '../../support/toy-server.ts'

let toy: Toy

beforeEach(async () => {
  async function* answers(): AsyncGenerator<ExecutionResult> {
    const refused = 'String cannot represent value: { mail: "jane@example.com" }'
    yield { data: { hello: null }, errors: [new GraphQLError(refused, { path: ['hello'] })] }
  }
  toy = await startToy({
    subscriptions: {
      subscribe: async () => answers(),
      counts: () => ({ open: 0, channels: 0, evaluated: 0, cutOff: 0 }),
      close: () => undefined,
    },
  })
  onTestFinished(() => toy.server.stop(0))
})

const errorLines = () => toy.lines.filter(({ level }) => level === 'error')
const headers = { 'x-request-id': 'mine' }

test('is the request of an event stream', async () => {
  const response = await fetch(`${toy.url}/graphql`, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json', accept: 'text/event-stream' },
    body: JSON.stringify({ query: 'subscription { hello }' }),
  })
  expect(await response.text()).toContain('INTERNAL_SERVER_ERROR')
  expect(errorLines()).toMatchObject([
    { requestId: 'mine', path: 'hello', err: { message: 'String cannot represent value' } },
  ])
  expect(JSON.stringify(toy.lines)).not.toContain('jane')
})

test('is the operation over a WebSocket', async () => {
  const url = `${toy.url.replace('http', 'ws')}/graphql`
  const socket = new WebSocket(url, 'graphql-transport-ws', { headers })
  onTestFinished(() => socket.terminate())
  await once(socket, 'open')
  const said: string[] = []
  socket.on('message', (data: Buffer) => said.push(data.toString()))
  socket.send('{"type":"connection_init"}')
  for (const [id, query] of [
    ['a', 'subscription { hello }'],
    ['b', '{ bug }'],
  ]) {
    socket.send(JSON.stringify({ type: 'subscribe', id, payload: { query } }))
    await expect.poll(() => said.at(-1)).toBe(JSON.stringify({ id, type: 'complete' }))
  }
  expect(errorLines()).toMatchObject([
    { requestId: 'mine/1', path: 'hello', err: { message: 'String cannot represent value' } },
    { requestId: 'mine/2', path: 'bug' },
  ])
})
