/** Timelines of objects and around values, page by page, beside what they must be; kept in a file, and in a database. */
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Events, openEvents } from '../../../src/events/events.ts'
import { systemClock } from '../../../src/model/clock.ts'
import type { CollectionName } from '../../../src/model/rows.ts'
import { createGraph, type Graph } from '../../support/graph.ts'
import { runsOr } from '../../support/runs.ts'
import { openSharedEvents } from '../../support/shared-events.ts'
import { fillTenant } from './fill-tenant.ts'
import {
  type Around,
  aroundObject,
  aroundValue,
  kindsInOrder,
  type Known,
  type Line,
  naiveTimeline,
} from './naive-timeline.ts'

interface Store {
  readonly events: Events
  readonly close: () => Promise<void>
}

const inFile = async (): Promise<Store> => {
  const events = await openEvents({ path: ':memory:', retentionDays: 36_500, clock: systemClock })
  return { events, close: () => events.close() }
}

const PAGE = `complete pageInfo { hasNextPage endCursor }
  nodes { at kind event { id } change { id } detectionEvent { id } object { id } }`
const VARIABLES =
  '$since: DateTime, $until: DateTime, $kinds: [TimelineKind!], $first: Int, $after: String'
const TERMS = 'since: $since, until: $until, kinds: $kinds, first: $first, after: $after'

const singles = {
  employees: 'employee',
  accounts: 'account',
  apps: 'app',
  browsers: 'browser',
  findings: 'finding',
  detections: 'detection',
} as const

interface Node {
  readonly at: string
  readonly kind: string
  readonly event: { readonly id: string } | null
  readonly change: { readonly id: string } | null
  readonly detectionEvent: { readonly id: string } | null
  readonly object: { readonly id: string }
}

const lineOf = ({ at, kind, event, change, detectionEvent, object }: Node): Line => ({
  at: Date.parse(at) / 1_000,
  kind,
  name: (event ?? change ?? detectionEvent ?? object).id,
})

const iso = (seconds: number | undefined): string | undefined =>
  seconds === undefined ? undefined : new Date(seconds * 1_000).toISOString()

describe.each([
  ['a file', inFile, true],
  ['a database, where lists leave the events of detections out', openSharedEvents, false],
] as const)('beside %s', (_name, open, listDetails) => {
  let store: Store
  let graph: Graph
  let known: Known

  beforeAll(async () => {
    store = await open()
    graph = await createGraph({ scale: 0.03, stored: store.events, switches: { listDetails } })
    known = await fillTenant(graph, store.events)
  }, 300_000)
  afterAll(async () => {
    await graph.close()
    await store.close()
  })

  /** All of it, in pages of that size. */
  const walk = async (
    query: string,
    variables: Readonly<Record<string, unknown>>,
    first: number,
  ): Promise<readonly Line[]> => {
    const found: Line[] = []
    for (let after: string | null = null; ;) {
      const { data, errors } = await graph.run(query, { ...variables, first, after })
      expect(errors).toEqual([])
      const { nodes, pageInfo, complete } = data.of?.timeline ?? data.timeline
      expect(complete).toBe(true)
      found.push(...(nodes as Node[]).map(lineOf))
      if (!pageInfo.hasNextPage) return found
      expect(nodes).toHaveLength(first)
      after = pageInfo.endCursor
    }
  }

  const terms = fc.record({
    kinds: fc.oneof(fc.constant(undefined), fc.subarray(kindsInOrder)),
    first: fc.constantFrom(7, 30, 1000),
    // Between times that something has happened at.
    cuts: fc.option(fc.tuple(fc.nat(), fc.nat()), { nil: undefined }),
  })

  const expectTimeline = async (
    query: string,
    variables: Readonly<Record<string, unknown>>,
    around: Around,
    { kinds, first, cuts }: typeof terms extends fc.Arbitrary<infer Terms> ? Terms : never,
  ): Promise<void> => {
    const all = naiveTimeline(known, around, kinds, [undefined, undefined])
    const [since, until] = (cuts ?? [])
      .map(cut => all[cut % (all.length || 1)]?.at)
      .sort((a = 0, b = 0) => a - b)
    const wanted = naiveTimeline(known, around, kinds, [since, until])
    const asked = { ...variables, kinds, since: iso(since), until: iso(until) }
    expect(await walk(query, asked, first)).toEqual(wanted)
  }

  test('the timeline of an object is what happened to it and around it, nothing of it twice', async () => {
    const objects = Object.entries(singles).flatMap(([name, field]) =>
      known.data[name as CollectionName].map(({ id }) => ({
        name: name as CollectionName,
        field,
        id,
      })),
    )
    const attacked = known.data.detections.flatMap(of => of.events.map(event => event.accountId))
    const people = objects.filter(
      ({ name, id }) => name === 'employees' || name === 'apps' || attacked.includes(id),
    )
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(fc.constantFrom(...people), fc.constantFrom(...objects)),
        terms,
        async ({ name, field, id }, of) => {
          const query = `query ($id: ID!, ${VARIABLES}) { of: ${field}(id: $id) { timeline(${TERMS}) { ${PAGE} } } }`
          await expectTimeline(query, { id }, aroundObject(known, name, id), of)
        },
      ),
      { numRuns: runsOr(40) },
    )
  }, 300_000)

  test('the timeline around a value is that of what a search finds for it', async () => {
    // Else a search for an address leaves detections out that it alone does not lead to, and says so.
    await graph.run('{ detections(first: 1000) { nodes { events { id } } } }')
    const { data, events } = known
    const person = fc.constantFrom(...data.employees)
    const value = fc.oneof(
      fc.record({
        value: fc.oneof(
          person.map(({ email }) => email),
          fc.constantFrom(...data.accounts).map(({ email }) => email.toUpperCase()),
          fc.constant('nobody@nowhere.example'),
        ),
        kinds: fc.constant(['EMAIL_ADDRESS']),
      }),
      fc.record({
        value: fc.oneof(
          fc.constantFrom(...events.flatMap(({ sourceIpAddress }) => sourceIpAddress ?? [])),
          fc.constantFrom(
            ...data.detections.flatMap(of => of.events.map(event => event.sourceIpAddress)),
          ),
        ),
        kinds: fc.constant(['IP_ADDRESS']),
      }),
      fc.record({ value: person.map(({ id }) => id), kinds: fc.constant(['EMPLOYEE_ID']) }),
      fc.record({
        value: fc.constantFrom(...data.accounts).map(({ id }) => id),
        kinds: fc.constant(['ACCOUNT_ID']),
      }),
      fc.record({
        value: fc.constantFrom(...data.apps).map(({ type }) => type),
        kinds: fc.constant(['APP_NAME']),
      }),
    )
    const query = `query ($value: String!, ${VARIABLES}) { timeline(value: $value, ${TERMS}) { ${PAGE} } }`
    await fc.assert(
      fc.asyncProperty(value, terms, async (of, asked) => {
        const pasted = of.value.replaceAll('.', of.kinds[0] === 'IP_ADDRESS' ? '[.]' : '.')
        const around = aroundValue(known, of.value, of.kinds)
        await expectTimeline(query, { value: pasted }, around, asked)
      }),
      { numRuns: runsOr(40) },
    )
  }, 300_000)
})
