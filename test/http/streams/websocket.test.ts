/** How a WebSocket of ours opens, fails and ends: the close codes, and where failures are told. */
import { createServer } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo, Socket } from 'node:net'
import { buildSchema, type ExecutionResult, parse } from 'graphql'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import WebSocket from 'ws'
import { createBodyTurns } from '../../../src/http/bodies.ts'
import { createLog } from '../../../src/http/logging/log.ts'
import type { Streams } from '../../../src/http/streams/streams.ts'
import { serveSockets } from '../../../src/http/streams/websocket.ts'
import { createDoor } from '../../support/door.ts'
import { startToy } from '../../support/toy-server.ts'

const MAX_BYTES = 1_000

/** A server whose only operation, `{ ok }`, answers as it is told to. */
const serveForTest = async (execute: Streams['execute'] = async () => ({ data: { ok: true } })) => {
  const written: string[] = []
  const log = createLog({
    level: 'debug',
    readable: false,
    destination: { write: line => void written.push(line) },
  })
  const streams: Streams = {
    read: parameters => ({ ...parameters, document: parse(parameters.query) }),
    check: () => [],
    execute,
    subscribe: async () => ({ data: { ok: true } }),
    format: result => result as ReturnType<Streams['format']>,
  }
  const server = createServer()
  const admission = createDoor()
  const sockets = serveSockets(server, {
    door: { admission, connections: admission.watch(server) },
    schema: buildSchema('type Query { ok: Boolean }'),
    streams,
    refused: () => undefined,
    admit: asked => asked,
    bodies: { maxBytes: MAX_BYTES, turns: createBodyTurns() },
    log,
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  onTestFinished(() => {
    sockets.close()
    server.close()
  })
  const { port } = server.address() as AddressInfo

  const open = async (path = '/graphql', protocols = ['graphql-transport-ws']) => {
    const socket = new WebSocket(`ws://127.0.0.1:${port}${path}`, protocols)
    const messages: { readonly type: string; readonly payload?: ExecutionResult }[] = []
    socket.on('message', (data: Buffer) => {
      messages.push(JSON.parse(data.toString('utf8')) as (typeof messages)[number])
    })
    const closed = new Promise<{ readonly code: number; readonly reason: string }>(resolve => {
      socket.once('close', (code, reason) => {
        resolve({ code, reason: String(reason) })
      })
    })
    await once(socket, 'open')
    const send = (message: object) => {
      socket.send(JSON.stringify(message))
    }
    /** Opens the protocol, and waits until it is open. */
    const begin = async () => {
      send({ type: 'connection_init' })
      await expect.poll(() => messages).toEqual([{ type: 'connection_ack' }])
    }
    return { socket, send, begin, messages, closed }
  }
  const logged = () =>
    written.map(
      line => JSON.parse(line) as { level: string; msg: string; err: { message: string } },
    )
  return { open, logged, sockets }
}

const ask = { id: '1', type: 'subscribe', payload: { query: '{ ok }' } }

describe('a WebSocket', () => {
  it('answers an operation, and then says that it is complete', async () => {
    const { open } = await serveForTest()
    const { begin, send, messages } = await open()
    await begin()
    send(ask)
    await expect
      .poll(() => messages.slice(1))
      .toEqual([
        { id: '1', type: 'next', payload: { data: { ok: true } } },
        { id: '1', type: 'complete' },
      ])
  })

  it.each<[when: string, messages: readonly object[], code: number, reason: string]>([
    [
      'begins twice',
      [{ type: 'connection_init' }, { type: 'connection_init' }],
      4429,
      'Too many initialisation requests',
    ],
    ['asks before it began', [ask], 4401, 'Unauthorized'],
    ['sends what is no message', [{ type: 'shout' }], 4400, 'Invalid message received'],
    [
      'sends what only a server may',
      [{ type: 'connection_ack' }],
      4400,
      'Invalid message received',
    ],
    [
      'sends an answer',
      [{ type: 'next', id: '1', payload: { data: {} } }],
      4400,
      'Invalid message received',
    ],
  ])('is closed where the caller %s', async (_when, messages, code, reason) => {
    const { open } = await serveForTest()
    const { send, closed } = await open()
    for (const message of messages) send(message)
    expect(await closed).toEqual({ code, reason })
  })

  it('that speaks no protocol is closed', async () => {
    const { open } = await serveForTest()
    const { closed } = await open('/graphql', [])
    expect(await closed).toEqual({ code: 4406, reason: 'Subprotocol not acceptable' })
  })

  it('is refused under another path', async () => {
    const { open } = await serveForTest()
    await expect(open('/elsewhere')).rejects.toThrow('Unexpected server response: 404')
  })

  it('with a message beyond the limit is closed, and others go on', async () => {
    const { open, logged } = await serveForTest()
    const [one, other] = [await open(), await open()]
    one.socket.send('x'.repeat(MAX_BYTES + 1))
    expect(await one.closed).toEqual({ code: 1009, reason: '' })
    expect(logged()).toMatchObject([
      { level: 'debug', msg: 'a WebSocket failed', err: { message: /Max payload size exceeded/ } },
    ])
    await other.begin()
  })

  it('is closed when the server stops', async () => {
    const { open, sockets } = await serveForTest()
    const { begin, closed } = await open()
    await begin()
    sockets.close()
    expect(await closed).toEqual({ code: 1001, reason: 'Going away' })
  })

  it('whose operation fails in a way that nobody foresaw is closed, and told in the log alone', async () => {
    const console_ = vi.spyOn(console, 'error')
    onTestFinished(() => {
      console_.mockRestore()
    })
    const { open, logged } = await serveForTest(() => Promise.reject(new Error('a bug')))
    const { begin, send, closed } = await open()
    await begin()
    send(ask)
    expect(await closed).toEqual({ code: 4500, reason: 'Internal error' })
    expect(logged()).toMatchObject([
      { level: 'debug', msg: 'a message over WebSocket failed', err: { message: 'a bug' } },
    ])
    expect(console_).not.toHaveBeenCalled()
  })
})

it('whose reader breaks off while an event is on its way is no bug', async () => {
  const admission = createDoor()
  const event: ExecutionResult = { data: { hello: ' '.repeat(8_000_000) } }
  const { url, server, lines } = await startToy({
    admission,
    subscriptions: {
      subscribe: async () => {
        const stream: AsyncIterableIterator<ExecutionResult> = {
          next: async () => ({ value: event }),
          return: async () => ({ done: true, value: undefined }),
          [Symbol.asyncIterator]: () => stream,
        }
        return stream
      },
      counts: () => ({ open: 0, channels: 0, evaluated: 0, cutOff: 0 }),
      close: () => undefined,
    },
  })
  onTestFinished(() => server.stop(1_000))
  const socket = new WebSocket(`${url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws')
  socket.on('error', () => undefined)
  await once(socket, 'open')
  socket.send(JSON.stringify({ type: 'connection_init' }))
  await once(socket, 'message')
  const connection = (socket as unknown as { readonly _socket: Socket })._socket
  connection.pause()
  socket.send(
    JSON.stringify({ id: '1', type: 'subscribe', payload: { query: 'subscription { hello }' } }),
  )
  await expect.poll(() => admission.counts().unreadBytes).toBeGreaterThan(0)
  connection.resetAndDestroy()
  await expect.poll(() => admission.counts()).toMatchObject({ sockets: 0, unreadBytes: 0 })
  expect(lines.filter(({ level }) => level === 'error')).toEqual([])
})

it.each([
  ['a query', 'query A { hello }'],
  ['a mutation', 'mutation A { change }'],
])('%s asked for by a name that it has not is told so, as over HTTP', async (_what, query) => {
  const { url, server, lines } = await startToy({
    subscriptions: {
      subscribe: async () => ({ errors: [] }),
      counts: () => ({ open: 0, channels: 0, evaluated: 0, cutOff: 0 }),
      close: () => undefined,
    },
  })
  onTestFinished(() => server.stop(1_000))
  const socket = new WebSocket(`${url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws')
  const told: unknown[] = []
  socket.on('message', (data: Buffer) => told.push(JSON.parse(data.toString('utf8'))))
  await once(socket, 'open')
  socket.send(JSON.stringify({ type: 'connection_init' }))
  await expect.poll(() => told.length).toBe(1)
  const payload = { query, operationName: 'B' }
  socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload }))
  await expect.poll(() => told.length).toBe(2)
  const overHttp = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(payload),
  })
  expect(told[1]).toMatchObject({
    id: '1',
    type: 'error',
    payload: [{ extensions: { code: 'OPERATION_RESOLUTION_FAILURE' } }],
  })
  expect(await overHttp.json()).toEqual({ errors: (told[1] as { payload: unknown }).payload })
  expect(lines.filter(({ level }) => level === 'error')).toEqual([])
  socket.terminate()
})
