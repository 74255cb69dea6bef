/** Timelines where something is asked for amiss, cannot be read, or is somebody else's. */
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import type { Switches } from '../../../src/demo/switches.ts'
import { type Events, openEvents } from '../../../src/events/events.ts'
import { tooLong } from '../../../src/events/question-ends.ts'
import { EventsUnavailable } from '../../../src/events/unavailable.ts'
import { systemClock } from '../../../src/model/clock.ts'
import { createRights } from '../../../src/model/rights.ts'
import type { PushData } from '../../../src/demo/tenant/objects.ts'
import { withoutRetryDelays } from '../../support/clock.ts'
import { createGraph, type Graph, graphForTest, type GraphOptions } from '../../support/graph.ts'
import { delivery, eventOf } from '../../support/deliveries.ts'

const withEvents: Partial<Switches> = { listDetails: true }

const open = async (
  options: GraphOptions = {},
): Promise<{ readonly graph: Graph; readonly events: Events }> => {
  const events = await openEvents({ path: ':memory:', retentionDays: 36_500, clock: systemClock })
  onTestFinished(() => events.close())
  return { events, graph: await graphForTest({ scale: 0.02, stored: events, ...options }) }
}

const ITEMS = `complete asOf pageInfo { hasNextPage hasPreviousPage endCursor }
  edges { cursor } nodes { at kind text connectorAlias event { id } object { __typename id } }`

/** An employee with findings and detections. */
const busiest = ({ employees, detections, findings }: PushData): string => {
  const count = (id: string): number =>
    detections.filter(({ employeeId }) => employeeId === id).length * 1_000 +
    findings.filter(({ employeeId }) => employeeId === id).length
  return employees.toSorted((a, b) => count(b.id) - count(a.id))[0]?.id ?? ''
}

const ofEmployee = (args: string, id: string): string =>
  `{ employee(id: "${id}") { timeline${args} { ${ITEMS} } } }`

describe('what a timeline reads', () => {
  const reads: readonly (readonly [kinds: string, collections: readonly string[]])[] = [
    ['', ['browserExtensions', 'accounts', 'browsers', 'findings', 'detections', 'events']],
    ['(kinds: [EVENT])', ['events']],
    ['(kinds: [EMPLOYEE_FIRST_SEEN])', []],
    ['(kinds: [FINDING])', ['findings']],
    ['(kinds: [ACCOUNT_LAST_USED, ACCOUNT_FIRST_SEEN])', ['accounts']],
    ['(kinds: [])', []],
  ]
  test.each(reads)('of an employee%s is %j, as the plan says', async (args, collections) => {
    const { graph } = await open()
    const id = graph.standIn.data.employees[0]?.id ?? ''
    const query = ofEmployee(args, id)
    const planned = await graph.run(query, {}, { plan: 'only' })
    expect(planned.requests).toBe(0)
    const planOf = planned.cost.plan
    const steps = new Set(planOf?.connections.map(({ collection }) => collection))
    expect(steps).toEqual(new Set(['employees', ...collections]))
    for (const { path, collection } of planOf?.connections ?? [])
      if (collection !== 'employees' && collection !== 'events')
        expect(path).toBe(`employee.timeline.${collection}`)
    const { errors, cost } = await graph.run(query, {}, { plan: 'beside' })
    expect(errors).toEqual([])
    const asked = cost.plan?.connections.filter(({ requests = 0 }) => requests > 0)
    const unread = collections.filter(name => name !== 'events')
    expect(new Set(asked?.map(({ collection }) => collection))).toEqual(
      new Set(['employees', ...unread]),
    )
    expect((await graph.run(query)).requests).toBe(0)
  })

  test('are the events of the detections, each by its id where the list leaves them out', async () => {
    const { graph } = await open()
    const { data } = graph.standIn
    const id = busiest(data)
    const wanted = data.detections.filter(({ employeeId }) => employeeId === id)
    const query = ofEmployee('(kinds: [DETECTION_EVENT], first: 1000)', id)
    const answer = await graph.run(query, {}, { plan: 'beside' })
    expect(answer.data.employee.timeline).toMatchObject({ complete: true })
    expect(answer.data.employee.timeline.nodes).toHaveLength(
      wanted.flatMap(({ events }) => events).length,
    )
    expect(wanted.length).toBeGreaterThan(0)
    const { byRoute } = graph.standIn.statistics()
    expect(byRoute['GET /detections/{id}']).toBe(wanted.length)
  })

  test('around a value is no link that no kind needs', async () => {
    const { graph } = await open({ switches: withEvents })
    const value = graph.standIn.data.employees[0]?.email
    const query = (kinds: string) =>
      `query ($value: String!) { timeline(value: $value, kinds: [${kinds}]) { ${ITEMS} } }`
    const read = async (kinds: string, of = value) => {
      const { cost, errors } = await graph.run(query(kinds), { value: of }, { plan: 'only' })
      expect(errors).toEqual([])
      return new Set(cost.plan?.connections.map(({ collection }) => collection))
    }
    expect(await read('ACCOUNT_LAST_USED')).toEqual(new Set(['employees', 'accounts']))
    expect(await read('EVENT')).not.toContain('findings')
    expect(await read('FINDING')).toContain('findings')
    expect(await read('')).toEqual(new Set())
    expect(await read('', graph.standIn.data.employees[0]?.id)).toEqual(new Set())
  })
})

