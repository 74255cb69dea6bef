/** What callers may have at once at a real server: hostile and honest ones have addresses of their own. */
import { once } from 'node:events'
import { type IncomingMessage, request } from 'node:http'
import { connect, type Socket } from 'node:net'
import { text } from 'node:stream/consumers'
import { gzipSync } from 'node:zlib'
import { makeExecutableSchema } from '@graphql-tools/schema'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { DoorLimits } from '../../../src/http/admission/limits.ts'
import { createDoor } from '../../support/door.ts'
import { startToy, type ToyContext } from '../../support/toy-server.ts'

const HOSTILE = '127.0.0.2'
const HONEST = '127.0.0.3'
const MEGABYTE = 1_048_576

const webhooks = {
  knows: () => true,
  receive: async () => Promise.resolve({ kind: 'stored' as const }),
  counts: () => new Map(),
}

/** A toy behind that door; stopped when the test is done. */
const start = async (
  limits: Partial<DoorLimits>,
  changes: NonNullable<Parameters<typeof startToy>[0]> = {},
) => {
  const door = createDoor(limits)
  const toy = await startToy({ admission: door, webhooks, ...changes })
  onTestFinished(async () => {
    toy.release()
    await toy.server.stop(0)
  })
  const port = Number(new URL(toy.url).port)

  /** The answer to one request on a connection of its own. */
  const ask = async (
    from: string,
    path = '/graphql',
    body?: string | Buffer,
    signal?: AbortSignal,
  ) => {
    const asking = request({
      host: '127.0.0.1',
      port,
      path,
      localAddress: from,
      agent: false,
      method: body === undefined ? 'GET' : 'POST',
      headers: {
        'content-type': 'application/json',
        ...(typeof body === 'object' ? { 'content-encoding': 'gzip' } : {}),
      },
      ...(signal === undefined ? {} : { signal }),
    }).end(body)
    const [response] = (await once(asking, 'response')) as [IncomingMessage]
    const said = await text(response)
    return {
      status: response.statusCode,
      headers: response.headers,
      extensions: (
        JSON.parse(said) as { errors?: readonly { readonly extensions: Record<string, unknown> }[] }
      ).errors?.[0]?.extensions,
    }
  }
  const query = (from: string, field = 'hello', signal?: AbortSignal) =>
    ask(from, '/graphql', JSON.stringify({ query: `{ ${field} }` }), signal)

  /** A bare connection, that sends what it is told to. */
  const open = async (from: string, sent = ''): Promise<Socket> => {
    const socket = connect({ host: '127.0.0.1', port, localAddress: from })
    onTestFinished(() => void socket.destroy())
    socket.on('error', () => undefined)
    await once(socket, 'connect')
    socket.write(sent)
    return socket
  }
  return { ...toy, door, ask, query, open }
}

const head = (length: number, path = '/graphql') =>
  `POST ${path} HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: ${length}\r\n\r\n`

/** The same, after whose answer the server ends the connection: a caller that ended its half of it would have left. */
const lastHead = (length: number, path?: string) =>
  head(length, path).replace('\r\n\r\n', '\r\nconnection: close\r\n\r\n')

const closed = async (socket: Socket): Promise<void> => {
  if (!socket.closed) await once(socket, 'close')
}

/** What comes over a connection until it is closed. */
const heard = async (socket: Socket): Promise<string> => {
  let said = ''
  socket.on('data', (part: Buffer) => (said += part.toString()))
  await closed(socket)
  return said
}

describe('requests a second', () => {
  it('are as many as allowed, one caller’s apart from another’s; health and webhooks are not counted', async () => {
    const { query, ask, door } = await start({ rate: { perCaller: 1, inAll: 1_000 } })
    expect([(await query(HOSTILE)).status, (await query(HOSTILE)).status]).toEqual([200, 200])
    const refused = await query(HOSTILE)
    expect([refused.status, refused.headers['retry-after']]).toEqual([429, '1'])
    expect(refused.extensions).toEqual({
      code: 'RATE_LIMITED',
      limit: 'PUSHGRAPH_MAX_CALLER_RATE',
      max: 1,
      retryAfterMs: expect.any(Number) as number,
    })
    expect((await ask(HOSTILE, '/nowhere')).status).toBe(429)
    expect((await query(HONEST)).status).toBe(200)
    for (const path of ['/livez', '/readyz']) expect((await ask(HOSTILE, path)).status).toBe(200)
    expect((await ask(HOSTILE, '/webhooks/acme', '{}')).status).toBe(200)
    expect(door.counts().refused).toEqual(new Map([['PUSHGRAPH_MAX_CALLER_RATE', 2]]))
  })
})

