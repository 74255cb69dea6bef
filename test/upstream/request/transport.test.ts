import type { RequestListener } from 'node:http'
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib'
import { describe, expect, it, onTestFinished } from 'vitest'
import { type Clock, systemClock } from '../../../src/model/clock.ts'
import {
  createTransport,
  NotSentError,
  UnreachableError,
} from '../../../src/upstream/request/transport.ts'
import { createFakeClock } from '../../support/clock.ts'
import { serverForTest } from '../server-for-test.ts'

const KEY = 'psk_secret'

const setUp = async (answer: RequestListener, clock = systemClock) => {
  const server = await serverForTest(answer)
  const transport = createTransport({ url: server.url, clock })
  onTestFinished(() => transport.close())
  const send = (path = '/accounts?limit=1', timeoutMs = 5000) =>
    transport.send({ path, key: KEY, timeoutMs })
  const fail = (timeoutMs?: number) => send(undefined, timeoutMs).catch((error: unknown) => error)
  return { server, transport, send, fail }
}

describe('the transport', () => {
  it('asks below the base URL with the key, for JSON', async () => {
    const { server, send } = await setUp((_request, response) => response.end('{}'))
    expect(await send('/accounts?limit=1&nextToken=a%2Fb')).toEqual({
      status: 200,
      body: '{}',
      retryAfterMs: undefined,
    })
    const [request] = server.requests
    expect(request?.method).toBe('GET')
    expect(request?.url).toBe('/v1/accounts?limit=1&nextToken=a%2Fb')
    expect(request?.headers).toMatchObject({ 'x-api-key': KEY, accept: 'application/json' })
  })

  it('sends nothing where it is too late when there is a connection, and says so', async () => {
    const { server, transport, send } = await setUp((_request, response) => response.end('{}'))
    const asked: number[] = []
    const mayLeave = (): boolean => {
      asked.push(server.requests.length)
      return false
    }
    const sent: string[] = []
    const write = { method: 'PATCH' as const, body: '{}', onSent: () => void sent.push('sent') }
    const late = { path: '/accounts/1', key: KEY, timeoutMs: 5000, mayLeave }
    await expect(transport.send(late)).rejects.toBeInstanceOf(NotSentError)
    await expect(transport.send({ ...late, write })).rejects.toBeInstanceOf(NotSentError)
    expect([asked, sent]).toEqual([[0, 0], []])
    await send()
    expect(server.requests.map(({ url }) => url)).toEqual(['/v1/accounts?limit=1'])
  })

  it('gives every status as an answer, redirects too', async () => {
    const { server, send } = await setUp((_request, response) => {
      response.writeHead(301, { location: '/v1/elsewhere', 'retry-after': '3' })
      response.end('moved')
    })
    expect(await send()).toEqual({ status: 301, body: 'moved', retryAfterMs: 3000 })
    expect(server.requests.length).toBe(1)
  })

  it.each([
    ['gzip', gzipSync],
    ['GZIP', gzipSync],
    ['x-gzip', gzipSync],
    [' X-GZip ', gzipSync],
    ['gzip, identity', gzipSync],
    ['identity', Buffer.from],
    ['Identity', Buffer.from],
    ['deflate', deflateSync],
    ['deflate', deflateRawSync],
    ['br', brotliCompressSync],
    ['br, gzip', (text: string) => gzipSync(brotliCompressSync(text))],
  ])('unpacks what is packed by %s', async (coding, pack) => {
    const { send } = await setUp((_request, response) => {
      response.setHeader('content-encoding', coding)
      response.end(pack('{"name":"Müller"}'))
    })
    expect((await send()).body).toBe('{"name":"Müller"}')
  })

  it.each([undefined, 'gzip'])('leaves a byte order mark out (%s)', async coding => {
    const { send } = await setUp((_request, response) => {
      if (coding !== undefined) response.setHeader('content-encoding', coding)
      response.end(coding === undefined ? '\ufeff{}' : gzipSync('\ufeff{}'))
    })
    expect((await send()).body).toBe('{}')
  })

  it('keeps its connections for the next requests', async () => {
    const { server, send } = await setUp((_request, response) => response.end('{}'))
    for (let n = 0; n < 20; n += 1) await send()
    // The pool may open a second one while the first is just becoming free.
    expect(server.connections()).toBeLessThanOrEqual(2)
  })
})