describe('a timeline of which something cannot be read', () => {
  test('gives the rest, and says what is missing', async () => {
    const { graph } = await open({ clock: withoutRetryDelays, switches: withEvents })
    const id = busiest(graph.standIn.data)
    graph.standIn.set({
      faults: ({ path }) => (path.includes('findings') ? { kind: 'error503' } : undefined),
    })
    const { data, errors, cost } = await graph.run(ofEmployee('(first: 1000)', id))
    expect(errors).toEqual([])
    const { complete, nodes } = data.employee.timeline
    expect(complete).toBe(false)
    const kinds = new Set((nodes as { kind: string }[]).map(({ kind }) => kind))
    expect(kinds).toContain('DETECTION')
    expect(kinds).not.toContain('FINDING')
    expect(cost.complete).toBe(false)
    expect(cost.warnings).toMatchObject([{ collection: 'findings', connector: 'default' }])
  })

  test.each([
    [
      'cannot be read',
      new EventsUnavailable('It broke'),
      'EVENTS_UNAVAILABLE',
      'UPSTREAM_UNAVAILABLE',
    ],
    ['takes too much', tooLong(2_000, 1_000), 'BUDGET_EXCEEDED', 'BUDGET_EXCEEDED'],
  ])(
    'gives the rows where what is stored %s, and fails where nothing else is asked for',
    async (_, error, warned, failed) => {
      const { events } = await open()
      const broken = {
        ...events,
        page: () => Promise.reject(error),
        groups: () => Promise.reject(error),
      }
      const graph = await graphForTest({ scale: 0.02, stored: broken, switches: withEvents })
      const id = busiest(graph.standIn.data)
      const { data, errors, cost } = await graph.run(ofEmployee('(first: 1000)', id))
      expect(errors).toEqual([])
      expect(data.employee.timeline.complete).toBe(false)
      expect(data.employee.timeline.nodes.length).toBeGreaterThan(5)
      expect(cost.warnings).toMatchObject([{ code: warned, connector: 'default' }])
      const alone = await graph.run(ofEmployee('(kinds: [EVENT])', id))
      expect(new Set(alone.errors.map(({ code }) => code))).toEqual(new Set([failed]))
    },
  )

  test('is not complete where the API gives no single detection', async () => {
    const { graph } = await open({ switches: { byId: 'missing' } })
    const id = busiest(graph.standIn.data)
    const { data, cost } = await graph.run(ofEmployee('(kinds: [DETECTION_EVENT])', id))
    expect(data.employee.timeline).toMatchObject({ complete: false, nodes: [] })
    expect(cost.warnings).toMatchObject([{ collection: 'detections', connector: 'default' }])
  })

  test('has what the requests of an operation suffice for', async () => {
    const { graph } = await open({ switches: { maxPage: 5 } })
    const id = graph.standIn.data.employees[0]?.id ?? ''
    const { data, errors, cost } = await graph.run(ofEmployee('', id), {}, { maxRequests: 4 })
    expect(errors).toEqual([])
    expect(data.employee.timeline.complete).toBe(false)
    expect(cost.warnings.map(({ code }) => code)).toContain('BUDGET_EXCEEDED')
  })
})

