import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { collectionNames } from '../../../src/model/collections.ts'
import type { CollectionName } from '../../../src/model/rows.ts'
import { createGraph, type Graph, graphForTest } from '../../support/graph.ts'
import { idsOf, listPage, pagesBackward, pagesForward } from '../../support/list-pages.ts'

const rowIds = (graph: Graph, name: CollectionName): string[] =>
  graph.standIn.data[name].map(({ id }) => id)

const FIVE = { scale: 0.01, switches: { maxPage: 5 } }

describe.each(collectionNames)('%s', name => {
  test.each([1, 2, 3, 4, 5, 6, 7])(
    'come %i at a time in the order of Push, each once',
    async first => {
      const graph = await graphForTest(FIVE)
      const pages = await pagesForward(graph, name, first)
      expect(idsOf(pages)).toEqual(rowIds(graph, name))
      for (const [index, page] of pages.entries()) {
        const isLast = index === pages.length - 1
        expect(page.complete).toBe(true)
        if (!isLast) expect(page.ids).toHaveLength(first)
        expect(page.pageInfo.hasPreviousPage).toBe(index > 0)
        // Of a list without a filter, the last row's cursor leads on.
        expect(page.pageInfo.hasNextPage).toBe(!isLast)
      }
    },
  )

  test.each([1, 4, 7])('come %i at a time from the end, in the same order', async last => {
    const graph = await graphForTest(FIVE)
    const pages = await pagesBackward(graph, name, last)
    expect(idsOf(pages.toReversed())).toEqual(rowIds(graph, name))
    for (const [index, page] of pages.entries()) {
      expect(page.pageInfo.hasNextPage).toBe(index > 0)
      expect(page.pageInfo.hasPreviousPage).toBe(index < pages.length - 1)
    }
  })

  test('are counted, and a page of all of them ends the list', async () => {
    const graph = await graphForTest(FIVE)
    const ids = rowIds(graph, name)
    const counted = await listPage(graph, name, { first: 1000, fields: 'totalCount' })
    expect(counted.totalCount).toBe(ids.length)
    expect(counted.ids).toEqual(ids)
    expect(counted.pageInfo).toMatchObject({ hasNextPage: false, hasPreviousPage: false })
  })
})

describe('a page', () => {
  let graph: Graph
  let ids: string[]
  beforeAll(async () => {
    graph = await createGraph(FIVE)
    ids = rowIds(graph, 'accounts')
  })
  afterAll(() => graph.close())

  test('has fifty rows where nobody says how many', async () => {
    expect((await listPage(graph, 'accounts')).ids).toEqual(ids.slice(0, 50))
  })

  test('asks for no page that it does not reach', async () => {
    const cold = await graphForTest(FIVE)
    expect((await listPage(cold, 'accounts', { first: 4 })).requests).toBe(1)
    expect((await listPage(cold, 'accounts', { first: 5 })).requests).toBe(0)
    expect((await listPage(cold, 'accounts', { first: 6 })).requests).toBe(1)
    expect((await listPage(cold, 'accounts', { first: 12 })).requests).toBe(1)
  })

  test('lies between two cursors, from either side', async () => {
    const { data } = await graph.run('{ accounts(first: 30) { edges { cursor } } }')
    const cursors = (data.accounts.edges as { cursor: string }[]).map(({ cursor }) => cursor)
    const [after, before] = [cursors[9] ?? '', cursors[20] ?? '']
    const forward = await listPage(graph, 'accounts', { first: 4, after, before })
    expect(forward.ids).toEqual(ids.slice(10, 14))
    expect(forward.pageInfo).toMatchObject({ hasNextPage: true, hasPreviousPage: true })
    const backward = await listPage(graph, 'accounts', { last: 4, after, before })
    expect(backward.ids).toEqual(ids.slice(16, 20))
    const all = await listPage(graph, 'accounts', { first: 100, after, before })
    expect(all.ids).toEqual(ids.slice(10, 20))
  })

  test('is empty after the last row, and says so', async () => {
    const all = await listPage(graph, 'accounts', { first: 1000 })
    const page = await listPage(graph, 'accounts', { first: 5, after: all.pageInfo.endCursor })
    expect(page).toMatchObject({
      ids: [],
      pageInfo: { hasNextPage: false, hasPreviousPage: true, startCursor: null, endCursor: null },
    })
  })

  test('of an empty collection is empty and complete', async () => {
    const bare = await graphForTest(FIVE)
    for (const id of rowIds(bare, 'apps')) bare.standIn.remove('apps', id)
    const page = await listPage(bare, 'apps', { fields: 'totalCount' })
    expect(page).toMatchObject({
      ids: [],
      totalCount: 0,
      complete: true,
      pageInfo: { hasNextPage: false, hasPreviousPage: false, startCursor: null, endCursor: null },
    })
    expect((await listPage(bare, 'apps', { last: 3 })).ids).toEqual([])
  })

  test('of a filter has all rows that pass, forwards and backwards', async () => {
    const more = 'filter: { mfaRegistered: { eq: true } }'
    const passing = graph.standIn.data.accounts
      .filter(({ mfaRegistered }) => mfaRegistered === true)
      .map(({ id }) => id)
    expect(passing.length).toBeGreaterThan(10)
    for (const size of [1, 3, 7]) {
      expect(idsOf(await pagesForward(graph, 'accounts', size, undefined, more))).toEqual(passing)
      const cold = await graphForTest(FIVE)
      expect(idsOf(await pagesForward(cold, 'accounts', size, undefined, more))).toEqual(passing)
      expect(idsOf((await pagesBackward(cold, 'accounts', size, more)).toReversed())).toEqual(
        passing,
      )
    }
  })

  test('of a sorted list goes on at the right row', async () => {
    const more = 'orderBy: [{ field: EMAIL }, { field: CREATED_AT, direction: DESC }]'
    const all = await listPage(graph, 'accounts', { first: 1000, more })
    expect(all.ids.toSorted()).toEqual(ids.toSorted())
    for (const size of [1, 7])
      expect(idsOf(await pagesForward(graph, 'accounts', size, undefined, more))).toEqual(all.ids)
    expect(idsOf((await pagesBackward(graph, 'accounts', 7, more)).toReversed())).toEqual(all.ids)
  })
})

