import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { indexPathsOf } from '../../../src/events/index-paths.ts'
import { openEvents, type Events } from '../../../src/events/events.ts'
import { tooLong } from '../../../src/events/question-ends.ts'
import { scanPath, tableBy } from '../../../src/events/windows.ts'
import { systemClock } from '../../../src/model/clock.ts'
import type { NewEvent } from '../../../src/model/events.ts'
import { eventFields } from '../../../src/query/search/event-fields.ts'
import { directoryForTest } from '../../support/directory.ts'
import { type Graph, graphForTest, type GraphOptions, type Terms } from '../../support/graph.ts'
import { openSharedEvents } from '../../support/shared-events.ts'
import { storedEvent } from '../../support/rows.ts'

const SEARCH = `query ($value: String!, $kinds: [ObservableKind!], $types: [EntityType!],
    $connectors: [String!], $first: Int = 1000, $after: String) {
  search(value: $value, kinds: $kinds, types: $types, connectors: $connectors, first: $first, after: $after) {
    edges {
      cursor matchedOn { field kind via }
      node { __typename id connectorAlias ... on Event { occurredAt email payload } }
    }
    pageInfo { hasNextPage endCursor }
    totalCount complete
  }
}`

interface Edge {
  readonly node: { readonly __typename: string; readonly id: string; readonly payload?: unknown }
  readonly matchedOn: readonly { field: string; kind: string; via: string | null }[]
}

interface Found {
  readonly edges: readonly Edge[]
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null }
  readonly totalCount: number
  readonly complete: boolean
}

const search = async (graph: Graph, variables: Record<string, unknown>, terms?: Terms) => {
  const answer = await graph.run(SEARCH, variables, terms)
  return { ...answer, found: (answer.data as { search: Found }).search }
}

const isEvent = ({ node }: Edge): boolean => node.__typename.endsWith('Event')
const eventsIn = ({ edges }: Found): string[] => edges.filter(isEvent).map(({ node }) => node.id)

const START = Date.UTC(2025, 5, 1) / 1_000

const login = {
  category: 'ACTIVITY',
  object: 'LOGIN',
  type: null,
  receivedAt: START,
  body: '{"new":{"loginType":"SAML"}}',
} as const

const uuid = (n: number): string => `0e000000-0000-4000-8000-${String(n).padStart(12, '0')}`

/** Events with these fields, the first of them the oldest. */
const toEvents = (made: readonly Partial<NewEvent>[]): NewEvent[] =>
  made.map((of, index) =>
    storedEvent({ ...login, id: uuid(index), occurredAt: START + index, ...of }),
  )

interface Tenant {
  readonly graph: Graph
  readonly events: Events
}

const tenantForTest = async (
  made: readonly NewEvent[],
  options: GraphOptions = {},
): Promise<Tenant> => {
  const events = await openEvents({ path: ':memory:', retentionDays: 36_500, clock: systemClock })
  onTestFinished(() => events.close())
  await Promise.all(made.map(event => events.append(event)))
  return { events, graph: await graphWith(events, options) }
}

const graphWith = (events: Events, options: GraphOptions): Promise<Graph> =>
  graphForTest({
    ...options,
    switches: { listDetails: true, ...options.switches },
    stored: events,
  })

const someone = '11111111-1111-4111-8111-111111111111'

