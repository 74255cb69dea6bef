/** What reading stored events asks of Push: their links in batches, what a filter looks at behind them, and the plan. */
import { describe, expect, onTestFinished, test } from 'vitest'
import { parse } from 'graphql'
import { openEvents, type Events } from '../../../src/events/events.ts'
import { needsOf } from '../../support/needs.ts'
import { systemClock } from '../../../src/model/clock.ts'
import { readDelivery } from '../../../src/webhooks/delivery.ts'
import { schema } from '../../schema/the-schema.ts'
import { delivery, LATER, post, SECRET } from '../../support/deliveries.ts'
import { directoryForTest } from '../../support/directory.ts'
import { graphForTest, type Graph } from '../../support/graph.ts'
import { serveProduct } from '../../support/product.ts'
import { standInForTest } from '../../support/stand-in.ts'

interface Tenant {
  readonly graph: Graph
  readonly events: Events
  /** Logins of the first employees in turn. */
  readonly ids: readonly string[]
}

const LOGINS = 60

/** A tenant with so many of its employees logging in. */
const tenant = async (employees: number): Promise<Tenant> => {
  const events = await openEvents({ path: ':memory:', retentionDays: 36_500, clock: systemClock })
  onTestFinished(() => events.close())
  const graph = await graphForTest({ stored: events, scale: 1 })
  // What the sizes are is known, as after a first day.
  await graph.run('{ employees(first: 1) { nodes { id } } }')
  const some = graph.standIn.data.employees.slice(300, 300 + employees)
  await Promise.all(
    Array.from({ length: LOGINS }, (_, index) => {
      const employee = some[index % employees]
      const read = readDelivery(
        delivery({
          id: `${index}`,
          timestamp: 1_757_000_000 + index,
          new: { employeeId: employee?.id, email: employee?.email },
        }),
        LATER,
      )
      if (!read.ok) throw new Error(read.problem)
      return events.append({ ...read.event, connector: 'default', receivedAt: 1_757_000_000 })
    }),
  )
  return { graph, events, ids: some.map(({ id }) => id) }
}

const routes = (graph: Graph): Readonly<Record<string, number>> =>
  graph.standIn.statistics().byRoute

const totalOf = (data: unknown): number =>
  (data as { readonly events: { readonly totalCount: number } }).events.totalCount

describe('the links of events', () => {
  test('are read once each, whoever leads to them', async () => {
    const { graph } = await tenant(3)
    const answer = await graph.run('{ events { nodes { employee { id department } } } }')
    expect(answer.errors).toEqual([])
    // One by one, or all at once where by the latency so far that is no slower.
    expect([1, 3]).toContain(answer.requests)
    expect(answer.cost.rowsRead).toBe(3)
  })

  test('of an empty list cost nothing', async () => {
    const events = await openEvents({ path: ':memory:', retentionDays: 9, clock: systemClock })
    onTestFinished(() => events.close())
    const graph = await graphForTest({ stored: events })
    const answer = await graph.run(
      '{ events { nodes { employee { id accounts { totalCount } } } } }',
    )
    expect(answer.requests).toBe(0)
  })

  test('come with a scan that is needed elsewhere in the document', async () => {
    const { graph } = await tenant(40)
    const pages = (await graph.run('{ employees { totalCount } }', {}, { maxAgeMs: 0, staleMs: 0 }))
      .requests
    const fresh = await tenant(40)
    const answer = await fresh.graph.run(
      '{ events { nodes { employee { id } } } employees { totalCount } }',
    )
    expect(answer.requests).toBeLessThanOrEqual(pages)
    expect(routes(fresh.graph)['GET /employees/{id}'] ?? 0).toBe(0)
  })
})

describe('a filter through a link', () => {
  const departmentOf = (graph: Graph, id: string): string | null =>
    graph.standIn.data.employees.find(employee => employee.id === id)?.department ?? null

  test.each([
    ['and', '{ object: { eq: "LOGIN" }, employee: { department: { eq: $d } } }', true],
    ['not', '{ object: { eq: "LOGIN" }, not: { employee: { department: { eq: $d } } } }', false],
    [
      'or',
      '{ object: { eq: "LOGIN" }, or: [{ employee: { department: { eq: $d } } }, { id: { eq: "none" } }] }',
      true,
    ],
  ])('reads the few that the rest leaves, and no more: %s', async (_kind, filter, isSame) => {
    const { graph, ids } = await tenant(2)
    const [first = '', second = ''] = ids
    const department = departmentOf(graph, first)
    const answer = await graph.run(
      `query ($d: String!) { events(filter: ${filter}) { totalCount } }`,
      { d: department },
    )
    expect(answer.errors).toEqual([])
    expect(answer.requests).toBe(2)
    const alike = departmentOf(graph, second) === department ? LOGINS : LOGINS / 2
    expect(totalOf(answer.data)).toBe(isSame ? alike : LOGINS - alike)
  })

  test('looks for those that pass where nothing else narrows the events, with the same answer', async () => {
    const { graph, ids } = await tenant(2)
    const department = departmentOf(graph, ids[0] ?? '')
    const before = routes(graph)['GET /employees'] ?? 0
    const answer = await graph.run(
      `query ($d: String!) { events(filter: { employee: { department: { eq: $d } } }) { totalCount } }`,
      { d: department },
    )
    const alike = departmentOf(graph, ids[1] ?? '') === department ? LOGINS : LOGINS / 2
    expect(totalOf(answer.data)).toBe(alike)
    expect(routes(graph)['GET /employees'] ?? 0).toBeGreaterThan(before)
  })

  test('asks for nothing where the objects are at hand', async () => {
    const { graph } = await tenant(2)
    await graph.run('{ employees { totalCount } }')
    const filter = '{ object: { eq: "LOGIN" }, employee: { licensed: { eq: true } } }'
    expect((await graph.run(`{ events(filter: ${filter}) { totalCount } }`)).requests).toBe(0)
  })
})

