/** What changed, as it is asked for: the tenant changes under a graph that has read it. */
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { type Events, openEvents } from '../../../src/events/events.ts'
import { systemClock } from '../../../src/model/clock.ts'
import { createRights } from '../../../src/model/rights.ts'
import type { PushRows } from '../../../src/demo/tenant/objects.ts'
import type { CollectionName } from '../../../src/model/rows.ts'
import { createGraph, type Graph } from '../../support/graph.ts'

interface Change {
  readonly kind: string
  readonly field: string | null
  readonly objectId: string
  readonly old: unknown
  readonly new: unknown
}

let graph: Graph
let events: Events
beforeEach(async () => {
  events = await openEvents({ path: ':memory:', retentionDays: 36_500, clock: systemClock })
  graph = await createGraph({ scale: 0.01, stored: events })
  onTestFinished(async () => {
    await graph.close()
    await events.close()
  })
})

/** The row that the stand-in holds at that place of its list. */
const held = <Name extends CollectionName>(name: Name, at: number): PushRows[Name] => {
  const row = graph.standIn.data[name][at]
  if (row === undefined) throw new Error(`The tenant has no ${name} at ${at}`)
  return row
}

/** Changes it, and gives its id. */
const update = <Name extends CollectionName>(
  name: Name,
  at: number,
  changes: Partial<PushRows[Name]>,
): string => {
  const { id } = held(name, at)
  graph.standIn.update(name, id, changes)
  return id
}

/** Reads the lists anew, and waits for what differs to be stored. */
const read = async (...lists: readonly string[]): Promise<void> => {
  const asked = lists.map(name => `${name}(first: 0) { totalCount }`).join(' ')
  const { errors } = await graph.run(`{ ${asked} }`, {}, { maxAgeMs: 0, staleMs: 0 })
  expect(errors).toEqual([])
  await events.noted()
}

const nodesOf = async (
  args: string,
  fields = 'kind field objectId old new',
): Promise<readonly Change[]> => {
  const { data, errors } = await graph.run(`{ changes${args} { nodes { ${fields} } } }`)
  expect(errors).toEqual([])
  return (data['changes'] as { readonly nodes: readonly Change[] }).nodes
}

