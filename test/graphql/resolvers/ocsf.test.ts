/** `ocsf` in the graph. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { getIntrospectionQuery } from 'graphql'
import { collectionNames, collections } from '../../../src/model/collections.ts'
import { ocsfVersions } from '../../../src/ocsf/ocsf.ts'
import { type Answer, createGraph, type Graph, graphForTest } from '../../support/graph.ts'
import { schema } from '../../schema/the-schema.ts'
import { createCheck } from '../../support/ocsf/check-event.ts'
import { everythingOf, withoutData, withoutNulls } from '../../support/ocsf/selection.ts'
import { graphOnOwnTime } from '../../support/own-time.ts'

let graph: Graph
beforeAll(async () => {
  graph = await createGraph()
})
afterAll(() => graph.close())

type Json = Readonly<Record<string, unknown>>

interface Event extends Json {
  readonly json: Json & { readonly time: number }
  readonly unmapped: Json | null
  readonly time: number
  readonly time_dt: string
  readonly class_uid: number
  readonly metadata: Json
  readonly resources: readonly Json[]
}

interface Node {
  readonly ocsf: Event
  readonly old: Event
  readonly typed: Event
  readonly account: { readonly email: string } | null
}

interface Ids extends Node {
  readonly employeeId: string | null
  readonly appId: string | null
  readonly accountId: string | null
}

const nodesOf = ({ data }: Answer, name: string): readonly Node[] =>
  (data as Readonly<Record<string, { readonly nodes: readonly Node[] }>>)[name]?.nodes ?? []

const list = (name: string, selection: string, first = 5): string =>
  `{ ${name}(first: ${first}) { nodes { ${selection} } } }`

/** Requests for employees so far. */
const employeesRead = ({ standIn }: Graph): number =>
  Object.entries(standIn.statistics().byRoute).reduce(
    (sum, [route, count]) => (route.startsWith('GET /employees') ? sum + count : sum),
    0,
  )

const classes: Readonly<Record<string, readonly string[]>> = {
  App: ['OcsfCloudResourcesInventoryInfo', 'OcsfWebResourcesActivity'],
  BrowserExtension: ['OcsfSoftwareInfo', 'OcsfInventoryInfo'],
}

describe.each(collectionNames)('the events of %s', name => {
  test.each(ocsfVersions)('say as types what they say as JSON, in %s', async version => {
    const { type } = collections[name]
    const concrete = classes[type]
    const without = ['json', 'time_dt', 'unmapped', 'data']
    const selection =
      concrete === undefined
        ? everythingOf(
            String(
              (
                schema.getType(type) as { getFields(): Record<string, { type: unknown }> }
              ).getFields()['ocsf']?.type,
            ),
            without,
          )
        : `{ ${concrete.map(of => `... on ${of} ${everythingOf(of, without)}`).join(' ')} }`
    const field = `ocsf(version: V${version.replaceAll('.', '_')})`
    const answer = await graph.run(
      list(name, `typed: ${field} ${selection} ${field} { __typename json unmapped time_dt }`),
    )
    expect(answer.errors).toEqual([])
    expect(nodesOf(answer, name)).toHaveLength(5)
    const check = createCheck(version)
    for (const { typed, ocsf } of nodesOf(answer, name)) {
      const { unmapped, ...rest } = ocsf.json
      expect(check(ocsf.json)).toEqual([])
      expect(ocsf.unmapped ?? undefined).toEqual(unmapped)
      expect(Date.parse(ocsf.time_dt)).toBe(ocsf.json.time)
      expect(withoutNulls(withoutData(typed))).toEqual(withoutData(rest))
    }
  })
})

test('the type of an event is that of its class', async () => {
  const answer = await graph.run(`{
    apps(first: 1) { nodes { ocsf { __typename } old: ocsf(version: V1_1_0) { __typename } } }
    browserExtensions(first: 1) { nodes { ocsf { __typename } old: ocsf(version: V1_3_0) { __typename } } }
    employees(first: 1) { nodes { ocsf(version: null) { metadata { version } user { email_addr } } } }
    search(value: "SLACK") { nodes { ocsf { class_uid } } }
  }`)
  expect(nodesOf(answer, 'apps')).toEqual([
    {
      ocsf: { __typename: 'OcsfCloudResourcesInventoryInfo' },
      old: { __typename: 'OcsfWebResourcesActivity' },
    },
  ])
  expect(nodesOf(answer, 'browserExtensions')).toEqual([
    { ocsf: { __typename: 'OcsfSoftwareInfo' }, old: { __typename: 'OcsfInventoryInfo' } },
  ])
  expect(nodesOf(answer, 'employees')).toMatchObject([{ ocsf: { metadata: { version: '1.8.0' } } }])
  expect(nodesOf(answer, 'search').map(({ ocsf }) => ocsf.class_uid)).toContain(5023)
})

