/** What callers may have at once over WebSocket and as server-sent events, and what ends when they leave. */
import { once } from 'node:events'
import { type IncomingMessage, request } from 'node:http'
import type { Socket } from 'node:net'
import { text } from 'node:stream/consumers'
import { makeExecutableSchema } from '@graphql-tools/schema'
import type { ExecutionResult } from 'graphql'
import { describe, expect, it, onTestFinished } from 'vitest'
import WebSocket from 'ws'
import type { Subscriptions } from '../../../src/graphql/subscriptions/subscriptions.ts'
import type { DoorLimits } from '../../../src/http/admission/limits.ts'
import { createDoor } from '../../support/door.ts'
import { startToy, type ToyContext } from '../../support/toy-server.ts'

const HOSTILE = '127.0.0.2'
const HONEST = '127.0.0.3'
const MEGABYTE = 1_048_576

interface Message {
  readonly type: string
  readonly id?: string
  readonly payload?: unknown
}

const start = async (limits: Partial<DoorLimits>, event?: ExecutionResult) => {
  const door = createDoor(limits)
  const signals: AbortSignal[] = []
  let release = (): void => undefined
  const released = new Promise<void>(resolve => {
    release = resolve
  })
  /** Subscriptions to which nothing happens but that event. */
  const subscriptions: Subscriptions = {
    subscribe: async (_subscribing, signal) => {
      signals.push(signal)
      const ended = once(signal, 'abort').then(() => ({ done: true as const, value: undefined }))
      const events = event === undefined ? [] : [event]
      const stream: AsyncIterableIterator<ExecutionResult> = {
        next: async () => {
          const value = events.shift()
          return value === undefined ? ended : { value }
        },
        return: async () => Promise.resolve({ done: true, value: undefined }),
        [Symbol.asyncIterator]: () => stream,
      }
      return Promise.resolve(stream)
    },
    counts: () => ({ open: 0, channels: 0, evaluated: 0, cutOff: 0 }),
    close: () => undefined,
  }
  const schema = makeExecutableSchema<ToyContext>({
    typeDefs: `
      type Query { hello: String, slow: String, large(bytes: Int!): String }
      type Subscription { events: String }`,
    resolvers: {
      Query: {
        hello: () => 'you',
        slow: async (_: unknown, __: unknown, { request: { signal } }: ToyContext) => {
          signals.push(signal)
          await Promise.race([released, once(signal, 'abort')])
          return 'done'
        },
        large: (_: unknown, { bytes }: { bytes: number }) => ' '.repeat(bytes),
      },
    },
  })
  const { server, url } = await startToy({ admission: door, subscriptions, schema })
  onTestFinished(async () => {
    release()
    await server.stop(0)
  })
  const port = Number(new URL(url).port)

  const openSocket = async (from: string) => {
    const socket = new WebSocket(`ws://127.0.0.1:${port}/graphql`, 'graphql-transport-ws', {
      localAddress: from,
    })
    onTestFinished(() => {
      socket.terminate()
    })
    socket.on('error', () => undefined)
    const messages: Message[] = []
    socket.on('message', (data: Buffer) => messages.push(JSON.parse(data.toString()) as Message))
    const closed = once(socket, 'close') as Promise<[code: number, reason: Buffer]>
    await once(socket, 'open')
    const send = (message: Message): void => {
      socket.send(JSON.stringify(message))
    }
    send({ type: 'connection_init' })
    await expect.poll(() => messages.length).toBe(1)
    const ask = (id: string, query = '{ hello }'): void => {
      send({ type: 'subscribe', id, payload: { query } })
    }
    /** What was said of that operation: the types of the messages, and of an error its extensions. */
    const said = (id: string) =>
      messages
        .filter(message => message.id === id)
        .map(({ type, payload }) =>
          type === 'error'
            ? (payload as { extensions: Record<string, unknown> }[])[0]?.extensions
            : type,
        )
    return {
      socket,
      send,
      ask,
      said,
      closed,
      messages,
      complete: (id: string) => send({ type: 'complete', id }),
    }
  }

  /** An operation as a stream of events, as far as its head. */
  const openStream = async (from: string, query: string) => {
    const asking = request({
      host: '127.0.0.1',
      port,
      path: '/graphql',
      method: 'POST',
      localAddress: from,
      agent: false,
      headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
    })
    onTestFinished(() => void asking.destroy())
    asking.on('error', () => undefined)
    asking.end(JSON.stringify({ query }))
    const head = once(asking, 'response') as Promise<[IncomingMessage]>
    // Who leaves before is told nothing.
    head.catch(() => undefined)
    return { asking, head }
  }
  return { door, signals, release, openSocket, openStream }
}

