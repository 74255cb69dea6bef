import { describe, expect, onTestFinished, test } from 'vitest'
import {
  type StandIn,
  createData,
  createStandIn,
  describeStandIn,
  faultKinds,
} from '../../src/demo/stand-in.ts'
import { createFakeClock } from '../support/clock.ts'
import { TEST_NOW, ask, standInForTest, startStandIn } from '../support/stand-in.ts'
import { webhookServerForTest } from '../support/webhook-server.ts'

const until = async (holds: () => boolean): Promise<void> => {
  let stop = false
  onTestFinished(() => {
    stop = true
  })
  while (!holds() && !stop) await new Promise(resolve => setImmediate(resolve))
}

describe('a stand-in', () => {
  test('serves the demo’s defaults when nothing is said', async () => {
    const standIn = await createStandIn({
      data: createData({ seed: 1, scale: 0.01, now: TEST_NOW }),
    })
    onTestFinished(standIn.close)
    expect(standIn.url).toBe(`http://127.0.0.1:${standIn.port}/v1`)
    expect(standIn.switches).toMatchObject({ latencyMs: 120, limiter: true, rate: 10, burst: 10 })
    expect(describeStandIn(standIn)).toEqual({
      url: standIn.url,
      keys: standIn.keys,
      domain: expect.stringMatching(/^\w+\.example$/) as string,
      rows: expect.objectContaining({ employees: 10, accounts: 120 }) as object,
    })
    expect(standIn.data.employees[0]?.email).toContain(describeStandIn(standIn).domain)
  })

  test('dates its data by the clock where no time is given', async () => {
    const clock = createFakeClock({ startMs: 1_000_000_000_000 })
    const standIn = await createStandIn({ scale: 0.01, clock })
    onTestFinished(standIn.close)
    expect(standIn.origin.now).toBe(1_000_000_000)
  })

  test('takes the port asked for, and says so where it is taken', async () => {
    const standIn = await startStandIn()
    const { port } = standIn
    await expect(startStandIn({ port })).rejects.toMatchObject({ code: 'EADDRINUSE' })
    await standIn.close()
    const next = await startStandIn({ port })
    expect(next.port).toBe(port)
    await next.close()
  })

  test('answers after the latency, give or take the jitter, the same for the same seed', async () => {
    const delays = async (): Promise<number[]> => {
      const clock = createFakeClock()
      const standIn = await standInForTest({
        clock,
        switches: { latencyMs: 100, latencyJitter: 0.2 },
      })
      const taken: number[] = []
      for (let n = 0; n < 30; n++) {
        const reply = ask(standIn, '/apps?limit=1')
        await until(() => clock.waiting() === 1)
        while (clock.waiting() > 0) await clock.advance(1)
        await reply
        const last = standIn.requests.at(-1)
        taken.push((last?.answeredAt ?? NaN) - (last?.arrivedAt ?? NaN))
      }
      return taken
    }
    const taken = await delays()
    expect(Math.min(...taken)).toBeGreaterThanOrEqual(80)
    expect(Math.max(...taken)).toBeLessThanOrEqual(121)
    expect(Math.max(...taken) - Math.min(...taken)).toBeGreaterThan(20)
    expect(await delays()).toEqual(taken)
  })

  test('closes while answers are still to come', async () => {
    const clock = createFakeClock()
    const standIn = await startStandIn({ clock, switches: { latencyMs: 1_000 } })
    const reply = ask(standIn, '/apps').catch((error: unknown) => error)
    await until(() => clock.waiting() === 1)
    await standIn.close()
    expect(await reply).toMatchObject({ cause: { code: 'UND_ERR_SOCKET' } })
    expect(clock.waiting()).toBe(0)
  })

  test('survives a path that is no URL, and a body larger than anybody needs', async () => {
    const standIn = await standInForTest()
    const path = `/apps/${standIn.data.apps[0]?.id}`
    const body = JSON.stringify({ notes: 'x'.repeat(2_000_000) })
    expect((await ask(standIn, path, { method: 'PATCH', body })).status).toBe(400)
    expect((await ask(standIn, '//[')).status).toBe(404)
    expect((await ask(standIn, '/apps')).status).toBe(200)
  })
})

