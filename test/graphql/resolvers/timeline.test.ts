/**
 * What happened to an object, as it is asked for: events and changes that lie in a real file, merged and paged. What rows tell
 * beside them, `test/query/timeline/` tries.
 */
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import type { Events } from '../../../src/events/events.ts'
import type { NewEvent } from '../../../src/model/events.ts'
import { createRights } from '../../../src/model/rights.ts'
import { changeOf } from '../../../src/webhooks/follow.ts'
import { createGraph, type Graph } from '../../support/graph.ts'
import { runsOr } from '../../support/runs.ts'
import {
  type ChangeFile,
  changeFileIn,
  openStored,
  type PlantedChange,
} from '../../support/stored-changes.ts'
import { storedEvent } from '../../support/rows.ts'

const folder = mkdtempSync(join(tmpdir(), 'pushgraph-'))
let graph: Graph
let events: Events
let changes: ChangeFile

beforeAll(async () => {
  changes = await changeFileIn(folder)
  events = await openStored(folder)
  graph = await createGraph({ scale: 0.3, stored: events })
})
afterAll(async () => {
  await graph.close()
  await events.close()
  changes.close()
  rmSync(folder, { recursive: true, force: true })
})

let taken = 0
/** The id of an account that nothing has happened to. */
const account = (): string => {
  const row = graph.standIn.data.accounts[taken++]
  if (row === undefined) throw new Error('The tenant has too few accounts')
  return row.id
}

let named = 0
const eventAbout = (accountId: string, of: Partial<NewEvent>): NewEvent =>
  storedEvent({
    id: `event ${named++}`,
    occurredAt: BASE,
    receivedAt: BASE,
    entityId: accountId,
    accountId,
    ...of,
  })

/** UNIX seconds. */
const BASE = 1_700_000_000

interface Item {
  readonly at: string
  readonly kind: string
  readonly text: string | null
  readonly event: { readonly id: string } | null
  readonly change: { readonly id: string } | null
}

interface Page {
  readonly edges: readonly { readonly cursor: string; readonly node: Item }[]
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null }
}

/** What is stored here. */
const STORED = ['EVENT', 'CHANGE']

const PAGE = `query ($id: ID!, $since: DateTime, $until: DateTime, $kinds: [TimelineKind!], $first: Int, $after: String) {
  account(id: $id) {
    timeline(since: $since, until: $until, kinds: $kinds, first: $first, after: $after) {
      edges { cursor node { at kind text event { id } change { id } } }
      nodes { kind }
      pageInfo { hasNextPage endCursor }
      asOf
      complete
    }
  }
}`

const pageOf = async (
  id: string,
  variables: Readonly<Record<string, unknown>> = {},
): Promise<Page> => {
  const { data, errors } = await graph.run(PAGE, { id, kinds: STORED, ...variables })
  expect(errors).toEqual([])
  const page = data.account.timeline as Page & { nodes: readonly { kind: string }[] }
  expect(page.nodes).toEqual(page.edges.map(({ node: { kind } }) => ({ kind })))
  expect(page).toMatchObject({ complete: true })
  return page
}

const nameOf = ({ event, change }: Item): string =>
  event === null ? `change ${change?.id ?? ''}` : event.id

/** All of it, in pages of that size; `between` runs before each page but the first. */
const walk = async (
  id: string,
  first: number,
  variables: Readonly<Record<string, unknown>>,
  between: () => Promise<void> = () => Promise.resolve(),
): Promise<readonly string[]> => {
  const found: string[] = []
  for (let after: string | null = null; ;) {
    const page = await pageOf(id, { ...variables, first, after })
    expect(page.edges.length).toBeLessThanOrEqual(first)
    found.push(...page.edges.map(({ node }) => nameOf(node)))
    expect(page.pageInfo.endCursor).toBe(page.edges.at(-1)?.cursor ?? null)
    if (!page.pageInfo.hasNextPage) return found
    expect(page.edges).toHaveLength(first)
    after = page.pageInfo.endCursor
    await between()
  }
}

const iso = (seconds: number | undefined): string | undefined =>
  seconds === undefined ? undefined : new Date(seconds * 1_000).toISOString()

/** Few moments, so that many things stand at the same one. */
const second = fc.nat(2)
const arrival = fc.record({ second, ms: fc.constantFrom(0, 1) })
const seldom = <Value>(value: fc.Arbitrary<Value>): fc.Arbitrary<Value | undefined> =>
  fc.oneof({ weight: 5, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: value })