const subscription = 'subscription { events }'

/** The connection that a WebSocket of `ws` has. */
const connectionOf = (socket: WebSocket): Socket =>
  (socket as unknown as { readonly _socket: Socket })._socket

describe('operations over a WebSocket', () => {
  it('run as many as are allowed; others wait, and beyond that, each is refused by its id', async () => {
    const { door, signals, release, openSocket } = await start({
      operations: { perCaller: 1, inAll: 100 },
      waiting: { perCaller: 1, inAll: 100 },
    })
    const { ask, said } = await openSocket(HOSTILE)
    ask('1', '{ slow }')
    ask('2')
    ask('3')
    await expect
      .poll(() => said('3'))
      .toEqual([
        {
          code: 'RATE_LIMITED',
          limit: 'PUSHGRAPH_MAX_WAITING',
          max: 1,
          retryAfterMs: expect.any(Number) as number,
        },
      ])
    const other = await openSocket(HONEST)
    other.ask('1')
    await expect.poll(() => other.said('1')).toEqual(['next', 'complete'])
    expect([signals.length, said('1'), said('2')]).toEqual([1, [], []])
    release()
    await expect.poll(() => said('2')).toEqual(['next', 'complete'])
    await expect.poll(() => door.counts()).toMatchObject({ running: 0, waiting: 0 })
  })

  it('count as requests', async () => {
    const { openSocket } = await start({ rate: { perCaller: 1, inAll: 1_000 } })
    const { ask, said } = await openSocket(HOSTILE)
    ask('1')
    ask('2')
    await expect.poll(() => said('1')).toEqual(['next', 'complete'])
    await expect.poll(() => said('2')).toMatchObject([{ limit: 'PUSHGRAPH_MAX_CALLER_RATE' }])
  })

  it('end when they are completed, whether they run or wait; their ids are free at once', async () => {
    const { door, signals, openSocket } = await start({
      operations: { perCaller: 1, inAll: 100 },
    })
    const { ask, complete, said } = await openSocket(HOSTILE)
    ask('1', '{ slow }')
    ask('2', '{ slow }')
    await expect.poll(() => door.counts()).toMatchObject({ running: 1, waiting: 1 })
    complete('2')
    await expect.poll(() => door.counts()).toMatchObject({ running: 1, waiting: 0, bodyBytes: 0 })
    complete('1')
    await expect.poll(() => door.counts()).toMatchObject({ running: 0, waiting: 0 })
    expect(signals.map(({ aborted }) => aborted)).toEqual([true])
    ask('1')
    await expect.poll(() => said('1')).toEqual(['next', 'complete'])
  })

  it.each(['close', 'terminate'] as const)('end when their connection does: %s', async way => {
    const { door, signals, openSocket } = await start({
      operations: { perCaller: 1, inAll: 100 },
    })
    const { ask, socket } = await openSocket(HOSTILE)
    ask('1', '{ slow }')
    ask('2', '{ slow }')
    await expect.poll(() => door.counts()).toMatchObject({ running: 1, waiting: 1 })
    socket[way]()
    await expect.poll(() => door.counts()).toMatchObject({ running: 0, waiting: 0, sockets: 0 })
    expect(signals.map(({ aborted }) => aborted)).toEqual([true])
  })

  it('keep a connection busy: one without any is ended for a new one', async () => {
    const { openSocket } = await start({ sockets: { perCaller: 2, inAll: 100 } })
    const busy = await openSocket(HOSTILE)
    busy.ask('1', '{ slow }')
    const idle = await openSocket(HOSTILE)
    await openSocket(HOSTILE)
    await idle.closed
    expect(busy.socket.readyState).toBe(WebSocket.OPEN)
  })
})