/** Each is found by one value of the table below, or by none. */
const variety = toEvents([
  { email: 'ida@x.example', employeeId: someone },
  { email: 'IDA@X.example' },
  { email: 'ida@x.example.org' },
  { accountId: someone },
  { appId: someone },
  { browserId: someone },
  { entityId: someone, object: 'FINDING', category: 'ENTITY' },
  { entityId: someone, object: 'BROWSER_EXTENSION', category: 'ENTITY' },
  { entityId: someone, object: 'PHISHING', category: 'DETECTION' },
  { entityId: someone, object: 'APP_OTHER', category: 'ENTITY' },
  { sourceIpAddress: '192.0.2.7' },
  { sourceIpAddress: '192.0.2.77' },
  { sourceIpAddress: '2001:db8::7' },
  { url: 'https://x.example' },
  { url: 'https://x.example/' },
  { url: 'http://x.example:8080/a' },
  { url: 'https://x.example?q' },
  { url: 'https://x.example.org/' },
  { url: 'https://www.x.example/' },
  { url: 'https://x.example/a?b=c#d' },
  { url: 'https://xn--mnchen-3ya.example/' },
  { sourceIpAddress: '::ffff:192.0.2.9' },
  { sourceIpAddress: '::FFFF:c000:209' },
  { sourceIpAddress: '192.0.2.9' },
  { sourceIpAddress: '2001:0DB8:0000:0000:0000:0000:0000:0009' },
  { sourceIpAddress: '[2001:db8:0:0::9]' },
  { url: 'http://192.0.2.9:8080/p' },
  { url: 'http://[::ffff:c000:209]:8080/p#q' },
])

const byField = (test: (event: NewEvent) => boolean): string[] =>
  variety.filter(test).map(({ id }) => id)

const isNine = ({ sourceIpAddress }: NewEvent, form: RegExp): boolean =>
  sourceIpAddress !== null && /9\]?$/.test(sourceIpAddress) && form.test(sourceIpAddress)

interface Kept {
  readonly events: Events
  close(): Promise<void>
}

const makers: readonly { readonly where: string; readonly open: () => Promise<Kept> }[] = [
  {
    where: 'in a file',
    open: async () => {
      const events = await openEvents({
        path: ':memory:',
        retentionDays: 36_500,
        clock: systemClock,
      })
      return { events, close: events.close }
    },
  },
  { where: 'in the shared database', open: () => openSharedEvents() },
]

describe.each(makers)('events $where', ({ open }) => {
  let kept: Kept
  beforeAll(async () => {
    kept = await open()
    await Promise.all(variety.map(event => kept.events.append(event)))
  })
  afterAll(() => kept.close())

  it.each([
    ['EMAIL_ADDRESS', 'Ida@x.example', 'email', e => e.email?.toLowerCase() === 'ida@x.example'],
    ['EMPLOYEE_ID', someone, 'employeeId', e => e.employeeId === someone],
    ['ACCOUNT_ID', someone, 'accountId', e => e.accountId === someone],
    ['APP_ID', someone, 'appId', e => e.appId === someone],
    ['BROWSER_ID', someone, 'browserId', e => e.browserId === someone],
    ['FINDING_ID', someone, 'entityId', e => e.object === 'FINDING'],
    ['EXTENSION_ID', someone, 'entityId', e => e.object === 'BROWSER_EXTENSION'],
    ['DETECTION_ID', someone, 'entityId', e => e.category === 'DETECTION'],
    ['EVENT_ID', uuid(4), 'id', e => e.id === uuid(4)],
    ['IP_ADDRESS', '192.0.2.7', 'sourceIpAddress', e => e.sourceIpAddress === '192.0.2.7'],
    ['IP_ADDRESS', '2001:DB8:0::7', 'sourceIpAddress', e => e.sourceIpAddress === '2001:db8::7'],
    ['DOMAIN', 'X.Example', 'url', e => URL.parse(e.url ?? '')?.hostname === 'x.example'],
    ['DOMAIN', 'münchen.example', 'url', e => e.url?.includes('xn--') === true],
    ['URL', 'https://X.example', 'url', e => /^https:\/\/x\.example\/?$/.test(e.url ?? '')],
    ['URL', 'https://x.example/a?b=c#d', 'url', e => e.url === 'https://x.example/a?b=c#d'],
    ['URL', 'https://x.example/a?b=c', 'url', e => e.url === 'https://x.example/a?b=c#d'],
    ['URL', 'https://x.example/a?b=c#e', 'url', e => e.url === 'https://x.example/a?b=c#d'],
    ['URL', 'hxxp[:]//x[.]example:8080/a', 'url', e => e.url === 'http://x.example:8080/a'],
    ['URL', 'hxxp://192[.]0[.]2[.]9:8080/p', 'url', e => e.url?.includes(':8080/p') === true],
    ['IP_ADDRESS', '192[.]0[.]2[.]9', 'sourceIpAddress', e => isNine(e, /^192|ffff/i)],
    ['IP_ADDRESS', '[::ffff:192.0.2.9]', 'sourceIpAddress', e => isNine(e, /^192|ffff/i)],
    ['IP_ADDRESS', '2001:db8::9', 'sourceIpAddress', e => isNine(e, /db8/i)],
    ['EMAIL_ADDRESS', 'ida[at]x[.]example', 'email', e => e.email?.length === 13],
  ] satisfies readonly [string, string, string, (event: NewEvent) => boolean][])(
    'that hold a value of the kind %s are found: %s in %s',
    async (kind, value, field, test) => {
      const graph = await graphWith(kept.events, { scale: 0.02 })
      const expected = byField(test)
      expect(expected.length).toBeGreaterThan(0)
      for (const variables of [
        { value, kinds: [kind], types: ['EVENT'] },
        { value, kinds: [kind] },
      ]) {
        const { found, errors } = await search(graph, variables)
        expect(errors).toEqual([])
        expect(eventsIn(found)).toEqual(expected.reverse())
        for (const { matchedOn } of found.edges.filter(isEvent))
          expect(matchedOn).toEqual([{ field: `Event.${field}`, kind, via: null }])
        expected.reverse()
      }
    },
  )
})

