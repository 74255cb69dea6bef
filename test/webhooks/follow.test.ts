import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { EventRow } from '../../src/model/events.ts'
import { createTable } from '../../src/store/table/table.ts'
import type { Finding } from '../../src/model/rows.ts'
import { readDelivery } from '../../src/webhooks/delivery.ts'
import { changeOf } from '../../src/webhooks/follow.ts'
import { delivery, type MadeUp, sample, LATER } from '../support/deliveries.ts'
import { graphForTest, type Graph } from '../support/graph.ts'

const toEvent = (bytes: Uint8Array): EventRow => {
  const read = readDelivery(bytes, LATER)
  if (!read.ok) throw new Error(read.problem)
  return { ...read.event, connector: 'default', receivedAt: 0, sequence: 1 }
}

/** Lets the graph hear of it as if it had happened at that time. */
const hear = (graph: Graph, made: MadeUp, at = Date.now() + 1_000): void => {
  const event = toEvent(delivery({ ...made, timestamp: Math.floor(at / 1_000) }))
  const change = changeOf(event, at)
  if (change === undefined) throw new Error('no change')
  graph.store.connector('default')?.follow(change)
}

const entity = (object: string, type: string, body: object): MadeUp => ({
  id: 'event',
  category: 'ENTITY',
  object,
  type,
  ...(type === 'DELETE' ? { old: body } : { new: body }),
})

/** The rows that a test looks at, as it asked for them. */
interface Seen {
  readonly id: string
  readonly [field: string]: unknown
}
interface List {
  readonly totalCount: number
  readonly nodes: readonly [Seen, ...Seen[]]
}
type Lists = Readonly<Record<'apps' | 'findings' | 'employees' | 'detections', List>>
interface Objects {
  readonly app: Seen
  readonly employee: Seen & { readonly findings: List }
  readonly finding: Seen & { readonly employee: Seen }
}

const run = async (graph: Graph, ...args: Parameters<Graph['run']>) => {
  const answer = await graph.run(...args)
  return { data: answer.data as Lists & Objects, requests: answer.requests }
}

const FINDINGS =
  '{ findings(first: 1000) { totalCount nodes { id state type weakPasswordReasons } } }'

describe('the graph after an event', () => {
  it('has the changed fields, keeps the others, and asks Push for nothing', async () => {
    const graph = await graphForTest()
    const before = await run(graph, '{ apps(first: 1) { nodes { id notes labels type } } }')
    const [app] = before.data.apps.nodes
    await run(graph, '{ apps { totalCount } }')
    hear(
      graph,
      entity('APP', 'UPDATE', {
        id: app.id,
        type: app.type,
        approvalStatus: 'APPROVED',
        sensitivityLevel: null,
      }),
    )
    const after = await run(
      graph,
      'query ($id: ID!) { app(id: $id) { approvalStatus sensitivityLevel notes labels } apps(filter: {id: {eq: $id}}) { nodes { approvalStatus } } }',
      { id: app.id },
    )
    expect(after.requests).toBe(0)
    expect(after.data.app).toEqual({
      approvalStatus: 'APPROVED',
      sensitivityLevel: null,
      notes: app.notes,
      labels: app.labels,
    })
    expect(after.data.apps.nodes).toEqual([{ approvalStatus: 'APPROVED' }])
  })

  it('has what was created in every list that it belongs to, and no longer what was deleted', async () => {
    const graph = await graphForTest()
    const before = await run(graph, FINDINGS)
    const { totalCount, nodes } = before.data.findings
    const employeeId = graph.standIn.data.employees[0]?.id ?? ''
    await run(graph, '{ employees(first: 1000) { totalCount nodes { findings { totalCount } } } }')
    hear(
      graph,
      entity('FINDING', 'CREATE', {
        id: 'new',
        type: 'WEAK_PASSWORD',
        state: 'OPEN',
        employeeId,
        creationTimestamp: 1_757_333_626,
      }),
    )
    hear(graph, entity('FINDING', 'DELETE', { id: nodes[0].id }))
    const after = await run(graph, FINDINGS)
    expect(after.requests).toBe(0)
    expect(after.data.findings.totalCount).toBe(totalCount)
    const ids = after.data.findings.nodes.map(({ id }) => id)
    expect(ids).toContain('new')
    expect(ids).not.toContain(nodes[0].id)
    const mine = await run(
      graph,
      'query ($id: ID!) { employee(id: $id) { findings(first: 1000) { nodes { id } } } finding(id: "new") { employee { id } } }',
      { id: employeeId },
    )
    expect(mine.requests).toBe(0)
    expect(mine.data.employee.findings.nodes).toContainEqual({ id: 'new' })
    expect(mine.data.finding.employee.id).toBe(employeeId)
  })

  it('keeps what happened since when the list is read again by pages from before', async () => {
    const graph = await graphForTest()
    const before = await run(graph, FINDINGS)
    const [first] = before.data.findings.nodes
    const state = first.state === 'OPEN' ? 'RESOLVED' : 'OPEN'
    hear(graph, entity('FINDING', 'UPDATE', { id: first.id, state }), Date.now() + 60_000)
    const again = await run(graph, FINDINGS, {}, { maxAgeMs: 0, staleMs: 0 })
    expect(again.requests).toBeGreaterThan(0)
    expect(again.data.findings.nodes.find(({ id }) => id === first.id)?.state).toBe(state)
  })

  it('goes by what was read later, not by an older event', async () => {
    const graph = await graphForTest()
    const before = await run(graph, FINDINGS)
    const [first] = before.data.findings.nodes
    hear(graph, entity('FINDING', 'UPDATE', { id: first.id, state: 'ODD' }), Date.now() - 600_000)
    hear(graph, entity('FINDING', 'DELETE', { id: first.id }), Date.now() - 600_000)
    hear(
      graph,
      entity('FINDING', 'CREATE', { ...first, id: 'old', creationTimestamp: 1 }),
      Date.now() - 600_000,
    )
    expect((await run(graph, FINDINGS)).data).toEqual(before.data)
  })

  it('shows the new steps of a detection', async () => {
    const graph = await graphForTest()
    const query = '{ detections(first: 1) { nodes { id response lastActivityAt events { id } } } }'
    const [first] = (await run(graph, query)).data.detections.nodes
    hear(graph, {
      ...entity('PHISHING', 'UPDATE', {
        id: first.id,
        response: 'EMPLOYEE_IGNORED_WARNING',
        lastActivityTimestamp: 1_900_000_000,
      }),
      category: 'DETECTION',
    })
    const after = await run(graph, query)
    expect(after.data.detections.nodes[0]).toMatchObject({
      response: 'EMPLOYEE_IGNORED_WARNING',
      lastActivityAt: '2030-03-17T17:46:40Z',
    })
    expect(after.requests).toBeGreaterThan(0)
  })

  it('has the employee of a detection that embeds them', () => {
    expect(changeOf(toEvent(sample('PHISHING-CREATE-1')), 0)).toMatchObject({
      collection: 'detections',
      type: 'CREATE',
      object: { employee: { id: 'emp1' } },
    })
  })

  it('has what an event says that does not say when it happened as of when it came', () => {
    const event = toEvent(
      delivery({
        ...entity('EMPLOYEE', 'UPDATE', { id: 'e' }),
        timestamp: undefined,
      } as unknown as MadeUp),
    )
    expect(event.inferred).toContain('timestamp')
    expect(changeOf({ ...event, occurredAt: 7, receivedAt: 1_800_000_000.5 }, 0)).toMatchObject({
      occurredAt: 1_800_000_000,
    })
    expect(
      changeOf({ ...event, inferred: [], occurredAt: 7, receivedAt: 1_800_000_000.5 }, 0),
    ).toMatchObject({ occurredAt: 7 })
  })

  it('is as it was after events that are about no object', () => {
    for (const name of ['LOGIN-1', 'APP_OTHER-DELETE-1', 'ADMIN_LOADED_DATA-1'])
      expect(changeOf(toEvent(sample(name)), 0)).toBeUndefined()
  })
})

