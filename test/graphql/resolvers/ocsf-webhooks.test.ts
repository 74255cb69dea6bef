/** `ocsf` of webhook events in the graph. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { isInterfaceType } from 'graphql'
import { openEvents, type Events } from '../../../src/events/events.ts'
import { systemClock } from '../../../src/model/clock.ts'
import { ocsfVersions } from '../../../src/ocsf/ocsf.ts'
import { readDelivery } from '../../../src/webhooks/delivery.ts'
import { schema } from '../../schema/the-schema.ts'
import { createGraph, type Graph, graphForTest } from '../../support/graph.ts'
import { createCheck } from '../../support/ocsf/check-event.ts'
import { documented, type Payload } from '../../support/ocsf/webhook-payloads.ts'
import { everythingOf, withoutData, withoutNulls } from '../../support/ocsf/selection.ts'
import { LATER } from '../../support/deliveries.ts'
import { hastyTurns } from '../../support/work.ts'

type Json = Readonly<Record<string, unknown>>

interface Node {
  readonly id: string
  readonly ocsf: Json & { readonly json: Json; readonly time_dt: string; readonly unmapped: Json }
  readonly typed: Json
}

const store = async (events: Events, payload: Payload, connector = 'default'): Promise<void> => {
  const delivery = readDelivery(Buffer.from(JSON.stringify(payload)), LATER)
  if (!delivery.ok) throw new Error(delivery.problem)
  await events.append({ ...delivery.event, connector, receivedAt: 1_700_000_000 })
}

let events: Events
let graph: Graph
beforeAll(async () => {
  events = await openEvents({ path: ':memory:', retentionDays: 36_500, clock: systemClock })
  graph = await createGraph({ stored: events, scale: 0.01 })
  for (const [index, { payload }] of documented.entries())
    await store(events, { ...payload, id: `${index}` })
})
afterAll(async () => {
  await graph.close()
  await events.close()
})

const classes = (): readonly string[] => {
  const type = schema.getType('OcsfEvent')
  return isInterfaceType(type) ? schema.getPossibleTypes(type).map(({ name }) => name) : []
}

const nodesOf = async (selection: string): Promise<readonly Node[]> => {
  const answer = await graph.run(
    `{ events(first: 100, orderBy: [{ field: RECEIVED_AT }]) { nodes { ${selection} } } }`,
  )
  expect(answer.errors).toEqual([])
  expect(answer.requests).toBe(0)
  const { nodes } = (answer.data as { readonly events: { readonly nodes: readonly Node[] } }).events
  expect(nodes).toHaveLength(documented.length)
  return nodes
}

/** Everything of each class, by the name of its type. */
const typed = (field: string): string => {
  const without = ['json', 'time_dt', 'unmapped', 'data']
  return classes()
    .map(name => `${name}: ${field} { ... on ${name} ${everythingOf(name, without)} }`)
    .join(' ')
}

describe.each(ocsfVersions)('the events of webhooks in %s', version => {
  test('say as types what they say as JSON', async () => {
    const field = `ocsf(version: V${version.replaceAll('.', '_')}, rawData: true)`
    const nodes = await nodesOf(
      `id ${field} { __typename json unmapped time_dt class_uid } ${typed(field)}`,
    )
    const check = createCheck(version)
    for (const node of nodes) {
      const { json, unmapped } = node.ocsf
      expect(check(json)).toEqual([])
      expect(unmapped).toEqual(json['unmapped'])
      expect(Date.parse(node.ocsf.time_dt)).toBe(json['time'])
      const own = (node as unknown as Readonly<Record<string, Json>>)[
        String(node.ocsf['__typename'])
      ]
      const { unmapped: _, ...rest } = json
      expect(withoutNulls(withoutData(own))).toEqual(withoutData(rest))
    }
  })
})

test('the class decides on the type, and on what it has', async () => {
  const nodes = await nodesOf(`id ocsf { __typename raw_data message
    ... on OcsfEntityManagement { entity { name type user { email_addr } policy { name is_applied } } }
    ... on OcsfAuthentication { service { name } auth_protocol }
    ... on OcsfWebResourcesActivity { action disposition policy { name } } }`)
  const byObject = (object: string): Json | undefined =>
    nodes[documented.findIndex(({ payload }) => payload['object'] === object)]?.ocsf
  expect(byObject('EMPLOYEE')).toMatchObject({
    __typename: 'OcsfEntityManagement',
    raw_data: null,
    entity: { type: 'User', user: { email_addr: 'john.hill@example.com' } },
  })
  expect(byObject('LOGIN')).toMatchObject({
    __typename: 'OcsfAuthentication',
    service: { name: 'ATLASSIAN' },
    auth_protocol: 'OpenID',
  })
  expect(byObject('BLOCKED_URL_VISITED')).toMatchObject({
    __typename: 'OcsfWebResourcesActivity',
    action: 'Denied',
    disposition: 'Blocked',
  })
  expect(byObject('ADMIN_REMOVED')).toMatchObject({ __typename: 'OcsfAccountChange' })
  expect(byObject('PASSKEY')).toMatchObject({ __typename: 'OcsfBaseEvent' })
})

test('what is read beside a finding’s event is told in it, and nothing is read for it alone', async () => {
  const own = await openEvents({ path: ':memory:', retentionDays: 36_500, clock: systemClock })
  const near = await graphForTest({ stored: own, scale: 0.01 })
  const [account] = near.standIn.data.accounts
  if (account === undefined) throw new Error('no account')
  await store(own, {
    id: '1',
    timestamp: 1_700_000_000,
    object: 'FINDING',
    category: 'ENTITY',
    type: 'CREATE',
    new: { id: 'f', type: 'WEAK_PASSWORD', state: 'OPEN', accountId: account.id, employeeId: 'e' },
  })
  const ocsf = 'ocsf { ... on OcsfComplianceFinding { resources { owner { email_addr } } } }'
  const alone = await near.run(`{ events { nodes { ${ocsf} } } }`)
  expect(alone.requests).toBe(0)
  expect(JSON.stringify(alone.data)).not.toContain(account.email)
  const beside = `{ events { nodes { ${ocsf} account { id } } } }`
  // Also where the account is asked for in a later turn than the event.
  for (const msPerLook of [0, 1, 2, 3, 4, 5, 6]) {
    // What was read in this very millisecond would be as new as can be.
    for (const last = Date.now(); Date.now() === last;);
    const terms = { maxAgeMs: 0, work: { turns: hastyTurns(msPerLook) } }
    const asked = await near.run(beside, {}, terms)
    expect([msPerLook, JSON.stringify(asked.data)]).toEqual([
      msPerLook,
      expect.stringContaining(account.email),
    ])
    expect(asked.requests).toBe(1)
  }
  await own.close()
})