describe('messages over a WebSocket', () => {
  const bodyBytes = { perCaller: MEGABYTE, inAll: 10 * MEGABYTE }

  /** A frame as clients send it, masked by nothing; `bytes` of it in all where not all are sent. */
  const frame = (text: string, { isFirst = true, isLast = true, bytes = text.length } = {}) => {
    const head = Buffer.alloc(14)
    head[0] = (isLast ? 0x80 : 0) | (isFirst ? 1 : 0)
    head[1] = 0xff
    head.writeBigUInt64BE(BigInt(bytes), 2)
    return Buffer.concat([head, Buffer.from(text)])
  }

  it('are counted until they are whole; their caller is cut off by one more than is allowed', async () => {
    const { door, openSocket } = await start({ bodyBytes })
    const [one, other, honest] = [
      await openSocket(HOSTILE),
      await openSocket(HOSTILE),
      await openSocket(HONEST),
    ]
    const half = ' '.repeat(MEGABYTE / 2 - 14)
    connectionOf(one.socket).write(frame(half, { bytes: MEGABYTE }))
    await expect.poll(() => door.counts().bodyBytes).toBe(MEGABYTE / 2)
    connectionOf(other.socket).write(frame(half, { bytes: MEGABYTE }))
    await expect.poll(() => door.counts().bodyBytes).toBe(MEGABYTE)
    connectionOf(other.socket).write(' ')
    const [code, reason] = await other.closed
    expect([code, reason.toString()]).toEqual([4429, 'PUSHGRAPH_MAX_BODIES_MB'])
    await expect.poll(() => door.counts().bodyBytes).toBe(MEGABYTE / 2)
    honest.ask('1')
    await expect.poll(() => honest.said('1')).toEqual(['next', 'complete'])
    connectionOf(one.socket).write(' '.repeat(MEGABYTE - half.length))
    await one.closed
    await expect.poll(() => door.counts().bodyBytes).toBe(0)
  })

  it('are taken whatever comes between their pieces', async () => {
    const { door, openSocket } = await start({ bodyBytes })
    const { socket, said } = await openSocket(HOSTILE)
    const text = JSON.stringify({ type: 'subscribe', id: '1', payload: { query: '{ hello }' } })
    const connection = connectionOf(socket)
    connection.write(frame(text.slice(0, 20), { isLast: false }))
    await expect.poll(() => door.counts().bodyBytes).toBe(34)
    socket.ping('are you there?')
    await once(socket, 'pong')
    expect(door.counts().bodyBytes).toBe(34)
    connection.write(frame(text.slice(20), { isFirst: false }))
    await expect.poll(() => said('1')).toEqual(['next', 'complete'])
    await expect.poll(() => door.counts().bodyBytes).toBe(0)
  })

  it('have so long to come whole; those who send nothing go on', async () => {
    const { door, openSocket } = await start({ requestTimeoutMs: 300 })
    const [stalled, idle] = [await openSocket(HOSTILE), await openSocket(HOSTILE)]
    connectionOf(stalled.socket).write(frame('{', { bytes: 10 }))
    idle.socket.ping()
    await once(idle.socket, 'pong')
    expect((await stalled.closed)[0]).toBe(4408)
    await expect.poll(() => door.counts()).toMatchObject({ bodyBytes: 0, sockets: 1 })
    expect(idle.socket.readyState).toBe(WebSocket.OPEN)
  })

  it('come in a thousand frames, and not in more', async () => {
    const { openSocket } = await start({})
    const text = JSON.stringify({ type: 'subscribe', id: '1', payload: { query: '{ hello }' } })
    const inFrames = (count: number) =>
      Buffer.concat(
        Array.from({ length: count }, (_, index) =>
          frame(index === 0 ? text : ' ', {
            isFirst: index === 0,
            isLast: index === count - 1,
          }),
        ),
      )
    const { socket, said } = await openSocket(HOSTILE)
    connectionOf(socket).write(inFrames(1_024))
    await expect.poll(() => said('1')).toEqual(['next', 'complete'])
    const { socket: many, closed } = await openSocket(HOSTILE)
    connectionOf(many).write(inFrames(1_025))
    expect((await closed)[0]).toBe(1008)
  })

  it('that ask for no operation are short, and so are ids of operations', async () => {
    const { openSocket } = await start({})
    const longest = 'x'.repeat(256)
    const asked = await openSocket(HOSTILE)
    asked.ask(longest)
    await expect.poll(() => asked.said(longest)).toEqual(['next', 'complete'])
    asked.ask(`${longest}x`)
    expect((await asked.closed)[0]).toBe(4400)
    const ping = (letters: number): Message => ({
      type: 'ping',
      payload: { text: 'x'.repeat(letters - '{"type":"ping","payload":{"text":""}}'.length) },
    })
    const pinged = await openSocket(HOSTILE)
    pinged.send(ping(65_536))
    await expect.poll(() => pinged.messages.map(({ type }) => type)).toContain('pong')
    pinged.send(ping(65_537))
    expect((await pinged.closed)[0]).toBe(4400)
  })
})

