import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { systemClock } from '../../../src/model/clock.ts'
import type { StandIn, Switches } from '../../../src/demo/stand-in.ts'
import { createFakeClock } from '../../support/clock.ts'
import { directoryForTest } from '../../support/directory.ts'
import { callAt } from '../../support/fake-client.ts'
import { type Graph, graphForTest } from '../../support/graph.ts'
import { idsOf, type Listed, listPage, pagesForward } from '../../support/list-pages.ts'

const SMALL = { scale: 0.02, switches: { maxPage: 20 } }

const rowIds = ({ data }: StandIn): string[] => data.accounts.map(({ id }) => id)

const insert = (standIn: StandIn, id: string, position: number): void => {
  const [row] = standIn.data.accounts
  if (row !== undefined) standIn.insert('accounts', { ...row, id }, position)
}

/** Every id once, and all of those. */
const expectEachOnce = (ids: readonly string[], atLeast: readonly string[]): void => {
  expect(new Set(ids).size).toBe(ids.length)
  expect(atLeast.filter(id => !ids.includes(id))).toEqual([])
}

describe('cursors survive', () => {
  test.each([
    ['a refresh in the same order', {}],
    ['a refresh in another order', { order: 'shuffled-per-scan' }],
    ['a refresh by offset pages', { order: 'stable' }],
  ] as const)('%s', async (_what, switches: Partial<Switches>) => {
    const clock = createFakeClock()
    const graph = await graphForTest({ ...SMALL, switches: { maxPage: 20, ...switches }, clock })
    const { standIn } = graph
    const before = rowIds(standIn)
    const gone = new Set([before[0], before[99], before[100], before[200]])
    let changed = false
    const pages = await pagesForward(graph, 'accounts', 7, async (_page, index) => {
      // Everything is too old for the next page, and read again.
      if (index % 10 === 5) await clock.advance(2_000_000)
      if (index !== 14) return
      changed = true
      for (const id of gone) standIn.remove('accounts', id ?? '')
      insert(standIn, 'new at the beginning', 0)
      insert(standIn, 'new in the middle', 120)
      insert(standIn, 'new at the end', 237)
    })
    expect(changed).toBe(true)
    const ids = idsOf(pages)
    expectEachOnce(
      ids,
      before.filter(id => !gone.has(id)),
    )
    // In another order, what is new may stand before what was given already.
    if (switches.order !== 'shuffled-per-scan')
      expect(ids).toEqual(expect.arrayContaining(['new in the middle', 'new at the end']))
    expect(ids.slice(105).filter(id => gone.has(id) && !ids.slice(0, 105).includes(id))).toEqual([])
  })

  test('the deletion of their own row', async () => {
    const clock = createFakeClock()
    const graph = await graphForTest({ ...SMALL, clock })
    const ids = rowIds(graph.standIn)
    const page = await listPage(graph, 'accounts', { first: 10 })
    graph.standIn.remove('accounts', ids[9] ?? '')
    await clock.advance(2_000_000)
    const next = await listPage(graph, 'accounts', { first: 10, after: page.pageInfo.endCursor })
    expect(next.ids).toEqual(ids.slice(10, 20))
    const whole = await listPage(graph, 'accounts', {
      last: 10,
      before: next.pageInfo.startCursor,
    })
    expect(whole.ids).toEqual(ids.slice(0, 9))
  })

  test('with a filter and in an order, too', async () => {
    for (const more of [
      'filter: { mfaRegistered: { eq: true } }',
      'orderBy: [{ field: EMAIL, direction: DESC }]',
    ]) {
      const clock = createFakeClock()
      const graph = await graphForTest({ ...SMALL, clock })
      const { standIn } = graph
      const all = idsOf(await pagesForward(graph, 'accounts', 1000, undefined, more))
      const gone = all[20] ?? ''
      const pages = await pagesForward(
        graph,
        'accounts',
        9,
        async (_page, index) => {
          if (index === 2) standIn.remove('accounts', gone)
          await clock.advance(1_000_000)
        },
        more,
      )
      expect(idsOf(pages).filter(id => id !== gone)).toEqual(all.filter(id => id !== gone))
    }
  })
})

