import type { ServerResponse } from 'node:http'
import { describe, expect, it, onTestFinished } from 'vitest'
import { UpstreamInvalidError, UpstreamRefusedError } from '../../src/errors.ts'
import { systemClock } from '../../src/model/clock.ts'
import { createClient } from '../../src/upstream/client.ts'
import { openState } from '../../src/upstream/state/state.ts'
import { createFakeClock } from '../support/clock.ts'
import { KEY, app, call, fails, inTurn, list, reply, setUp } from './client-of-server.ts'

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

  it('holds no half letters, where Push cut a text in the middle of an emoji', async () => {
    const { client } = await setUp((request, response) => {
      const cut = app('1', { friendlyName: 'App \ud83d', labels: ['\ude00', '\ud83d\ude00'] })
      reply(response, request.url === '/v1/apps/1' ? cut : list([cut]))
    })
    const row = expect.objectContaining({ friendlyName: 'App \ufffd', labels: ['\ufffd', '😀'] })
    expect((await client.page('apps', {}, call())).rows).toEqual([row])
    expect(await client.one('apps', '1', call())).toMatchObject({ row })
  })

  it('shares equal lists with those before, until their rows have left memory', async () => {
    const { client } = await setUp((_request, response) => {
      reply(response, list([app('1', { labels: ['crown jewel'] })]))
    })
    const readLabels = async () => (await client.page('apps', {}, call())).rows[0]?.labels
    const labels = await readLabels()
    expect(await readLabels()).toBe(labels)
    client.rowsLeft?.()
    const later = await readLabels()
    expect(later).toEqual(['crown jewel'])
    expect(later).not.toBe(labels)
  })

  it('is read once for fifty who ask for it at once', async () => {
    const { client, server } = await setUp((_request, response) => {
      reply(response, list([app('1')]))
    })
    let parts = 0
    const onRequest = () => (parts += 1)
    const pages = await Promise.all(
      Array.from({ length: 50 }, (_, n) =>
        client.page('apps', {}, call({ owner: String(n), onRequest })),
      ),
    )
    expect(server.requests.length).toBe(1)
    expect(parts).toBe(1)
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
    expect(events.filter(({ kind }) => kind === 'retry')).toMatchObject([
      { path: '/apps', attempt: 1 },
    ])
  })

  it('leaves out and reports rows that stay unreadable, and does not ask for them again each time', async () => {
    const { client, server } = await setUp((_request, response) => {
      reply(response, list([app('1'), app('2', { type: 7 })]))
    })
    const page = await client.page('apps', {}, call())
    expect(page.rows.map(({ id }) => id)).toEqual(['1'])
    expect(page.sent).toBe(2)
    expect(page.unreadable).toEqual([{ path: 'result[1].type', reason: 'is not a text', id: '2' }])
    expect(server.requests.length).toBe(4)
    await client.page('apps', {}, call())
    expect(server.requests.length).toBe(5)
  })

  it('is asked for as often again once that has been known for ten minutes', async () => {
    const clock = createFakeClock()
    const { client, server } = await setUp(
      (_request, response) => {
        reply(response, list([app('1'), app('2', { type: 7 })]))
      },
      { clock: { ...clock, random: () => 0 } },
    )
    const asked = async (): Promise<number> => {
      const before = server.requests.length
      const page = client.page('apps', {}, call({ deadline: clock.now() + 1e9 }))
      let isThere = false
      void page.then(() => {
        isThere = true
      })
      while (!isThere) await clock.advance(0)
      return server.requests.length - before
    }
    const known = await asked()
    expect(known).toBeGreaterThan(1)
    await clock.advance(599_000)
    expect(await asked()).toBe(1)
    await clock.advance(2_000)
    expect(await asked()).toBe(known)
  })

  it('whose rows were unreadable until the time ran out is not thought to stay so', async () => {
    let isBroken = true
    const { client } = await setUp(
      inTurn(
        (_request, response) => {
          reply(response, list([app('1'), app('2', { type: 7 })]))
        },
        (_request, response) => {
          reply(response, {}, 400)
        },
        (_request, response) => {
          reply(response, list([app('1'), isBroken ? app('2', { type: 7 }) : app('2')]))
          isBroken = false
        },
      ),
    )
    expect((await client.page('apps', {}, call())).rows).toHaveLength(1)
    // Seen twice in all, it is asked for once more, and there it is.
    expect((await client.page('apps', {}, call())).rows).toHaveLength(2)
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

  it('does not say that nothing is there when Push would not have the key', async () => {
    const { client } = await setUp((_request, response) => {
      reply(response, { message: 'no' }, 401)
    })
    expect(await fails(client.one('apps', 'x', call()))).toMatchObject({ status: 401 })
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
      madeFor: 'someone',
      method: 'GET',
      resent: 0,
    },
    expect.objectContaining({ path: '/apps/{id}', priority: 'background' }),
  ])
  expect(JSON.stringify(events)).not.toMatch(/secret|who@/)
})

it('shares one queue with every other client of its key', async () => {
  const { client, server, state } = await setUp(
    (_request, response) => {
      reply(response, list([]))
    },
    { rate: 0.1, burst: 1 },
  )
  const options = { url: server.url, rate: 0.1, burst: 1, state, clock: systemClock }
  const twin = createClient({ ...options, alias: 'twin', key: () => KEY })
  const stranger = createClient({ ...options, alias: 'stranger', key: () => 'another key' })
  onTestFinished(async () => {
    await Promise.all([twin.close(), stranger.close()])
  })
  const caller = new AbortController()
  const [first, second] = [1, 2].map(offset =>
    client.page('apps', { offset }, call({ signal: caller.signal })),
  )
  await expect.poll(() => twin.rateLimit().queued).toBe(1)
  expect(stranger.rateLimit()).toMatchObject({ available: 1, queued: 0 })
  await first
  // The second would have come ten seconds later.
  caller.abort()
  expect(await fails(second as Promise<unknown>)).toMatchObject({ name: 'AbortError' })
})
