/** `first: 0` and `last: 0`: what is counted is counted, and no row is read. */
import { describe, expect, test } from 'vitest'
import { graphForTest } from '../../support/graph.ts'

const PAGE =
  'nodes { id } edges { cursor } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } complete'

const empty = (hasNextPage: boolean, hasPreviousPage: boolean) => ({
  nodes: [],
  edges: [],
  pageInfo: { hasNextPage, hasPreviousPage, startCursor: null, endCursor: null },
  complete: true,
})

const lists = [
  'employees',
  'accounts(filter: { app: { type: { eq: "SLACK" } } }, ARGS)',
  'apps(orderBy: [{ field: NAME, direction: ASC }], ARGS)',
  'browsers',
  'browserExtensions',
  'findings(filter: { employee: { department: { eq: "Legal" } } }, ARGS)',
  'detections',
  'events',
  'otherAccounts',
  'otherApps',
  'changes',
]

const ask = (list: string, args: string): string =>
  list.includes('ARGS') ? list.replace('ARGS', args) : `${list}(${args})`

describe('a page of no row', () => {
  test.each(lists)('reads nothing of %s, at either end', async list => {
    const graph = await graphForTest({ scale: 0.02 })
    for (const [args, page] of [
      ['first: 0', empty(true, false)],
      ['last: 0', empty(false, true)],
    ] as const) {
      const { data, errors, requests, cost } = await graph.run(
        `{ list: ${ask(list, args)} { ${PAGE} } }`,
      )
      expect(errors).toEqual([])
      expect(data.list).toEqual(page)
      expect([requests, cost.requests, cost.complete]).toEqual([0, 0, true])
    }
  })

  test('nor of what is searched for', async () => {
    const graph = await graphForTest({ scale: 0.02 })
    const { data, errors, requests } = await graph.run(
      `{ search(value: "nobody@example.com", first: 0) { ${PAGE.replaceAll('{ id }', '{ __typename }')} } }`,
    )
    expect(errors).toEqual([])
    expect(data.search).toEqual(empty(true, false))
    expect(requests).toBe(0)
    const counted = await graph.run(
      '{ search(value: "nobody@example.com", first: 0) { totalCount } }',
    )
    expect(counted.requests).toBeGreaterThan(0)
  })

  test('nor of the events of OCSF', async () => {
    const graph = await graphForTest({ scale: 0.02 })
    const { data, requests } = await graph.run(
      `{ ocsfEvents(first: 0) { ${PAGE.replaceAll('{ id }', '{ time }')} } }`,
    )
    expect(data.ocsfEvents).toEqual(empty(true, false))
    expect(requests).toBe(0)
  })

  test('has the count and the groups of the whole beside it', async () => {
    const graph = await graphForTest({ scale: 0.02 })
    const counted = 'totalCount groups(by: [DEPARTMENT]) { keys count }'
    const whole = await graph.run(`{ employees { ${counted} } }`)
    for (const args of ['first: 0', 'last: 0']) {
      const { data, errors } = await graph.run(`{ employees(${args}) { ${counted} ${PAGE} } }`)
      expect(errors).toEqual([])
      expect(data.employees).toMatchObject({ ...whole.data.employees, nodes: [] })
    }
  })

  test('does not say that all is there where what is counted beside it cannot be read', async () => {
    const graph = await graphForTest({ scale: 0.02 })
    graph.standIn.set({ faultRate: 1, faultKinds: ['error500'] })
    for (const fields of ['complete totalCount', 'totalCount complete']) {
      const { data } = await graph.run(
        `{ employees(first: 0) { ${fields} } }`,
        {},
        { maxWaitMs: 500 },
      )
      expect(data.employees).toEqual({ complete: false, totalCount: null })
    }
  })

  test('below objects has their counts, and reads no row for what is not counted', async () => {
    const graph = await graphForTest({ scale: 0.02 })
    const query = (inner: string) => `{ employees(first: 3) { nodes { id ${inner} } } }`
    const plain = await graph.run(query(''))
    const none = await graph.run(query('accounts(first: 0) { nodes { app { name } } }'))
    expect(none.data.employees.nodes[0].accounts).toEqual({ nodes: [] })
    expect(none.requests).toBe(0)
    expect(plain.requests).toBeGreaterThan(0)
    const counts = await graph.run(query('accounts(last: 0) { totalCount nodes { id } }'))
    const full = await graph.run(query('accounts(first: 1000) { totalCount }'))
    for (const [index, { accounts }] of counts.data.employees.nodes.entries())
      expect(accounts).toEqual({ ...full.data.employees.nodes[index].accounts, nodes: [] })
  })

  test('of a search has its count', async () => {
    const graph = await graphForTest({ scale: 0.02 })
    const value = graph.standIn.data.employees[0]?.email
    const search = (first: number) =>
      graph.run(
        `query ($value: String!) { search(value: $value, first: ${first}) { totalCount nodes { __typename } } }`,
        { value },
      )
    const [some, none] = [await search(5), await search(0)]
    expect(some.data.search.totalCount).toBeGreaterThan(0)
    expect(none.data.search).toEqual({ ...some.data.search, nodes: [] })
  })

  test('is refused where its other arguments are', async () => {
    const graph = await graphForTest({ scale: 0.02 })
    const refused = async (args: string) => {
      const { errors } = await graph.run(`{ employees(${args}) { nodes { id } } }`)
      expect(errors).toMatchObject([{ code: 'BAD_USER_INPUT' }])
    }
    await refused('first: -1')
    await refused('last: -1')
    await refused('first: 0, last: 0')
    await refused('first: 0, after: "garbage"')
    await refused('first: 0, filter: { email: { eq: null } }')
  })
})