describe('operations at once', () => {
  it('are as many as allowed; beyond, they wait for their turn, and beyond that, they are refused', async () => {
    const { query, slowRuns, release, door } = await start({
      operations: { perCaller: 1, inAll: 100 },
      waiting: { perCaller: 1, inAll: 100 },
    })
    const first = query(HOSTILE, 'slow')
    await slowRuns(1)
    const second = query(HOSTILE, 'slow')
    await expect.poll(() => door.counts().waiting).toBe(1)
    const third = await query(HOSTILE)
    expect([third.status, third.extensions?.['limit']]).toEqual([429, 'PUSHGRAPH_MAX_WAITING'])
    expect((await query(HONEST)).status).toBe(200)
    release()
    expect([(await first).status, (await second).status]).toEqual([200, 200])
    expect((await query(HOSTILE)).status).toBe(200)
    await expect.poll(() => door.counts()).toMatchObject({ running: 0, waiting: 0, bodyBytes: 0 })
  })

  it('do not count an answer that is kept, nor one that was refused before it ran', async () => {
    const { query, ask, slowRuns, release, door } = await start({
      operations: { perCaller: 1, inAll: 100 },
      waiting: { perCaller: 0, inAll: 0 },
    })
    for (const body of ['{', '[]', '{"query":"{"}', '{"query":"{ nowhere }"}'])
      expect((await ask(HOSTILE, '/graphql', body)).status).toBe(400)
    await expect.poll(() => door.counts().running).toBe(0)
    const running = query(HOSTILE, 'slow')
    await slowRuns(1)
    expect((await query(HOSTILE)).status).toBe(429)
    release()
    await running
  })

  it('wait no longer than their caller does', async () => {
    const { query, slowRuns, aborted, door } = await start({
      operations: { perCaller: 1, inAll: 100 },
    })
    const [first, second] = [new AbortController(), new AbortController()]
    const left = Promise.allSettled([query(HOSTILE, 'slow', first.signal)])
    await slowRuns(1)
    const leftToo = Promise.allSettled([query(HOSTILE, 'slow', second.signal)])
    await expect.poll(() => door.counts().waiting).toBe(1)
    second.abort()
    await expect.poll(() => door.counts()).toMatchObject({ waiting: 0, running: 1, bodyBytes: 0 })
    first.abort()
    await expect.poll(() => door.counts().running).toBe(0)
    expect(aborted()).toBe(1)
    await Promise.all([left, leftToo])
  })
})