describe('events of one object', () => {
  const read: Finding = {
    id: 'f',
    type: 'A',
    state: 'A',
    employeeId: null,
    passwordId: null,
    accountId: null,
    appType: null,
    appId: null,
    weakPasswordReasons: null,
    createdAt: 0,
  }
  const told = fc.record(
    { type: fc.string(), state: fc.string(), appType: fc.string() },
    { requiredKeys: [] },
  )

  it('leave the fields that the newest of them told, in whatever order they arrive', () => {
    fc.assert(
      fc.property(
        fc.array(told, { maxLength: 6 }),
        fc.infiniteStream(fc.nat()),
        (events, chance) => {
          const table = createTable('findings', 'epoch')
          table.put(read, 1_000)
          const arriving = events
            .map((fields, index) => ({
              fields,
              occurredAt: 100 + index,
              turn: Number(chance.next().value),
            }))
            .sort((a, b) => a.turn - b.turn)
          for (const { fields, occurredAt } of arriving)
            table.applyChange('f', fields, { occurredAt, at: 5_000 })
          // A page that was asked for before comes in late.
          table.put(read, 4_000)
          expect(table.get('f')).toEqual(Object.assign({}, read, ...events))
        },
      ),
    )
  })

  it('do not bring back what has gone, unless they are newer', () => {
    const table = createTable('findings', 'epoch')
    table.put(read, 1_000)
    table.whole = 500
    table.applyDelete('f', { occurredAt: 20, at: 5_000 })
    table.applyChange('f', { state: 'B' }, { occurredAt: 19, at: 5_500 }, read)
    table.put(read, 4_000)
    expect(table.get('f')).toBeUndefined()
    table.applyChange('f', { state: 'C' }, { occurredAt: 21, at: 5_600 }, { ...read, state: 'C' })
    expect(table.get('f')).toMatchObject({ state: 'C' })
    expect([...table.frozen().rows]).toHaveLength(1)
  })

  it('put a created object into the order of a list that is being read', () => {
    const table = createTable('findings', 'epoch')
    table.applyChange('f', { state: 'A' }, { occurredAt: 20, at: 5_000 }, read)
    expect([...table.frozen().rows]).toHaveLength(0)
    table.sweep(4_000)
    table.whole = 4_000
    expect([...table.frozen().rows]).toHaveLength(1)
  })
})
