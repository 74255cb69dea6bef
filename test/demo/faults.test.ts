import { Agent, request } from 'node:http'
import { describe, expect, onTestFinished, test } from 'vitest'
import { type FaultKind, type StandIn, faultKinds } from '../../src/demo/stand-in.ts'
import { createFakeClock } from '../support/clock.ts'
import { ask, readPages, standInForTest } from '../support/stand-in.ts'

interface Raw {
  readonly status: number | undefined
  readonly type: string | undefined
  readonly body: Buffer
  /** The code of what went wrong on the connection. */
  readonly error: string | undefined
}

/** One request, whatever becomes of it, on a connection of its own. */
const raw = (standIn: StandIn, path: string, method = 'GET', body = ''): Promise<Raw> =>
  new Promise(resolve => {
    const chunks: Buffer[] = []
    const headers = { 'x-api-key': standIn.keys.full }
    const agent = new Agent({ keepAlive: false })
    const call = request(standIn.url + path, { method, headers, agent }, response => {
      const done = (error?: Error) => {
        resolve({
          status: response.statusCode,
          type: response.headers['content-type'],
          body: Buffer.concat(chunks),
          error: error === undefined ? undefined : (error as NodeJS.ErrnoException).code,
        })
      }
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('end', done).on('error', done)
    })
    call.on('error', (error: NodeJS.ErrnoException) => {
      resolve({ status: undefined, type: undefined, body: Buffer.alloc(0), error: error.code })
    })
    call.end(body)
  })

const failing = (kind: FaultKind): Promise<StandIn> =>
  standInForTest({ switches: { faults: () => ({ kind }) } })

const parse = (bytes: Buffer): unknown => JSON.parse(bytes.toString())