describe('bodies that do not come whole', () => {
  const bodyBytes = { perCaller: 2_000, inAll: 1_000_000 }

  it.each(['/graphql', '/webhooks/acme'])(
    'may have as many bytes as allowed at %s, and not one more',
    async path => {
      const { ask, open, door } = await start({ bodyBytes })
      await open(HOSTILE, head(1_001, path) + ' '.repeat(1_000))
      const second = await open(HOSTILE, head(1_001, path) + ' '.repeat(1_000))
      await expect.poll(() => door.counts().bodyBytes).toBe(2_000)
      const third = await open(HOSTILE, `${head(3, path)} `)
      const said = await heard(third)
      expect(said).toMatch(/^HTTP\/1.1 429 /)
      expect(said).toMatch(/connection: close/i)
      expect(said).toContain('"limit":"PUSHGRAPH_MAX_BODIES_MB"')
      // A body in one piece waits for nothing.
      expect((await ask(HOSTILE, '/webhooks/acme', '{}')).status).toBe(200)
      await open(HONEST, head(1_001, path) + ' '.repeat(1_000))
      await expect.poll(() => door.counts().bodyBytes).toBe(3_000)
      second.destroy()
      await expect.poll(() => door.counts().bodyBytes).toBe(2_000)
    },
  )

  it('take no bytes of those of webhooks', async () => {
    const { ask, open, door } = await start({ bodyBytes: { perCaller: 1_000, inAll: 1_000 } })
    await open(HOSTILE, head(1_001) + ' '.repeat(1_000))
    await expect.poll(() => door.counts().bodyBytes).toBe(1_000)
    const delivery = await open(HONEST, lastHead(1_000, '/webhooks/acme') + ' '.repeat(999))
    delivery.write(' ')
    expect(await heard(delivery)).toMatch(/^HTTP\/1.1 200 /)
    expect((await ask(HONEST, '/livez')).status).toBe(200)
  })

  it('are counted as they are, byte by byte, and come to what was sent', async () => {
    const { open, door } = await start({ bodyBytes })
    const body = JSON.stringify({ query: '{ hello(name: "Zoë") }' })
    const bytes = Buffer.from(body)
    const socket = await open(HOSTILE, lastHead(bytes.length))
    for (const [at] of bytes.subarray(1).entries()) {
      socket.write(bytes.subarray(at, at + 1))
      if (at % 10 === 0) await expect.poll(() => door.counts().bodyBytes).toBe(at + 1)
    }
    socket.write(bytes.subarray(-1))
    expect(await heard(socket)).toContain('Hello Zoë')
    expect(door.counts().bodyBytes).toBe(0)
  })

  it('are packed or not: nothing of them is counted once they are read or refused', async () => {
    const { door, ask } = await start({})
    const bombs = Array.from({ length: 40 }, () => gzipSync(Buffer.alloc(4 * MEGABYTE)))
    const told = await Promise.all(bombs.map(bomb => ask(HOSTILE, '/webhooks/acme', bomb)))
    expect(new Set(told.map(({ status }) => status))).toEqual(new Set([413]))
    expect(door.counts().bodyBytes).toBe(0)
  })

  it('are not waited for by what needs none', async () => {
    const { open } = await start({ bodyBytes: { perCaller: 0, inAll: 0 } })
    const socket = await open(HOSTILE, head(1_000_000, '/nowhere') + ' '.repeat(1_000))
    const [said] = (await once(socket, 'data')) as [Buffer]
    expect(said.toString()).toMatch(/^HTTP\/1.1 404 /)
    // Else all of it would come, and be dropped.
    await closed(socket)
    const short = await open(HOSTILE, `${head(65_536, '/nowhere')} `)
    const [told] = (await once(short, 'data')) as [Buffer]
    expect(told.toString()).toMatch(/^connection: keep-alive\r$/im)
  })

  it('are given up after a while, headers too', async () => {
    const { open } = await start({ headersTimeoutMs: 100, requestTimeoutMs: 200 })
    const sockets = [
      await open(HOSTILE, `${head(10)}{`),
      await open(HOSTILE, 'GET /livez HTTP/1.1\r\nhost: local'),
      await open(HOSTILE),
    ]
    const said = await Promise.all(sockets.map(heard))
    expect(said.map(each => each.slice(0, 12))).toEqual(Array(3).fill('HTTP/1.1 408'))
  })
})

describe('connections', () => {
  it('are as many as allowed from one address; for one more, that goes which is quiet for longest', async () => {
    const { open, query, slowRuns, release, door } = await start({
      sockets: { perCaller: 3, inAll: 100 },
    })
    const answered = query(HOSTILE, 'slow')
    await slowRuns(1)
    const quiet = await open(HOSTILE)
    const stalled = await open(HOSTILE, `${head(10)}{`)
    await open(HONEST)
    await expect.poll(() => door.counts().sockets).toBe(4)
    const newest = await open(HOSTILE)
    await closed(quiet)
    await open(HOSTILE)
    await closed(stalled)
    expect([newest.closed, door.counts().sockets]).toEqual([false, 4])
    release()
    expect((await answered).status).toBe(200)
    expect(door.counts().refused).toEqual(new Map([['PUSHGRAPH_MAX_SOCKETS', 2]]))
  })

  it('are refused where all others wait for an answer', async () => {
    const { open, query, slowRuns, release } = await start({ sockets: { perCaller: 1, inAll: 9 } })
    const answered = query(HOSTILE, 'slow')
    await slowRuns(1)
    await closed(await open(HOSTILE))
    expect((await query(HONEST)).status).toBe(200)
    release()
    expect((await answered).status).toBe(200)
  })

  it('are as many as allowed in all', async () => {
    const { open, ask, door } = await start({ sockets: { perCaller: 9, inAll: 2 } })
    const [first, second] = [await open(HOSTILE), await open('127.0.0.4')]
    expect((await ask(HONEST, '/livez')).status).toBe(200)
    await closed(first)
    expect(second.closed).toBe(false)
    expect(door.counts().refused).toEqual(new Map([['PUSHGRAPH_MAX_SOCKETS_ALL', 1]]))
  })

  it('carry as many requests at once as anybody would send, and no more', async () => {
    const { open, door } = await start({})
    const slow =
      'GET /graphql?query=%7Bslow%7D HTTP/1.1\r\nhost: localhost\r\napollo-require-preflight: 1\r\n\r\n'
    const socket = await open(HOSTILE, slow.repeat(100))
    await expect.poll(() => door.counts().running).toBe(100)
    socket.write(slow)
    await closed(socket)
    await expect.poll(() => door.counts().running).toBe(0)
    expect(door.counts().refused).toEqual(new Map([['pipelined', 1]]))
  })

  it('come to an end with what is too much, whatever came in the same piece', async () => {
    const { open, door } = await start({})
    const slow =
      'GET /graphql?query=%7Bslow%7D HTTP/1.1\r\nhost: localhost\r\napollo-require-preflight: 1\r\n\r\n'
    await closed(await open(HOSTILE, slow.repeat(600)))
    await expect.poll(() => door.counts().running).toBe(0)
    // Those behind it are not even counted.
    expect(door.counts().refused).toEqual(new Map([['pipelined', 1]]))
  })
})

