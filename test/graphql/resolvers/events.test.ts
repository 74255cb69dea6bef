import { describe, expect, it, onTestFinished } from 'vitest'
import { openEvents, type Events } from '../../../src/events/events.ts'
import { systemClock } from '../../../src/model/clock.ts'
import { createReceiver, type Receiver } from '../../../src/webhooks/receiver.ts'
import { sign } from '../../../src/webhooks/signature.ts'
import { delivery, sample, sampleNames, SECRET } from '../../support/deliveries.ts'
import { graphForTest, type Graph } from '../../support/graph.ts'

interface Tenant {
  readonly graph: Graph
  readonly events: Events
  readonly receiver: Receiver
  readonly send: (body: Buffer, connector?: string) => Promise<void>
  /** The data of an answer without errors; whatever the operation selects. */
  readonly run: (
    query: string,
    variables?: Record<string, unknown>,
  ) => Promise<{ readonly data: unknown }>
}

const tenantForTest = async (others: readonly string[] = []): Promise<Tenant> => {
  const events = await openEvents({ path: ':memory:', retentionDays: 36_500, clock: systemClock })
  onTestFinished(() => events.close())
  const graph = await graphForTest({ others, stored: events })
  const receiver = createReceiver({
    secretsOf: connector => (['default', ...others].includes(connector) ? [SECRET] : undefined),
    events,
    clock: systemClock,
  })
  return {
    graph,
    events,
    receiver,
    send: async (body, connector = 'default') => {
      const header = sign(SECRET, Math.floor(Date.now() / 1_000), body)
      expect(await receiver.receive(connector, header, body)).toEqual({ kind: 'stored' })
    },
    run: async (query, variables) => {
      const answer = await graph.run(query, variables)
      expect(answer.errors).toEqual([])
      return { data: answer.data as unknown }
    },
  }
}

/** A sample with another id, since all have the same. */
const withId = (name: string, id = name): Buffer =>
  Buffer.from(sample(name).toString('utf8').replace('"id": "123"', `"id": "${id}"`))

const COMMON = `__typename id connectorAlias category categoryRaw object objectName description type
  occurredAt entityId employeeId accountId appId email sourceIpAddress url payload`