describe('a page after a cursor', () => {
  test('costs no more upstream pages when time has passed since the one before', async () => {
    const clock = createFakeClock()
    const graph = await graphForTest({ ...SMALL, clock })
    const ids = rowIds(graph.standIn)
    const costs: number[] = []
    const pages = await pagesForward(graph, 'accounts', 20, async page => {
      costs.push(page.requests)
      await clock.advance(61_000)
    })
    expect(idsOf(pages)).toEqual(ids)
    // Twelve pages upstream, which overlap by a row: a page of twenty rows stands on three of them at most.
    for (const cost of costs) expect(cost).toBeLessThanOrEqual(3)
    expect(costs.reduce((sum, cost) => sum + cost, 0)).toBeLessThanOrEqual(36)
  })

  test('costs no more upstream pages when somebody else has begun the list anew', async () => {
    const clock = createFakeClock()
    const graph = await graphForTest({ ...SMALL, clock })
    const ids = rowIds(graph.standIn)
    const costs: number[] = []
    const pages = await pagesForward(graph, 'accounts', 20, async page => {
      costs.push(page.requests)
      await clock.advance(1_000_000)
      await listPage(graph, 'accounts', { first: 5 })
    })
    expect(idsOf(pages)).toEqual(ids)
    for (const cost of costs) expect(cost).toBeLessThanOrEqual(3)
  })
})

describe('a row that has gone', () => {
  test('does not make a list read more than it needs', async () => {
    const clock = createFakeClock()
    const graph = await graphForTest({ ...SMALL, clock })
    const ids = rowIds(graph.standIn)
    await graph.run('{ accounts { totalCount } }')
    for (const index of [2, 7]) graph.standIn.remove('accounts', ids[index] ?? '')
    await clock.advance(2_000_000)
    const page = await listPage(graph, 'accounts', { first: 10 })
    expect(page.ids).toEqual(rowIds(graph.standIn).slice(0, 10))
    // One page, a look for each row that did not come, and one to learn what a refusal means.
    expect(page.requests).toBeLessThanOrEqual(4)
  })
})

/** A second process over the same tenant, which knows nothing yet. */
const restart = (graph: Graph): Promise<Graph> => graphForTest({ over: graph.standIns })

