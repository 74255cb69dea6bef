/** `ocsfEvents`: objects of several collections in the order of time. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createFakeClock } from '../../support/clock.ts'
import {
  type Answer,
  createGraph,
  type Graph,
  graphForTest,
  type Terms,
} from '../../support/graph.ts'
import { allWaysToRows } from '../../support/graph-from-disk.ts'
import { TEST_NOW } from '../../support/stand-in.ts'
import { hasOwnTime } from '../../../src/query/ocsf-list/segment.ts'
import { collectionNames } from '../../../src/model/collections.ts'
import { ocsfVersions } from '../../../src/ocsf/ocsf.ts'
import { createCheck } from '../../support/ocsf/check-event.ts'
import { project, READ_AT } from '../../support/ocsf/objects.ts'
import { samples } from '../../support/ocsf/filled-objects.ts'

const EVENTS = `query ($types: [EntityType!], $filter: OcsfEventFilter, $since: DateTime, $until: DateTime,
    $connectors: [String!], $version: OcsfVersion, $first: Int, $after: String) {
  ocsfEvents(types: $types, filter: $filter, since: $since, until: $until, connectors: $connectors,
      version: $version, first: $first, after: $after) {
    edges { cursor node { class_uid time metadata { uid event_code tenant_uid } } }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    asOf complete
  }
}`

interface Event {
  readonly class_uid: number
  readonly time: number
  readonly metadata: {
    readonly uid: string
    readonly event_code: string
    readonly tenant_uid: string | null
  }
}

interface Page {
  readonly edges: readonly { readonly cursor: string; readonly node: Event }[]
  readonly pageInfo: {
    readonly hasNextPage: boolean
    readonly hasPreviousPage: boolean
    readonly startCursor: string | null
    readonly endCursor: string | null
  }
  readonly asOf: string | null
  readonly complete: boolean
}

const pageOf = ({ data }: Answer): Page => (data as { readonly ocsfEvents: Page }).ocsfEvents

/** All pages of a timeline, one after another. */
const allPages = async (
  graph: Graph,
  variables: Record<string, unknown>,
  terms?: Terms,
): Promise<Page[]> => {
  const pages: Page[] = []
  for (let after: string | null = null; ;) {
    const answer: Answer = await graph.run(EVENTS, { ...variables, after }, terms)
    expect(answer.errors).toEqual([])
    const page = pageOf(answer)
    pages.push(page)
    after = page.pageInfo.endCursor
    if (!page.pageInfo.hasNextPage || pages.length > 500) return pages
  }
}

const eventsOf = (pages: readonly Page[]): Event[] =>
  pages.flatMap(({ edges }) => edges.map(({ node }) => node))

let graph: Graph
beforeAll(async () => {
  graph = await createGraph({ scale: 0.02, others: ['emea'] })
})
afterAll(() => graph.close())

const OLD = '2020-01-01T00:00:00Z'

