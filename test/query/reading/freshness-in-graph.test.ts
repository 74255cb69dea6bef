import { describe, expect, test } from 'vitest'
import { createFakeClock, type FakeClock, settle } from '../../support/clock.ts'
import { type Graph, type GraphOptions, graphForTest, type Terms } from '../../support/graph.ts'

const MINUTE = 60_000
const noCache: Terms = { maxAgeMs: 0, staleMs: 0 }

const open = async (options: GraphOptions = {}) => {
  const clock = createFakeClock()
  const graph = await graphForTest({ scale: 0.02, clock, refresh: true, ...options })
  return { clock, graph }
}

/** Lets background work finish that needs no time to pass: it speaks to the stand-in over real connections. */
const idle = async ({ store }: Graph): Promise<void> => {
  const running = (): boolean => {
    const connector = store.connector('default')
    return (['accounts', 'apps', 'employees', 'detections'] as const).some(
      name => connector?.scanning(name)?.running === true,
    )
  }
  for (let turn = 0; turn < 5; turn += 1) await settle()
  for (let turn = 0; turn < 10_000 && running(); turn += 1) await settle()
  for (let turn = 0; turn < 200; turn += 1) await settle()
}

const iso = (ms: number): string => new Date(ms).toISOString()

const isoSeconds = (ms: number): string => iso(ms).replace(/\.\d+/, '')

/** Questions that each read in a way of their own. */
const questions: readonly (readonly [string, (graph: Graph) => string])[] = [
  ['a list of all', () => '{ apps(first: 1000) { nodes { id } asOf } }'],
  ['the first rows of a list', () => '{ accounts(first: 10) { nodes { id } asOf } }'],
  ['a count', () => '{ accounts { totalCount } }'],
  [
    'a sorted list',
    () => '{ accounts(first: 5, orderBy: [{ field: EMAIL }]) { nodes { id } asOf } }',
  ],
  [
    'an object by its id',
    ({ standIn }) => `{ app(id: "${standIn.data.apps[3]?.id ?? ''}") { id } }`,
  ],
  ['no such object', () => '{ app(id: "nobody") { id } }'],
  [
    'the rows of a parent',
    ({ standIn }) =>
      `{ employee(id: "${standIn.data.employees[3]?.id ?? ''}") { accounts { nodes { id } asOf } } }`,
  ],
  [
    'the events of a detection',
    ({ standIn }) =>
      `{ detection(id: "${standIn.data.detections[0]?.id ?? ''}") { events { id } } }`,
  ],
  [
    'a filter by a parameter of Push',
    ({ standIn }) =>
      `{ accounts(filter: { email: { eq: "${standIn.data.accounts[0]?.email ?? ''}" } }) { nodes { id } asOf } }`,
  ],
]

describe.each(questions)('%s', (_what, questionOf) => {
  test('asked again within a minute costs nothing, and says from when it is', async () => {
    const { clock, graph } = await open()
    const question = questionOf(graph)
    const readAt = clock.now()
    const first = await graph.run(question)
    expect(first.errors).toEqual([])
    expect(first.requests).toBeGreaterThan(0)
    expect(first.cost.asOf).toBe(iso(readAt))
    await clock.advance(MINUTE - 1000)
    const again = await graph.run(question)
    expect(again.data).toEqual(first.data)
    expect(again.requests).toBe(0)
    expect(again.cost.asOf).toBe(iso(readAt))
    expect(again.cost.requests).toBe(0)
  })

  test('asked again after a quarter of an hour is read again', async () => {
    const { clock, graph } = await open()
    const question = questionOf(graph)
    await graph.run(question)
    await clock.advance(15 * MINUTE + 1000)
    const again = await graph.run(question)
    expect(again.requests).toBeGreaterThan(0)
    expect(again.cost.asOf).toBe(iso(clock.now()))
    expect(again.cost.requests).toBe(again.requests)
  })

  test('asked with no-cache is read again at once', async () => {
    const { clock, graph } = await open()
    const question = questionOf(graph)
    await graph.run(question)
    await clock.advance(1)
    const again = await graph.run(question, {}, noCache)
    expect(again.requests).toBeGreaterThan(0)
    expect(again.cost.asOf).toBe(iso(clock.now()))
  })
})

describe.each(
  questions.filter(
    ([what]) =>
      !['no such object', 'the first rows of a list', 'the events of a detection'].includes(what),
  ),
)('after a few minutes %s', (_what, questionOf) => {
  test('is served at once and read again in the background', async () => {
    const { clock, graph } = await open()
    const question = questionOf(graph)
    const readAt = clock.now()
    const first = await graph.run(question)
    await clock.advance(5 * MINUTE)
    const stale = await graph.run(question)
    expect(stale.data).toEqual(first.data)
    expect(stale.cost.requests).toBe(0)
    expect(stale.cost.asOf).toBe(iso(readAt))
    await idle(graph)
    const refreshed = await graph.run(question)
    expect(refreshed.cost.requests).toBe(0)
    expect(refreshed.cost.asOf).toBe(iso(clock.now()))
    const requests = graph.standIn.statistics().requests
    await idle(graph)
    expect(graph.standIn.statistics().requests).toBe(requests)
  })

  test('is read again first where nothing refreshes in the background', async () => {
    const { clock, graph } = await open({ refresh: false })
    const question = questionOf(graph)
    await graph.run(question)
    await clock.advance(5 * MINUTE)
    const again = await graph.run(question)
    expect(again.cost.requests).toBeGreaterThan(0)
    expect(again.cost.asOf).toBe(iso(clock.now()))
  })
})