describe('the changes', () => {
  it('begin with the second reading, one for each field, the newest first', async () => {
    await read('accounts', 'apps')
    expect(await nodesOf('')).toEqual([])
    const before = held('accounts', 0).mfaRegistered
    const objectId = update('accounts', 0, { mfaRegistered: before !== true })
    await read('accounts')
    update('apps', 1, { approvalStatus: 'SOMETHING_NEW', notes: 'looked at' })
    await read('apps')
    const found = await nodesOf('')
    expect(found.map(({ field }) => field).sort()).toEqual([
      'approvalStatus',
      'mfaRegistered',
      'notes',
    ])
    expect(found.at(-1)).toEqual({
      kind: 'UPDATED',
      field: 'mfaRegistered',
      objectId,
      old: before,
      new: before !== true,
    })
    expect(found.find(({ field }) => field === 'notes')).toMatchObject({ new: 'looked at' })
  })

  it('give an object that went with all of its fields, and moments as texts', async () => {
    await read('employees', 'accounts')
    const { loginMethods } = held('accounts', 0)
    const id = update('accounts', 0, {
      loginMethods: { ...loginMethods, lastPasswordLoginTimestamp: 1_700_000_000 },
      lastUsedTimestamp: 1_700_000_001,
    })
    await read('accounts')
    const times = await nodesOf('(filter: { field: { endsWith: "At" } })')
    expect(times.map(({ field, new: now }) => [field, now]).sort()).toEqual([
      ['lastUsedAt', '2023-11-14T22:13:21Z'],
      ['loginMethods.lastPasswordLoginAt', '2023-11-14T22:13:20Z'],
    ])
    graph.standIn.remove('accounts', id)
    await read('accounts')
    const [gone] = await nodesOf('(filter: { kind: { eq: DELETED } })')
    expect(gone).toMatchObject({
      field: null,
      objectId: id,
      new: null,
      old: {
        id,
        lastUsedAt: '2023-11-14T22:13:21Z',
        loginMethods: { lastPasswordLoginAt: '2023-11-14T22:13:20Z' },
      },
    })
  })

  it('are asked for by list, by moment, by filter, page by page, counted and grouped', async () => {
    await read('apps', 'employees')
    for (const index of [0, 1, 2]) update('apps', index, { notes: `note ${index}` })
    update('employees', 0, { department: 'Elsewhere' })
    await read('apps', 'employees')
    expect(await nodesOf('(collections: [EMPLOYEES])', 'field')).toEqual([{ field: 'department' }])
    expect(await nodesOf('(collections: [])')).toEqual([])
    expect(await nodesOf('(until: "2020-01-01T00:00:00Z")')).toEqual([])
    expect(await nodesOf('(since: "2020-01-01T00:00:00Z", collections: [APPS])')).toHaveLength(3)
    expect(await nodesOf('(since: "2999-01-01T00:00:00Z")')).toEqual([])
    const query = `query ($after: String) {
      changes(collections: [APPS, EMPLOYEES], first: 2, after: $after) {
        totalCount pageInfo { hasNextPage endCursor } nodes { id }
        groups(by: [COLLECTION, KIND]) { keys count }
      }
    }`
    interface Page {
      readonly totalCount: number
      readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string }
      readonly nodes: readonly { readonly id: string }[]
      readonly groups: unknown
    }
    const page = async (after?: string): Promise<Page> => {
      const { data, errors } = await graph.run(query, { after })
      expect(errors).toEqual([])
      return data['changes'] as Page
    }
    const first = await page()
    expect(first).toMatchObject({
      totalCount: 4,
      pageInfo: { hasNextPage: true },
      groups: [
        { keys: ['APPS', 'UPDATED'], count: 3 },
        { keys: ['EMPLOYEES', 'UPDATED'], count: 1 },
      ],
    })
    const second = await page(first.pageInfo.endCursor)
    expect(second.pageInfo.hasNextPage).toBe(false)
    expect(new Set([...first.nodes, ...second.nodes].map(({ id }) => id)).size).toBe(4)
    const other = await graph.run(
      `{ changes(after: "${first.pageInfo.endCursor}") { nodes { id } } }`,
    )
    expect(other.errors).toMatchObject([{ code: 'BAD_USER_INPUT' }])
  })

  it('lead to the object as it is now, and each object to its own', async () => {
    await read('apps', 'employees')
    const id = update('apps', 0, { notes: 'new' })
    update('employees', 0, { location: 'Elsewhere' })
    await read('apps', 'employees')
    const { data, errors } = await graph.run(`{
      changes(collections: [APPS]) { nodes { connectorAlias connector { alias } learntFrom object { __typename id ... on App { notes } } } }
      app(id: "${id}") { changes { totalCount nodes { field new } } none: changes(until: "2020-01-01") { totalCount } }
    }`)
    expect(errors).toEqual([])
    expect(data).toEqual({
      changes: {
        nodes: [
          {
            connectorAlias: 'default',
            connector: { alias: 'default' },
            learntFrom: 'READ',
            object: { __typename: 'App', id, notes: 'new' },
          },
        ],
      },
      app: {
        changes: { totalCount: 1, nodes: [{ field: 'notes', new: 'new' }] },
        none: { totalCount: 0 },
      },
    })
  })

  it('need the scope "events", and tell what may name a person to those with "pii" alone', async () => {
    await read('employees')
    update('employees', 0, { firstName: 'Somebody', department: 'Elsewhere' })
    await read('employees')
    const query = '{ changes { nodes { field new } } }'
    const rows = await graph.run(query, {}, { rights: createRights('rows', ['read', 'pii']) })
    expect(rows.errors).toMatchObject([{ code: 'FORBIDDEN', scope: 'events' }])
    const { data } = await graph.run(
      query,
      {},
      { rights: createRights('nobody', ['read', 'events']) },
    )
    expect(data).toMatchObject({
      changes: {
        nodes: expect.arrayContaining([
          { field: 'department', new: 'Elsewhere' },
          { field: 'firstName', new: null },
        ]) as unknown,
      },
    })
  })
})

it('what an event told is not told again where it is then read', async () => {
  await read('apps')
  const id = held('apps', 0).id
  const connector = graph.store.connector('default')
  connector?.follow({
    collection: 'apps',
    type: 'UPDATE',
    object: { id, notes: 'told' },
    at: Date.now(),
    occurredAt: Math.floor(Date.now() / 1_000),
  })
  update('apps', 0, { notes: 'told' })
  await read('apps')
  expect(await nodesOf('', 'field new learntFrom')).toEqual([
    { field: 'notes', new: 'told', learntFrom: 'EVENT' },
  ])
})
