/** Objects and lists as they were known at a moment: the tenant changes under a graph that has read it. */
import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import type { PushRows } from '../../src/demo/stand-in.ts'
import { type Events, openEvents } from '../../src/events/events.ts'
import { createRights } from '../../src/model/rights.ts'
import { collections } from '../../src/model/collections.ts'
import type { CollectionName } from '../../src/model/rows.ts'
import { createGraph, type Graph } from '../support/graph.ts'
import { plainTime, Turns } from '../../src/work/turns.ts'
import { hastyTurns } from '../support/work.ts'
import { createSteppingClock, type SteppingClock } from '../support/parity.ts'

let clock: SteppingClock
let graph: Graph
let events: Events

/** Room for 400 accounts of the past. */
const ROOM_BYTES = 400 * collections.accounts.size.bytesPerRow

beforeEach(async () => {
  clock = createSteppingClock()
  events = await openEvents({ path: ':memory:', retentionDays: 36_500, clock })
  graph = await createGraph({
    ...{ scale: 0.01, clock, rate: 1e6, stored: events, others: ['other'] },
    maxPastBytes: ROOM_BYTES,
  })
  onTestFinished(async () => {
    await graph.close()
    await events.close()
  })
})

const held = <Name extends CollectionName>(name: Name, at: number): PushRows[Name] => {
  const row = graph.standIn.data[name][at]
  if (row === undefined) throw new Error(`The tenant has no ${name} at ${at}`)
  return row
}

/** Reads the lists anew, a minute later, and waits for what differs to be stored; gives a moment right after that. */
const read = async (...lists: readonly string[]): Promise<string> => {
  clock.step(60_000)
  const asked = lists.map(name => `${name}(first: 0) { totalCount }`).join(' ')
  const { errors } = await graph.run(`{ ${asked} }`, {}, { maxAgeMs: 0, staleMs: 0 })
  expect(errors).toEqual([])
  await events.noted()
  clock.step(1_000)
  return now()
}

const now = (): string => new Date(clock.now()).toISOString()

const ask = async (query: string, variables: Record<string, unknown> = {}) => {
  const answer = await graph.run(query, variables)
  expect(answer.errors).toEqual([])
  expect(answer.requests).toBe(0)
  return answer
}