describe('a detection whose events the list leaves out', () => {
  test('is not read by its id for what the list tells', async () => {
    const own = await graphForTest()
    const selection = `ocsf { class_uid time severity status verdict is_alert message metadata { uid profiles }
      finding_info { uid title types created_time } actor { user { uid } } device { uid } }`
    const answer = await own.run(list('detections', selection, 10))
    expect(answer.errors).toEqual([])
    expect(nodesOf(answer, 'detections')).toHaveLength(10)
    expect(answer.requests).toBe(1)
  })

  test.each([
    ['evidences { name }', false],
    ['finding_info { title desc }', false],
    ['start_time', false],
    ['json', true],
    ['observables { value }', true],
  ])('is read once for %s, as the plan says', async (selection, tellsWho) => {
    const own = await graphForTest()
    const query = list('detections', `ocsf { ${selection} }`, 4)
    const planned = await own.run(query, {}, { plan: 'only' })
    const answer = await own.run(query)
    expect(answer.requests).toBe(1 + 4 + employeesRead(own))
    expect(employeesRead(own) > 0).toBe(tellsWho)
    expect(planned.cost.plan?.estimate.requests).toBeGreaterThanOrEqual(answer.requests)
    expect(JSON.stringify(nodesOf(answer, 'detections'))).not.toContain('null')
    const again = await own.run(list('detections', `ocsf { ${selection} } events { id }`, 4))
    expect(again.requests).toBe(0)
    expect(nodesOf(again, 'detections').map(({ ocsf }) => ocsf)).toEqual(
      nodesOf(answer, 'detections').map(({ ocsf }) => ocsf),
    )
  })

  test('tells what the list told when it cannot be read, and says so', async () => {
    const own = await graphForTest()
    await own.run(list('detections', 'id', 3))
    own.standIn.set({
      faults: ({ route }) => (route === '/detections/{id}' ? { kind: 'error500' } : undefined),
    })
    const answer = await own.run(
      list('detections', 'id ocsf { class_uid observables { name } }', 3),
    )
    expect(answer.errors).toEqual([])
    for (const { ocsf } of nodesOf(answer, 'detections')) {
      expect(ocsf.class_uid).toBe(2004)
      expect(JSON.stringify(ocsf)).not.toContain('evidences')
    }
    expect(answer.cost.warnings.map(({ collection }) => collection)).toContain('detections')
  })
})

describe('the person of a detection', () => {
  const selection = 'ocsf { actor { user { uid name email_addr full_name } } }'
  const readingOf = async (own: Graph, first: number): Promise<readonly (string | undefined)[]> => {
    const { cost } = await own.run(list('detections', selection, first), {}, { plan: 'only' })
    return (cost.plan?.connections ?? []).map(
      ({ path, collection, reading }) => `${path} ${collection}: ${reading}`,
    )
  }

  test('is read where the event tells who it is, and nothing else is', async () => {
    const own = await graphForTest()
    const answer = await own.run(list('detections', `employeeId ${selection}`, 20))
    expect(answer.errors).toEqual([])
    const nodes = nodesOf(answer, 'detections') as unknown as readonly Ids[]
    const told = nodes.map(({ employeeId, ocsf }) => {
      const employee = own.standIn.data.employees.find(({ id }) => id === employeeId)
      expect(ocsf['actor']).toEqual({
        user: {
          uid: employeeId,
          name: employee?.email,
          email_addr: employee?.email,
          full_name: `${employee?.firstName} ${employee?.lastName}`,
        },
      })
      return employee
    })
    expect(told.filter(employee => employee !== undefined)).toHaveLength(20)
    expect(answer.requests).toBe(1 + employeesRead(own))
  })

  test('is read by id or with all others, whichever is cheaper, and the plan says which', async () => {
    const own = await graphForTest({ rate: 10 })
    expect(await readingOf(own, 1)).toEqual([
      'detections detections: the first page of detections',
      'detections.nodes.ocsf employees: 1 × /employees/{id}',
    ])
    expect((await readingOf(own, 500))[1]).toBe(
      'detections.nodes.ocsf employees: scan of employees',
    )
    const beside = await own.run(list('detections', `employee { email } ${selection}`, 500))
    expect(beside.requests).toBe(1 + 1)
  })

  test('is missing where it cannot be read, and the answer says so', async () => {
    const own = await graphOnOwnTime()
    own.standIn.set({
      faults: ({ route }) => (route.startsWith('/employees') ? { kind: 'error503' } : undefined),
    })
    const answer = await own.run(list('detections', selection, 20), {}, { maxWaitMs: 500 })
    expect(answer.errors).toEqual([])
    for (const { ocsf } of nodesOf(answer, 'detections'))
      expect(ocsf['actor']).toMatchObject({ user: { uid: expect.any(String), email_addr: null } })
    expect(answer.cost.warnings.map(({ collection }) => collection)).toContain('employees')
    expect(answer.cost.complete).toBe(false)
  })
})