const happening = fc.oneof(
  fc.record({
    what: fc.constant('event' as const),
    occurred: second,
    arrival,
    object: fc.constantFrom('ACCOUNT', 'LOGIN'),
  }),
  fc.record({
    what: fc.constant('change' as const),
    arrival,
    learntFrom: fc.constantFrom('READ' as const, 'EVENT' as const),
    // The value of a time of use, in milliseconds after the change became known.
    use: fc.option(fc.constantFrom(-5_000, 0, 5_000), { nil: undefined }),
  }),
)

const msOf = ({ second: whole, ms }: { readonly second: number; readonly ms: number }): number =>
  (BASE + whole) * 1_000 + ms

test('is the events and the changes that none of them told, page by page, whatever comes meanwhile', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(happening, { minLength: 4, maxLength: 30, size: 'max' }),
      fc.integer({ min: 1, max: 7 }),
      fc.record({
        since: seldom(second),
        length: seldom(fc.nat(3)),
        kinds: fc.constantFrom(STORED, ['EVENT'], ['CHANGE'], ['CHANGE', 'EVENT']),
      }),
      fc.boolean(),
      async (happenings, first, { since: from, length, kinds }, comes) => {
        const id = account()
        const since = from === undefined ? undefined : BASE + from
        const until = length === undefined ? undefined : (since ?? BASE) + length
        const expected: { at: number; kind: number; sequence: number; name: string }[] = []
        const arrived = new Set<number>()
        for (const of of happenings)
          if (of.what === 'event') {
            const ms = msOf(of.arrival)
            const isLogin = of.object === 'LOGIN'
            const row = await events.append(
              eventAbout(id, {
                occurredAt: BASE + of.occurred,
                receivedAt: ms / 1_000,
                ...(isLogin
                  ? { category: 'ACTIVITY', object: 'LOGIN', type: null, entityId: null }
                  : {}),
              }),
            )
            if (row === null) throw new Error('It was stored before')
            if (!isLogin) arrived.add(ms)
            const { occurredAt: at, sequence, id: name } = row
            expected.push({ at, kind: 0, sequence, name })
          }
        for (const of of happenings)
          if (of.what === 'change') {
            const ms = msOf(of.arrival)
            const { learntFrom, use } = of
            const said: PlantedChange =
              use === undefined
                ? { field: 'mfaRegistered', old: false, new: true }
                : { field: 'lastUsedAt', old: 1, new: (ms + use) / 1_000 }
            const [sequence = 0] = changes.plant([
              { objectId: id, at: ms / 1_000, learntFrom, ...said },
              // Of others, which are none of its business.
              { objectId: 'other', at: ms / 1_000, learntFrom },
              { objectId: id, collection: 'apps', at: ms / 1_000, learntFrom },
            ])
            const isTold = learntFrom === 'EVENT' && (use ?? 0) <= 0 && arrived.has(ms)
            const withEvents = kinds.includes('EVENT')
            if (!isTold || !withEvents)
              expected.push({ at: ms / 1_000, kind: 1, sequence, name: `change ${sequence}` })
          }
        const wanted = expected
          .filter(({ kind }) => kinds.includes(kind === 0 ? 'EVENT' : 'CHANGE'))
          .filter(({ at }) => at >= (since ?? -Infinity) && at < (until ?? Infinity))
          .sort((a, b) => b.at - a.at || a.kind - b.kind || b.sequence - a.sequence)
          .map(({ name }) => name)
        const between = async (): Promise<void> => {
          if (!comes) return
          const [occurredAt, receivedAt] = [BASE + 10, BASE + 10]
          await events.append(eventAbout(id, { occurredAt, receivedAt }))
          changes.plant([{ objectId: id, at: BASE + 11 }])
        }
        const variables = { since: iso(since), until: iso(until), kinds }
        expect(await walk(id, first, variables, between)).toEqual(wanted)
      },
    ),
    { numRuns: runsOr(60) },
  )
}, 300_000)

