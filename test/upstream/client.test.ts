import type { RequestListener, ServerResponse } from 'node:http'
import { describe, expect, it, onTestFinished } from 'vitest'
import { UpstreamInvalidError, UpstreamRefusedError } from '../../src/errors.ts'
import { systemClock } from '../../src/model/clock.ts'
import type { ClientOptions } from '../../src/upstream/client.ts'
import { createClient } from '../../src/upstream/client.ts'
import type { Call } from '../../src/upstream/contract.ts'
import type { UpstreamEvent } from '../../src/upstream/events.ts'
import { openState } from '../../src/upstream/state.ts'
import { serverForTest } from './server.ts'

const KEY = 'psk_0123456789-secret'

const app = (id: string, changes: object = {}) => ({
  id,
  type: 'SLACK',
  creationTimestamp: 1698604061,
  ...changes,
})

const reply = (response: ServerResponse, body: unknown, status = 200): void => {
  response.writeHead(status, { 'content-type': 'application/json' })
  response.end(typeof body === 'string' ? body : JSON.stringify(body))
}

const list = (rows: readonly unknown[], nextToken: string | null = null) => ({
  result: rows,
  paging: { moreResults: nextToken !== null, nextToken },
})

const call = (changes: Partial<Call> = {}): Call => ({
  owner: 'someone',
  priority: 'interactive',
  deadline: Date.now() + 20_000,
  ...changes,
})

const setUp = async (answer: RequestListener, options: Partial<ClientOptions> = {}) => {
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
const inTurn = (...answers: readonly RequestListener[]): RequestListener => {
  let n = 0
  return (request, response) => {
    const answer = answers[Math.min(n, answers.length - 1)] as RequestListener
    n += 1
    void answer(request, response)
  }
}

const fails = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => 'nothing failed',
    (error: unknown) => error,
  )