describe('an object', () => {
  it('is what it was, with all that is selected below it', async () => {
    const account = graph.standIn.data.accounts.find(({ appId }) => appId !== null)
    const before = graph.standIn.data.apps.find(({ id }) => id === account?.appId)
    expect(account).toBeDefined()
    expect(before).toBeDefined()
    const id = account?.id ?? ''
    const at = await read('accounts', 'apps', 'employees')
    graph.standIn.update('apps', before?.id ?? '', { approvalStatus: 'SOMETHING_NEW' })
    graph.standIn.update('accounts', id, { mfaRegistered: account?.mfaRegistered !== true })
    await read('accounts', 'apps')
    const fields = `mfaRegistered connectorAlias connector { alias }
      app { approvalStatusRaw accounts(filter: { id: { eq: $id } }) { nodes { mfaRegistered } } }`
    const query = `query ($id: ID!, $at: DateTime) {
      then: account(id: $id, at: $at) { ${fields} }
      now: account(id: $id) { ${fields} }
    }`
    const { data, cost } = await ask(query, { id, at })
    const was = account?.mfaRegistered ?? null
    const of = (mfaRegistered: boolean | null, approvalStatusRaw: unknown) => ({
      mfaRegistered,
      connectorAlias: 'default',
      connector: { alias: 'default' },
      app: { approvalStatusRaw, accounts: { nodes: [{ mfaRegistered }] } },
    })
    expect(data).toEqual({
      then: of(was, before?.approvalStatus ?? null),
      now: of(was !== true, 'SOMETHING_NEW'),
    })
    expect(cost.complete).toBe(true)
  })

  it('is there as long as it was, and null behind that', async () => {
    const { id, email } = held('employees', 3)
    const before = await read('employees')
    graph.standIn.remove('employees', id)
    const after = await read('employees')
    const { data } = await ask(
      `query ($email: String!, $id: ID!, $before: DateTime, $after: DateTime) {
        before: employee(email: $email, at: $before) { id }
        after: employee(id: $id, connector: "default", at: $after) { id }
      }`,
      { id, email, before, after },
    )
    expect(data).toEqual({ before: { id }, after: null })
  })

  it('is null and not complete at a moment when nothing was known of it', async () => {
    const { id } = held('apps', 0)
    const early = now()
    await read('apps')
    const query = `query ($id: ID!, $at: DateTime) { app(id: $id, connector: "default", at: $at) { id } }`
    const { data, cost } = await ask(query, { id, at: early })
    expect(data).toEqual({ app: null })
    expect(cost.complete).toBe(false)
    expect(cost.warnings).toMatchObject([
      { code: 'NOT_KNOWN', connector: 'default', collection: 'apps' },
    ])
  })

  it('has the changes and the events that were known by then', async () => {
    const { id } = held('apps', 1)
    await read('apps')
    graph.standIn.update('apps', id, { notes: 'one' })
    const at = await read('apps')
    graph.standIn.update('apps', id, { notes: 'two' })
    await read('apps')
    const { data } = await ask(
      `query ($id: ID!, $at: DateTime) { app(id: $id, connector: "default", at: $at) {
        notes changes { totalCount nodes { new object { ... on App { notes } } connectorAlias } } history { totalCount }
      } }`,
      { id, at },
    )
    expect(data).toEqual({
      app: {
        notes: 'one',
        changes: {
          totalCount: 1,
          nodes: [{ new: 'one', object: { notes: 'one' }, connectorAlias: 'default' }],
        },
        history: { totalCount: 0 },
      },
    })
  })

  it('has no events where those were not known yet, and the answer says so', async () => {
    const detection = graph.standIn.data.detections.find(({ events }) => events?.length !== 0)
    const id = detection?.id ?? ''
    const before = await read('detections')
    clock.step(1_000)
    await graph.run('query ($id: ID!) { detection(id: $id) { events { id } } }', { id })
    const after = await read('apps')
    const query = `query ($id: ID!, $at: DateTime) {
      detection(id: $id, connector: "default", at: $at) { severity events { id } }
    }`
    const then = await ask(query, { id, at: before })
    expect(then.data).toEqual({ detection: { severity: detection?.severity, events: null } })
    expect(then.cost.complete).toBe(false)
    expect(then.cost.warnings).toMatchObject([
      { code: 'NOT_KNOWN', connector: 'default', collection: 'detections' },
    ])
    const withTimeline = query.replace('events { id }', 'timeline { complete }')
    const timeline = await ask(withTimeline, { id, at: before })
    expect(timeline.data.detection.timeline.complete).toBe(false)
    expect(timeline.cost.warnings).toEqual(then.cost.warnings)
    const later = await ask(query, { id, at: after })
    expect(later.data.detection.events).toHaveLength(detection?.events?.length ?? 0)
    expect(later.cost.complete).toBe(true)
    const without = await ask(query.replace('events { id }', ''), { id, at: before })
    expect(without.cost.complete).toBe(true)
    const list = `query ($id: ID!, $at: DateTime) {
      detections(filter: { id: { eq: $id }, events: { some: { id: { ne: "" } } } }, connectors: ["default"], at: $at) {
        totalCount complete
      }
    }`
    const filtered = async (at: string) => (await ask(list, { id, at })).data.detections
    expect(await filtered(before)).toMatchObject({ complete: false })
    expect(await filtered(after)).toEqual({ totalCount: 1, complete: true })
  })

  it('is an event of OCSF as it was', async () => {
    const { id, friendlyName } = held('apps', 1)
    const at = await read('apps', 'employees')
    graph.standIn.update('apps', id, { friendlyName: 'Other' })
    await read('apps')
    const { data } = await ask(
      `query ($id: ID!, $at: DateTime) { app(id: $id, connector: "default", at: $at) { ocsf { json } } }`,
      { id, at },
    )
    const text = JSON.stringify(data)
    expect(text.includes('Other')).toBe(false)
    expect(text).toContain(JSON.stringify(friendlyName ?? held('apps', 1).type))
  })

  it('is, as an event of OCSF, of the same tenant as it is now', async () => {
    const [one, other] = graph.standIns.map(({ data }) => data.apps[1]?.id)
    const at = await read('apps', 'employees')
    const tenantsOf = async (moment: string | null): Promise<unknown> => {
      const { data } = await ask(
        `query ($one: ID!, $other: ID!, $moment: DateTime) {
          one: app(id: $one, connector: "default", at: $moment) { ocsf { metadata { tenant_uid } } }
          other: app(id: $other, connector: "other", at: $moment) { ocsf { metadata { tenant_uid } json } }
        }`,
        { one, other, moment },
      )
      const { tenant_uid: told } = data.other.ocsf.json.metadata
      return [data.one.ocsf.metadata, data.other.ocsf.metadata, told]
    }
    const now = [{ tenant_uid: null }, { tenant_uid: 'other' }, 'other']
    expect(await tenantsOf(null)).toEqual(now)
    expect(await tenantsOf(at)).toEqual(now)
  })
})

