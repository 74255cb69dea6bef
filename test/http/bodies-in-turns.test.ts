/** Bodies of a crowd: however many come at the same moment, a few are gone on with at a time. */
import { once } from 'node:events'
import { createServer, type IncomingMessage, ServerResponse } from 'node:http'
import { type AddressInfo, connect, Socket } from 'node:net'
import { fastify } from 'fastify'
import { afterEach, expect, it } from 'vitest'
import { createBodyTurns, readBodies } from '../../src/http/bodies.ts'
import { dropUnreadBodies, PiecewiseRequest } from '../../src/http/body-pieces.ts'
import { createCallers } from '../../src/http/admission/caller.ts'
import { watchConnections } from '../../src/http/admission/connections.ts'
import { wideLimits } from '../support/door.ts'

const CROWD = 300
/** Some go on where the event loop hears of them, and as many where it comes to what was put off. */
const AT_ONCE = 48

const ends: (() => unknown)[] = []
afterEach(async () => {
  for (const end of ends.splice(0)) await end()
})

/** Counts what happens in one pass of the event loop: how much at most, and all. */
const createPassCount = () => {
  let [most, now, all] = [0, 0, 0]
  return {
    add: () => {
      if (now === 0) setImmediate(() => (now = 0))
      now += 1
      all += 1
      most = Math.max(most, now)
    },
    counts: () => ({ most, all }),
  }
}

const connectTo = (port: number): Socket => {
  const socket = connect({ host: '127.0.0.1', port })
  socket.on('error', () => undefined)
  ends.push(() => socket.destroy())
  return socket
}

const portOf = (server: { address(): unknown }): number => (server.address() as AddressInfo).port

/** A server that reads bodies and refuses pieces where `mayTake` says no. */
const startReading = async (mayTake: () => boolean) => {
  const [taken, told] = [createPassCount(), createPassCount()]
  const app = fastify({ http: { IncomingMessage: PiecewiseRequest } })
  watchConnections(app.server, {
    callers: createCallers({ kind: 'none' }),
    limits: wideLimits,
    loop: { isLate: () => false, giveWay: () => undefined },
    onCutOff: () => undefined,
  })
  app.removeAllContentTypeParsers()
  readBodies(
    app,
    'text/plain',
    {
      maxBytes: 1_000_000,
      callerOf: (request: IncomingMessage) => request.socket.remoteAddress ?? '',
      held: {
        take: () => {
          if (!mayTake()) throw Object.assign(new Error('too many'), { statusCode: 429 })
          taken.add()
        },
        give: () => undefined,
      },
      turns: createBodyTurns(),
    },
    bytes => bytes.toString(),
  )
  app.setErrorHandler(async (error: { readonly statusCode?: number }, _request, reply) => {
    told.add()
    return reply.code(error.statusCode ?? 500).send('refused')
  })
  app.post('/', async request => String((request.body as string).length))
  dropUnreadBodies(app)
  // Whoever answers does not look at the body; one of them waits until it has come.
  app.get('/whole', async ({ raw }) => {
    await once(raw, 'end')
    return 'it came'
  })
  app.get('/', async ({ raw }) => once(raw.socket, 'close'))
  app.get('/begun', async (_request, reply) => {
    reply.hijack()
    reply.raw.writeHead(200, { 'content-type': 'text/plain' }).write('begun')
  })
  await app.listen({ host: '127.0.0.1', port: 0 })
  ends.push(() => app.close())
  const read: number[] = []
  app.server.on('connection', (socket: Socket) =>
    socket.once('close', () => read.push(socket.bytesRead)),
  )
  return { taken, told, port: portOf(app.server), bytesRead: () => read }
}

const head = (length: number): string =>
  `POST / HTTP/1.1\r\nhost: here\r\ncontent-type: text/plain\r\ncontent-length: ${length}\r\n\r\n`

const firstLine = (socket: Socket): Promise<string> =>
  new Promise(resolve => socket.on('data', data => resolve(data.toString().split('\r\n')[0] ?? '')))

it('refuses a few bodies at a time', async () => {
  const { told, port } = await startReading(() => false)
  const sockets = Array.from({ length: CROWD }, () => connectTo(port))
  const heard = sockets.map(firstLine)
  for (const socket of sockets) socket.write(head(200_000) + ' '.repeat(150_000))
  for (const line of await Promise.all(heard)) expect(line).toBe('HTTP/1.1 429 Too Many Requests')
  expect(told.counts().all).toBe(CROWD)
  expect(told.counts().most).toBeLessThanOrEqual(AT_ONCE)
})

it('tells of bodies that broke off a few at a time', async () => {
  const { taken, told, port } = await startReading(() => true)
  const sockets = Array.from({ length: CROWD }, () => connectTo(port))
  for (const socket of sockets) socket.write(`${head(1_000)} `)
  await expect.poll(() => taken.counts().all).toBe(CROWD)
  for (const socket of sockets) socket.destroy()
  await expect.poll(() => told.counts().all).toBe(CROWD)
  expect(told.counts().most).toBeLessThanOrEqual(AT_ONCE)
})

it('takes bodies in pieces, and each comes whole', async () => {
  const { taken, port } = await startReading(() => true)
  const sockets = Array.from({ length: CROWD }, () => connectTo(port))
  const heard = sockets.map(firstLine)
  for (const socket of sockets) socket.write(head(8))
  for (const socket of sockets) socket.write('a')
  await expect.poll(() => taken.counts().all).toBe(CROWD)
  for (const socket of sockets) socket.write('bcdef')
  await expect.poll(() => taken.counts().all).toBe(2 * CROWD)
  for (const socket of sockets) socket.write('gh')
  for (const line of await Promise.all(heard)) expect(line).toBe('HTTP/1.1 200 OK')
})