describe.each(allWaysToRows)('the events of all types, from rows $rows,', ({ create }) => {
  let graph: Graph
  beforeAll(async () => {
    graph = await create({ scale: 0.02, others: ['emea'] })
  })
  afterAll(() => graph.close())

  test.each([[37], [1000]])('come in the order of time, each once, %i a page', async first => {
    const events = eventsOf(await allPages(graph, { first }))
    const objects = graph.standIns.reduce(
      (sum, { data }) => sum + collectionNames.reduce((n, name) => n + data[name].length, 0),
      0,
    )
    expect(events).toHaveLength(objects)
    expect(new Set(events.map(({ metadata }) => metadata.uid)).size).toBe(objects)
    const times = events.map(({ time }) => time)
    expect(times).toEqual(times.toSorted((a, b) => a - b))
    const dated = events.filter(({ class_uid: uid }) => uid === 2003 || uid === 2004)
    expect(dated.map(({ time }) => time / 1000)).toEqual(
      graph.standIns
        .flatMap(({ data }) => [...data.findings, ...data.detections])
        .map(({ creationTimestamp }) => creationTimestamp)
        .toSorted((a, b) => a - b),
    )
  })

  test('end where the last page is full, and it says so', async () => {
    const types = ['DETECTION']
    const count = graph.standIns.reduce((sum, { data }) => sum + data.detections.length, 0)
    for (const [first, more] of [
      [count - 1, true],
      [count, false],
    ] as const) {
      const { edges, pageInfo } = pageOf(await graph.run(EVENTS, { types, first }))
      expect([edges.length, pageInfo.hasNextPage]).toEqual([first, more])
    }
  })

  test('come each once where all happened in the same second, however they are paged', async () => {
    const own = await graphForTest({ scale: 0.02, others: ['emea'] })
    for (const { data, update } of own.standIns)
      for (const { id } of data.findings)
        update('findings', id, { creationTimestamp: TEST_NOW - 1_000 })
    const types = ['FINDING']
    const [whole, ...paged] = [1_000, 1, 3].map(first => allPages(own, { types, first }))
    const uids = async (pages: Promise<Page[]> | undefined) =>
      eventsOf((await pages) ?? []).map(({ metadata }) => metadata.uid)
    const expected = await uids(whole)
    expect(expected.length).toBeGreaterThan(10)
    expect(new Set(expected).size).toBe(expected.length)
    for (const pages of paged) expect(await uids(pages)).toEqual(expected)
  })

  test('have one moment for all that is as new as its reading, on every page', async () => {
    const clock = createFakeClock({ startMs: TEST_NOW * 1000 })
    const own = await graphForTest({ scale: 0.01, clock })
    const times = new Set<number>()
    let after: string | null = null
    do {
      const page: Page = pageOf(
        await own.run(EVENTS, { types: ['EMPLOYEE', 'APP'], first: 7, after }),
      )
      for (const { node } of page.edges) times.add(node.time)
      after = page.pageInfo.hasNextPage ? page.pageInfo.endCursor : null
      await clock.advance(20_000)
    } while (after !== null)
    expect([...times]).toEqual([TEST_NOW * 1000])
  })

  test('are valid in every version', async () => {
    for (const version of ocsfVersions) {
      const answer = await graph.run(
        `query ($version: OcsfVersion) { ocsfEvents(first: 200, version: $version) { nodes { json } } }`,
        { version: `V${version.replaceAll('.', '_')}` },
      )
      const { nodes } = (answer.data as { ocsfEvents: { nodes: { json: object }[] } }).ocsfEvents
      expect(nodes).toHaveLength(200)
      for (const { json } of nodes)
        expect(createCheck(version)(json as Record<string, unknown>)).toEqual([])
    }
  })
})

describe('a range of time', () => {
  test('begins with its first moment and ends before its last', async () => {
    const findings = graph.standIns.flatMap(({ data }) => data.findings)
    const times = findings.map(({ creationTimestamp }) => creationTimestamp).sort((a, b) => a - b)
    const [since = 0, until = 0] = [times[50], times[90]]
    const iso = (seconds: number): string => new Date(seconds * 1000).toISOString()
    const pages = await allPages(graph, {
      types: ['FINDING'],
      since: iso(since),
      until: iso(until),
      first: 9,
    })
    expect(eventsOf(pages).map(({ time }) => time / 1000)).toEqual(
      times.filter(time => time >= since && time < until),
    )
  })

  test('in the past holds no inventory, and reads none', async () => {
    const own = await graphForTest({ scale: 0.02 })
    const answer = await own.run(EVENTS, { until: '2025-12-01T00:00:00Z', first: 1000 })
    const codes = new Set(pageOf(answer).edges.map(({ node }) => node.metadata.event_code))
    expect([...codes].sort()).toEqual(['DETECTION', 'FINDING'])
    expect(Object.keys(own.standIn.statistics().byRoute).sort()).toEqual([
      'GET /detections',
      'GET /findings',
    ])
    const ahead = await own.run(EVENTS, { since: '2999-01-01T00:00:00Z' })
    expect(pageOf(ahead).edges).toEqual([])
    expect(pageOf(await own.run(EVENTS, { types: ['APP'], until: OLD })).edges).toEqual([])
  })

  test('of a few days asks Push for no more than that', async () => {
    const own = await graphForTest({ scale: 1 })
    await own.run('{ findings(first: 1) { nodes { id } } }')
    const since = new Date((TEST_NOW - 7 * 86_400) * 1000).toISOString()
    const answer = await own.run(EVENTS, { types: ['FINDING'], since, first: 1000 })
    expect(pageOf(answer).edges.length).toBeGreaterThan(10)
    expect(answer.requests).toBeLessThan(8)
    expect((await own.run(EVENTS, { types: ['FINDING'], since, first: 20 })).requests).toBe(0)
  })
})