describe('stored events', () => {
  it('are of the type that they are, with their fields and bodies', async () => {
    const { graph } = await tenantForTest(variety, { scale: 0.02 })
    const { found } = await search(graph, { value: someone, types: ['EVENT'] })
    expect(found.edges.map(({ node }) => node.__typename).sort()).toEqual(
      [
        ...['LoginEvent', 'LoginEvent', 'LoginEvent', 'LoginEvent'],
        ...['EntityEvent', 'EntityEvent', 'DetectionChangeEvent'],
      ].sort(),
    )
    expect(found.edges[0]?.node.payload).toEqual({ new: { loginType: 'SAML' } })
  })

  it('come after all objects, the newest first, page by page', async () => {
    const plain = await graphForTest({ scale: 0.1, switches: { listDetails: true } })
    const employee = plain.standIn.data.employees[2]
    const made = toEvents(Array.from({ length: 7 }, () => ({ email: employee?.email ?? '' })))
    const { graph } = await tenantForTest(made, { scale: 0.1 })
    const value = employee?.email
    const objects = (await search(plain, { value })).found
    const whole = (await search(graph, { value })).found
    expect(whole.edges.map(({ node }) => node.id)).toEqual([
      ...objects.edges.map(({ node }) => node.id),
      ...made.map(({ id }) => id).reverse(),
    ])
    expect(whole.totalCount).toBe(objects.totalCount + 7)
    const seen: Edge[] = []
    for (let after: string | null = null; ;) {
      const { found }: { found: Found } = await search(graph, { value, first: 3, after })
      seen.push(...found.edges)
      after = found.pageInfo.endCursor
      if (!found.pageInfo.hasNextPage) break
    }
    expect(seen).toEqual(whole.edges)
  })

  it('are given where types name them, and cost Push no request', async () => {
    const { graph } = await tenantForTest(variety, { scale: 0.02 })
    for (const value of ['ida@x.example', someone, '192.0.2.7', 'https://x.example']) {
      const { found, requests } = await search(graph, { value, types: ['EVENT'] })
      expect(found.totalCount).toBeGreaterThan(0)
      expect(found.complete).toBe(true)
      expect(requests).toBe(0)
    }
    const other = await search(graph, { value: 'ida@x.example', types: ['EMPLOYEE', 'ACCOUNT'] })
    expect(eventsIn(other.found)).toEqual([])
  })

  it('are those of the connectors asked', async () => {
    const made = ['default', 'second'].flatMap(connector =>
      toEvents([{ connector, email: 'ida@x.example' }]),
    )
    const { graph } = await tenantForTest(made, { scale: 0.02, others: ['second'] })
    const ask = async (connectors: string[] | null) =>
      (await search(graph, { value: 'ida@x.example', connectors, types: ['EVENT'] })).found
    expect(await ask(['second'])).toMatchObject({
      totalCount: 1,
      edges: [{ node: { connectorAlias: 'second' } }],
    })
    expect((await ask(null)).totalCount).toBe(2)
    const byId = await search(graph, { value: uuid(0), connectors: ['default'], types: ['EVENT'] })
    expect(byId.found).toMatchObject({ edges: [{ node: { connectorAlias: 'default' } }] })
  })

  it('are the newest two hundred of a connector, which is said where there are more', async () => {
    const made = toEvents(Array.from({ length: 203 }, () => ({ email: 'ida@x.example' })))
    const { graph } = await tenantForTest(made, { scale: 0.02 })
    const { found, cost, errors } = await search(graph, {
      value: 'ida@x.example',
      types: ['EVENT'],
    })
    expect(errors).toEqual([])
    expect(eventsIn(found)).toEqual(
      made
        .map(({ id }) => id)
        .reverse()
        .slice(0, 200),
    )
    expect(found.complete).toBe(false)
    expect(cost.warnings).toEqual([
      expect.objectContaining({ code: 'EVENTS_LEFT_OUT', connector: 'default' }),
    ])
  })

  it('are all of them where there are two hundred', async () => {
    const made = toEvents(Array.from({ length: 200 }, () => ({ email: 'ida@x.example' })))
    const { graph } = await tenantForTest(made, { scale: 0.02 })
    const value = { value: 'ida@x.example', types: ['EVENT'] }
    const { found, cost } = await search(graph, value)
    expect([found.totalCount, found.complete, cost.warnings]).toEqual([200, true, []])
  })

  it('are those that happened last, in whatever order they arrived and whichever fields hold the value', async () => {
    const happened = (field: 'accountId' | 'employeeId', from: number): Partial<NewEvent>[] =>
      Array.from({ length: 150 }, (_, n) => ({ [field]: someone, occurredAt: from + n }))
    const made = toEvents([
      ...happened('accountId', START + 1_000),
      ...happened('employeeId', START),
    ])
    const { graph } = await tenantForTest(made, { scale: 0.02 })
    const { found } = await search(graph, { value: someone, types: ['EVENT'] })
    const newest = made.toSorted((a, b) => b.occurredAt - a.occurredAt).slice(0, 200)
    expect(eventsIn(found)).toEqual(newest.map(({ id }) => id))
  })

  it('lead to whoever came from an IP address, be it longer ago than what is given', async () => {
    const { employees } = (await graphForTest({ scale: 0.02 })).standIn.data
    const [first, last] = employees
    const made = toEvents(
      Array.from({ length: 203 }, (_, n) => ({
        sourceIpAddress: '198.51.100.9',
        employeeId: (n === 0 ? first?.id : last?.id) ?? null,
      })),
    )
    const { graph } = await tenantForTest(made, { scale: 0.02 })
    const { found } = await search(graph, { value: '198.51.100.9', types: ['EMPLOYEE'] })
    expect(found).toMatchObject({ edges: [], complete: true })
    const all = await search(graph, { value: '198.51.100.9', types: ['EMPLOYEE', 'EVENT'] })
    const ids = all.found.edges.flatMap(({ node }) =>
      node.__typename === 'Employee' ? [node.id] : [],
    )
    expect(new Set(ids)).toEqual(new Set([first?.id, last?.id]))
    const { data, cost } = await graph.run(
      '{ timeline(value: "198[.]51.100[.]9", first: 1000, kinds: [EVENT, EMPLOYEE_FIRST_SEEN]) { complete nodes { kind } } }',
    )
    expect(data.timeline.complete).toBe(true)
    expect(data.timeline.nodes).toHaveLength(205)
    expect(cost.warnings).toEqual([])
  })

  it('lead to nobody where they were found by anything but an IP address', async () => {
    const [one] = (await graphForTest({ scale: 0.1 })).standIn.data.employees
    const made = toEvents([{ email: 'ida@x.example', employeeId: one?.id ?? null }])
    const { graph } = await tenantForTest(made, { scale: 0.1 })
    const { found } = await search(graph, { value: 'ida@x.example' })
    expect(found.edges.map(({ node }) => node.id)).toEqual([uuid(0)])
  })

  it('are given without who came from there where that cannot be read, and the answer says so', async () => {
    const { graph } = await tenantForTest(
      toEvents([{ sourceIpAddress: '198.51.100.9', employeeId: uuid(99) }]),
      { scale: 0.02 },
    )
    graph.standIn.set({
      faults: ({ route }) => (route.startsWith('/employees') ? { kind: 'error503' } : undefined),
    })
    const variables = { value: '198.51.100.9', types: ['EMPLOYEE', 'EVENT'] }
    const { found, errors, cost } = await search(graph, variables, { maxWaitMs: 2_000 })
    expect(errors).toEqual([])
    expect([eventsIn(found), found.complete]).toEqual([[uuid(0)], false])
    expect(cost.warnings).toMatchObject([{ collection: 'employees' }])
  })

  it('lead from an IP address to who came from there', async () => {
    const { employees } = (await graphForTest({ scale: 0.1 })).standIn.data
    const [one, two] = employees
    const made = toEvents([
      { sourceIpAddress: '198.51.100.9', employeeId: one?.id ?? null },
      { sourceIpAddress: '198.51.100.9', employeeId: one?.id ?? null },
      { sourceIpAddress: '198.51.100.9', employeeId: uuid(99) },
      { sourceIpAddress: '198.51.100.8', employeeId: two?.id ?? null },
    ])
    const { graph } = await tenantForTest(made, { scale: 0.1 })
    const { found } = await search(graph, { value: '198.51.100.9' })
    expect(found.edges.filter(edge => !isEvent(edge))).toEqual([
      expect.objectContaining({
        node: expect.objectContaining({ __typename: 'Employee', id: one?.id }) as unknown,
        matchedOn: [{ field: 'Event.sourceIpAddress', kind: 'IP_ADDRESS', via: 'Event.employee' }],
      }),
    ])
    expect(eventsIn(found)).toEqual([uuid(2), uuid(1), uuid(0)])
  })

  it('about an app are found by its name', async () => {
    const { apps } = (await graphForTest({ scale: 0.1 })).standIn.data
    const [app, other] = apps
    const made = toEvents([
      { appId: app?.id ?? '' },
      { appId: other?.id ?? '' },
      { appId: app?.id ?? '' },
    ])
    const { graph } = await tenantForTest(made, { scale: 0.1 })
    for (const types of [['EVENT'], ['APP', 'EVENT']]) {
      const { found } = await search(graph, { value: app?.type, types })
      expect(eventsIn(found)).toEqual([uuid(2), uuid(0)])
      expect(found.edges.at(-1)?.matchedOn).toContainEqual({
        field: 'App.type',
        kind: 'APP_NAME',
        via: 'App.history',
      })
    }
  })
})