describe('a refresh in the background', () => {
  test('is one scan where many rows of a collection were asked for, not many reads by id', async () => {
    const { clock, graph } = await open()
    await graph.run('{ accounts { totalCount } apps { totalCount } }')
    await clock.advance(5 * MINUTE)
    graph.standIn.reset()
    const { cost } = await graph.run('{ accounts(first: 100) { nodes { app { id } } } }')
    expect(cost.requests).toBe(0)
    await idle(graph)
    const { byRoute } = graph.standIn.statistics()
    expect(byRoute['GET /apps/{id}']).toBeUndefined()
    expect(byRoute['GET /apps']).toBe(1)
  })

  test('is one scan where the rows of many parents were asked for, not many slices', async () => {
    const { clock, graph } = await open({ switches: { maxPage: 5 } })
    const question = '{ employees(first: 3) { nodes { accounts { nodes { id } } } } }'
    await graph.run(question)
    expect(graph.standIn.requests.some(({ query }) => 'employeeId' in query)).toBe(true)
    await graph.run('{ accounts { totalCount } employees { totalCount } }')
    await clock.advance(5 * MINUTE)
    graph.standIn.reset()
    const { cost } = await graph.run(question)
    expect(cost.requests).toBe(0)
    await idle(graph)
    expect(graph.standIn.requests.filter(({ query }) => 'employeeId' in query)).toEqual([])
    expect(graph.standIn.statistics().byRoute['GET /accounts']).toBeGreaterThan(10)
  })
})

describe('the time that a list says it is from', () => {
  test('is that of the oldest read among its rows', async () => {
    const { clock, graph } = await open({ switches: { maxPage: 20 } })
    const begun = clock.now()
    await graph.run('{ accounts(first: 20) { nodes { id } } }')
    await clock.advance(30_000)
    const { data, cost } = await graph.run('{ accounts(first: 40) { nodes { id } asOf } }')
    expect(data.accounts.asOf).toBe(isoSeconds(begun))
    expect(cost.asOf).toBe(iso(begun))
  })

  test('is there for a list in which nothing passed the filter', async () => {
    const { clock, graph } = await open({ switches: { maxPage: 20 } })
    const { data, errors } = await graph.run(
      '{ accounts(first: 5, filter: { appType: { contains: "no such app" } }) { nodes { id } asOf } }',
    )
    expect(errors).toEqual([])
    expect(data.accounts.nodes).toEqual([])
    expect(data.accounts.asOf).toBe(isoSeconds(clock.now()))
  })

  test('is there for a list that stopped before anything passed the filter', async () => {
    const { graph } = await open({ switches: { maxPage: 20 } })
    const { data, errors } = await graph.run(
      '{ accounts(first: 5, filter: { appType: { contains: "no such app" } }) { nodes { id } complete asOf pageInfo { hasNextPage } } }',
      {},
      { maxRequests: 2 },
    )
    expect(errors).toEqual([])
    expect(data.accounts).toMatchObject({
      nodes: [],
      complete: false,
      pageInfo: { hasNextPage: true },
    })
  })

  test('is that of the older connector of two', async () => {
    const { clock, graph } = await open({ others: ['other'] })
    const begun = clock.now()
    await graph.run('{ apps(connectors: ["default"], first: 1000) { nodes { id } } }')
    await clock.advance(10_000)
    const { data } = await graph.run('{ apps(first: 1000) { nodes { id } asOf } }')
    expect(data.apps.asOf).toBe(isoSeconds(begun))
    const other = await graph.run(
      '{ apps(first: 1000, connectors: ["other"]) { nodes { id } asOf } }',
    )
    expect(other.data.apps.asOf).toBe(isoSeconds(clock.now()))
  })
})

describe('what changed upstream', () => {
  const emailOf = async (graph: Graph, id: string, terms?: Terms): Promise<string> =>
    (
      (await graph.run(`{ employee(id: "${id}") { email } }`, {}, terms)).data.employee as {
        email: string
      }
    ).email

  const change = (graph: Graph, clock: FakeClock, id: string): Promise<void> => {
    graph.standIn.update('employees', id, { email: 'changed@example.com' })
    return clock.advance(1000)
  }

  test('is seen by the next who asks with no-cache, and then by all', async () => {
    const { clock, graph } = await open()
    const id = graph.standIn.data.employees[4]?.id ?? ''
    const before = await emailOf(graph, id)
    await graph.run('{ employees { totalCount } }')
    await change(graph, clock, id)
    expect(await emailOf(graph, id)).toBe(before)
    expect(await emailOf(graph, id, noCache)).toBe('changed@example.com')
    expect(await emailOf(graph, id)).toBe('changed@example.com')
  })

  test('is in every answer after a quarter of an hour', async () => {
    const { clock, graph } = await open({ refresh: false })
    const id = graph.standIn.data.employees[4]?.id ?? ''
    await graph.run('{ employees { nodes { id } } }')
    await change(graph, clock, id)
    await clock.advance(15 * MINUTE)
    expect(await emailOf(graph, id)).toBe('changed@example.com')
  })
})

test('a question that is too large goes on being read when nothing is refreshed in the background', async () => {
  const { graph } = await open({ refresh: false, switches: { maxPage: 5 } })
  const learnt = await graph.run('{ accounts { totalCount } }')
  expect(learnt.data.accounts.totalCount).toBe(240)
  const second = await graphForTest({
    over: graph.standIns,
    clock: createFakeClock(),
    statePath: ':memory:',
  })
  const refused = await second.run('{ accounts { totalCount } }', {}, { maxRequests: 10 })
  expect(refused.errors).toMatchObject([{ code: 'BUDGET_EXCEEDED' }])
  await idle(second)
  const answered = await second.run('{ accounts { totalCount } }', {}, { maxRequests: 10 })
  expect(answered.errors).toEqual([])
  expect(answered.data.accounts.totalCount).toBe(240)
})
