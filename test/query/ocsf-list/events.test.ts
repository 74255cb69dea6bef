/** `ocsfEvents` with webhook events among the objects. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openEvents, type Events } from '../../../src/events/events.ts'
import { systemClock } from '../../../src/model/clock.ts'
import { ocsfVersions } from '../../../src/ocsf/ocsf.ts'
import { readDelivery } from '../../../src/webhooks/delivery.ts'
import { delivery, type MadeUp, LATER } from '../../support/deliveries.ts'
import { type Answer, createGraph, type Graph } from '../../support/graph.ts'
import { createCheck } from '../../support/ocsf/check-event.ts'

const EVENTS = `query ($types: [EntityType!], $filter: OcsfEventFilter, $since: DateTime, $until: DateTime,
    $connectors: [String!], $first: Int, $after: String) {
  ocsfEvents(types: $types, filter: $filter, since: $since, until: $until, connectors: $connectors,
      first: $first, after: $after) {
    edges { cursor node { time metadata { uid event_code original_event_uid tenant_uid } } }
    pageInfo { hasNextPage endCursor } complete
  }
}`

interface Told {
  readonly time: number
  readonly metadata: {
    readonly uid: string
    readonly event_code: string
    readonly original_event_uid: string | null
    readonly tenant_uid: string | null
  }
}

interface Page {
  readonly edges: readonly { readonly cursor: string; readonly node: Told }[]
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null }
  readonly complete: boolean
}

let events: Events
let graph: Graph
/** The moments of findings and detections, in UNIX seconds. */
let moments: readonly number[]
/** The moments at which events happened, by their ids. */
const happened = new Map<string, number>()

const store = async (made: MadeUp, connector = 'default'): Promise<void> => {
  const read = readDelivery(delivery(made), LATER)
  if (!read.ok) throw new Error(read.problem)
  await events.append({ ...read.event, connector, receivedAt: 1_700_000_000 })
}

beforeAll(async () => {
  events = await openEvents({ path: ':memory:', retentionDays: 36_500, clock: systemClock })
  graph = await createGraph({ scale: 0.02, others: ['emea'], stored: events })
  moments = graph.standIns
    .flatMap(({ data }) => [...data.findings, ...data.detections])
    .map(({ creationTimestamp }) => creationTimestamp)
    .sort((a, b) => a - b)
  const [first = 0] = moments
  const last = moments.at(-1) ?? first
  for (let index = 0; index < 60; index += 1) {
    const id = `event ${index}`
    // Some at the very moment of a finding, several at one moment, and in no order of arrival.
    const at =
      index % 3 === 0
        ? (moments[index] ?? first)
        : first + Math.floor(((last - first) * ((index * 7) % 20)) / 20)
    const connector = index % 4 === 0 ? 'emea' : 'default'
    happened.set(id, at)
    await store(
      index % 2 === 0
        ? // A login is told of later than it was made.
          { id, timestamp: at + 86_400 * (index % 5), new: { loginTimestamp: at, email: 'a@b.c' } }
        : {
            id,
            timestamp: at,
            object: 'APP',
            category: 'ENTITY',
            type: 'CREATE',
            new: { id: 'x' },
          },
      connector,
    )
  }
})
afterAll(async () => {
  await graph.close()
  await events.close()
})

const pageOf = ({ data }: Answer): Page => (data as { readonly ocsfEvents: Page }).ocsfEvents

const all = async (variables: Record<string, unknown>): Promise<Told[]> => {
  const told: Told[] = []
  for (let after: string | null = null; ;) {
    const answer: Answer = await graph.run(EVENTS, { ...variables, after })
    expect(answer.errors).toEqual([])
    const page = pageOf(answer)
    told.push(...page.edges.map(({ node }) => node))
    if (!page.pageInfo.hasNextPage) return told
    after = page.pageInfo.endCursor
  }
}

const idsOf = (told: readonly Told[]): string[] =>
  told.flatMap(({ metadata }) => metadata.original_event_uid ?? [])

const iso = (seconds: number): string => new Date(seconds * 1_000).toISOString()

