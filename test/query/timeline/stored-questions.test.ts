/** What a timeline asks of the stored lists: no more, and nothing dearer, than what it gives needs. */
import { describe, expect, onTestFinished, test } from 'vitest'
import { type Events, openEvents } from '../../../src/events/events.ts'
import { createJudge } from '../../../src/events/judge.ts'
import type { CountQuery, Counted, Selection } from '../../../src/events/queries.ts'
import { systemClock } from '../../../src/model/clock.ts'
import type { NewEvent } from '../../../src/model/events.ts'
import { createRights } from '../../../src/model/rights.ts'
import { delivery, eventOf } from '../../support/deliveries.ts'
import { graphForTest } from '../../support/graph.ts'
import { standInForTest } from '../../support/stand-in.ts'

interface Asked {
  readonly pages: Selection[]
  readonly groups: { readonly query: CountQuery; readonly found: readonly Counted[] }[]
}

/** Events that tell what they were asked. */
const toldEvents = async (): Promise<{
  readonly events: Events
  readonly asked: Asked
  readonly append: (id: string, of: Partial<NewEvent>) => Promise<unknown>
}> => {
  const real = await openEvents({ path: ':memory:', retentionDays: 36_500, clock: systemClock })
  onTestFinished(() => real.close())
  const asked: Asked = { pages: [], groups: [] }
  const events: Events = {
    ...real,
    page: (query, ...terms) => {
      asked.pages.push(query)
      return real.page(query, ...terms)
    },
    groups: async (query, ...terms) => {
      const found = await real.groups(query, ...terms)
      asked.groups.push({ query, found })
      return found
    },
  }
  const append = (id: string, of: Partial<NewEvent>) =>
    real.append({ ...eventOf(delivery({ id })), ...of })
  return { events, asked, append }
}

/** Whether it is answered by way of indexes of values, whose rows are few. */
const isNarrow = (query: Selection): boolean => {
  const { access, end } = createJudge({ add: () => 0, remove: () => undefined }, query)
  end()
  return (
    access.paths.length > 0 &&
    access.paths.every(({ equal, key }) => equal !== undefined || key === 'url')
  )
}

describe('the timeline around a value in many connectors', () => {
  test('is found by way of indexes, also where an object of one connector alone has the value', async () => {
    const { events, asked, append } = await toldEvents()
    const [one, rest] = [
      await standInForTest({ scale: 0.02 }),
      await standInForTest({ scale: 0.02, seed: 2 }),
    ]
    const others = Array.from({ length: 70 }, (_, n) => `tenant${n}`)
    const graph = await graphForTest({
      over: [one, ...others.map(() => rest)],
      others,
      stored: events,
    })
    const value = one.data.employees[0]?.id ?? ''
    await append(value, { connector: 'tenant7', employeeId: null, occurredAt: 1_700_000_003 })
    await append('of one', { employeeId: value, occurredAt: 1_700_000_002 })
    await append('of another', {
      connector: 'tenant8',
      employeeId: value,
      occurredAt: 1_700_000_001,
    })
    const read = async (of: string) => {
      const { data, errors } = await graph.run(
        'query ($of: String!) { timeline(value: $of, kinds: [EVENT]) { nodes { event { id } } } }',
        { of },
      )
      expect(errors).toEqual([])
      return (data.timeline.nodes as { event: { id: string } }[]).map(({ event }) => event.id)
    }
    expect(await read(value)).toEqual([value, 'of one', 'of another'])
    expect(await read('nowhere.example')).toEqual([])
    const questions = asked.pages.filter(({ list }) => list === 'events')
    expect(questions.map(({ parts }) => parts.length)).toEqual([2, 1])
    for (const question of questions) expect(isNarrow(question)).toBe(true)
  })
})

describe('the times of many rows of which events tell', () => {
  test('are looked for no further than the page reaches, and at those moments alone', async () => {
    const { events, asked, append } = await toldEvents()
    const graph = await graphForTest({ scale: 0.2, stored: events })
    const { accounts } = graph.standIn.data
    const [app = '', most = []] =
      [...Map.groupBy(accounts, ({ appId }) => appId)].toSorted(
        ([, a], [, b]) => b.length - a.length,
      )[0] ?? []
    expect(most.length).toBeGreaterThan(100)
    for (const [n, { id }] of most.entries()) {
      const at = 1_700_000_000 + 60 * n
      graph.standIn.update('accounts', id, { lastUsedTimestamp: at })
      // Each login but the last is one of which no row has the time.
      for (const occurredAt of [at - 3_600, at - 61, at - 1, at])
        await append(`${id} ${occurredAt}`, {
          ...{ category: 'ACTIVITY', object: 'LOGIN', type: null, occurredAt },
          ...{ accountId: id, appId: app, body: '{"new":{}}' },
        })
    }
    const read = async (terms: string) => {
      asked.groups.length = 0
      const { data, errors } = await graph.run(
        `{ app(id: "${app}") { timeline(kinds: [EVENT, ACCOUNT_LAST_USED], ${terms}) { nodes { kind } } } }`,
      )
      expect(errors).toEqual([])
      return (data.app.timeline.nodes as { kind: string }[]).map(({ kind }) => kind)
    }
    expect(await read('first: 1')).toEqual(['EVENT'])
    expect(asked.groups).toHaveLength(1)
    expect(await read('first: 1000')).not.toContain('ACCOUNT_LAST_USED')
    for (const { found } of asked.groups) expect(found.length).toBeLessThanOrEqual(50)
  })
})

describe('a caller who may not see what is stored', () => {
  test('has nothing read for it', async () => {
    const graph = await graphForTest({ scale: 0.02 })
    const [person] = graph.standIn.data.employees
    await graph.run('{ employees(first: 1000) { nodes { id } } }')
    const rights = createRights('rows alone', ['read', 'pii'])
    for (const query of [
      `{ employee(id: "${person?.id}") { timeline(kinds: [EVENT, CHANGE]) { complete nodes { at } } } }`,
      `{ timeline(value: "${person?.email}", kinds: [EVENT, CHANGE]) { complete nodes { at } } }`,
    ]) {
      const { data, errors, cost, requests } = await graph.run(query, {}, { rights })
      expect(errors).toEqual([])
      expect(data.employee?.timeline ?? data.timeline).toEqual({ complete: true, nodes: [] })
      expect(cost.warnings).toMatchObject([{ code: 'FORBIDDEN' }])
      expect(requests).toBe(0)
    }
  })
})