describe('every sample', () => {
  it.each(sampleNames)('%s comes out as it went in', async name => {
    const { send, run } = await tenantForTest()
    await send(sample(name))
    const sent = JSON.parse(sample(name).toString('utf8')) as Record<string, unknown>
    const { data } = await run(`{ events { totalCount nodes { ${COMMON}
      ... on EntityEvent { new old } ... on DetectionChangeEvent { new old } } } }`)
    const [event] = (data as { events: { nodes: Record<string, unknown>[] } }).events.nodes
    expect(event).toMatchObject({
      id: '123',
      connectorAlias: 'default',
      category: sent['category'],
      categoryRaw: sent['category'],
      object: sent['object'],
      objectName: sent['friendlyName'],
      description: sent['description'],
      type: sent['type'] ?? null,
      occurredAt: new Date(Number(sent['timestamp']) * 1_000).toISOString().replace('.000', ''),
      payload: sent,
    })
    if (sent['type'] !== undefined)
      expect(event).toMatchObject({ new: sent['new'] ?? null, old: sent['old'] ?? null })
  })

  it('of a login has all that Push says of it', async () => {
    const { send, run } = await tenantForTest()
    await send(sample('LOGIN-1'))
    const { data } =
      await run(`{ events { nodes { ... on LoginEvent { loginAt loginType identityProvider
      appType workApp passwordId passwordManuallyTyped passwordManager weakPassword weakPasswordReasons
      leakedPassword browser browserRaw os userAgent } } } }`)
    expect(data).toEqual({
      events: {
        nodes: [
          {
            loginAt: '2025-09-08T10:09:17Z',
            loginType: 'PASSWORD_LOGIN',
            identityProvider: null,
            appType: 'EXAMPLE_APP',
            workApp: true,
            passwordId: 'pass1',
            passwordManuallyTyped: true,
            passwordManager: null,
            weakPassword: false,
            weakPasswordReasons: null,
            leakedPassword: false,
            browser: 'SAFARI',
            browserRaw: 'SAFARI',
            os: 'MACOS',
            userAgent: expect.stringContaining('Mozilla') as string,
          },
        ],
      },
    })
  })

  it('of a control and of an audit has who and how', async () => {
    const { send, run } = await tenantForTest()
    await send(withId('PHISHING_TOOL_DETECTED-1'))
    await send(withId('ADMIN_LOADED_DATA-1'))
    const { data } = await run(`{ events(orderBy: [{field: OCCURRED_AT}]) { nodes { __typename
      ... on ControlEvent { mode action indicator referrerUrl notice { title } }
      ... on AuditEvent { actor { source email role apiKeyName } new } } } }`)
    expect((data as { events: { nodes: unknown } }).events.nodes).toEqual([
      {
        __typename: 'ControlEvent',
        mode: 'WARN',
        action: 'DISPLAYED',
        indicator: 'TEST_IND',
        referrerUrl: null,
        notice: null,
      },
      {
        __typename: 'AuditEvent',
        actor: {
          source: 'UI',
          email: 'test.user@example.com',
          role: 'FULL_ACCESS',
          apiKeyName: null,
        },
        new: { query: 'events', arguments: expect.objectContaining({ first: 50 }) as object },
      },
    ])
  })

  it('of a change says what differs', async () => {
    const { send, run } = await tenantForTest()
    await send(sample('BROWSER-UPDATE-1'))
    const { data } = await run(
      '{ events { nodes { ... on EntityEvent { changes { path old new } } } } }',
    )
    expect(data).toEqual({
      events: {
        nodes: [{ changes: [{ path: 'extensionVersion', old: '1.96.19', new: '2.0.0' }] }],
      },
    })
  })
})