describe('the timeline around a value', () => {
  let graph: Graph
  beforeAll(async () => {
    graph = await createGraph({ scale: 0.02, switches: withEvents })
  })
  afterAll(() => graph.close())

  const around = (args = '') =>
    `query ($value: String!, $connectors: [String!], $after: String) {
      timeline(value: $value, connectors: $connectors, after: $after${args}) { ${ITEMS} } }`

  test.each([
    ['nobody@nowhere.example'],
    ['00000000-0000-4000-8000-000000000000'],
    ['192.0.2.200'],
  ])('is empty and complete for %s, which nobody knows', async value => {
    const { data, errors } = await graph.run(around(), { value })
    expect(errors).toEqual([])
    expect(data.timeline).toMatchObject({ complete: true, nodes: [], edges: [] })
    expect(data.timeline.pageInfo).toMatchObject({ hasNextPage: false, endCursor: null })
  })

  test.each([
    ['value', { value: '  ' }, ''],
    ['value', { value: 'x'.repeat(10_000) }, ''],
    ['value', { value: `https://${'x'.repeat(10_000)}.example` }, ''],
    ['connectors', { value: 'x', connectors: ['nowhere'] }, ''],
    ['first', { value: 'x' }, ', first: 1001'],
    ['since', { value: 'x' }, ', since: "2024-01-02", until: "2024-01-01"'],
    ['after', { value: 'x', after: 'nothing' }, ''],
    ['after', { value: 'x', after: 'WzEsMiwzXQ' }, ''],
  ])('refuses a %s that cannot be asked with, before anything is read', async (at, of, args) => {
    for (const plan of [undefined, 'only'] as const) {
      const { errors, requests } = await graph.run(around(args), of, { ...(plan && { plan }) })
      expect(errors).toMatchObject([{ code: 'BAD_USER_INPUT', at }])
      expect(requests).toBe(0)
    }
  })

  test('takes no cursor of another one, and reads nothing for a page of none', async () => {
    const [one, other] = graph.standIn.data.employees
    const { data } = await graph.run(around(', first: 1'), { value: one?.email })
    const after: unknown = data.timeline.pageInfo.endCursor
    const refused = await graph.run(around(', first: 1'), { value: other?.email, after })
    expect(refused.errors).toMatchObject([{ code: 'BAD_USER_INPUT', at: 'after' }])
    const kinds = await graph.run(around(', kinds: [FINDING]'), { value: one?.email, after })
    expect(kinds.errors).toMatchObject([{ code: 'BAD_USER_INPUT', at: 'after' }])
    const list = await graph.run(ofEmployee(`(after: "${String(after)}")`, one?.id ?? ''))
    expect(list.errors).toMatchObject([{ code: 'BAD_USER_INPUT', at: 'after' }])
    // Spelt otherwise it is the same value.
    const value = one?.email.replace('@', ' [at] ').toUpperCase().replaceAll('.', '[.]')
    const { errors } = await graph.run(around(', first: 1'), { value: one?.email, after })
    expect(errors).toEqual([])
    const defanged = await graph.run(around(), { value })
    expect(defanged.data.timeline.nodes.length).toBeGreaterThan(1)
    const nothing = await graph.run(around(', first: 0'), { value: 'other.example' })
    expect(nothing).toMatchObject({ requests: 0, data: { timeline: { nodes: [] } } })
  })

  test('is that of all tenants that know the same person, each item with its own, and of one where it is named', async () => {
    const events = await openEvents({ path: ':memory:', retentionDays: 36_500, clock: systemClock })
    onTestFinished(() => events.close())
    const { standIn } = graph
    const both = await graphForTest({
      ...{ over: [standIn, standIn], others: ['second'], stored: events },
    })
    const [person] = standIn.data.employees
    const value = person?.email ?? ''
    const said = { employeeId: person?.id ?? null, email: value, occurredAt: 1_700_000_000 }
    for (const connector of ['default', 'second'])
      await events.append({ ...eventOf(delivery({ id: `of ${connector}` })), ...said, connector })
    const walk = async (connectors: readonly string[] | undefined, first: number) => {
      const found: { kind: string; connectorAlias: string; at: string; text: string }[] = []
      for (let after: string | null = null; ;) {
        const of = { value, connectors, after }
        const { data, errors } = await both.run(around(`, first: ${first}`), of)
        expect(errors).toEqual([])
        found.push(...data.timeline.nodes)
        if (!data.timeline.pageInfo.hasNextPage) return found
        after = data.timeline.pageInfo.endCursor
      }
    }
    const all = await walk(undefined, 1000)
    expect(await walk(undefined, 3)).toEqual(all)
    for (const alias of ['default', 'second']) {
      const alone = await walk([alias], 7)
      expect(alone.filter(({ kind }) => kind === 'EVENT')).toHaveLength(1)
      expect(alone.length).toBeGreaterThan(5)
      expect(all.filter(({ connectorAlias }) => connectorAlias === alias)).toEqual(alone)
    }
  })

  test('tells of a row in one tenant whatever is told of the row of that id in another', async () => {
    const { graph: one, events } = await open()
    const both = await graphForTest({
      ...{ over: [one.standIn, one.standIn], others: ['second'], stored: events },
    })
    const id = one.standIn.data.employees[0]?.id ?? ''
    const said = { employeeId: id, entityId: id, sourceIpAddress: '198.51.100.9' }
    for (const [connector, type] of [
      ['default', 'CREATE'],
      ['second', 'UPDATE'],
    ] as const)
      await events.append({
        ...eventOf(delivery({ id: `of ${connector}` })),
        ...{ ...said, connector, type, category: 'ENTITY', object: 'EMPLOYEE' },
      })
    const { data } = await both.run(around(', kinds: [EVENT, EMPLOYEE_FIRST_SEEN]'), {
      value: '198.51.100.9',
    })
    const seen = data.timeline.nodes as { kind: string; connectorAlias: string }[]
    expect(seen.map(({ kind, connectorAlias }) => `${kind} ${connectorAlias}`).sort()).toEqual([
      'EMPLOYEE_FIRST_SEEN second',
      'EVENT default',
      'EVENT second',
    ])
  })
})