describe('on a process that has read nothing, a cursor', () => {
  test.each([1, 7, 20, 33])('goes on at the right row for pages of %i', async first => {
    const graph = await graphForTest(SMALL)
    const ids = rowIds(graph.standIn)
    let after: string | null = null
    const seen: string[] = []
    do {
      const fresh = await restart(graph)
      const page: Listed = await listPage(fresh, 'accounts', { first, after })
      // One page upstream to go on, and those that the page itself takes, which overlap by a row.
      expect(page.requests).toBeLessThanOrEqual(1 + Math.ceil(first / 19))
      seen.push(...page.ids)
      after = page.pageInfo.hasNextPage ? page.pageInfo.endCursor : null
    } while (after !== null)
    expect(seen).toEqual(ids)
  })

  test('costs one upstream page at most', async () => {
    const graph = await graphForTest(SMALL)
    const ids = rowIds(graph.standIn)
    const { data } = await graph.run('{ accounts(first: 100) { edges { cursor node { id } } } }')
    for (const [index, { cursor }] of (data.accounts.edges as { cursor: string }[]).entries()) {
      if (index % 3 !== 0) continue
      const fresh = await restart(graph)
      const page = await listPage(fresh, 'accounts', { first: 1, after: cursor })
      expect(page.ids).toEqual(ids.slice(index + 1, index + 2))
      expect(page.requests).toBeLessThanOrEqual(index % 20 === 19 ? 2 : 1)
    }
  })

  /** The cursor of each account in a list that was read by offset pages, by row. */
  const readByOffset = async () => {
    const statePath = join(directoryForTest(), 'state')
    const options = { scale: 0.05, switches: { maxPage: 20 }, statePath }
    const first = await graphForTest(options)
    // The first process learns the size, and with its second scan that offsets work.
    const connector = first.store.connector('default')
    for (let n = 0; n < 2; n += 1)
      await connector?.scan('accounts', Infinity).until(() => false, callAt(systemClock), true)
    expect(connector?.facts().get('offset accounts')).toBe('works')
    const second = await graphForTest({ ...options, over: first.standIns })
    const { data } = await second.run(
      '{ accounts(first: 600) { edges { cursor node { id } } totalCount } }',
    )
    const edges = data.accounts.edges as { cursor: string; node: { id: string } }[]
    const offsets = edges.map(({ cursor }) => {
      const place = JSON.parse(Buffer.from(cursor, 'base64url').toString()) as unknown[]
      return typeof place[6] === 'number'
    })
    expect(offsets.filter(isOffset => isOffset).length).toBeGreaterThan(500)
    return { graph: first, edges, ids: rowIds(first.standIn) }
  }

  test('goes on at the right row of a list that was read by offset pages, for one upstream page', async () => {
    const { graph, edges, ids } = await readByOffset()
    for (const index of [0, 19, 20, 38, 39, 300, 301, 598]) {
      const page = await listPage(await restart(graph), 'accounts', {
        first: 5,
        after: edges[index]?.cursor ?? '',
      })
      expect(page.ids).toEqual(ids.slice(index + 1, index + 6))
      expect(page.requests).toBeLessThanOrEqual(2)
    }
  })

  test.each([
    ['inserted', 10],
    ['removed', 10],
    ['removed', 1],
  ] as const)(
    'goes on at the right row of offset pages when rows were %s before it (%i)',
    async (change, count) => {
      const { graph, edges, ids } = await readByOffset()
      for (let n = 0; n < count; n += 1)
        if (change === 'inserted') insert(graph.standIn, `new ${n}`, 5)
        else graph.standIn.remove('accounts', ids[5 + n] ?? '')
      for (const index of [20, 25, 38, 39, 40, 300]) {
        const page = await listPage(await restart(graph), 'accounts', {
          first: 5,
          after: edges[index]?.cursor ?? '',
        })
        expect(page.ids).toEqual(ids.slice(index + 1, index + 6))
        expect(page.requests).toBeLessThanOrEqual(4)
      }
    },
  )

  test('goes on behind its own row of an offset page when that has gone', async () => {
    const { graph, edges, ids } = await readByOffset()
    for (const index of [25, 39, 58]) {
      graph.standIn.remove('accounts', ids[index] ?? '')
      const page = await listPage(await restart(graph), 'accounts', {
        first: 5,
        after: edges[index]?.cursor ?? '',
      })
      expect(page.ids).toEqual(ids.slice(index + 1, index + 6))
    }
  })

  test('whose row and the row before it have both gone is refused, and nothing is lost or repeated in silence', async () => {
    const { graph, edges, ids } = await readByOffset()
    for (const index of [299, 300]) graph.standIn.remove('accounts', ids[index] ?? '')
    const { errors } = await (
      await restart(graph)
    ).run(`{ accounts(first: 5, after: "${edges[300]?.cursor ?? ''}") { nodes { id } } }`)
    expect(errors).toMatchObject([{ code: 'BAD_USER_INPUT' }])
  })

  test('goes on where the rows before it have moved a little', async () => {
    const graph = await graphForTest(SMALL)
    const ids = rowIds(graph.standIn)
    const { data } = await graph.run('{ accounts(first: 100) { edges { cursor node { id } } } }')
    const edges = data.accounts.edges as { cursor: string }[]
    insert(graph.standIn, 'new', 0)
    insert(graph.standIn, 'newer', 30)
    graph.standIn.remove('accounts', ids[21] ?? '')
    for (const index of [0, 18, 19, 20, 22, 45, 99]) {
      const fresh = await restart(graph)
      const page = await listPage(fresh, 'accounts', {
        first: 3,
        after: edges[index]?.cursor ?? '',
      })
      const left = [...ids.slice(0, 21), ...ids.slice(22)]
      const at = left.indexOf(ids[index] ?? '')
      expect(page.ids.filter(id => !id.startsWith('new'))).toEqual(
        left.slice(at + 1, at + 1 + page.ids.filter(id => !id.startsWith('new')).length),
      )
    }
  })

  test('goes on behind its own row when that has gone, also with others before it', async () => {
    const graph = await graphForTest(SMALL)
    const ids = rowIds(graph.standIn)
    const { data } = await graph.run('{ accounts(first: 100) { edges { cursor node { id } } } }')
    const edges = data.accounts.edges as { cursor: string }[]
    for (const index of [45, 41, 60]) graph.standIn.remove('accounts', ids[index] ?? '')
    const left = rowIds(graph.standIn)
    for (const index of [45, 41, 60]) {
      const fresh = await restart(graph)
      const page = await listPage(fresh, 'accounts', {
        first: 3,
        after: edges[index]?.cursor ?? '',
      })
      const next = ids.slice(index + 1).find(id => left.includes(id)) ?? ''
      expect(page.ids).toEqual(left.slice(left.indexOf(next), left.indexOf(next) + 3))
    }
  })

  test('whose row has gone goes on behind the row before it, also where all rows are known by now', async () => {
    const graph = await graphForTest(SMALL)
    const ids = rowIds(graph.standIn)
    const { data } = await graph.run('{ accounts(first: 100) { edges { cursor node { id } } } }')
    const edges = data.accounts.edges as { cursor: string }[]
    graph.standIn.remove('accounts', ids[45] ?? '')
    const fresh = await restart(graph)
    await fresh.run('{ accounts { totalCount } }')
    const after = edges[45]?.cursor ?? ''
    const page = await listPage(fresh, 'accounts', { first: 3, after })
    expect(page.ids).toEqual(ids.slice(46, 49))
    expect(page.requests).toBe(0)
    const before = await listPage(fresh, 'accounts', { last: 3, before: after })
    expect(before.ids).toEqual(ids.slice(42, 45))
  })

  test('goes on in a list with a filter, where the reading had stopped', async () => {
    const graph = await graphForTest(SMALL)
    const more = 'filter: { mfaRegistered: { eq: true } }'
    const all = idsOf(await pagesForward(graph, 'accounts', 1000, undefined, more))
    let after: string | null = null
    const seen: string[] = []
    do {
      const page: Listed = await listPage(await restart(graph), 'accounts', {
        first: 9,
        after,
        more,
      })
      seen.push(...page.ids)
      after = page.pageInfo.hasNextPage ? page.pageInfo.endCursor : null
    } while (after !== null)
    expect(seen).toEqual(all)
  })

  test('does not repeat rows for a token that leads back once', async () => {
    const graph = await graphForTest(SMALL)
    const ids = rowIds(graph.standIn)
    const { pageInfo } = await listPage(graph, 'accounts', { first: 30 })
    const fresh = await restart(graph)
    graph.standIn.reset()
    graph.standIn.set({
      faults: (_request, n) => (n === 1 ? { kind: 'repeatingToken' } : undefined),
    })
    const page = await listPage(fresh, 'accounts', { first: 60, after: pageInfo.endCursor })
    expect(page.ids).toEqual(ids.slice(30, 90))
  })

  test('ends in UPSTREAM_INVALID where the tokens go in circles', async () => {
    const graph = await graphForTest(SMALL)
    graph.standIn.set({ offset: 'refused' })
    const { pageInfo } = await listPage(graph, 'accounts', { first: 30 })
    const fresh = await restart(graph)
    graph.standIn.set({ faults: () => ({ kind: 'repeatingToken' }) })
    const { errors, requests } = await fresh.run(
      `{ accounts(first: 60, after: "${pageInfo.endCursor ?? ''}") { nodes { id } } }`,
    )
    expect(errors).toMatchObject([{ code: 'UPSTREAM_INVALID' }])
    expect(requests).toBeLessThan(10)
  })

  test('whose token Push no longer knows is found again by reading on to its row', async () => {
    const graph = await graphForTest(SMALL)
    graph.standIn.set({ offset: 'refused' })
    const ids = rowIds(graph.standIn)
    const { pageInfo } = await listPage(graph, 'accounts', { first: 30 })
    const fresh = await restart(graph)
    const [list, ...place] = JSON.parse(
      Buffer.from(pageInfo.endCursor ?? '', 'base64url').toString(),
    ) as unknown[]
    const token = place.findIndex(part => typeof part === 'string' && part.length > 60)
    expect(token).toBeGreaterThan(0)
    const expired = place.with(token, 'expired')
    const after = Buffer.from(JSON.stringify([list, ...expired])).toString('base64url')
    const page = await listPage(fresh, 'accounts', { first: 30, after })
    expect(page.ids).toEqual(ids.slice(30, 60))
  })

  test('reports rows that cannot be read', async () => {
    const graph = await graphForTest(SMALL)
    const { pageInfo } = await listPage(graph, 'accounts', { first: 5 })
    const fresh = await restart(graph)
    graph.standIn.set({ faults: () => ({ kind: 'wrongTypes' }) })
    const { data, cost } = await fresh.run(
      `{ accounts(first: 5, after: "${pageInfo.endCursor ?? ''}") { nodes { id } complete } }`,
    )
    expect(data.accounts.complete).toBe(false)
    expect(cost.complete).toBe(false)
    expect(cost.warnings).toMatchObject([{ code: 'UPSTREAM_INVALID', collection: 'accounts' }])
  })
})