describe('answers that nobody reads', () => {
  const LARGE = 8 * MEGABYTE
  const schema = makeExecutableSchema<ToyContext>({
    typeDefs: 'type Query { hello: String, large: String }',
    resolvers: { Query: { hello: () => 'you', large: () => ' '.repeat(LARGE) } },
  })
  const body = JSON.stringify({ query: '{ large }' })
  const unreadBytes = { perCaller: 10 * MEGABYTE, inAll: 100 * MEGABYTE }

  it('are counted until they are read; beyond what is allowed, its caller is refused', async () => {
    const { open, query, ask, door } = await start({ unreadBytes }, { schema })
    const socket = await open(HOSTILE, head(body.length) + body)
    await expect.poll(() => door.counts().unreadBytes).toBeGreaterThan(0)
    // A small one fits beside it, a second large one does not.
    expect((await query(HOSTILE)).status).toBe(200)
    const second = await query(HOSTILE, 'large')
    expect([second.status, second.extensions?.['limit']]).toEqual([429, 'PUSHGRAPH_MAX_UNREAD_MB'])
    expect((await query(HONEST, 'large')).status).toBe(200)
    expect((await ask(HOSTILE, '/livez')).status).toBe(200)
    socket.resume()
    await expect.poll(() => door.counts().unreadBytes).toBe(0)
    expect((await query(HOSTILE, 'large')).status).toBe(200)
    await expect.poll(() => door.counts().unreadBytes).toBe(0)
  })

  it('end the connection when nothing of them is taken for a while', async () => {
    const { open, door } = await start({ unreadTimeoutMs: 300 }, { schema })
    const socket = await open(HOSTILE, head(body.length) + body)
    await expect.poll(() => door.counts().refused).toEqual(new Map([['unread', 1]]))
    await expect.poll(() => door.counts()).toMatchObject({ sockets: 0, unreadBytes: 0, running: 0 })
    socket.destroy()
  })

  it('end one as well over which others were taken before', async () => {
    const { open, door } = await start({ unreadTimeoutMs: 300 }, { schema })
    const hello = JSON.stringify({ query: '{ hello }' })
    const socket = await open(HOSTILE, head(hello.length) + hello)
    expect(String((await once(socket, 'data'))[0])).toContain('"hello":"you"')
    socket.pause()
    socket.write(head(body.length) + body)
    await expect.poll(() => door.counts().refused).toEqual(new Map([['unread', 1]]))
    await expect.poll(() => door.counts()).toMatchObject({ sockets: 0, unreadBytes: 0, running: 0 })
    socket.destroy()
  })

  it('do not end one that takes them slowly, nor one whose answer takes its time', async () => {
    const { open, query, slowRuns, release } = await start({ unreadTimeoutMs: 300 })
    const answered = query(HOSTILE, 'slow')
    await slowRuns(1)
    const idle = await open(HOSTILE)
    // The server ends it after so long without a request: by then the other would be gone, too.
    await closed(idle)
    await closed(await open(HOSTILE))
    release()
    expect((await answered).status).toBe(200)
  })
})