describe('events', () => {
  it('lead to the objects that they are about, and objects to their events', async () => {
    const { graph, send, run } = await tenantForTest()
    const [employee] = graph.standIn.data.employees
    const [account] = graph.standIn.data.accounts
    const login = { employeeId: employee?.id, accountId: account?.id, appId: account?.appId }
    await send(delivery({ id: 'a', new: login, timestamp: 1_700_000_000 }))
    await send(
      delivery({
        id: 'b',
        category: 'ENTITY',
        object: 'ACCOUNT',
        type: 'UPDATE',
        new: { ...account, mfaRegistered: true },
        old: account,
        timestamp: 1_700_000_060,
      }),
    )
    await send(delivery({ id: 'c', new: { employeeId: 'nobody' } }))
    const { data } = await run(
      `query ($account: ID!, $employee: ID!) {
        events { nodes { id employee { email } account { id } app { type } ... on EntityEvent { entity { __typename id } } } }
        account(id: $account) { history { totalCount nodes { id } } }
        employee(id: $employee) { history(filter: {object: {eq: "login"}}) { nodes { id } } }
      }`,
      { account: account?.id, employee: employee?.id },
    )
    const found = data as {
      events: { nodes: Record<string, unknown>[] }
      account: unknown
      employee: unknown
    }
    expect(found.events.nodes[0]).toMatchObject({ id: 'c', employee: null, account: null })
    expect(found.events.nodes[1]).toMatchObject({
      id: 'b',
      account: { id: account?.id },
      entity: { __typename: 'Account', id: account?.id },
    })
    expect(found.events.nodes[2]).toMatchObject({
      employee: { email: employee?.email },
      app: { type: account?.appType },
    })
    expect(found.account).toEqual({ history: { totalCount: 2, nodes: [{ id: 'b' }, { id: 'a' }] } })
    expect(found.employee).toEqual({ history: { nodes: [{ id: 'a' }] } })
  })

  it('are filtered by what lies behind a link, in each connector by its own rows', async () => {
    const { graph, send, run } = await tenantForTest(['other'])
    const departments = new Map<string, string | null>()
    for (const [index, alias] of ['default', 'other'].entries())
      for (const { id, department } of graph.standIns[index]?.data.employees.slice(0, 20) ?? []) {
        await send(delivery({ id, new: { employeeId: id } }), alias)
        departments.set(id, department)
      }
    const wanted = [...departments.values()].find(department => department !== null) ?? ''
    const { data } = await run(
      `query ($department: String!) {
        events(filter: {employee: {department: {eq: $department}}}, first: 100) { totalCount nodes { id } }
        not: events(filter: {not: {employee: {department: {eq: $department}}}}) { totalCount }
        all: events { groups(by: [EMPLOYEE_DEPARTMENT, CONNECTOR]) { keys count } }
      }`,
      { department: wanted },
    )
    const found = data as {
      events: { totalCount: number; nodes: { id: string }[] }
      not: { totalCount: number }
      all: { groups: { keys: string[]; count: number }[] }
    }
    const expected = [...departments].filter(([, of]) => of === wanted).map(([id]) => id)
    expect(found.events.nodes.map(({ id }) => id).sort()).toEqual(expected.sort())
    expect(found.events.totalCount + found.not.totalCount).toBe(departments.size)
    const counted = found.all.groups.filter(({ keys }) => keys[0] === wanted)
    expect(counted.reduce((sum, { count }) => sum + count, 0)).toBe(expected.length)
  })

  it('are paged in both directions without a gap or a repeat, also where moments are equal', async () => {
    const { send, run } = await tenantForTest()
    for (let index = 0; index < 25; index++)
      await send(delivery({ id: `e${index}`, timestamp: 1_700_000_000 + (index % 4) }))
    const pages = async (how: string, step: (info: Info) => string | null): Promise<string[]> => {
      const ids: string[] = []
      for (let place = ''; ;) {
        const { data } = await run(
          `{ events(${how}${place}) { nodes { id } pageInfo { startCursor endCursor hasNextPage hasPreviousPage } } }`,
        )
        const { nodes, pageInfo } = (
          data as { events: { nodes: { id: string }[]; pageInfo: Info } }
        ).events
        const page = nodes.map(({ id }) => id)
        if (how.includes('last')) ids.unshift(...page)
        else ids.push(...page)
        const next = step(pageInfo)
        if (next === null) return ids
        place = next
      }
    }
    interface Info {
      startCursor: string
      endCursor: string
      hasNextPage: boolean
      hasPreviousPage: boolean
    }
    const forward = (info: Info) => (info.hasNextPage ? `, after: "${info.endCursor}"` : null)
    const backward = (info: Info) =>
      info.hasPreviousPage ? `, before: "${info.startCursor}"` : null
    const newest = await pages('first: 7', forward)
    expect(new Set(newest).size).toBe(25)
    expect(newest.slice(0, 2)).toEqual(['e23', 'e19'])
    expect(await pages('last: 7', backward)).toEqual(newest)
    const order = 'orderBy: [{field: OCCURRED_AT}, {field: DESCRIPTION, direction: DESC}]'
    const oldest = await pages(`first: 6, ${order}`, forward)
    expect(oldest.slice(0, 2)).toEqual(['e0', 'e4'])
    expect(new Set(oldest).size).toBe(25)
    expect(await pages(`last: 6, ${order}`, backward)).toEqual(oldest)
  })

  it('are counted by time, empty days among them', async () => {
    const { send, run } = await tenantForTest()
    for (const [index, day] of [1, 1, 3].entries())
      await send(delivery({ id: String(index), timestamp: Date.UTC(2026, 0, day) / 1_000 }))
    await send(withId('BROWSER-UPDATE-1'))
    const { data } = await run(`{ events { groups(by: [OBJECT, OCCURRED_DAY], fill: true,
      from: "2026-01-01T00:00:00Z", until: "2026-01-05T00:00:00Z") { keys count } } }`)
    expect((data as { events: { groups: unknown } }).events.groups).toEqual([
      { keys: ['LOGIN', '2026-01-01'], count: 2 },
      { keys: ['LOGIN', '2026-01-03'], count: 1 },
      { keys: ['LOGIN', '2026-01-02'], count: 0 },
      { keys: ['LOGIN', '2026-01-04'], count: 0 },
    ])
    // The first ones in the order of time, not those with most events.
    const first = await run(`{ events { groups(by: [OCCURRED_DAY], first: 1,
      from: "2025-12-01T00:00:00Z", until: "2026-01-05T00:00:00Z") { keys count } } }`)
    await send(delivery({ id: 'before', timestamp: Date.UTC(2025, 11, 24) / 1_000 }))
    const then = await run(`{ events { groups(by: [OCCURRED_DAY], first: 1,
      from: "2025-12-01T00:00:00Z", until: "2026-01-05T00:00:00Z") { keys count } } }`)
    expect([first, then].map(({ data: of }) => of)).toEqual(
      [
        { keys: ['2026-01-01'], count: 2 },
        { keys: ['2025-12-24'], count: 1 },
      ].map(group => ({ events: { groups: [group] } })),
    )
  })

  it('without an id of their app lead to it by its type, and it to them', async () => {
    const { graph, send, run } = await tenantForTest()
    const [app, other] = graph.standIn.data.apps
    const of = (type: string | undefined) => ({ appType: type, employee: { id: 'e' } })
    await send(
      delivery({ id: 'banner', category: 'CONTROL', object: 'APP_BANNER', new: of(app?.type) }),
    )
    await send(delivery({ id: 'by id', new: { appType: 'ODD', appId: app?.id } }))
    await send(delivery({ id: 'another', new: of(other?.type) }))
    await send(delivery({ id: 'unknown', new: of('NOBODY_KNOWS') }))
    const { data } = await run(
      `query ($id: ID!, $type: String!) {
        events(orderBy: [{field: ID}]) { nodes { id app { id } } groups(by: [APP_TYPE]) { keys count } }
        passing: events(filter: {app: {type: {eq: $type}}}, orderBy: [{field: ID}]) { nodes { id } }
        app(id: $id) { history(orderBy: [{field: ID}]) { nodes { id } } }
      }`,
      { id: app?.id, type: app?.type },
    )
    expect(data).toMatchObject({
      events: {
        nodes: [
          { id: 'another', app: { id: other?.id } },
          { id: 'banner', app: { id: app?.id } },
          { id: 'by id', app: { id: app?.id } },
          { id: 'unknown', app: null },
        ],
        groups: expect.arrayContaining([
          { keys: [app?.type], count: 2 },
          { keys: [other?.type], count: 1 },
          { keys: [null], count: 1 },
        ]) as unknown,
      },
      passing: { nodes: [{ id: 'banner' }, { id: 'by id' }] },
      app: { history: { nodes: [{ id: 'banner' }, { id: 'by id' }] } },
    })
  })

  it('that lack something say what was inferred, and keep what was sent', async () => {
    const { send, run } = await tenantForTest()
    const login = { email: 'x@example.com', loginTimestamp: 1_757_404_100.25 }
    await send(Buffer.from(JSON.stringify({ object: 'LOGIN', new: login })))
    await send(delivery({ id: 'whole', timestamp: 1_757_404_720, new: { ...login } }))
    await send(delivery({ id: 'odd', timestamp: 1_757_404_721, new: { loginTimestamp: 9e15 } }))
    const { data } = await run(`{ events(orderBy: [{field: OCCURRED_AT}]) { nodes {
      __typename id category inferred occurredAt email payload ocsf { json }
      ... on LoginEvent { loginAt } } } }`)
    const { nodes } = (data as { events: { nodes: Record<string, unknown>[] } }).events
    expect(nodes).toMatchObject([
      {
        __typename: 'LoginEvent',
        id: expect.stringMatching(/^sha256-/) as string,
        category: 'ACTIVITY',
        inferred: ['id', 'category', 'timestamp'],
        occurredAt: '2025-09-09T07:48:20Z',
        loginAt: '2025-09-09T07:48:20.250Z',
        email: 'x@example.com',
        payload: { object: 'LOGIN', new: login },
      },
      // The login was made ten minutes before the event tells of it: both are said.
      {
        inferred: [],
        occurredAt: '2025-09-09T07:58:40Z',
        loginAt: '2025-09-09T07:48:20.250Z',
        ocsf: {
          json: { time: 1_757_404_100_000, metadata: { logged_time: 1_757_404_720_000 } },
        },
      },
      { loginAt: null, payload: { new: { loginTimestamp: 9e15 } } },
    ])
  })

  it('of what was created say so, wherever Push put the object', async () => {
    const { send, run } = await tenantForTest()
    const finding = { id: 'f1', state: 'OPEN' }
    const told: readonly [string, object][] = [
      ['old alone', { type: 'CREATE', old: finding }],
      ['both', { type: 'CREATE', old: { id: 'f1', state: 'RESOLVED' }, new: finding }],
      ['new alone', { type: 'CREATE', new: finding }],
      ['changed, from what is not said', { type: 'UPDATE', new: finding }],
      ['gone, as new', { type: 'DELETE', new: finding }],
    ]
    for (const [id, of] of told)
      await send(delivery({ id, category: 'ENTITY', object: 'FINDING', ...of }))
    const { data } = await run(
      '{ events(orderBy: [{field: RECEIVED_AT}, {field: ID}]) { nodes { id entityId ... on EntityEvent { changes { path old new } } } } }',
    )
    const { nodes } = (
      data as { events: { nodes: { id: string; entityId: string; changes: unknown }[] } }
    ).events
    expect(new Set(nodes.map(({ entityId }) => entityId))).toEqual(new Set(['f1']))
    const all = [
      { path: 'id', old: null, new: 'f1' },
      { path: 'state', old: null, new: 'OPEN' },
    ]
    expect(Object.fromEntries(nodes.map(({ id, changes }) => [id, changes]))).toEqual({
      'old alone': all,
      both: [{ path: 'state', old: 'RESOLVED', new: 'OPEN' }],
      'new alone': all,
      'changed, from what is not said': [],
      'gone, as new': all.map(({ path, new: was }) => ({ path, old: was, new: null })),
    })
  })

  it('of kinds that are new are served like any other', async () => {
    const { send, run } = await tenantForTest()
    await send(delivery({ id: 'n', object: 'NEW_THING', category: 'NEW_KIND', new: { a: 1 } }))
    const { data } = await run(`{ events(filter: {category: {eq: UNRECOGNIZED}}) { nodes {
      __typename category categoryRaw object ... on OtherEvent { new } } } }`)
    expect((data as { events: { nodes: unknown } }).events.nodes).toEqual([
      {
        __typename: 'OtherEvent',
        category: 'UNRECOGNIZED',
        categoryRaw: 'NEW_KIND',
        object: 'NEW_THING',
        new: { a: 1 },
      },
    ])
  })

  it('refuse variables with however many mistakes as the mistakes of a caller', async () => {
    const { graph } = await tenantForTest()
    for (const mistakes of [1, 49, 50, 51, 500]) {
      const { errors } = await graph.run(
        'query ($filter: EventFilter) { events(filter: $filter) { totalCount } }',
        { filter: { object: { in: Array.from({ length: mistakes }, () => 5) } } },
      )
      expect(errors.length).toBeGreaterThan(0)
      expect(new Set(errors.map(({ code }) => code))).toEqual(new Set(['BAD_USER_INPUT']))
    }
  })

  it('refuse a cursor of another list and a page too large, before anything is read', async () => {
    const { graph, send } = await tenantForTest()
    await send(sample('LOGIN-1'))
    const answer = await graph.run('{ events { pageInfo { endCursor } } }')
    const { endCursor } = (answer.data as { events: { pageInfo: { endCursor: string } } }).events
      .pageInfo
    for (const args of [
      `filter: {object: {eq: "X"}}, after: "${endCursor}"`,
      'first: 1001',
      'after: "x"',
    ]) {
      const { errors } = await graph.run(`{ events(${args}) { totalCount } }`)
      expect(errors).toMatchObject([{ code: 'BAD_USER_INPUT' }])
    }
  })
})