describe('the list of a relation', () => {
  test('comes page by page, forwards and backwards, each row once', async () => {
    const graph = await graphForTest({ scale: 0.01 })
    const { accounts } = graph.standIn.data
    const owner = accounts[0]?.employeeId ?? ''
    const own = accounts.filter(({ employeeId }) => employeeId === owner).map(({ id }) => id)
    expect(own.length).toBeGreaterThan(7)
    const page = async (args: string) => {
      const { data, errors } = await graph.run(
        `{ employee(id: "${owner}") { accounts(${args}) { nodes { id } totalCount
           pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } } }`,
      )
      expect(errors).toEqual([])
      return data.employee.accounts as {
        nodes: { id: string }[]
        totalCount: number
        pageInfo: Awaited<ReturnType<typeof listPage>>['pageInfo']
      }
    }
    for (const [size, from, end] of [
      ['first', 'after', 'endCursor'],
      ['last', 'before', 'startCursor'],
    ] as const) {
      const seen: string[] = []
      let cursor: string | null = null
      let more = true
      while (more) {
        const at = cursor === null ? '' : `${from}: "${cursor}"`
        const found = await page(`${size}: 3 ${at}`)
        expect(found.totalCount).toBe(own.length)
        seen.push(...found.nodes.map(({ id }) => id))
        cursor = found.pageInfo[end]
        more = size === 'first' ? found.pageInfo.hasNextPage : found.pageInfo.hasPreviousPage
      }
      expect(seen.length).toBe(own.length)
      expect(seen.toSorted()).toEqual(own.toSorted())
    }
  })

  test('is empty where the parent names nothing', async () => {
    const graph = await graphForTest({ scale: 0.01 })
    const bare = graph.standIn.data.accounts.find(({ passwordId }) => passwordId === null)
    const { data, errors } = await graph.run(
      `{ account(id: "${bare?.id ?? ''}") { passwordPeers { nodes { id } totalCount complete } } }`,
    )
    expect(errors).toEqual([])
    expect(data.account.passwordPeers).toEqual({ nodes: [], totalCount: 0, complete: true })
  })
})