describe('the objects', () => {
  test('are those of the types, filters and connectors', async () => {
    const events = eventsOf(
      await allPages(graph, {
        types: ['FINDING', 'EMPLOYEE'],
        filter: { findings: { state: { eq: 'OPEN' } }, employees: { licensed: { eq: true } } },
        connectors: ['emea'],
        first: 100,
      }),
    )
    const { data } = graph.standIns[1] ?? graph.standIn
    const open = data.findings.filter(({ state }) => state === 'OPEN')
    const licensed = data.employees.filter(({ licensed }) => licensed)
    expect(events).toHaveLength(open.length + licensed.length)
    expect(new Set(events.map(({ metadata }) => metadata.tenant_uid))).toEqual(new Set(['emea']))
  })

  test('of a list that only needs its first page take one request', async () => {
    const own = await graphForTest()
    const answer = await own.run(EVENTS, { types: ['ACCOUNT'], first: 5 })
    expect(pageOf(answer).edges).toHaveLength(5)
    expect(answer.requests).toBe(1)
  })
})

describe('what cannot be had', () => {
  test('of what is asked in a wrong way is nothing: a mistake takes the others with it', async () => {
    for (const filter of [
      { findings: { id: { eq: null } } },
      { employees: { id: { eq: null } } },
    ]) {
      const { data, errors } = await graph.run(EVENTS, { filter })
      expect(data.ocsfEvents).toBeNull()
      expect(errors).toMatchObject([{ code: 'BAD_USER_INPUT' }])
    }
  })

  test.each<[string, Record<string, unknown>, RegExp, string]>([
    ['less than no row', { first: -1 }, /"first" must be from 0 to 1000/, 'BAD_USER_INPUT'],
    ['too many', { first: 1001 }, /"first" must be from 0 to 1000/, 'BAD_USER_INPUT'],
    [
      'a range backwards',
      { since: '2025-01-02T00:00:00Z', until: OLD },
      /"since"/,
      'BAD_USER_INPUT',
    ],
    ['no cursor', { after: 'nonsense' }, /is not a cursor/, 'BAD_USER_INPUT'],
    ['an unknown connector', { connectors: ['apac'] }, /no connector "apac"/, 'BAD_USER_INPUT'],
    ['a null operator', { filter: { findings: { id: { eq: null } } } }, /null/, 'BAD_USER_INPUT'],
  ])('is refused: %s', async (_what, variables, message, code) => {
    const { errors, requests } = await graph.run(EVENTS, variables)
    expect(errors).toEqual([expect.objectContaining({ code })])
    expect(errors[0]?.message).toMatch(message)
    expect(requests).toBe(0)
  })

  test('is refused: a cursor of a moment that there is not', async () => {
    const { edges } = pageOf(await graph.run(EVENTS, { types: ['APP'], first: 1 }))
    const parts = JSON.parse(
      Buffer.from(edges[0]?.cursor ?? '', 'base64url').toString(),
    ) as unknown[]
    for (const readAt of [-1e300, 1e300, 0.5]) {
      const forged = Buffer.from(JSON.stringify(parts.with(4, readAt))).toString('base64url')
      const { errors } = await graph.run(EVENTS, { types: ['APP'], after: forged })
      expect(errors.map(({ code }) => code)).toEqual(['BAD_USER_INPUT'])
    }
  })

  test('is refused: the cursor of another list', async () => {
    const { edges } = pageOf(await graph.run(EVENTS, { types: ['APP'], first: 1 }))
    for (const variables of [
      { types: ['APP', 'FINDING'] },
      { types: ['APP'], since: OLD },
      { types: ['APP'], filter: { apps: { type: { eq: 'X' } } } },
      { types: ['APP'], connectors: ['emea'] },
    ]) {
      const { errors } = await graph.run(EVENTS, { ...variables, after: edges[0]?.cursor })
      expect(errors[0]?.message).toContain('cursor of another list')
    }
    const list = await graph.run('{ apps(first: 1) { pageInfo { endCursor } } }')
    const { endCursor } = (list.data as { apps: { pageInfo: { endCursor: string } } }).apps.pageInfo
    expect((await graph.run(EVENTS, { types: ['APP'], after: endCursor })).errors).toHaveLength(1)
  })

  test('of one collection leaves the others, and says what is missing', async () => {
    const own = await graphForTest({
      scale: 0.01,
      switches: {
        faults: ({ path }) => (path === '/detections' ? { kind: 'error500' } : undefined),
      },
    })
    const answer = await own.run(EVENTS, { types: ['FINDING', 'DETECTION', 'APP'], first: 1000 })
    const page = pageOf(answer)
    expect(answer.errors).toEqual([])
    expect(page.complete).toBe(false)
    expect(page.edges).toHaveLength(own.standIn.data.findings.length + own.standIn.data.apps.length)
    expect(answer.cost.warnings.map(({ collection }) => collection)).toContain('detections')
    const alone = await own.run(EVENTS, { types: ['DETECTION'] })
    expect(pageOf(alone)).toBeNull()
    expect(alone.errors[0]).toMatchObject({ code: 'UPSTREAM_UNAVAILABLE' })
  })

  test('within a budget comes with a cursor that goes on, without a gap or a repeat', async () => {
    const own = await graphForTest({ scale: 0.1 })
    const pages = await allPages(own, { types: ['ACCOUNT'], first: 1000 }, { maxRequests: 2 })
    expect(pages.length).toBeGreaterThan(2)
    expect(pages[0]?.complete).toBe(false)
    const uids = eventsOf(pages).map(({ metadata }) => metadata.uid)
    expect(uids).toHaveLength(own.standIn.data.accounts.length)
    expect(new Set(uids).size).toBe(uids.length)
  })

  test('whole within a budget is refused with what it needs', async () => {
    const own = await graphForTest({ scale: 0.5 })
    const answer = await own.run(EVENTS, { types: ['FINDING'] }, { maxRequests: 2 })
    expect(pageOf(answer)).toBeNull()
    expect(answer.errors[0]).toMatchObject({ code: 'BUDGET_EXCEEDED' })
  })
})

