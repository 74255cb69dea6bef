import { describe, expect, it, onTestFinished } from 'vitest'
import type { Socket } from 'node:net'
import { systemClock } from '../../src/model/clock.ts'
import { createClient } from '../../src/upstream/client.ts'
import { KEY, app, call, fails, inTurn, list, reply, setUp } from './client-of-server.ts'

describe('the key', () => {
  it('is read again when Push refuses it, and the new one is used from then on', async () => {
    const keys = ['old', 'new']
    let reads = 0
    const { client, server, state } = await setUp(
      (request, response) => {
        if (request.headers['x-api-key'] === 'new') reply(response, list([app('1')]))
        else reply(response, { message: 'Forbidden' }, 403)
      },
      { key: async () => keys[Math.min(reads++, 1)] as string },
    )
    await client.page('apps', {}, call())
    await client.page('apps', {}, call())
    expect(server.requests.map(({ headers }) => headers['x-api-key'])).toEqual([
      'old',
      'new',
      'new',
    ])
    // Whoever begins with the new key shares what belonged to the old one.
    client.facts.set('offset', 'works')
    const later = createClient({
      alias: 'default',
      url: server.url,
      key: () => 'new',
      rate: 1000,
      burst: 1000,
      state,
      clock: systemClock,
    })
    onTestFinished(() => later.close())
    expect(later.facts.get('offset')).toBe('works')
  })

  it('that is wrong is named by its connector, with the way out, and never shown', async () => {
    const { client, server, messages, events } = await setUp((_request, response) => {
      reply(response, { message: `${KEY} is wrong` }, 403)
    })
    const failure = (await fails(client.page('apps', {}, call()))) as Error
    expect(failure).toMatchObject({ code: 'FORBIDDEN' })
    expect(failure.message).toMatch(/key of connector default .*PUSH_API_KEY/)
    expect(server.requests.length).toBe(1)
    await fails(client.page('apps', {}, call()))
    expect(messages).toEqual(['warn Push refuses the key of connector default for /apps.'])
    expect(client.health()).toMatchObject({ status: 'FAILING' })
    const parts = JSON.stringify([failure.message, client.health(), messages, events])
    expect(parts).not.toContain(KEY)
  })

  it('that cannot be read fails the request, not the client', async () => {
    const { client } = await setUp((_request, response) => response.end(), {
      key: () => {
        throw new Error('no such file')
      },
    })
    expect(client.pageSize()).toBe(200)
    expect(client.rateLimit()).toMatchObject({ limit: 1000, queued: 0 })
    expect(client.facts.all().size).toBe(0)
    const failure = await fails(client.page('apps', {}, call()))
    expect(failure).toMatchObject({ code: 'UPSTREAM_UNAVAILABLE' })
    expect((failure as Error).message).toMatch(/key of connector default cannot be read/)
    expect(client.health()).toEqual({
      status: 'FAILING',
      reason: (failure as Error).message,
      asks: false,
    })
  })
})