describe('a list', () => {
  it('is paged through by cursors of its own moment', async () => {
    const at = await read('accounts')
    const ids = graph.standIns.flatMap(({ data }) => data.accounts.map(of => of.id))
    for (const { id } of graph.standIn.data.accounts.slice(0, 20))
      graph.standIn.remove('accounts', id)
    await read('accounts')
    const query = `query ($at: DateTime, $after: String) {
      accounts(at: $at, first: 70, after: $after) { nodes { id } pageInfo { hasNextPage endCursor } complete }
    }`
    const found: string[] = []
    let after: string | null = null
    for (let goesOn = true; goesOn;) {
      const { data } = await ask(query, { at, after })
      for (const { id } of data.accounts.nodes) found.push(id)
      expect(data.accounts.complete).toBe(true)
      goesOn = data.accounts.pageInfo.hasNextPage
      after = data.accounts.pageInfo.endCursor
    }
    expect(found.toSorted()).toEqual(ids.toSorted())
    const other = await graph.run(query, { at: now(), after })
    expect(other.errors).toMatchObject([{ code: 'BAD_USER_INPUT' }])
  })

  it('counts spans of time from its moment', async () => {
    const at = await read('accounts')
    const filter = '{ lastUsedAt: { within: "P10D" } }'
    const then = await ask(`{ accounts(filter: ${filter}) { totalCount } }`)
    clock.step(30 * 86_400_000)
    const later = await ask(
      `query ($at: DateTime) { accounts(filter: ${filter}, at: $at) { totalCount } }`,
      { at },
    )
    expect(then.data.accounts.totalCount).toBeGreaterThan(0)
    expect(later.data).toEqual(then.data)
  })

  it('is whole once it was read again where the clock was set back since it was read', async () => {
    const [one, other] = [held('apps', 0), held('apps', 1)]
    await read('apps')
    graph.standIn.update('apps', one.id, { notes: 'one' })
    await read('apps')
    clock.step(-3_600_000)
    graph.standIn.remove('apps', other.id)
    const at = await read('apps')
    const query = `query ($at: DateTime, $id: ID!) {
      apps(at: $at, connectors: ["default"]) { totalCount complete }
      app(id: $id, connector: "default", at: $at) { notes }
    }`
    const whole = { totalCount: graph.standIn.data.apps.length, complete: true }
    const then = await ask(query, { at, id: one.id })
    expect(then.data).toEqual({ apps: whole, app: { notes: 'one' } })
    graph.standIn.update('apps', one.id, { notes: 'two' })
    const later = await read('apps')
    expect((await ask(query, { at: later, id: one.id })).data).toEqual({
      apps: whole,
      app: { notes: 'two' },
    })
  })

  it('is as old as the last reading before its moment', async () => {
    const first = await read('apps')
    const { data: known } = await ask('{ apps { asOf } }')
    clock.step(600_000)
    await read('apps')
    const { data, cost } = await ask(
      'query ($at: DateTime) { apps(at: $at) { asOf totalCount } }',
      {
        at: first,
      },
    )
    expect(data.apps).toEqual({ asOf: known.apps.asOf, totalCount: expect.any(Number) })
    expect(Date.parse(cost.asOf ?? '')).toBe(Date.parse(known.apps.asOf))
  })

  it('is not complete, with what was known, before it was read as a whole', async () => {
    const { id } = held('accounts', 5)
    await graph.run('query ($id: ID!) { account(id: $id, connector: "default") { id } }', { id })
    await events.noted()
    clock.step(1_000)
    const at = now()
    await read('accounts')
    const { data, cost } = await ask(
      `query ($at: DateTime) { accounts(at: $at, connectors: ["default"]) { nodes { id } totalCount complete } }`,
      { at },
    )
    expect(data.accounts).toEqual({ nodes: [{ id }], totalCount: 1, complete: false })
    expect(cost.complete).toBe(false)
    expect(cost.warnings).toMatchObject([
      { code: 'NOT_KNOWN', connector: 'default', collection: 'accounts' },
    ])
  })

  it('is asked for at several moments in one operation', async () => {
    const counts: number[] = []
    const moments: string[] = []
    for (let nth = 0; nth < 4; nth += 1) {
      moments.push(await read('findings'))
      counts.push(graph.standIn.data.findings.length)
      const [first] = graph.standIn.data.findings
      if (first !== undefined) graph.standIn.remove('findings', first.id)
    }
    const fields = moments.map(
      (at, nth) => `m${nth}: findings(at: "${at}", connectors: ["default"]) { totalCount }`,
    )
    const { data } = await ask(`{ ${fields.join(' ')} }`)
    expect(moments.map((_, nth) => data[`m${nth}`].totalCount)).toEqual(counts)
  })
})