describe('a timeline that was begun before there were more kinds', () => {
  test('goes on from its cursor', async () => {
    const { graph, events } = await open({ switches: withEvents })
    const id = busiest(graph.standIn.data)
    for (const [n, occurredAt] of [4_000_000_001, 4_000_000_002].entries())
      await events.append({
        ...eventOf(delivery({ id: `event ${n}` })),
        ...{ employeeId: id, occurredAt },
      })
    const begun = await graph.run(ofEmployee('(kinds: [EVENT, CHANGE], first: 1)', id))
    const after = String(begun.data.employee.timeline.pageInfo.endCursor)
    // As it was written when nothing but an event's place stood there.
    const parts = JSON.parse(Buffer.from(after, 'base64url').toString()) as unknown[]
    expect(parts.slice(1)).toEqual(['k', '', expect.stringMatching(/^\d+$/), 4_000_000_002, 0])
    const { data, errors } = await graph.run(ofEmployee(`(after: "${after}", first: 1000)`, id))
    expect(errors).toEqual([])
    const all = await graph.run(ofEmployee('(first: 1000)', id))
    expect(data.employee.timeline.nodes).toEqual(all.data.employee.timeline.nodes.slice(1))
  })
})

describe('what a timeline says', () => {
  test('is a sentence for each kind, with no id, and with no person for whoever may not know', async () => {
    const { graph } = await open({ switches: withEvents })
    const { data: tenant } = graph.standIn
    const id = busiest(tenant)
    const asked = (rights?: 'pii') =>
      graph.run(
        ofEmployee('(first: 1000)', id),
        {},
        rights === undefined ? {} : { rights: createRights('untold', ['read', 'events']) },
      )
    const told = await asked()
    const untold = await asked('pii')
    const texts = (of: typeof told) =>
      (of.data.employee.timeline.nodes as { kind: string; text: string }[]).map(
        ({ kind, text }) => `${kind}: ${text}`,
      )
    const person = tenant.employees.find(one => one.id === id)
    expect(texts(told)).toContain(
      `EMPLOYEE_FIRST_SEEN: The employee ${person?.email} was first seen.`,
    )
    expect(texts(untold)).toContain('EMPLOYEE_FIRST_SEEN: The employee was first seen.')
    expect(new Set(texts(told).map(text => text.split(':')[0])).size).toBeGreaterThan(7)
    for (const text of [...texts(told), ...texts(untold)]) {
      expect(text).toMatch(/^[A-Z_]+: \S.*$/)
      expect(text).not.toMatch(/[\da-f]{8}-[\da-f]{4}/)
    }
    for (const text of texts(untold)) expect(text).not.toMatch(/@|https?:|\d+\.\d+\.\d+\.\d+/)
  })
})