describe('the timeline of an object', () => {
  test('gives what rows learnt from an event as that event, and as a change once the event is gone', async () => {
    const id = account()
    const app = graph.standIn.data.apps[0]?.id ?? ''
    await graph.run(`{ app(id: "${app}") { id } }`)
    const now = Math.floor(Date.now() / 1_000)
    const payload = {
      category: 'ENTITY',
      object: 'APP',
      type: 'UPDATE',
      new: { id: app, notes: 'told' },
    }
    const row = await events.append(
      eventAbout(id, {
        ...{ object: 'APP', entityId: app, appId: app, accountId: null },
        ...{ occurredAt: now, receivedAt: Date.now() / 1_000, body: JSON.stringify(payload) },
      }),
    )
    const told = row && changeOf(row, row.receivedAt * 1_000)
    if (told === null || told === undefined) throw new Error('It tells of no change')
    graph.store.connector('default')?.follow(told)
    await events.noted()
    // Of its accounts, other tests planted changes.
    const query = `{ app(id: "${app}") { timeline(kinds: [EVENT, CHANGE], since: "${iso(now)}") { nodes { kind event { id } change { field new learntFrom } } }
      changes { nodes { field new learntFrom } } } }`
    const { data } = await graph.run(query)
    const change = { field: 'notes', new: 'told', learntFrom: 'EVENT' }
    expect(data.app).toMatchObject({
      timeline: { nodes: [{ kind: 'EVENT', event: { id: row?.id }, change: null }] },
      changes: { nodes: [change] },
    })
    changes.removeEvent(row?.id ?? '')
    const later = await graph.run(query)
    expect(later.data.app.timeline.nodes).toEqual([{ kind: 'CHANGE', event: null, change }])
  })

  test('leads from its events to their objects, which are read together', async () => {
    const [one, other] = [account(), account()]
    for (const id of [one, other])
      await events.append(
        eventAbout(id, { employeeId: graph.standIn.data.employees[taken]?.id ?? '' }),
      )
    const query = `query ($ids: [ID!]) { accounts(filter: { id: { in: $ids } }) { nodes {
      timeline(kinds: [EVENT]) { nodes { event { id employee { id } } } } } } }`
    const plan = await graph.run(query, { ids: [one, other] }, { plan: 'only' })
    expect(JSON.stringify(plan.cost.plan)).toContain('accounts.nodes.timeline.nodes.event.employee')
    const { data, errors } = await graph.run(query, { ids: [one, other] })
    expect(errors).toEqual([])
    for (const { timeline } of data.accounts.nodes)
      expect(timeline.nodes[0].event.employee.id).toMatch(/./)
  })

  test('says each in a sentence, without what names a person where that may not be known', async () => {
    const id = account()
    changes.plant([
      {
        objectId: id,
        field: 'email',
        old: 'ann@example.com',
        new: 'bob@example.com',
        at: BASE + 1,
      },
      { objectId: id, field: 'mfaRegistered', old: true, new: false, at: BASE + 2 },
      { objectId: id, field: 'mfaMethods', old: [], new: ['SMS_OTP', 'U2F'], at: BASE + 3 },
      { objectId: id, field: 'lastUsedAt', old: null, new: BASE, at: BASE + 4 },
      {
        objectId: id,
        kind: 'CREATED',
        field: null,
        new: { id, email: 'ann@example.com' },
        at: BASE + 5,
      },
      { objectId: id, field: 'gone', old: 'x'.repeat(200), new: 'y', at: BASE + 6 },
    ])
    const description = 'ann@example.com logged in'
    await events.append(eventAbout(id, { occurredAt: BASE + 7, receivedAt: BASE + 7, description }))
    const login = { category: 'ACTIVITY', object: 'LOGIN', type: null }
    await events.append(eventAbout(id, { ...login, occurredAt: BASE + 8, receivedAt: BASE + 8 }))
    await events.append(
      eventAbout(id, { ...login, object: 'a@b', occurredAt: BASE + 9, receivedAt: BASE + 9 }),
    )
    const query = `{ account(id: "${id}") { timeline(kinds: [EVENT, CHANGE]) { nodes { text event { description } change { old } } } } }`
    const texts = async (scopes: readonly ('read' | 'events' | 'pii')[]): Promise<unknown[]> => {
      const rights = createRights('somebody', [...scopes])
      const { data, errors } = await graph.run(query, {}, { rights })
      expect(errors).toEqual([])
      return data.account.timeline.nodes.map(({ text }: { text: string }) => text)
    }
    const unnamed = [
      'The account came.',
      'lastUsedAt of the account changed from nothing to 2023-11-14T22:13:20Z.',
      'mfaMethods of the account changed from nothing to SMS_OTP, U2F.',
      'mfaRegistered of the account changed from true to false.',
    ]
    expect(await texts(['read', 'events', 'pii'])).toEqual([
      'A@b.',
      'Login.',
      description,
      'gone of the account changed.',
      ...unnamed,
      'email of the account changed from ann@example.com to bob@example.com.',
    ])
    expect(await texts(['read', 'events'])).toEqual([
      'WITHHELD',
      'Login.',
      'The account was updated.',
      'gone of the account changed.',
      ...unnamed,
      'email of the account changed.',
    ])
  })

  test('ends at the moment that its object is asked for at', async () => {
    await graph.run(
      '{ accounts(first: 0) { totalCount } findings(first: 0) { totalCount } detections(first: 0) { totalCount } }',
      {},
      { maxAgeMs: 0, staleMs: 0 },
    )
    await events.noted()
    const id = account()
    const now = Date.now() / 1_000
    const [before] = changes.plant([
      { objectId: id, at: now - 100, new: true },
      { objectId: id, at: now + 100, new: false },
    ])
    await events.append(eventAbout(id, { occurredAt: BASE, receivedAt: now + 100 }))
    const { data, errors } = await graph.run(
      `query ($id: ID!, $at: DateTime) {
        then: account(id: $id, at: $at) { timeline(kinds: [EVENT, CHANGE]) { nodes { change { id } connectorAlias } }
          known: timeline(kinds: [ACCOUNT_FIRST_SEEN, FINDING, DETECTION]) { complete nodes { kind connectorAlias object { id } } } }
        now: account(id: $id) { timeline(kinds: [EVENT, CHANGE]) { nodes { kind } } }
      }`,
      { id, at: iso(now) },
    )
    expect(errors).toEqual([])
    expect(data.then?.timeline.nodes).toEqual([
      { change: { id: String(before) }, connectorAlias: 'default' },
    ])
    expect(data.now.timeline.nodes).toHaveLength(3)
    const seen = { kind: 'ACCOUNT_FIRST_SEEN', connectorAlias: 'default', object: { id } }
    expect(data.then?.known.nodes).toContainEqual(seen)
    const around = graph.standIn.data.findings.filter(({ accountId }) => accountId === id)
    expect(data.then?.known.nodes.length).toBeGreaterThan(around.length)
  })

  test('leaves out what is stored for callers without the scope "events", and tells them so', async () => {
    const id = account()
    await events.append(eventAbout(id, {}))
    changes.plant([{ objectId: id }])
    const query = `{ account(id: "${id}") { timeline { nodes { kind event { id } change { id }
      object { __typename id ... on Event { occurredAt } } } complete } } }`
    const rights = createRights('rows', ['read', 'pii'])
    const { data, errors, cost } = await graph.run(query, {}, { rights })
    expect(errors).toEqual([])
    const object = { __typename: 'Account', id }
    const kinds = ['ACCOUNT_LAST_USED', 'ACCOUNT_FIRST_SEEN']
    expect(data.account.timeline.nodes).toEqual(
      expect.arrayContaining(kinds.map(kind => ({ kind, event: null, change: null, object }))),
    )
    expect(JSON.stringify(data)).not.toMatch(/"(EVENT|CHANGE)"/)
    expect(cost.warnings).toMatchObject([{ code: 'FORBIDDEN', connector: 'default' }])
    const others = `{ account(id: "${id}") { timeline(kinds: [ACCOUNT_FIRST_SEEN]) { nodes { kind } } } }`
    expect((await graph.run(others, {}, { rights })).cost.warnings).toEqual([])
  })

  test.each([
    ['(first: -1)', 'first'],
    ['(first: 1001)', 'first'],
    ['(since: "2024-01-02", until: "2024-01-01")', 'since'],
    ['(after: "nothing")', 'after'],
  ])('refuses %s, before anything is read where that can be', async (args, at) => {
    const query = `{ account(id: "${account()}") { timeline${args} { nodes { kind } } } }`
    const { errors } = await graph.run(query)
    expect(errors).toMatchObject([{ code: 'BAD_USER_INPUT', at }])
    if (at === 'after') return
    const plan = await graph.run(query, {}, { plan: 'only' })
    expect(plan.errors).toMatchObject([{ code: 'BAD_USER_INPUT', at }])
  })

  test('takes no cursor of another object, and reads nothing for a page of none', async () => {
    const [one, other] = [account(), account()]
    changes.plant([{ objectId: one }, { objectId: one }, { objectId: other }])
    const { pageInfo } = await pageOf(one, { first: 1 })
    const { errors } = await graph.run(PAGE, { id: other, after: pageInfo.endCursor })
    expect(errors).toMatchObject([{ code: 'BAD_USER_INPUT', at: 'after' }])
    // Where nothing is read, nobody says that nothing follows.
    expect(await pageOf(account(), { first: 0 })).toMatchObject({
      edges: [],
      pageInfo: { hasNextPage: true, endCursor: null },
    })
  })
})