/** A body in chunks of so many bytes each. */
const inChunks = (count: number, bytes: number, target = 'POST /'): string =>
  `${target} HTTP/1.1\r\nhost: here\r\ncontent-type: text/plain\r\ntransfer-encoding: chunked\r\n\r\n${`${bytes.toString(16)}\r\n${'x'.repeat(bytes)}\r\n`.repeat(count)}`

it.each([
  ['a thousand of any size', 1_000, 1, 200],
  ['one more than a thousand, and than their bytes allow', 1_020, 1, 400],
  ['many that are not so small', 8_000, 64, 200],
])('takes a body in pieces: %s', async (_, count, bytes, status) => {
  const { port } = await startReading(() => true)
  const socket = connectTo(port)
  const heard = firstLine(socket)
  socket.write(`${inChunks(count, bytes)}0\r\n\r\n`)
  expect(await heard).toContain(` ${status} `)
})

it.each([
  [1_015, 1, 1_016],
  [2_000, 32, 2_001],
])('takes %i pieces of %i bytes, and not %i', (most, bytes, more) => {
  const isTaken = (count: number): boolean => {
    const socket = new Socket()
    const request = new PiecewiseRequest(socket)
    for (let piece = 0; piece < count; piece += 1) request.push(Buffer.alloc(bytes))
    return !socket.destroyed
  }
  expect([isTaken(most), isTaken(more)]).toEqual([true, false])
})

it('ends a connection over which a body comes in crumbs, and holds none of it', async () => {
  const { port, bytesRead } = await startReading(() => true)
  const sockets = Array.from({ length: 20 }, () => connectTo(port))
  const ended = sockets.map(socket => new Promise(resolve => socket.once('close', resolve)))
  for (const socket of sockets) socket.resume().write(inChunks(100_000, 1))
  await Promise.all(ended)
  // What the system gives at once, and no more.
  await expect.poll(() => bytesRead().length).toBe(20)
  expect(Math.max(...bytesRead())).toBeLessThanOrEqual(65_536)
})

it('counts the pieces of bodies together that come behind one another before any is answered', async () => {
  const { port } = await startReading(() => true)
  const patient = connectTo(port)
  for (let some = 0; some < 3; some += 1) {
    const heard = firstLine(patient)
    patient.write(`${inChunks(600, 1)}0\r\n\r\n`)
    expect(await heard).toBe('HTTP/1.1 200 OK')
  }
  const hasty = connectTo(port)
  const ended = once(hasty, 'close')
  hasty.resume().write(`${inChunks(600, 1, 'GET /')}0\r\n\r\n`.repeat(2))
  await ended
})

it('takes any number of short bodies behind one another that come in one piece each', () => {
  const socket = new Socket()
  const over = { came: () => undefined }
  let last: PiecewiseRequest | undefined
  for (let some = 0; some < 3_000; some += 1) {
    const request = new PiecewiseRequest(socket)
    request.comes(over, new ServerResponse(request), last)
    request.push(Buffer.from('x'))
    last = request
  }
  expect(socket.destroyed).toBe(false)
})

it('makes nothing of a body that it ends the connection for, though its end came with it', async () => {
  let isWhole = false
  const server = createServer({ IncomingMessage: PiecewiseRequest }, request => {
    request.resume().on('end', () => (isWhole = true))
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  ends.push(() => server.close())
  const socket = connectTo(portOf(server))
  const ended = once(socket, 'close')
  socket.resume().write(`${inChunks(1_100, 1)}0\r\n\r\n`)
  await ended
  expect(isWhole).toBe(false)
})

it('ends a connection over which crumbs come though nobody has begun to take them', async () => {
  const server = createServer({ IncomingMessage: PiecewiseRequest }, () => undefined)
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  ends.push(() => server.close())
  const socket = connectTo(portOf(server))
  const ended = once(socket, 'close')
  socket.resume().write(inChunks(1_020, 1))
  await ended
})

it('drops a body that nobody reads, and ends a connection where that comes in crumbs', async () => {
  const { port, bytesRead } = await startReading(() => true)
  const socket = connectTo(port)
  const heard = firstLine(socket)
  // More than a stream holds that nobody reads.
  socket.write(`${inChunks(200, 1_000, 'GET /whole')}0\r\n\r\n`)
  expect(await heard).toBe('HTTP/1.1 200 OK')

  const sockets = Array.from({ length: 20 }, () => connectTo(port))
  const ended = sockets.map(each => new Promise(resolve => each.once('close', resolve)))
  for (const each of sockets) each.resume().write(inChunks(100_000, 1, 'GET /'))
  await Promise.all(ended)
  await expect.poll(() => bytesRead().length).toBe(20)
  expect(Math.max(...bytesRead())).toBeLessThanOrEqual(65_536)
})

it('writes no refusal into an answer that has begun', async () => {
  const { port } = await startReading(() => true)
  const socket = connectTo(port)
  let heard = ''
  socket.on('data', data => (heard += data.toString()))
  const ended = once(socket, 'close')
  socket.write(inChunks(1, 1, 'GET /begun'))
  await expect.poll(() => heard).toContain('begun')
  socket.write('1\r\nx\r\n'.repeat(10_000))
  await ended
  expect(heard.match(/HTTP/g)).toHaveLength(1)
})