describe('what a stand-in tells of its requests', () => {
  test('is each of them as it arrived, and counts', async () => {
    const clock = createFakeClock()
    const standIn = await standInForTest({ clock })
    await ask(standIn, '/accounts?limit=5&email=a%2Bb&x=1&x=2', { key: standIn.keys.readOnly })
    await ask(standIn, '/employees/nobody', { key: 'wrong' })
    await ask(standIn, '/employees/nobody')
    const at = { arrivedAt: clock.now(), answeredAt: clock.now(), overLimit: false, fault: null }
    expect(standIn.requests).toEqual([
      {
        ...{ n: 1, method: 'GET', path: '/accounts', route: '/accounts', key: 'readOnly' },
        ...{ query: { limit: '5', email: 'a+b', x: '1,2' }, status: 200, ...at },
      },
      {
        ...{ n: 2, method: 'GET', path: '/employees/nobody', route: '/employees/{id}' },
        ...{ key: 'wrong', query: {}, status: 403, ...at },
      },
      {
        ...{ n: 3, method: 'GET', path: '/employees/nobody', route: '/employees/{id}' },
        ...{ key: 'full', query: {}, status: 404, ...at },
      },
    ])
    expect(standIn.statistics()).toEqual({
      requests: 3,
      overLimit: 0,
      byRoute: { 'GET /accounts': 1, 'GET /employees/{id}': 2 },
      byStatus: { 200: 1, 403: 1, 404: 1 },
      byFault: {},
    })
    standIn.reset()
    expect(standIn.requests).toEqual([])
    expect(standIn.statistics().requests).toBe(0)
  })
})

describe('switches', () => {
  test.each([
    [{ nothing: 1 }, 'nothing'],
    [{ maxPage: 0 }, 'maxPage'],
    [{ emptyPages: 1 }, 'emptyPages'],
    [{ faultRate: 2 }, 'faultRate'],
    [{ changesPerMinute: -1 }, 'changesPerMinute'],
    [{ activityPerMinute: 'many' }, 'activityPerMinute'],
    [{ webhookLoss: 1.1 }, 'webhookLoss'],
    [{ webhookMisreports: -0.1 }, 'webhookMisreports'],
    [{ faultKinds: [] }, 'faultKinds'],
    [{ faultKinds: ['fire'] }, 'faultKinds'],
    [{ byId: { accounts: 'perhaps' } }, 'byId'],
    [{ parameters: { accounts: { email: 'no' } } }, 'parameters'],
    [{ lastToken: null }, 'lastToken'],
  ])('cannot be %j', async (changes, name) => {
    const standIn = await standInForTest()
    const before = { ...standIn.switches }
    expect(() => {
      standIn.set({ maxPage: 7, ...changes } as object)
    }).toThrow(new RegExp(`${name}$`))
    expect(standIn.switches).toEqual(before)
    await expect(startStandIn({ switches: changes as object })).rejects.toMatchObject({
      constructor: RangeError,
      message: expect.stringMatching(new RegExp(`${name}$`)) as string,
    })
  })

  test('can be every kind of fault', async () => {
    const standIn = await standInForTest({ switches: { faultKinds } })
    expect(standIn.switches.faultKinds).toEqual(faultKinds)
  })
})

describe('the control endpoint', () => {
  const control = async (standIn: StandIn, body?: unknown) => {
    const response = await fetch(new URL('/__control', standIn.url), {
      ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
    })
    return { status: response.status, body: (await response.json()) as object }
  }

  test('gives statistics and switches, sets and resets, and is not counted', async () => {
    const standIn = await standInForTest({ control: true })
    await ask(standIn, '/apps')
    expect((await control(standIn)).body).toMatchObject({
      statistics: { requests: 1, byRoute: { 'GET /apps': 1 } },
      switches: { maxPage: 200 },
    })
    const { status, body } = await control(standIn, { set: { maxPage: 50 }, reset: true })
    expect(status).toBe(200)
    expect(body).toMatchObject({ statistics: { requests: 0 }, switches: { maxPage: 50 } })
    expect(standIn.switches.maxPage).toBe(50)
    expect(standIn.requests).toEqual([])
  })

  test('says where webhooks go, and what became of them', async () => {
    const clock = createFakeClock()
    const server = await webhookServerForTest(clock)
    const standIn = await standInForTest({ control: true, clock })
    const none = { taken: 0, refused: 0, lost: 0, repeated: 0, misreported: 0 }
    expect((await control(standIn, { webhooks: server.target })).body).toMatchObject({
      webhooks: none,
    })
    standIn.step()
    await standIn.webhooksSettled()
    expect(server.arrived.length).toBe(1)
    expect((await control(standIn)).body).toMatchObject({ webhooks: { ...none, taken: 1 } })
    await control(standIn, { webhooks: null })
    standIn.step()
    await standIn.webhooksSettled()
    expect(server.arrived.length).toBe(1)
  })

  test('refuses what cannot be set', async () => {
    const standIn = await standInForTest({ control: true })
    for (const body of [
      { set: { maxPage: 'many' } },
      { set: { faults: 'all' } },
      { webhooks: {} },
      { webhooks: { url: 'nowhere', secret: 'psws_1' } },
      ...[5, null],
    ])
      expect((await control(standIn, body)).status).toBe(400)
    expect(standIn.switches.maxPage).toBe(200)
  })
})