describe('a fault', () => {
  test.each([
    ['error500', 500, 'application/json'],
    ['error503', 503, 'application/json'],
    ['error429', 429, 'application/json'],
    ['html502', 502, 'text/html'],
    ['html200', 200, 'text/html'],
  ] as const)('%s answers %d with %s', async (kind, status, type) => {
    const standIn = await failing(kind)
    const reply = await raw(standIn, '/accounts?limit=5')
    expect(reply).toMatchObject({ status, type })
    if (type === 'text/html') expect(() => parse(reply.body)).toThrow(/^Unexpected token '<'/)
    else expect(parse(reply.body)).toEqual({ message: expect.any(String) as string })
    expect(standIn.requests).toMatchObject([{ status, fault: kind, overLimit: false }])
  })

  test('reset ends the connection before any answer', async () => {
    const standIn = await failing('reset')
    expect(await raw(standIn, '/accounts')).toMatchObject({
      status: undefined,
      error: 'ECONNRESET',
    })
    expect(standIn.requests).toMatchObject([{ status: null, answeredAt: null, fault: 'reset' }])
    expect(standIn.statistics().byFault).toEqual({ reset: 1 })
  })

  test('cut ends it within the body', async () => {
    const whole = await raw(await standInForTest(), '/accounts?limit=50')
    const reply = await raw(await failing('cut'), '/accounts?limit=50')
    expect(reply).toMatchObject({ status: 200, error: 'ECONNRESET' })
    expect(reply.body.length).toBeLessThan(whole.body.length)
  })

  test('hang answers never, and ends when the stand-in does', async () => {
    const standIn = await failing('hang')
    const reply = raw(standIn, '/accounts')
    await until(() => standIn.requests.length === 1)
    expect(standIn.requests).toMatchObject([{ status: null, fault: 'hang' }])
    await standIn.close()
    expect(await reply).toMatchObject({ status: undefined, error: 'ECONNRESET' })
  })

  test('garbage is no text, truncated no JSON, though both end as they should', async () => {
    const garbage = await raw(await failing('garbage'), '/accounts')
    expect(garbage).toMatchObject({ status: 200, error: undefined })
    const decoder = new TextDecoder('utf-8', { fatal: true })
    expect(() => decoder.decode(garbage.body)).toThrow(
      expect.objectContaining({ code: 'ERR_ENCODING_INVALID_ENCODED_DATA' }),
    )
    const truncated = await raw(await failing('truncated'), '/accounts')
    expect(truncated).toMatchObject({ status: 200, error: undefined })
    expect(truncated.body.toString()).toMatch(/^\{"result":\[/)
    expect(() => parse(truncated.body)).toThrow(/JSON at position/)
  })

  test('wrongContentType sends the right body under a wrong name', async () => {
    const right = await raw(await standInForTest(), '/accounts?limit=3')
    const reply = await raw(await failing('wrongContentType'), '/accounts?limit=3')
    expect(reply).toMatchObject({ status: 200, type: 'text/plain', body: right.body })
  })

  test('missingResult leaves out the rows, or the whole object', async () => {
    const standIn = await failing('missingResult')
    const list = parse((await raw(standIn, '/accounts?limit=3')).body)
    expect(list).toEqual({ paging: expect.anything() as object })
    const one = parse((await raw(standIn, `/accounts/${standIn.data.accounts[0]?.id}`)).body)
    expect(one).toEqual({})
  })

  test('wrongTypes spoils one row of a list and leaves its neighbours', async () => {
    const standIn = await failing('wrongTypes')
    const { result } = parse((await raw(standIn, '/accounts?limit=5')).body) as {
      result: { id: unknown }[]
    }
    const wanted = standIn.data.accounts.slice(0, 5)
    expect(result.map(({ id }) => typeof id)).toEqual([
      'string',
      'string',
      'number',
      'string',
      'string',
    ])
    expect(result[0]).toEqual(wanted[0])
    expect(result[2]).not.toEqual(wanted[2])
  })

  test('repeatingToken leads to the same page for ever', async () => {
    const standIn = await standInForTest()
    const [begin] = await readPages(standIn, '/employees?limit=10', 1)
    const path = `/employees?limit=10&nextToken=${encodeURIComponent(begin?.paging.nextToken ?? '')}`
    const right = await ask(standIn, path)
    standIn.set({ faults: () => ({ kind: 'repeatingToken' }) })
    const { body } = await ask(standIn, path)
    expect(body).toEqual({
      result: right.body.result,
      paging: { moreResults: true, nextToken: begin?.paging.nextToken },
    })
    const endless = await readPages(standIn, '/employees?limit=10', 12)
    expect(endless).toHaveLength(12)
    expect(new Set(endless.map(page => JSON.stringify(page)))).toHaveLength(1)
  })

  test('slow comes right, but a second late', async () => {
    const clock = createFakeClock()
    const standIn = await standInForTest({ clock, switches: { faults: () => ({ kind: 'slow' }) } })
    const reply = raw(standIn, '/accounts?limit=1')
    await until(() => clock.waiting() === 1)
    await clock.advance(999)
    expect(standIn.requests).toMatchObject([{ status: null }])
    await clock.advance(1)
    expect(await reply).toMatchObject({ status: 200 })
    expect(standIn.requests).toMatchObject([{ status: 200, answeredAt: clock.now() }])
  })

  test('of a refusing kind does a write only where asked to', async () => {
    const standIn = await standInForTest()
    const path = `/apps/${standIn.data.apps[0]?.id}`
    const patch = (notes: string) => raw(standIn, path, 'PATCH', JSON.stringify({ notes }))
    for (const kind of ['reset', 'error500', 'error503', 'html502', 'error429'] as const) {
      standIn.set({ faults: () => ({ kind }) })
      await patch('not done')
      expect(standIn.data.apps[0]?.notes).not.toBe('not done')
      standIn.set({ faults: () => ({ kind, applied: true }) })
      await patch(kind)
      expect(standIn.data.apps[0]?.notes).toBe(kind)
    }
    standIn.set({ faults: () => ({ kind: 'truncated' }) })
    await patch('done')
    expect(standIn.data.apps[0]?.notes).toBe('done')
  })
})

describe('faults are chosen', () => {
  test('by a schedule that sees the request and its number', async () => {
    const standIn = await standInForTest()
    standIn.set({
      faults: ({ method, path, route, query }, n) =>
        n === 2 ||
        (route === '/apps/{id}' && path === '/apps/x' && method === 'GET') ||
        query['a'] === 'b'
          ? { kind: 'error500' }
          : undefined,
    })
    const statuses: number[] = []
    for (const path of ['/apps', '/apps', '/apps', '/apps/x', '/apps/y', '/accounts?a=b'])
      statuses.push((await ask(standIn, path)).status)
    expect(statuses).toEqual([200, 500, 200, 500, 404, 500])
    standIn.reset()
    expect((await ask(standIn, '/apps')).status).toBe(200)
    expect((await ask(standIn, '/apps')).status).toBe(500)
  })

  test('by a number that counts the requests before the schedule was set too', async () => {
    const standIn = await standInForTest()
    await ask(standIn, '/apps')
    await ask(standIn, '/apps', { key: null })
    standIn.set({ faults: (_, n) => (n === 2 ? { kind: 'error503' } : undefined) })
    expect((await ask(standIn, '/apps')).status).toBe(503)
  })

  test('by chance at the rate asked for, the same after a reset, of each kind', async () => {
    const kinds = faultKinds.filter(kind => kind !== 'hang' && kind !== 'slow')
    const standIn = await standInForTest({ switches: { faultRate: 0.3 } })
    const run = async (chanceSeed?: number): Promise<(FaultKind | null)[]> => {
      standIn.reset(chanceSeed)
      for (let n = 0; n < 300; n++) await raw(standIn, '/apps?limit=1')
      return standIn.requests.map(({ fault }) => fault)
    }
    const faults = await run()
    const failed = faults.filter(fault => fault !== null)
    expect(failed.length / faults.length).toBeGreaterThan(0.2)
    expect(failed.length / faults.length).toBeLessThan(0.4)
    expect(new Set(failed)).toEqual(new Set(kinds))
    const others = await run(7)
    expect(others).not.toEqual(faults)
    expect(await run(7)).toEqual(others)
    expect(await run()).toEqual(faults)
  })

  test('of one kind alone where the switch names one', async () => {
    const standIn = await standInForTest({ switches: { faultRate: 1, faultKinds: ['html502'] } })
    expect((await raw(standIn, '/apps')).status).toBe(502)
  })

  test('not for a request without a key, nor for one over the limit', async () => {
    const clock = createFakeClock()
    const standIn = await standInForTest({
      clock,
      switches: { limiter: true, burst: 1, faults: () => ({ kind: 'error500' }) },
    })
    expect((await ask(standIn, '/apps', { key: null })).status).toBe(403)
    expect((await ask(standIn, '/apps')).status).toBe(500)
    expect((await ask(standIn, '/apps')).status).toBe(429)
  })
})

/** Lets other work be done until something holds. */
const until = async (holds: () => boolean): Promise<void> => {
  let stop = false
  onTestFinished(() => {
    stop = true
  })
  while (!holds() && !stop) await new Promise(resolve => setImmediate(resolve))
}