describe('subscriptions', () => {
  it('are as many over WebSocket as are allowed, and not one more until one ends', async () => {
    const { door, signals, openSocket } = await start({
      subscriptions: { perCaller: 2, inAll: 100 },
      operations: { perCaller: 1, inAll: 100 },
    })
    const { ask, said, complete } = await openSocket(HOSTILE)
    for (const id of ['1', '2', '3']) ask(id, subscription)
    await expect
      .poll(() => said('3'))
      .toMatchObject([
        { code: 'RATE_LIMITED', limit: 'PUSHGRAPH_MAX_SUBSCRIPTIONS', max: 2, retryAfterMs: 5_000 },
      ])
    expect(door.counts()).toMatchObject({ subscriptions: 2, running: 0 })
    complete('1')
    await expect.poll(() => door.counts().subscriptions).toBe(1)
    expect(signals.map(({ aborted }) => aborted)).toEqual([true, false])
    ask('4', subscription)
    await expect.poll(() => door.counts().subscriptions).toBe(2)
    expect(said('4')).toEqual([])
  })

  it('count as several where they ask in many words', async () => {
    const { door, openSocket, openStream } = await start({
      subscriptions: { perCaller: 3, inAll: 100 },
    })
    const { ask, send, said, complete } = await openSocket(HOSTILE)
    // About 310 KiB with what is found of it.
    const wordy = `subscription { ${'events '.repeat(500)} }`
    ask('1', wordy)
    await expect.poll(() => door.counts().subscriptions).toBe(2)
    for (const id of ['2', '3']) ask(id, subscription)
    await expect.poll(() => said('3')).toMatchObject([{ limit: 'PUSHGRAPH_MAX_SUBSCRIPTIONS' }])
    complete('1')
    await expect.poll(() => door.counts().subscriptions).toBe(1)
    // So do those who send what nobody asked for: it is held as well.
    send({
      type: 'subscribe',
      id: '4',
      payload: { query: subscription, extensions: { text: ' '.repeat(300_000) } },
    })
    await expect.poll(() => door.counts().subscriptions).toBe(3)
    complete('4')
    await expect.poll(() => door.counts().subscriptions).toBe(1)
    await (
      await openStream(HONEST, wordy)
    ).head
    expect(door.counts().subscriptions).toBe(3)
  })

  it('are as many as server-sent events, and end when their reader leaves', async () => {
    const { door, signals, openStream } = await start({
      subscriptions: { perCaller: 1, inAll: 100 },
    })
    const first = await openStream(HOSTILE, subscription)
    expect((await first.head)[0].statusCode).toBe(200)
    const [refused] = await (await openStream(HOSTILE, subscription)).head
    expect([refused.statusCode, refused.headers['retry-after']]).toEqual([429, '5'])
    expect(await text(refused)).toContain('"limit":"PUSHGRAPH_MAX_SUBSCRIPTIONS"')
    const other = await openStream(HONEST, subscription)
    expect((await other.head)[0].statusCode).toBe(200)
    first.asking.destroy()
    await expect.poll(() => door.counts().subscriptions).toBe(1)
    expect(signals.map(({ aborted }) => aborted)).toEqual([true, false])
  })
})

describe('queries as server-sent events', () => {
  it('have their turn, and end when their reader leaves', async () => {
    const { door, signals, openStream } = await start({
      operations: { perCaller: 1, inAll: 100 },
      waiting: { perCaller: 1, inAll: 100 },
    })
    const first = await openStream(HOSTILE, '{ slow }')
    await expect.poll(() => signals.length).toBe(1)
    const second = await openStream(HOSTILE, '{ slow }')
    await expect.poll(() => door.counts().waiting).toBe(1)
    const [refused] = await (await openStream(HOSTILE, '{ hello }')).head
    expect(refused.statusCode).toBe(429)
    second.asking.destroy()
    await expect.poll(() => door.counts()).toMatchObject({ running: 1, waiting: 0, bodyBytes: 0 })
    first.asking.destroy()
    await expect.poll(() => door.counts().running).toBe(0)
    expect(signals.map(({ aborted }) => aborted)).toEqual([true])
  })
})

