/** One id for all that is told of a request: given by its caller where it can stand in a line, else made. */
import { expect, onTestFinished, test } from 'vitest'
import WebSocket from 'ws'
import { startToy } from '../../support/toy-server.ts'

const toyForTest = async () => {
  const toy = await startToy({
    subscriptions: {
      subscribe: async () => ({ errors: [] }),
      counts: () => ({ open: 0, channels: 0, evaluated: 0, cutOff: 0 }),
      close: () => undefined,
    },
  })
  onTestFinished(() => toy.server.stop(100))
  return toy
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

test.each([
  ['as-long-as-can-be', 'x'.repeat(128), true],
  ['of all letters', 'Az09_.:+/=-', true],
  ['too long', 'x'.repeat(129), false],
  ['with a blank', 'a b', false],
  ['with quotes', 'a"b', false],
  ['empty', '', false],
])('an id that is %s', async (_, id, isTaken) => {
  const toy = await toyForTest()
  const response = await fetch(`${toy.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-request-id': id },
    body: JSON.stringify({ query: '{ bug }' }),
  })
  const own = response.headers.get('x-request-id')
  expect(own).toMatch(isTaken ? id : UUID)
  await expect.poll(() => toy.lines.filter(({ msg }) => msg === 'request')).toHaveLength(1)
  const told = toy.lines.filter(({ msg }) => msg === 'a field failed' || msg === 'request')
  expect(told.map(({ requestId }) => requestId)).toEqual([own, own])
})

test('over WebSocket, each operation has one that begins with that of the connection', async () => {
  const toy = await toyForTest()
  const socket = new WebSocket(`${toy.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws', {
    headers: { 'x-request-id': 'of-socket' },
  })
  onTestFinished(() => socket.terminate())
  const answered = Promise.withResolvers<unknown>()
  socket.once('upgrade', ({ headers }) => answered.resolve(headers['x-request-id']))
  socket.once('open', () => socket.send('{"type":"connection_init"}'))
  socket.on('message', (data: Buffer) => {
    if (data.toString().includes('connection_ack'))
      for (const id of ['a', 'b'])
        socket.send(JSON.stringify({ id, type: 'subscribe', payload: { query: '{ bug }' } }))
  })
  expect(await answered.promise).toBe('of-socket')
  const failures = () => toy.lines.filter(({ msg }) => msg === 'a field failed')
  await expect.poll(failures).toHaveLength(2)
  expect(failures().map(({ requestId }) => requestId)).toEqual(['of-socket/1', 'of-socket/2'])
})