describe('a Push that fails', () => {
  it('is spared after five failures in a row, and callers are told when to come back', async () => {
    // Each failure half a second after the one before.
    let passedMs = 0
    const { client, server, messages } = await setUp(
      (_request, response) => {
        passedMs += 500
        reply(response, {}, 503)
      },
      { clock: { ...systemClock, random: () => 0, now: () => Date.now() + passedMs } },
    )
    expect(await fails(client.page('apps', {}, call()))).toMatchObject({
      code: 'UPSTREAM_UNAVAILABLE',
      fields: { status: 503 },
    })
    expect(server.requests.length).toBe(4)
    await fails(client.page('findings', {}, call()))
    expect(server.requests.length).toBe(5)
    const spared = (await fails(client.page('findings', {}, call()))) as {
      fields: { retryAfterMs: number }
    }
    expect(spared).toMatchObject({ code: 'UPSTREAM_UNAVAILABLE' })
    expect(spared.fields.retryAfterMs).toBeGreaterThan(4000)
    expect(server.requests.length).toBe(5)
    expect(client.health()).toMatchObject({ status: 'FAILING', asks: false })
    // It stays so until a request works; but who comes now finds out.
    passedMs += 5000
    expect(client.health()).toMatchObject({ status: 'FAILING', asks: true })
    expect(messages).toEqual(['warn Push fails for connector default: no request for 5000 ms.'])
  })

  it.each(['0.25', '0.001', '0'])(
    'is spared though each failure says to come back in %s s',
    async pause => {
      let passedMs = 0
      const { client, server } = await setUp(
        (_request, response) => {
          passedMs += 500
          response.writeHead(503, { 'retry-after': pause })
          response.end()
        },
        { clock: { ...systemClock, random: () => 0, now: () => Date.now() + passedMs } },
      )
      await fails(client.page('apps', {}, call()))
      await fails(client.page('findings', {}, call()))
      expect(server.requests.length).toBe(5)
      expect(client.health()).toMatchObject({ status: 'FAILING', asks: false })
    },
  )

  it('that says to come back in a moment is asked as often as one that says nothing, and no faster', async () => {
    const { client, server, events } = await setUp(
      (_request, response) => {
        response.writeHead(503, { 'retry-after': '0.001' })
        response.end()
      },
      { clock: { ...systemClock, random: () => 0.1 } },
    )
    await fails(client.page('apps', {}, call()))
    expect(server.requests.length).toBe(4)
    const delays = events.flatMap(event => (event.kind === 'retry' ? [event.delayMs] : []))
    expect(delays).toEqual([20, 40, 80])
  })

  it('answers six lists whose first requests all fail at once', async () => {
    const failed = new Set<string | undefined>()
    const { client, server } = await setUp((request, response) => {
      if (failed.has(request.url)) {
        reply(response, list([]))
        return
      }
      failed.add(request.url)
      sockets.push(request.socket)
      if (failed.size === 6) for (const socket of sockets) socket.resetAndDestroy()
    })
    const sockets: Socket[] = []
    const names = ['employees', 'accounts', 'apps', 'browsers', 'findings', 'detections'] as const
    const pages = await Promise.all(names.map(name => client.page(name, {}, call())))
    expect(pages.map(({ sent }) => sent)).toEqual([0, 0, 0, 0, 0, 0])
    expect(server.requests.length).toBe(12)
    expect(client.health()).toMatchObject({ status: 'DEGRADED' })
  })

  it.each([503, 502, 408])('is left alone for as long as its %i asks for', async status => {
    const answer = inTurn(
      (_request, response) => {
        response.writeHead(status, { 'retry-after': '1' })
        response.end()
      },
      (_request, response) => {
        reply(response, list([]))
      },
    )
    const { client, server } = await setUp(answer)
    const before = Date.now()
    const asked = client.page('apps', {}, call())
    await expect.poll(() => client.health().status).toBe('FAILING')
    // Others do not ask meanwhile either.
    await client.page('findings', {}, call())
    expect(Date.now() - before).toBeGreaterThanOrEqual(1000)
    expect((await asked).sent).toBe(0)
    expect(server.requests.length).toBe(3)
    // Nobody else spends on the key.
    expect(client.rateLimit().limit).toBe(1000)
  })

  it('that asks for more time than a caller has is the failure told, with when to come back', async () => {
    const { client, server } = await setUp((_request, response) => {
      response.writeHead(503, { 'retry-after': '60' })
      response.end()
    })
    expect(await fails(client.page('apps', {}, call()))).toMatchObject({
      code: 'UPSTREAM_UNAVAILABLE',
      fields: { status: 503, retryAfterMs: 60_000 },
    })
    expect(server.requests.length).toBe(1)
  })

  it('that has become slow is waited for by the third try, as long as the caller can', async () => {
    let slowMs = 0
    const timers: { ms: number; run: () => void }[] = []
    const { client, server } = await setUp(
      (_request, response) => {
        if (slowMs === 0) reply(response, list([]))
      },
      {
        clock: {
          ...systemClock,
          random: () => 0,
          after: (ms, run) => {
            timers.push({ ms, run })
            return () => undefined
          },
        },
      },
    )
    for (let n = 0; n < 5; n += 1) await client.page('apps', { limit: n + 1 }, call())
    slowMs = 20_000
    timers.length = 0
    const asked = fails(client.page('findings', {}, call({ deadline: Date.now() + 25_000 })))
    const timeouts: number[] = []
    for (let n = 1; n <= 3; n += 1) {
      await expect.poll(() => server.requests.length).toBe(5 + n)
      // The last one is that of the request itself.
      const timer = timers.at(-1)
      timeouts.push(timer?.ms ?? 0)
      timer?.run()
    }
    expect(timeouts.slice(0, 2)).toEqual([2000, 2000])
    expect(timeouts[2]).toBeGreaterThan(24_000)
    await client.close()
    await asked
  })

  it('makes a 429 wait for as long as it asks for', async () => {
    const { client, server, events, messages } = await setUp(
      inTurn(
        (_request, response) => {
          response.writeHead(429, { 'retry-after': '1' })
          response.end()
        },
        (_request, response) => {
          reply(response, list([app('1')]))
        },
      ),
    )
    const before = Date.now()
    await client.page('apps', {}, call())
    expect(Date.now() - before).toBeGreaterThanOrEqual(1000)
    expect(server.requests.length).toBe(2)
    expect(client.rateLimit().limit).toBeLessThan(1000)
    expect(client.health().status).toBe('DEGRADED')
    expect(events).toContainEqual({ kind: 'pause', pauseMs: 1000 })
    expect(messages).toEqual([
      expect.stringMatching(/^warn Others spend .* No request for 1000 ms/),
    ])
  })

  it('refuses at once whoever cannot wait for that', async () => {
    const { client } = await setUp((_request, response) => {
      response.writeHead(429, { 'retry-after': '60' })
      response.end()
    })
    const failure = (await fails(client.page('apps', {}, call()))) as { retryAfterMs: number }
    expect(failure).toMatchObject({ code: 'RATE_LIMITED' })
    expect(failure.retryAfterMs).toBeGreaterThan(59_000)
  })
})

describe('a caller', () => {
  it('that leaves is told its own reason at once, and the answer counts for the limit', async () => {
    let answer: (() => void) | undefined
    const { client } = await setUp(
      (_request, response) => {
        answer = () => {
          reply(response, list([]))
        }
      },
      { rate: 1, burst: 2 },
    )
    const leaving = new AbortController()
    const gone = fails(client.page('apps', {}, call({ signal: leaving.signal })))
    await expect.poll(() => answer !== undefined).toBe(true)
    const reason = new Error('left')
    leaving.abort(reason)
    expect(await gone).toBe(reason)
    expect(client.rateLimit().available).toBe(1)
    answer?.()
    await expect.poll(() => client.latencyMs()).not.toBe(250)
  })

  it('is refused once the client is closed, and those who wait are too', async () => {
    const { client, server } = await setUp(() => undefined)
    const waiting = fails(client.page('apps', {}, call()))
    await expect.poll(() => server.requests.length).toBe(1)
    await client.close()
    const closed = 'The client of connector default is closed.'
    expect(await waiting).toMatchObject({ code: 'UPSTREAM_UNAVAILABLE', message: closed })
    expect(await fails(client.page('apps', {}, call()))).toMatchObject({ message: closed })
  })
})
