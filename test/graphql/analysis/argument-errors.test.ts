import { expect, describe, test } from 'vitest'
import { BadInputError } from '../../../src/errors.ts'
import { withoutRefused } from '../../../src/graphql/analysis/argument-errors.ts'
import type { Need } from '../../../src/loaders/loaders.ts'
import { type Graph, graphForTest } from '../../support/graph.ts'

/** Fields that would each be read ahead if they could be asked, with the argument that is wrong. */
const wrong: readonly (readonly [field: string, at: string])[] = [
  [
    'employees(filter: { createdAt: { within: "a week" } }) { totalCount }',
    'filter.createdAt.within',
  ],
  [
    'employees(filter: { id: { eq: null } }) { groups(by: [DEPARTMENT]) { count } }',
    'filter.id.eq',
  ],
  ['employees(first: 1001) { totalCount }', 'first'],
  ['employees(first: -1) { totalCount }', 'first'],
  ['employees(last: -1) { nodes { id } }', 'last'],
  ['employees(first: 1, last: 1) { totalCount }', 'last'],
  ['employees(before: "garbage") { nodes { id } }', 'before'],
  ['employees(connectors: ["default", "elsewhere"]) { totalCount }', 'connectors'],
  ['employees { groups(by: []) { count } }', 'by'],
  ['employees { groups(by: [ID], orderBy: [{ by: TIME }]) { count } }', 'orderBy[0].by'],
  ['employees { groups(by: [ID], having: { eq: null }) { count } }', 'having.eq'],
  ['employees { groupCount(by: []) }', 'by'],
  ['employee(id: "a", email: "b@c.d") { accounts { nodes { app { id } } } }', 'id'],
  ['employee(email: "b@c.d", connector: "elsewhere") { id }', 'connector'],
  ['app(id: "a", type: "SLACK") { accounts { nodes { employee { id } } } }', 'id'],
  [
    'search(value: "a@b.c", first: -1) { nodes { id ... on Employee { accounts { nodes { app { id } } } } } }',
    'first',
  ],
  ['ocsfEvents(first: -1) { nodes { time } }', 'first'],
  [
    'ocsfEvents(filter: { accounts: { id: { eq: null } } }) { nodes { time } }',
    'filter.accounts.id.eq',
  ],
  ['events(first: -1) { nodes { employee { accounts { nodes { app { id } } } } } }', 'first'],
  ['events(filter: { id: { eq: null } }) { nodes { employee { id } } }', 'filter.id.eq'],
]

/** The same, where the rest of the field can be asked. */
const wrongInPart: typeof wrong = [
  ['employees { totalCount groups(by: [DEPARTMENT], first: 0) { count } }', 'first'],
  ['employees { groups(by: [ID]) { share(where: { id: { eq: null } }) } }', 'where.id.eq'],
]

/** What Push was asked for. Whatever was sent has arrived by the time that a later request is answered. */
const routes = async (graph: Graph): Promise<readonly string[]> => {
  await graph.run('{ browsers { totalCount } }')
  return Object.keys(graph.standIn.statistics().byRoute).sort()
}

