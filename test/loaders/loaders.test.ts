import { join } from 'node:path'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Loaders } from '../../src/loaders/loaders.ts'
import { openRequest } from '../../src/loaders/open-request.ts'
import { systemClock } from '../../src/model/clock.ts'
import { relations } from '../../src/model/relations.ts'
import { directoryForTest } from '../support/directory.ts'
import { type Graph, graphForTest } from '../support/graph.ts'
import { workInOneTurn } from '../support/work.ts'

/** The loaders of one operation on the graph's store. */
const loadersOf = ({ store }: Graph, connectors = store.connectors): Loaders =>
  openRequest({
    store,
    clock: systemClock,
    id: 'a test',
    freshness: { maxAgeMs: 60_000, staleMs: 900_000 },
    maxRequests: 250,
    maxWaitMs: 25_000,
    connectors,
    // What is at once does not hang on how fast the machine is.
    work: workInOneTurn(),
  }).open([]).loaders

const open = (maxPage = 5) => graphForTest({ scale: 0.02, switches: { maxPage } })

const requests = ({ standIn }: Graph): number => standIn.statistics().requests

const accountsOf = relations.employees.toMany.find(({ name }) => name === 'accounts')
if (accountsOf === undefined) throw new Error('employees have accounts')

describe('a row', () => {
  test('comes to whoever asked for it, whatever else was asked at the same time', async () => {
    const graph = await open()
    const known = graph.standIn.data.apps.map(({ id }) => id)
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.oneof(fc.constantFrom(...known), fc.constantFrom('nobody', 'none', '', '..')), {
          maxLength: 12,
        }),
        async ids => {
          const loaders = loadersOf(graph)
          const found = await Promise.all(ids.map(async id => loaders.row('default', 'apps', id)))
          expect(found.map(app => app?.row.id ?? null)).toEqual(
            ids.map(id => (known.includes(id) ? id : null)),
          )
        },
      ),
      { numRuns: 50 },
    )
  })

  test('asked for twice at once is asked of Push once', async () => {
    const graph = await open()
    const loaders = loadersOf(graph)
    const id = graph.standIn.data.apps[1]?.id ?? ''
    const [one, two] = await Promise.all([
      loaders.row('default', 'apps', id),
      loaders.row('default', 'apps', id),
    ])
    expect(one?.row).toBe(two?.row)
    expect(requests(graph)).toBe(1)
  })

  test('that the store has is there at once, not in a promise', async () => {
    const graph = await open()
    const id = graph.standIn.data.apps[1]?.id ?? ''
    await loadersOf(graph).row('default', 'apps', id)
    const again = loadersOf(graph).row('default', 'apps', id)
    expect(again).not.toBeInstanceOf(Promise)
    expect(again).toMatchObject({ connector: 'default', row: { id } })
    await loadersOf(graph).row('default', 'apps', 'nobody')
    expect(loadersOf(graph).row('default', 'apps', 'nobody')).toBeNull()
  })

  test('of no id is none', async () => {
    const graph = await open()
    expect(loadersOf(graph).row('default', 'apps', null)).toBeNull()
  })

  test('of many is read by one scan where that is cheaper', async () => {
    const graph = await open(20)
    const loaders = loadersOf(graph)
    const ids = graph.standIn.data.apps.map(({ id }) => id)
    const found = await Promise.all(ids.map(async id => loaders.row('default', 'apps', id)))
    expect(found.map(app => app?.row.id)).toEqual(ids)
    expect(graph.standIn.statistics().byRoute).toEqual({ 'GET /apps': 3 })
  })
})

describe('a list', () => {
  test('that the store has is there at once, not in a promise', async () => {
    const graph = await open()
    await loadersOf(graph).list(null, 'apps', {}).totalCount()
    const list = loadersOf(graph).list(null, 'apps', { first: 3 })
    expect(list.page()).not.toBeInstanceOf(Promise)
    expect(list.totalCount()).toBe(graph.standIn.data.apps.length)
  })

  test('is read once for its page and its count', async () => {
    const graph = await open()
    const list = loadersOf(graph).list(null, 'apps', { last: 3 })
    await Promise.all([list.page(), list.totalCount(), list.page(), list.totalCount()])
    // Each page behind the first has a row of the one before it.
    expect(requests(graph)).toBe(Math.ceil((graph.standIn.data.apps.length - 1) / 4))
  })

  test('of a parent is read in one batch with the lists of other parents', async () => {
    const statePath = join(directoryForTest(), 'state')
    const options = { scale: 0.02, switches: { maxPage: 60 }, statePath }
    // One process learns how many accounts there are, the next one has none of them yet.
    const before = await graphForTest(options)
    await loadersOf(before).list(null, 'accounts', {}).totalCount()
    const graph = await graphForTest({ ...options, over: before.standIns })
    graph.standIn.reset()
    const loaders = loadersOf(graph)
    const employees = graph.standIn.data.employees.slice(0, 10)
    const lists = await Promise.all(
      employees.map(async employee =>
        loaders.related('default', accountsOf, employee as never, {})?.totalCount(),
      ),
    )
    expect(lists).toEqual(
      employees.map(
        ({ id }) =>
          graph.standIn.data.accounts.filter(({ employeeId }) => employeeId === id).length,
      ),
    )
    // Ten slices are more than the four pages of all accounts, with one more for the seams between them.
    expect(graph.standIn.requests.filter(({ query }) => 'employeeId' in query)).toEqual([])
    expect(requests(graph)).toBeLessThanOrEqual(5)
  })

  test.each([
    [{ first: -1 }],
    [{ first: 1, last: 1 }],
    [{ after: 'x' }],
    [{ filter: { id: null } }],
  ])('with %j is refused before anything is read', async terms => {
    const graph = await open()
    expect(() => loadersOf(graph).list(null, 'apps', terms)).toThrow(
      expect.objectContaining({ code: 'BAD_USER_INPUT' }) as Error,
    )
    expect(requests(graph)).toBe(0)
  })
})