describe('what cannot be asked', () => {
  let graph: Graph
  beforeAll(async () => {
    graph = await createGraph({ scale: 0.01 })
  })
  afterAll(() => graph.close())

  const cursorOf = async (list: string): Promise<string> =>
    (
      (await graph.run(`{ list: ${list} { edges { cursor } } }`)).data.list.edges as {
        cursor: string
      }[]
    )[0]?.cursor ?? ''

  const forged = (list: string, ...place: readonly unknown[]): string =>
    Buffer.from(JSON.stringify([list, ...place])).toString('base64url')

  test.each([
    ['first: -1', 'first'],
    ['first: 1001', 'first'],
    ['first: 100000', 'first'],
    ['last: -1', 'last'],
    ['last: 1001', 'last'],
    ['first: 5, last: 5', 'last'],
    ['after: "x"', 'after'],
    ['after: ""', 'after'],
    ['after: "bm90IGEgY3Vyc29y"', 'after'],
    ['before: "W10"', 'before'],
    ['connectors: ["elsewhere"]', 'connector'],
  ])('%s', async (args, named) => {
    const { data, errors, requests } = await graph.run(
      `{ accounts(${args}) { nodes { id } } apps(first: 1) { nodes { id } } }`,
    )
    expect(errors).toEqual([
      {
        code: 'BAD_USER_INPUT',
        at: expect.stringContaining(named) as string,
        path: ['accounts'],
        message: expect.stringContaining(`"${named}`) as string,
      },
    ])
    expect(data.accounts).toBeNull()
    expect(data.apps.nodes).toHaveLength(1)
    // Whatever it is, it is refused before Push is asked for it.
    expect(requests).toBeLessThanOrEqual(1)
  })

  test.each([
    ['of another collection', 'apps(first: 1)'],
    ['of the same list with a filter', 'accounts(first: 1, filter: { appType: { ne: "x" } })'],
    ['of the same list in an order', 'accounts(first: 1, orderBy: [{ field: EMAIL }])'],
  ])('a cursor %s', async (_what, list) => {
    const after = await cursorOf(list)
    expect(after).not.toBe('')
    const { data, errors } = await graph.run(`{ accounts(after: "${after}") { nodes { id } } }`)
    expect(errors).toMatchObject([{ code: 'BAD_USER_INPUT', path: ['accounts'] }])
    expect(errors[0]?.message).toContain('another list')
    expect(data.accounts).toBeNull()
  })

  test("a cursor of another parent's list", async () => {
    const [a, b] = graph.standIn.data.employees
    const list = (id: string, args: string): string =>
      `{ employee(id: "${id}") { accounts(${args}) { edges { cursor } } } }`
    const { data } = await graph.run(list(a?.id ?? '', 'first: 1'))
    const after = data.employee.accounts.edges[0].cursor as string
    const { errors } = await graph.run(list(b?.id ?? '', `after: "${after}"`))
    expect(errors).toMatchObject([{ code: 'BAD_USER_INPUT', path: ['employee', 'accounts'] }])
  })

  test.each([
    ['with keys of other types', 'k', 'default', 'x', { not: 'a key' }],
    ['with too few keys', 'k', 'default', 'x'],
    ['with too many keys', 'k', 'default', 'x', 'a', 'b', 'c'],
    ['with a number where a text is sorted by', 'k', 'default', 'x', 5, 'x'],
    ['with a text where a number is sorted by', 'k', 'default', 'x', 'x', 'x'],
    ['with a truth value where a text is sorted by', 'k', 'default', 'x', true, true],
    ['of the other kind', 'w', 'default', 'x', 'epoch', 3, 'token', 0],
    ['without anything', 'k'],
    ['for a connector that is not there', 'w', 'elsewhere', 'x', 'epoch', 3, 'token', 0],
    ['for a token that Push does not know', 'w', 'default', 'x', 'epoch', 3, 'token', 0],
    ['for an offset behind the end', 'w', 'default', 'x', 'epoch', 3, 100_000, 0],
    ['for a negative position', 'w', 'default', 'x', 'epoch', -3, 'token', 0],
    ['for a position beyond all', 'w', 'default', 'x', 'epoch', 1e15, 'token', 0],
    ['for a row beyond its page', 'w', 'default', 'x', 'epoch', 3, 0, 1e15],
  ])('a cursor made up %s breaks nothing', async (_what, ...place) => {
    for (const order of ['', 'orderBy: [{ field: EMAIL }, { field: CREATED_AT }]']) {
      const own = await cursorOf(`accounts(first: 1 ${order})`)
      const [list] = JSON.parse(Buffer.from(own, 'base64url').toString()) as [string]
      for (const side of ['after', 'last: 3, before']) {
        const { errors } = await graph.run(
          `{ accounts(${order} ${side}: "${forged(list, ...place)}") { nodes { id } } }`,
        )
        expect(errors.map(({ code }) => code).filter(code => code !== 'BAD_USER_INPUT')).toEqual([])
      }
    }
  })

  test.each([
    ['employee(id: "x", email: "y")', 'employee'],
    ['employee', 'employee'],
    ['app', 'app'],
    ['app(id: null, type: null)', 'app'],
    ['account(id: "x", connector: "elsewhere")', 'account'],
  ])('%s', async (field, path) => {
    const { errors, requests } = await graph.run(`{ ${field} { id } }`)
    expect(errors).toMatchObject([{ code: 'BAD_USER_INPUT', path: [path] }])
    expect(requests).toBe(0)
  })
})