describe('what cannot be asked', () => {
  test.each(wrong)('is refused before Push is asked for anything: %s', async (field, at) => {
    const graph = await graphForTest({ scale: 0.05 })
    const answer = await graph.run(`{ ${field} }`)
    expect(answer.errors).toMatchObject([{ code: 'BAD_USER_INPUT', at }])
    expect(await routes(graph)).toEqual(['GET /browsers'])
  })

  test.each([...wrong, ...wrongInPart])('has no plan, but the error: %s', async (field, at) => {
    const graph = await graphForTest({ scale: 0.05 })
    const answer = await graph.run(`{ ${field} }`, {}, { plan: 'only' })
    const [name] = field.split(/\W/, 1)
    expect(answer.errors).toEqual([
      expect.objectContaining({ code: 'BAD_USER_INPUT', at, path: [name] }),
    ])
    expect(answer.cost).not.toHaveProperty('plan')
    expect(answer.requests).toBe(0)
  })

  test.each([
    ['apps(first: 1) { nodes { accounts(first: 1001) { nodes { id } } } }', 'first', 'accounts'],
    [
      'apps(first: 1) { nodes { accounts(orderBy: [{ field: ID }], filter: { id: { in: null } }) { nodes { id } } } }',
      'filter.id.in',
      'accounts',
    ],
    [
      'apps(first: 1) { nodes { history(filter: { id: { in: null } }) { nodes { id } } } }',
      'filter.id.in',
      'history',
    ],
    ['apps(first: 1) { nodes { accounts { groups(by: []) { count } } } }', 'by', 'accounts'],
    ['apps(first: 1) { nodes { timeline(first: -1) { nodes { kind } } } }', 'first', 'timeline'],
  ])('has no plan below another list either: %s', async (field, at, name) => {
    const graph = await graphForTest({ scale: 0.05 })
    const answer = await graph.run(`{ ${field} }`, {}, { plan: 'only' })
    expect(answer.errors).toEqual([
      expect.objectContaining({ code: 'BAD_USER_INPUT', at, path: ['apps', 'nodes', name] }),
    ])
    expect(answer.cost).not.toHaveProperty('plan')
  })

  test('is not read ahead below another list either, whose own rows stand', async () => {
    const graph = await graphForTest({ scale: 0.05 })
    const answer = await graph.run(
      '{ apps { totalCount nodes { accounts(first: 1001) { nodes { id } } } } }',
    )
    expect(answer.data.apps.totalCount).toBe(graph.standIn.data.apps.length)
    expect(await routes(graph)).toEqual(['GET /apps', 'GET /browsers'])
    expect(answer.errors.length).toBeGreaterThan(0)
  })

  test('leaves what else is asked as it is', async () => {
    const graph = await graphForTest({ scale: 0.05 })
    const answer = await graph.run('{ employees(first: -1) { totalCount } apps { totalCount } }')
    expect(answer.errors).toMatchObject([{ path: ['employees'], at: 'first' }])
    expect(answer.data.apps.totalCount).toBe(graph.standIn.data.apps.length)
    expect(await routes(graph)).toEqual(['GET /apps', 'GET /browsers'])
  })
})

describe('where only the plan is wanted', () => {
  test.each([
    ['query ($n: Int) { employees(first: $n) { totalCount } }', { n: 'many' }],
    ['query ($n: Int!) { employees(first: $n) { totalCount } }', {}],
  ])('variables that do not fit are told instead: %s', async (query, variables) => {
    const graph = await graphForTest({ scale: 0.05 })
    const answer = await graph.run(query, variables, { plan: 'only' })
    expect(answer.errors).toMatchObject([{ code: 'BAD_USER_INPUT' }])
    expect(answer.cost).not.toHaveProperty('plan')
    expect(answer.requests).toBe(0)
  })

  test('a question that can be answered has its plan, and nothing is read', async () => {
    const graph = await graphForTest({ scale: 0.05 })
    const answer = await graph.run(
      '{ employees(first: 1) { totalCount nodes { accounts(first: 2, after: "x") { nodes { id } } } } }',
      {},
      { plan: 'only' },
    )
    expect(answer.errors).toEqual([])
    expect(answer.cost.plan?.connections.map(({ path }) => path)).toEqual([
      'employees',
      'employees.nodes.accounts',
    ])
    expect(answer.requests).toBe(0)
  })
})

describe('what is read without refused fields', () => {
  const needOf = (path: string, then: readonly Need[] = []): Need => ({
    ...{ kind: 'list', collection: 'accounts', first: 1, whole: false },
    ...{ path, then },
  })
  const error = new BadInputError('no', 'first')
  const pathsOf = (needs: readonly { path: string; then: readonly unknown[] }[]): unknown =>
    needs.map(({ path, then }) => [path, pathsOf(then as typeof needs)])

  test('is what stands beside them, whatever it is called', () => {
    const needs = [
      needOf('a', [needOf('a.nodes.b', [needOf('a.nodes.b.nodes.c')]), needOf('a.nodes.bc')]),
      needOf('ab'),
      needOf('d', [needOf('d.nodes.e')]),
    ]
    const errors = ['a.nodes.b', 'd'].map(path => ({ path, error }))
    expect(pathsOf(withoutRefused(needs, errors))).toEqual([
      ['a', [['a.nodes.bc', []]]],
      ['ab', []],
    ])
  })

  test('is found in as many steps as there are of both, not of the one for each of the other', () => {
    let looks = 0
    const errors = Array.from({ length: 500 }, (_, index) => ({
      error,
      get path() {
        looks += 1
        return `refused${index}`
      },
    }))
    const needs = Array.from({ length: 500 }, (_, index) => needOf(`a${index}`))
    expect(withoutRefused(needs, errors)).toHaveLength(500)
    expect(looks).toBe(500)
  })
})