describe('a request that gets no answer', () => {
  it('is given up after its time, also in the middle of the body', async () => {
    const clock = createFakeClock()
    let closed = false
    const { server, fail } = await setUp((_request, response) => {
      response.on('close', () => {
        closed = true
      })
      response.writeHead(200)
      response.write('{"result":')
    }, clock)
    const failure = fail(2000)
    await expect.poll(() => server.requests.length).toBe(1)
    await clock.advance(1999)
    expect(clock.waiting()).toBe(1)
    expect(closed).toBe(false)
    await clock.advance(1)
    await expect.poll(() => closed).toBe(true)
    expect(await failure).toMatchObject({
      code: 'UPSTREAM_TIMEOUT',
      fields: { timeoutMs: 2000 },
      message: 'Push gave no answer within 2000 ms.',
    })
  })

  it('is given up before it has a connection, and never sent then', async () => {
    let isTooLate = true
    const clock: Clock = {
      ...systemClock,
      after: (ms, callback) => {
        if (isTooLate) queueMicrotask(callback)
        return systemClock.after(ms, () => undefined)
      },
    }
    const { server, fail, send } = await setUp((_request, response) => response.end('{}'), clock)
    expect(await fail()).toMatchObject({ code: 'UPSTREAM_TIMEOUT' })
    isTooLate = false
    expect((await send('/other')).status).toBe(200)
    expect(server.requests.map(({ url }) => url)).toEqual(['/v1/other'])
  })

  it('is told by the code of the failure and the origin, never with the key', async () => {
    const { fail } = await setUp((request, response) => {
      response.socket?.resetAndDestroy()
      request.destroy()
    })
    const failure = (await fail()) as Error
    expect(failure).toMatchObject({ code: 'UPSTREAM_UNAVAILABLE' })
    // Somebody was there.
    expect(failure).not.toBeInstanceOf(UnreachableError)
    expect(failure.message).toMatch(/^The connection to http:\/\/127\.0\.0\.1:\d+ failed \(.+\)\.$/)
    expect(failure.message).not.toContain(KEY)
  })

  it('is unavailable where nobody listens', async () => {
    const transport = createTransport({ url: 'http://127.0.0.1:1/v1', clock: systemClock })
    onTestFinished(() => transport.close())
    const failure = await transport
      .send({ path: '/', key: KEY, timeoutMs: 5000 })
      .catch((error: unknown) => error)
    expect(failure).toBeInstanceOf(UnreachableError)
    expect(failure).toMatchObject({
      code: 'UPSTREAM_UNAVAILABLE',
      message: 'The connection to http://127.0.0.1:1 failed (ECONNREFUSED).',
    })
  })

  it('is unavailable when the body ends early', async () => {
    const { fail } = await setUp((_request, response) => {
      response.writeHead(200, { 'content-length': '100' })
      response.write('{"result":')
      response.socket?.end()
    })
    expect(await fail()).toMatchObject({ code: 'UPSTREAM_UNAVAILABLE' })
  })

  it('is unreadable when its packing is broken, or it unpacks to more than is sane', async () => {
    for (const coding of ['gzip', 'deflate', 'br', 'something-new']) {
      const broken = await setUp((_request, response) => {
        response.setHeader('content-encoding', coding)
        response.end('not packed at all')
      })
      expect(await broken.fail()).toMatchObject({ code: 'UPSTREAM_INVALID' })
    }
    const bomb = gzipSync(Buffer.alloc(33 * 1024 * 1024))
    const huge = await setUp((_request, response) => {
      response.setHeader('content-encoding', 'gzip')
      response.end(bomb)
    })
    expect(await huge.fail()).toMatchObject({ code: 'UPSTREAM_INVALID' })
  })

  it('is unreadable when it is larger than is sane, and is not read to its end', async () => {
    const { fail } = await setUp((_request, response) => {
      response.on('error', () => undefined)
      const chunk = Buffer.alloc(1024 * 1024, ' ')
      const more = (): void => {
        while (!response.destroyed && response.write(chunk));
        if (!response.destroyed) response.once('drain', more)
      }
      more()
    })
    expect(await fail()).toMatchObject({
      code: 'UPSTREAM_INVALID',
      message: "Push's answer is larger than 33554432 bytes.",
    })
  })

  it('fails when the transport closes', async () => {
    const { server, transport, fail } = await setUp(() => undefined)
    const failure = fail()
    await expect.poll(() => server.requests.length).toBe(1)
    await transport.close()
    expect(await failure).toMatchObject({ code: 'UPSTREAM_UNAVAILABLE' })
  })
})