describe('a reader that takes nothing', () => {
  const unreadBytes = { perCaller: 10 * MEGABYTE, inAll: 100 * MEGABYTE }
  const large = `{ large(bytes: ${8 * MEGABYTE}) }`

  it('is closed over WebSocket when more waits for it than is allowed', async () => {
    const { door, openSocket } = await start({ unreadBytes })
    const { socket, ask, closed } = await openSocket(HOSTILE)
    const connection = connectionOf(socket)
    connection.pause()
    for (const id of ['1', '2', '3']) ask(id, large)
    await expect.poll(() => door.counts().refused.get('PUSHGRAPH_MAX_UNREAD_MB')).toBeGreaterThan(0)
    expect(door.counts().unreadBytes).toBeLessThanOrEqual(10 * MEGABYTE)
    connection.resume()
    const [code, reason] = await closed
    expect([code, reason.toString()]).toEqual([4429, 'PUSHGRAPH_MAX_UNREAD_MB'])
    await expect.poll(() => door.counts().unreadBytes).toBe(0)
  })

  it('is not heard over WebSocket until it takes what waits, and is then answered', async () => {
    const { door, openSocket } = await start({})
    const { socket, ask, said } = await openSocket(HOSTILE)
    const connection = connectionOf(socket)
    connection.pause()
    ask('first', large)
    await expect.poll(() => door.counts().unreadBytes).toBeGreaterThan(MEGABYTE)
    // The one after which nothing more is read, and more than any buffer on the way holds.
    ask('second')
    const padding = ' '.repeat(MEGABYTE / 2)
    for (let at = 0; at < 60; at += 1) ask(`more ${at}`, `{ hello }${padding}`)
    ask('last')
    await expect.poll(() => door.counts().running).toBeGreaterThan(0)
    expect(socket.bufferedAmount).toBeGreaterThan(0)
    connection.resume()
    await expect.poll(() => said('last')).toEqual(['next', 'complete'])
    expect(said('first')).toEqual(['next', 'complete'])
    await expect.poll(() => door.counts()).toMatchObject({ running: 0, unreadBytes: 0 })
  })

  it('is ended over WebSocket after a while', async () => {
    const { door, openSocket } = await start({ unreadTimeoutMs: 300 })
    const { socket, ask } = await openSocket(HOSTILE)
    connectionOf(socket).pause()
    ask('1', large)
    await expect.poll(() => door.counts().refused.get('unread')).toBe(1)
    await expect.poll(() => door.counts()).toMatchObject({ sockets: 0, unreadBytes: 0, running: 0 })
  })

  it('is told why its subscription ends before it has come to its end', async () => {
    const small = { perCaller: MEGABYTE, inAll: 2 * MEGABYTE }
    const event = { data: { events: ' '.repeat(2 * MEGABYTE) } }
    const { openStream } = await start({ unreadBytes: small }, event)
    const [stream] = await (await openStream(HOSTILE, 'subscription { events }')).head
    let said = ''
    stream.on('data', (part: Buffer) => (said += part.toString()))
    await expect(once(stream, 'end')).rejects.toThrow('aborted')
    expect(said).toContain('"limit":"PUSHGRAPH_MAX_UNREAD_MB"')
    expect(said).not.toContain('event: complete')
  })

  it('is counted as a reader of events, refused what does not fit, and ended after a while', async () => {
    const { door, openStream } = await start({ unreadBytes, unreadTimeoutMs: 3_000 })
    const [stuck] = await (await openStream(HOSTILE, large)).head
    await expect.poll(() => door.counts().unreadBytes).toBeGreaterThan(0)
    const [refused] = await (await openStream(HOSTILE, large)).head
    expect(await text(refused)).toMatch(/"limit":"PUSHGRAPH_MAX_UNREAD_MB".*event: complete/s)
    await expect.poll(() => door.counts().refused.get('unread')).toBe(1)
    await expect.poll(() => door.counts()).toMatchObject({ unreadBytes: 0, running: 0 })
    stuck.destroy()
  })
})