describe('a moment', () => {
  it('that is still to come is refused', async () => {
    const { errors } = await graph.run('{ apps(at: "2999-01-01T00:00:00Z") { totalCount } }')
    expect(errors).toMatchObject([{ code: 'BAD_USER_INPUT', at: 'at' }])
  })

  it.each(['1970-01-01T00:00:00Z', '1969-12-31T23:59:59.999Z', '0001-01-01', '1970-01-02'])(
    'before anything was known gives nothing, and nothing that is complete: %s',
    async at => {
      const { id } = held('apps', 0)
      await read('apps')
      const { data, cost } = await ask(
        `query ($at: DateTime, $id: ID!) {
          apps(at: $at, first: 3) { totalCount complete nodes { id } groups(by: [TYPE]) { count } }
          app(id: $id, connector: "default", at: $at) { id }
        }`,
        { at, id },
      )
      expect(data).toEqual({
        apps: { totalCount: 0, complete: false, nodes: [], groups: [] },
        app: null,
      })
      expect(cost.complete).toBe(false)
      expect(cost.warnings).toContainEqual(expect.objectContaining({ code: 'NOT_KNOWN' }))
    },
  )

  it('is one of ten in an operation at most', async () => {
    await read('apps')
    const at = (nth: number): string => new Date(clock.now() - nth * 1_000).toISOString()
    const fields = (count: number): string =>
      Array.from(
        { length: count },
        (_, nth) => `a${nth}: apps(at: "${at(nth)}") { totalCount }`,
      ).join(' ')
    expect((await graph.run(`{ ${fields(10)} }`)).errors).toEqual([])
    const { errors } = await graph.run(`{ ${fields(11)} }`)
    expect(errors).toMatchObject([{ code: 'BAD_USER_INPUT', at: 'at' }])
  })

  it('is refused where its rows take more memory than there is, and costs the next one nothing', async () => {
    const at = await read('accounts', 'browsers')
    const accounts = (nth: number): string => {
      const moment = new Date(Date.parse(at) + nth).toISOString()
      return `a${nth}: accounts(at: "${moment}", connectors: ["default"]) { totalCount }`
    }
    clock.step(10)
    const { data, errors } = await graph.run(`{ ${[0, 1, 2, 3].map(accounts).join(' ')} }`)
    expect(errors).toMatchObject([{ code: 'BUDGET_EXCEEDED' }])
    const counts = Object.values(data as Record<string, { totalCount: number } | null>)
    expect(counts.map(of => of?.totalCount ?? 0).toSorted()).toEqual([0, 120, 120, 120])
    // The operation before has given back what it had.
    const again = await ask(`{ ${accounts(4)} }`)
    expect(again.data.a4.totalCount).toBe(120)
  })

  it('shares what questions may take with the other moments of its operation', async () => {
    const at = await read('apps')
    const left: number[] = []
    const rowsThen: Events['rowsThen'] = (...asked) => {
      const terms = asked[5]
      left.push(terms?.leftMs() ?? NaN)
      terms?.took?.(100)
      return events.rowsThen(...asked)
    }
    const source = { ...events, rowsThen }
    const near = await createGraph({
      over: graph.standIns,
      others: ['other'],
      clock,
      stored: source,
    })
    onTestFinished(near.close)
    const fields = [0, 1, 2].map(nth => {
      const moment = new Date(Date.parse(at) - nth).toISOString()
      return `a${nth}: apps(at: "${moment}", connectors: ["default"]) { totalCount }`
    })
    const turns = new Turns({ ...plainTime, now: () => 0, cpu: () => 0 })
    const work = { turns, maxCpuMs: 1_000 }
    expect((await near.run(`{ ${fields.join(' ')} }`, {}, { work })).errors).toEqual([])
    expect(left.toSorted((a, b) => b - a)).toEqual([1_000, 900, 800])
  })

  it('takes rows in over several turns', async () => {
    const at = await read('accounts')
    const turns = hastyTurns(1)
    const parsedIn = new Map<number, number>()
    const { parse } = JSON
    const spied = vi.spyOn(JSON, 'parse').mockImplementation((text, reviver) => {
      if (String(text).includes('"appId"'))
        parsedIn.set(turns.number, (parsedIn.get(turns.number) ?? 0) + 1)
      return parse(text, reviver) as unknown
    })
    onTestFinished(() => spied.mockRestore())
    const query = `{ accounts(at: "${at}", connectors: ["default"]) { totalCount } }`
    expect((await graph.run(query, {}, { work: { turns } })).errors).toEqual([])
    const rows = [...parsedIn.values()].reduce((all, some) => all + some, 0)
    expect(rows).toBeGreaterThan(50)
    expect(Math.max(...parsedIn.values())).toBeLessThan(rows)
  })

  it('needs the scope "events"', async () => {
    const rights = createRights('ann', ['read', 'pii'])
    const query = 'query ($at: DateTime) { apps(at: $at) { totalCount } }'
    const { errors } = await graph.run(query, { at: now() }, { rights })
    expect(errors).toMatchObject([{ code: 'FORBIDDEN', scope: 'events' }])
    expect((await graph.run(query, { at: null }, { rights })).errors).toEqual([])
  })
})