describe('a search', () => {
  it('gives the rest where the event file cannot be read, and says so', async () => {
    const { graph, events } = await tenantForTest(variety, { scale: 0.1 })
    await events.close()
    const value = graph.standIn.data.employees[2]?.email
    const { found, errors, cost } = await search(graph, { value })
    expect(errors).toEqual([])
    expect(found.totalCount).toBeGreaterThan(0)
    expect(found.complete).toBe(false)
    expect(cost.warnings).toEqual([
      {
        code: 'EVENTS_UNAVAILABLE',
        message: 'The stored events could not be searched',
        connector: 'default',
        collection: null,
      },
    ])
  })

  it('gives the rest where its question of the event file is too dear, and says by which setting', async () => {
    const { events } = await tenantForTest(variety)
    const stored = { ...events, page: () => Promise.reject(tooLong(2_000, 1_000)) }
    const graph = await graphForTest({ scale: 0.1, stored })
    const value = graph.standIn.data.employees[2]?.email
    const { found, errors, cost } = await search(graph, { value, types: ['EMPLOYEE', 'EVENT'] })
    expect(errors).toEqual([])
    expect(found.edges.map(({ node }) => node.__typename)).toEqual(['Employee'])
    expect(found.complete).toBe(false)
    expect(cost.warnings).toEqual([
      {
        code: 'BUDGET_EXCEEDED',
        message: expect.stringMatching(
          /^The stored events could not be searched\. .*PUSHGRAPH_MAX_CPU_MS$/,
        ) as unknown,
        connector: 'default',
        collection: null,
      },
    ])
  })

  it('does not pass a bug off as a file that cannot be read', async () => {
    const { events } = await tenantForTest(variety)
    const stored = { ...events, page: () => Promise.reject(new TypeError('a bug')) }
    const graph = await graphForTest({ scale: 0.02, stored })
    const { errors } = await graph.run(SEARCH, { value: 'ida@x.example' })
    expect(new Set(errors.map(({ code }) => code))).toEqual(new Set(['INTERNAL_SERVER_ERROR']))
  })

  it('gives the stored events where Push is down, and says so', async () => {
    const { graph } = await tenantForTest(variety, { scale: 0.02 })
    graph.standIn.set({ faultRate: 1, faultKinds: ['error503'] })
    for (const value of ['ida@x.example', someone, '192.0.2.7']) {
      const { found, errors, cost } = await search(graph, { value }, { maxWaitMs: 10_000 })
      expect(errors, value).toEqual([])
      expect(eventsIn(found).length, value).toBeGreaterThan(0)
      expect(found.complete, value).toBe(false)
      expect(cost.warnings.length, value).toBeGreaterThan(0)
    }
  })

  it('fails where Push is down and no event holds the value', async () => {
    const { graph } = await tenantForTest(variety, { scale: 0.02 })
    graph.standIn.set({ faultRate: 1, faultKinds: ['error503'] })
    const answer = await graph.run(
      '{ search(value: "nobody@x.example") { nodes { id } } }',
      {},
      { maxWaitMs: 1_000 },
    )
    expect(answer.data.search).toBeNull()
    expect(answer.errors).toHaveLength(1)
  })
})

describe('the event file', () => {
  it('finds every kind of value by an index', async () => {
    const path = join(directoryForTest(), 'events.db')
    const events = await openEvents({ path, retentionDays: 36_500, clock: systemClock })
    await events.close()
    const file = new DatabaseSync(path, { readOnly: true })
    onTestFinished(() => {
      file.close()
    })
    for (const { kind, filter } of eventFields) {
      const { paths } = indexPathsOf('events', filter('x.example', ['default']), ['default'])
      const steps = paths.flatMap(path => {
        const window = scanPath(file, 'event', path, 'DESC').next(100)
        if (window === undefined) return []
        const { condition, index } = window
        return file
          .prepare(
            `EXPLAIN QUERY PLAN SELECT * FROM ${tableBy('event', index)} WHERE ${condition.sql}`,
          )
          .all(...condition.values)
          .map(({ detail }) => String(detail))
          .filter(detail => / event\b/.test(detail))
      })
      expect(steps.length, kind).toBeGreaterThan(0)
      for (const step of steps)
        expect(step, kind).toMatch(/^SEARCH event USING INDEX (?!event_by_time)/)
    }
  })
})