const dated = ['FINDING', 'DETECTION', 'EVENT']

test.each([[1], [7], [1_000]])(
  'all come in the order of time, each once, %i a page',
  async first => {
    const told = await all({ types: dated, first })
    const expected = [...moments, ...happened.values()].sort((a, b) => a - b)
    expect(told.map(({ time }) => time / 1_000)).toEqual(expected)
    expect(new Set(told.map(({ metadata }) => metadata.uid)).size).toBe(expected.length)
    expect(new Set(idsOf(told))).toEqual(new Set(happened.keys()))
  },
)

test('where no types are named, events are among all', async () => {
  expect(new Set(idsOf(await all({ first: 1_000 })))).toEqual(new Set(happened.keys()))
})

test('a page that holds nothing but events asks Push for nothing', async () => {
  const answer = await graph.run(EVENTS, { types: ['EVENT'], first: 10 })
  expect(pageOf(answer).edges).toHaveLength(10)
  expect(answer.requests).toBe(0)
})

describe('the events', () => {
  test('are those of the range of time, its first moment among them and its last not', async () => {
    const sorted = [...happened.values()].sort((a, b) => a - b)
    const [since = 0, until = 0] = [sorted[10], sorted[40]]
    const told = await all({ types: ['EVENT'], since: iso(since), until: iso(until), first: 9 })
    expect(told.map(({ time }) => time / 1_000)).toEqual(
      sorted.filter(at => at >= since && at < until),
    )
  })

  test('are those of the filter and the connectors', async () => {
    const filter = { events: { object: { eq: 'LOGIN' } } }
    const told = await all({ types: dated, filter, connectors: ['emea'], first: 13 })
    expect(new Set(idsOf(told))).toEqual(
      new Set([...happened.keys()].filter((_, index) => index % 4 === 0)),
    )
    expect(new Set(told.map(({ metadata }) => metadata.tenant_uid))).toEqual(new Set(['emea']))
  })

  test('that arrive behind the reader come on later pages, the others do not shift them', async () => {
    const page = pageOf(await graph.run(EVENTS, { types: ['EVENT'], first: 20 }))
    const at = (page.edges.at(-1)?.node.time ?? 0) / 1_000
    await store({ id: 'earlier', timestamp: at - 1 })
    await store({ id: 'same', timestamp: at })
    await store({ id: 'later', timestamp: at + 1 })
    const rest: string[] = []
    for (let after = page.pageInfo.endCursor; after !== null;) {
      const next: Page = pageOf(await graph.run(EVENTS, { types: ['EVENT'], first: 9, after }))
      rest.push(...idsOf(next.edges.map(({ node }) => node)))
      after = next.pageInfo.hasNextPage ? next.pageInfo.endCursor : null
    }
    expect(rest).toHaveLength(40 + 2)
    expect(rest).toEqual(expect.arrayContaining(['same', 'later']))
    expect(rest).not.toContain('earlier')
  })

  test.each(ocsfVersions)('are valid in %s, with their bodies on request', async version => {
    const { data } = await graph.run(`{ ocsfEvents(types: [EVENT], first: 100, rawData: true,
      version: V${version.replaceAll('.', '_')}) { nodes { raw_data json } } }`)
    const { nodes } = (
      data as { ocsfEvents: { nodes: { raw_data: string; json: Record<string, unknown> }[] } }
    ).ocsfEvents
    expect(nodes.length).toBeGreaterThanOrEqual(60)
    expect(nodes.flatMap(({ json }) => createCheck(version)(json))).toEqual([])
    for (const { raw_data: body } of nodes) expect(JSON.parse(body)).toHaveProperty('timestamp')
  })

  test('are refused a filter that cannot be read, by its path', async () => {
    const { errors } = await graph.run(EVENTS, {
      types: ['EVENT'],
      filter: { events: { email: { eq: null } } },
    })
    expect(errors).toEqual([expect.objectContaining({ code: 'BAD_USER_INPUT' })])
    expect(JSON.stringify(errors)).toContain('null')
  })
})