describe('what is known around a finding', () => {
  const selection = 'ocsf { resources { type name owner { email_addr } } }'
  const mails = (answer: Answer): string => JSON.stringify(nodesOf(answer, 'findings'))

  test('is told where the operation asks for it, in whichever order', async () => {
    for (const order of [`account { email } ${selection}`, `${selection} account { email }`]) {
      const own = await graphForTest()
      const nodes = nodesOf(await own.run(list('findings', order, 20)), 'findings')
      expect(nodes.filter(({ account }) => account !== null).length).toBeGreaterThan(5)
      for (const { account, ocsf } of nodes)
        if (account !== null)
          expect(JSON.stringify(ocsf.resources)).toContain(`"email_addr":"${account.email}"`)
    }
  })

  test('is read for whom and what it concerns, but not for its account', async () => {
    const own = await graphForTest()
    const { employees, apps, accounts } = own.standIn.data
    const alone = await own.run(list('findings', `employeeId appId accountId ${selection}`, 20))
    expect(alone.errors).toEqual([])
    const nodes = nodesOf(alone, 'findings') as unknown as readonly Ids[]
    let told = 0
    for (const { employeeId, appId, accountId, ocsf } of nodes) {
      const text = JSON.stringify(ocsf.resources)
      const email = employees.find(({ id }) => id === employeeId)?.email
      const app = apps.find(({ id }) => id === appId)
      if (email !== undefined) expect(text).toContain(`"email_addr":"${email}"`)
      if (app !== undefined) expect(text).toContain(`"name":"${app.friendlyName ?? app.type}"`)
      const address = accounts.find(({ id }) => id === accountId)?.email
      if (address !== undefined && address !== email) expect(text).not.toContain(address)
      if (email !== undefined && app !== undefined) told += 1
    }
    expect(told).toBeGreaterThan(10)
    await own.run('{ accounts { totalCount } }')
    const later = await own.run(list('findings', selection, 20))
    expect(later.requests).toBe(0)
    const known = accounts.filter(({ id }) => nodes.some(({ accountId }) => accountId === id))
    for (const { email } of known) expect(mails(later)).toContain(email)
  })

  test.each(['json', 'observables { value }'])('stands in %s, which a plan foretells', async of => {
    const own = await graphForTest()
    const query = list('findings', `ocsf { ${of} }`, 20)
    const planned = await own.run(query, {}, { plan: 'only' })
    const answer = await own.run(query)
    expect(answer.requests).toBeGreaterThan(1)
    expect(planned.cost.plan?.estimate.requests).toBeGreaterThanOrEqual(answer.requests)
    expect(mails(answer)).toContain('@')
  })

  test('is not read for what the finding tells alone', async () => {
    const own = await graphForTest()
    const answer = await own.run(list('findings', 'ocsf { class_uid time message status }', 20))
    expect([answer.errors, answer.requests]).toEqual([[], 1])
  })

  test('is missing where it cannot be read, and the answer says so', async () => {
    const own = await graphOnOwnTime()
    own.standIn.set({
      faults: ({ route }) => (route.startsWith('/employees') ? { kind: 'error503' } : undefined),
    })
    const answer = await own.run(list('findings', selection, 20), {}, { maxWaitMs: 500 })
    expect(answer.errors).toEqual([])
    expect(mails(answer)).not.toContain('@')
    expect(mails(answer)).toContain('SaaS Application')
    expect(answer.cost.warnings.map(({ collection }) => collection)).toContain('employees')
    expect(answer.cost.complete).toBe(false)
  })
})

test('the time of an inventory is when its objects were read', async () => {
  const own = await graphForTest()
  const before = Date.now()
  const answer = await own.run(list('accounts', 'ocsf { time metadata { uid } }'))
  for (const { ocsf } of nodesOf(answer, 'accounts')) {
    expect(ocsf.time).toBeGreaterThanOrEqual(before)
    expect(ocsf.time).toBeLessThanOrEqual(Date.now())
  }
  // The same read is the same event.
  const again = await own.run(list('accounts', 'ocsf { time metadata { uid } }'))
  expect(nodesOf(again, 'accounts')).toEqual(nodesOf(answer, 'accounts'))
})

test('the tenant is the connector, where it has a name', async () => {
  const own = await graphForTest({ others: ['emea'] })
  const answer = await own.run(`{
    a: apps(first: 1, connectors: ["default"]) { nodes { ocsf { metadata { tenant_uid } } } }
    b: apps(first: 1, connectors: ["emea"]) { nodes { ocsf { metadata { tenant_uid } } } }
  }`)
  expect(['a', 'b'].map(name => nodesOf(answer, name)[0]?.ocsf.metadata['tenant_uid'])).toEqual([
    null,
    'emea',
  ])
})

test('an unknown version is refused', async () => {
  const { errors } = await graph.run(list('apps', 'ocsf(version: V9_9_9) { class_uid }'))
  expect(errors[0]?.message).toContain('V9_9_9')
  expect((await graph.run(getIntrospectionQuery())).errors).toEqual([])
})