test('a page goes on in another process', async () => {
  const first = await graphForTest({ scale: 0.02 })
  const second = await graphForTest({ over: first.standIns })
  const whole = eventsOf(await allPages(first, { types: ['ACCOUNT', 'FINDING'], first: 1000 }))
  const events: Event[] = []
  let after: string | null = null
  for (let turn = 0; turn < 100; turn += 1) {
    const page: Page = pageOf(
      await (turn % 2 === 0 ? first : second).run(EVENTS, {
        types: ['ACCOUNT', 'FINDING'],
        first: 83,
        after,
      }),
    )
    events.push(...page.edges.map(({ node }) => node))
    after = page.pageInfo.endCursor
    if (!page.pageInfo.hasNextPage) break
  }
  // The moment of reading is another one, and the ids with it.
  const codes = (of: readonly Event[]): string[] =>
    of.map(({ metadata, time }) => `${metadata.event_code} ${time > READ_AT ? 'now' : time}`)
  expect(codes(events)).toEqual(codes(whole))
  expect(new Set(events.map(({ metadata }) => metadata.uid)).size).toBe(events.length)
})

test('collections have times of their own just where their events have', () => {
  for (const name of collectionNames)
    expect(hasOwnTime(name)).toBe(project(name, samples[name], '1.8.0').get('time') !== READ_AT)
})