describe('a page', () => {
  it('holds rows, where to go on, and how old it is at most', async () => {
    const { client, server } = await setUp((_request, response) => {
      reply(response, list([app('1'), app('2')], 'next'))
    })
    const before = Date.now()
    const page = await client.page('apps', { limit: 2 }, call())
    expect(page.rows.map(({ id }) => id)).toEqual(['1', '2'])
    expect(page).toMatchObject({ nextToken: 'next', sent: 2, unreadable: [] })
    expect(page.readAt).toBeGreaterThanOrEqual(before)
    expect(page.readAt).toBeLessThanOrEqual(Date.now())
    await client.page('apps', { nextToken: 'next' }, call())
    expect(server.requests.map(({ url }) => url)).toEqual([
      '/v1/apps?limit=2',
      '/v1/apps?limit=1000&nextToken=next',
    ])
  })

  it('is read once for fifty who ask for it at once', async () => {
    const { client, server } = await setUp((_request, response) => {
      reply(response, list([app('1')]))
    })
    let told = 0
    const onRequest = () => (told += 1)
    const pages = await Promise.all(
      Array.from({ length: 50 }, (_, n) =>
        client.page('apps', {}, call({ owner: String(n), onRequest })),
      ),
    )
    expect(server.requests.length).toBe(1)
    expect(told).toBe(1)
    expect(new Set(pages).size).toBe(1)
  })

  it.each([
    {
      fault: '500',
      broken: (response: ServerResponse) => {
        reply(response, {}, 500)
      },
    },
    {
      fault: 'a page of a proxy',
      broken: (response: ServerResponse) => {
        reply(response, '<html>')
      },
    },
    {
      fault: 'half of the JSON',
      broken: (response: ServerResponse) => {
        reply(response, '{"result":[')
      },
    },
    {
      fault: 'no result',
      broken: (response: ServerResponse) => {
        reply(response, { paging: {} })
      },
    },
    { fault: 'a reset', broken: (response: ServerResponse) => response.socket?.resetAndDestroy() },
    {
      fault: 'damaged rows',
      broken: (response: ServerResponse) => {
        reply(response, list([app('1'), { id: 7 }]))
      },
    },
  ])('is read whole although $fault came first', async ({ broken }) => {
    const whole = (response: ServerResponse) => {
      reply(response, list([app('1'), app('2')]))
    }
    const { client, server, events } = await setUp(
      inTurn(
        (_request, response) => void broken(response),
        (_request, response) => {
          whole(response)
        },
      ),
    )
    expect((await client.page('apps', {}, call())).rows.length).toBe(2)
    expect(server.requests.length).toBe(2)
    expect(events.filter(({ kind }) => kind === 'retry').length).toBe(1)
  })

  it('leaves out and reports rows that stay unreadable, and does not ask for them again each time', async () => {
    const { client, server } = await setUp((_request, response) => {
      reply(response, list([app('1'), app('2', { type: 7 })]))
    })
    const page = await client.page('apps', {}, call())
    expect(page.rows.map(({ id }) => id)).toEqual(['1'])
    expect(page.sent).toBe(2)
    expect(page.unreadable).toEqual([{ path: 'result[1].type', reason: 'is not a text' }])
    expect(server.requests.length).toBe(4)
    await client.page('apps', {}, call())
    expect(server.requests.length).toBe(5)
  })

  it('is unreadable when all its rows are', async () => {
    const { client, server } = await setUp((_request, response) => {
      reply(response, list([app('1', { type: 7 }), app('', {})]))
    })
    const failure = await fails(client.page('apps', {}, call()))
    expect(failure).toBeInstanceOf(UpstreamInvalidError)
    expect(failure).toMatchObject({ code: 'UPSTREAM_INVALID', fields: { path: 'result[0].type' } })
    const sofar = server.requests.length
    await fails(client.page('apps', {}, call()))
    expect(server.requests.length).toBe(sofar + 1)
  })

  it('with what could be read is given when asking again fails', async () => {
    const { client } = await setUp(
      inTurn(
        (_request, response) => {
          reply(response, list([app('1'), { id: 7 }]))
        },
        (_request, response) => {
          reply(response, {}, 400)
        },
      ),
    )
    expect((await client.page('apps', {}, call())).rows.length).toBe(1)
  })

  it.each([400, 404, 301])('is not asked for again after %i', async status => {
    const { client, server } = await setUp((_request, response) => {
      reply(response, { message: 'no' }, status)
    })
    const failure = await fails(client.page('apps', { limit: 10 }, call()))
    expect(failure).toBeInstanceOf(UpstreamRefusedError)
    expect(failure).toMatchObject({ status })
    expect(server.requests.length).toBe(1)
  })
})

describe('the page size', () => {
  it('is learnt from the first short page, and kept', async () => {
    const state = openState(':memory:')
    const { client, server, events } = await setUp(
      (_request, response) => {
        reply(
          response,
          list(
            Array.from({ length: 250 }, (_, n) => app(String(n))),
            'next',
          ),
        )
      },
      { state },
    )
    expect(client.pageSize()).toBe(200)
    await client.page('apps', {}, call())
    expect(client.pageSize()).toBe(250)
    expect(client.facts.get('pageSize')).toBe('250')
    expect(events).toContainEqual({ kind: 'learnt', fact: 'pageSize', verdict: '250' })
    await client.page('apps', {}, call())
    expect(server.requests[1]?.url).toBe('/v1/apps?limit=250')
    const later = createClient({
      alias: 'other name, same key',
      url: server.url,
      key: () => KEY,
      rate: 1000,
      burst: 1000,
      state,
      clock: systemClock,
    })
    onTestFinished(() => later.close())
    expect(later.pageSize()).toBe(250)
  })

  it('falls back to 200 where more is refused, and asks for 200 from then on', async () => {
    const { client, server } = await setUp((request, response) => {
      const limit = Number(new URL(request.url ?? '', 'http://x').searchParams.get('limit'))
      if (limit > 200) reply(response, { message: 'limit' }, 400)
      else reply(response, list([app('1')]))
    })
    await client.page('apps', {}, call())
    await client.page('apps', { limit: 500 }, call())
    expect(server.requests.map(({ url }) => url)).toEqual([
      '/v1/apps?limit=1000',
      '/v1/apps?limit=200',
      '/v1/apps?limit=200',
    ])
  })

  it('is not learnt from a refusal that has another cause, nor from a filtered page', async () => {
    const { client } = await setUp((request, response) => {
      if (request.url?.includes('bad') === true) reply(response, {}, 400)
      else reply(response, list([app('1')], 'next'))
    })
    await fails(client.page('apps', { parameters: { bad: '1' } }, call()))
    await client.page('apps', { parameters: { good: '1' } }, call())
    expect(client.facts.all().size).toBe(0)
  })
})