describe('a connector', () => {
  test('that does not exist is refused by name', async () => {
    const graph = await open()
    const loaders = loadersOf(graph)
    const refusal = expect.objectContaining({
      code: 'BAD_USER_INPUT',
      message: expect.stringContaining('"elsewhere"') as string,
    }) as Error
    expect(() => loaders.row('elsewhere', 'apps', 'x')).toThrow(refusal)
    expect(() => loaders.list(['default', 'elsewhere'], 'apps', {})).toThrow(refusal)
    expect(() => loaders.connector('elsewhere')).toThrow(refusal)
    await expect(loaders.find('elsewhere', 'apps', { id: 'x' })).rejects.toEqual(refusal)
  })

  test('that the caller may not see does not exist', async () => {
    const graph = await graphForTest({ scale: 0.02, others: ['secret'] })
    const loaders = loadersOf(graph, new Map([...graph.store.connectors].slice(0, 1)))
    expect(loaders.connectors().map(({ alias }) => alias)).toEqual(['default'])
    expect(() => loaders.list(['secret'], 'apps', {})).toThrow('"secret"')
    const page = await loaders.list(null, 'apps', { first: 1000 }).page()
    expect(new Set(page.items.map(({ connector }) => connector))).toEqual(new Set(['default']))
  })

  test('named twice is asked once', async () => {
    const graph = await open()
    const list = loadersOf(graph).list(['default', 'default'], 'apps', { first: 1000 })
    expect((await list.page()).items).toHaveLength(graph.standIn.data.apps.length)
  })

  test('tells what of it has been read', async () => {
    const graph = await open()
    await loadersOf(graph).list(null, 'apps', {}).totalCount()
    const store = loadersOf(graph).connector('default').collections()
    expect(store.find(({ collection }) => collection === 'apps')).toMatchObject({
      rows: graph.standIn.data.apps.length,
      complete: true,
      refreshing: false,
      followed: false,
      drift: 0,
    })
    expect(store.find(({ collection }) => collection === 'accounts')).toMatchObject({
      rows: 0,
      asOf: null,
      complete: false,
    })
  })
})

describe('an object looked for in several connectors', () => {
  test('is found in whichever has it', async () => {
    const graph = await graphForTest({ scale: 0.02, others: ['other'] })
    for (const [index, alias] of ['default', 'other'].entries()) {
      const id = graph.standIns[index]?.data.apps[2]?.id ?? ''
      expect(await loadersOf(graph).find(null, 'apps', { id })).toMatchObject({ connector: alias })
    }
    expect(await loadersOf(graph).find(null, 'apps', { id: 'nobody' })).toBeNull()
  })

  test('by what it says of itself is found without reading all', async () => {
    const graph = await open()
    const employee = graph.standIn.data.employees[3]
    const found = await loadersOf(graph).find(null, 'employees', {
      filter: { email: { eq: employee?.email.toUpperCase() } },
    })
    expect(found?.row.id).toBe(employee?.id)
    expect(requests(graph)).toBe(1)
  })
})

describe('a connector that there is not', () => {
  test('is refused by the argument that named it', async () => {
    const loaders = loadersOf(await open())
    const named = (ask: () => unknown): unknown => {
      try {
        ask()
      } catch (error) {
        return error
      }
      return undefined
    }
    for (const ask of [
      () => loaders.list(['nowhere'], 'apps', {}),
      () => loaders.search(['nowhere'], { value: 'slack' }),
      () => loaders.timeline(['nowhere'], {}),
      () => loaders.stored(['nowhere'], 'events', {}),
    ])
      expect(named(ask)).toMatchObject({ code: 'BAD_USER_INPUT', fields: { path: 'connectors' } })
    await expect(loaders.find('nowhere', 'apps', { id: 'x' })).rejects.toMatchObject({
      fields: { path: 'connector' },
    })
  })
})