describe('the needs of events', () => {
  const needs = (source: string) => needsOf(schema, parse(source), undefined, {})

  test('are their links, and what their filter asks behind them', () => {
    expect(
      needs(`{ events(first: 7, filter: { not: { app: { type: { eq: "X" } } } }, connectors: ["a"]) {
        nodes { employee { accounts(first: 2) { nodes { id } } } ... on DetectionChangeEvent { detection { id } } } } }`),
    ).toEqual([
      {
        kind: 'stored',
        path: 'events',
        connectors: ['a'],
        collection: 'events',
        first: 7,
        through: [{ collection: 'apps', filter: { type: { eq: 'X' } } }],
        then: [
          expect.objectContaining({
            kind: 'link',
            path: 'events.nodes.employee',
            collection: 'employees',
            then: [expect.objectContaining({ kind: 'children', collection: 'accounts' })],
          }),
          expect.objectContaining({ kind: 'link', collection: 'detections' }),
        ],
      },
    ])
  })

  test('are those of the events in a timeline too', () => {
    const [list] = needs(
      '{ apps(first: 3) { nodes { timeline(first: 5, kinds: [EVENT]) { edges { node { what: event { account { id } } change { id } } } } } } }',
    )
    expect(list?.then).toEqual([
      expect.objectContaining({
        kind: 'stored',
        path: 'apps.nodes.timeline',
        collection: 'events',
        first: 5,
        then: [
          expect.objectContaining({
            kind: 'link',
            path: 'apps.nodes.timeline.edges.node.what.account',
            collection: 'accounts',
          }),
        ],
      }),
    ])
    const [none] = needs(
      '{ apps { nodes { timeline(first: 0) { nodes { event { app { id } } } } } } }',
    )
    expect(none?.then).toEqual([])
  })

  test('are those of a history too', () => {
    const [list] = needs(
      '{ apps(first: 3) { nodes { history(first: 5) { edges { node { account { id } } } } } } }',
    )
    expect(list?.then).toEqual([
      expect.objectContaining({
        kind: 'stored',
        path: 'apps.nodes.history',
        collection: 'events',
        first: 5,
        then: [expect.objectContaining({ kind: 'link', collection: 'accounts' })],
      }),
    ])
  })
})

test('the plan says that events are read here, without a request', async () => {
  const standIn = await standInForTest({ scale: 0.05, switches: { latencyMs: 0, limiter: false } })
  const server = await serveProduct({
    environment: {
      PUSH_API_KEY: standIn.keys.readOnly,
      PUSH_API_URL: standIn.url,
      PUSH_WEBHOOK_SECRET: SECRET,
      PUSHGRAPH_DATA_DIR: directoryForTest(),
      LOG_LEVEL: 'warn',
    },
  })
  onTestFinished(async () => {
    server.kill('SIGTERM')
    await server.ended
  })
  const [employee] = standIn.data.employees
  await post(server.url, delivery({ id: '1', new: { employeeId: employee?.id, email: 'a@b.c' } }))
  const ask = async (plan: string): Promise<Record<string, unknown>> => {
    const response = await fetch(`${server.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-pushgraph-plan': plan },
      body: JSON.stringify({
        query: `{ events(filter: { employee: { licensed: { eq: true } } }) { nodes { id app { id } } }
          employees(first: 1) { nodes { history { nodes { id } } } } }`,
      }),
    })
    const answer = (await response.json()) as {
      extensions: { pushgraph: { plan: { connections: Record<string, unknown>[] } } }
    }
    return {
      connections: answer.extensions.pushgraph.plan.connections.filter(
        ({ collection }) => collection === 'events',
      ),
    }
  }
  const read = { collection: 'events', reading: 'from the event store' }
  expect(await ask('only')).toEqual({
    connections: [
      expect.objectContaining({ ...read, path: 'events' }),
      expect.objectContaining({ ...read, path: 'employees.nodes.history' }),
    ],
  })
  const { connections } = (await ask('1')) as { connections: Record<string, unknown>[] }
  for (const connection of connections)
    expect(connection).toMatchObject({ requests: 0, estimate: { requests: 0 } })
})