describe('a look-up', () => {
  it('gives the row of the id, however it is spelt', async () => {
    const id = 'a/b ?é'
    const { client, server } = await setUp((_request, response) => {
      reply(response, app(id))
    })
    expect(await client.one('apps', id, call())).toMatchObject({ kind: 'row', row: { id } })
    expect(server.requests[0]?.url).toBe('/v1/apps/a%2Fb%20%3F%C3%A9')
  })

  it.each([400, 403, 404])('tells of nothing there when Push says %i', async status => {
    const { client, server } = await setUp((_request, response) => {
      reply(response, { message: 'no' }, status)
    })
    expect(await client.one('apps', 'x', call())).toMatchObject({ kind: 'absent', status })
    expect(server.requests.length).toBe(1)
    expect(client.health().status).toBe('OK')
  })

  it.each(['', '.', '..'])(
    'does not ask for an id whose address would be another: %j',
    async id => {
      const { client, server } = await setUp((_request, response) => {
        reply(response, list([]))
      })
      expect(await client.one('apps', id, call())).toMatchObject({ kind: 'absent', status: 404 })
      expect(server.requests.length).toBe(0)
    },
  )

  it('does not believe an answer about another object', async () => {
    const { client } = await setUp((_request, response) => {
      reply(response, app('other'))
    })
    const failure = await fails(client.one('apps', 'x', call()))
    expect(failure).toMatchObject({ code: 'UPSTREAM_INVALID', fields: { path: 'id' } })
    expect((failure as Error).message).not.toContain('other')
  })
})

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
    const told = JSON.stringify([failure.message, client.health(), messages, events])
    expect(told).not.toContain(KEY)
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
  })
})

describe('a Push that fails', () => {
  it('is spared after five failures in a row, and callers are told when to come back', async () => {
    const { client, server, messages } = await setUp((_request, response) => {
      reply(response, {}, 503)
    })
    expect(await fails(client.page('apps', {}, call()))).toMatchObject({
      code: 'UPSTREAM_UNAVAILABLE',
      fields: { status: 503 },
    })
    expect(server.requests.length).toBe(4)
    expect(client.health().status).toBe('DEGRADED')
    await fails(client.page('findings', {}, call()))
    expect(server.requests.length).toBe(5)
    const spared = (await fails(client.page('findings', {}, call()))) as {
      fields: { retryAfterMs: number }
    }
    expect(spared).toMatchObject({ code: 'UPSTREAM_UNAVAILABLE' })
    expect(spared.fields.retryAfterMs).toBeGreaterThan(4000)
    expect(server.requests.length).toBe(5)
    expect(client.health().status).toBe('FAILING')
    expect(messages).toEqual(['warn Push fails for connector default: no request for 5000 ms.'])
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

it('tells of each request by its path without ids, keys or query', async () => {
  const { client, events } = await setUp((request, response) => {
    if (request.url?.startsWith('/v1/apps/') === true) reply(response, app('secret-id'))
    else reply(response, list([app('1')]))
  })
  await client.page('apps', { parameters: { email: 'who@x.example' } }, call())
  await client.one('apps', 'secret-id', call({ priority: 'background' }))
  expect(events).toEqual([
    {
      kind: 'request',
      path: '/apps',
      outcome: 200,
      priority: 'interactive',
      waitedMs: expect.any(Number) as number,
      latencyMs: expect.any(Number) as number,
    },
    expect.objectContaining({ path: '/apps/{id}', priority: 'background' }),
  ])
  expect(JSON.stringify(events)).not.toMatch(/secret|who@/)
})