describe('accounts and apps that Push knows by webhook alone', () => {
  const account = { id: 'o1', employeeId: 'e', otherAppId: 'a1', email: 'x@example.com' }
  const event = (
    id: string,
    type: string,
    timestamp: number,
    object: object,
    kind = 'ACCOUNT_OTHER',
  ) => delivery({ id, category: 'ENTITY', object: kind, type, timestamp, new: object })

  it('are not pinned by an event that is dated years ahead, nor by times beyond the calendar', async () => {
    const { send, run } = await tenantForTest()
    const now = Math.floor(Date.now() / 1_000)
    const dated = { id: 'o1', email: 'dated@example.com', creationTimestamp: 9e15 }
    await send(event('1', 'CREATE', Date.UTC(2099, 0) / 1_000, dated))
    await send(event('2', 'UPDATE', now + 60, { id: 'o1', email: 'now@example.com' }))
    const { data } = await run('{ otherAccounts { nodes { email createdAt } } }')
    expect(data).toEqual({
      otherAccounts: { nodes: [{ email: 'now@example.com', createdAt: null }] },
    })
  })

  it('are as their events last left them, in whatever order these came', async () => {
    const { send, run } = await tenantForTest()
    const logins = { passwordLogin: true, oidcLogin: null, samlLogin: null }
    await send(event('3', 'UPDATE', 30, { id: 'o1', email: 'new@example.com' }))
    await send(
      event('1', 'CREATE', 10, { ...account, loginMethods: logins, creationTimestamp: 10 }),
    )
    await send(event('2', 'UPDATE', 20, { ...account, employeeId: 'f', lastUsedTimestamp: 20 }))
    await send(event('4', 'CREATE', 10, { ...account, id: 'o2' }))
    await send(
      delivery({
        id: '5',
        category: 'ENTITY',
        object: 'ACCOUNT_OTHER',
        type: 'DELETE',
        timestamp: 40,
        old: { id: 'o2' },
      }),
    )
    await send(
      event(
        '6',
        'CREATE',
        10,
        { id: 'a1', domain: 'www.example.com', appId: 'idp', hidden: false },
        'APP_OTHER',
      ),
    )
    const { data } = await run(`{
      otherAccounts(filter: {loginMethods: {passwordLogin: {eq: true}}}) { totalCount nodes { id email employeeId lastUsedAt
        loginMethods { passwordLogin oidcLogin } otherApp { domain oauthAppId hidden } } }
      otherApps(filter: {domain: {startsWith: "WWW"}}) { nodes { id } groups(by: [HIDDEN]) { keys count } }
    }`)
    expect(data).toEqual({
      otherAccounts: {
        totalCount: 1,
        nodes: [
          {
            id: 'o1',
            email: 'new@example.com',
            employeeId: 'f',
            lastUsedAt: '1970-01-01T00:00:20Z',
            loginMethods: { passwordLogin: true, oidcLogin: null },
            otherApp: { domain: 'www.example.com', oauthAppId: 'idp', hidden: false },
          },
        ],
      },
      otherApps: { nodes: [{ id: 'a1' }], groups: [{ keys: ['false'], count: 1 }] },
    })
  })
})
