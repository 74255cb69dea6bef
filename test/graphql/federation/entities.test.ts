import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { BadInputError, RateLimitedError } from '../../../src/errors.ts'
import type { PushData } from '../../../src/demo/tenant/objects.ts'
import { collectionNames, collections } from '../../../src/model/collections.ts'
import { createGraph, type Graph, graphForTest } from '../../support/graph.ts'
import { graphOnOwnTime } from '../../support/own-time.ts'
import { startStandIn } from '../../support/stand-in.ts'
import { hastyTurns } from '../../support/work.ts'

const ask = `query ($representations: [_Any!]!) { _entities(representations: $representations) {
  __typename
  ... on Employee { id email connectorAlias }
  ... on Account { id }
  ... on App { id }
  ... on Browser { id }
  ... on BrowserExtension { id }
  ... on Finding { id }
  ... on Detection { id }
} }`

interface Representation {
  readonly __typename: string
  readonly id?: unknown
  readonly email?: unknown
  readonly connectorAlias?: unknown
}

const run = (graph: Graph, representations: readonly unknown[]) =>
  graph.run(ask, { representations })

describe('one tenant', () => {
  let graph: Graph
  let data: PushData
  beforeAll(async () => {
    graph = await createGraph()
    data = graph.standIn.data
  })
  afterAll(() => graph.close())

  test.each(collectionNames.map(name => [collections[name].type, name] as const))(
    'gives each %s by its id',
    async (__typename, name) => {
      const ids = data[name].slice(0, 5).map(({ id }) => id)
      const { data: answer, errors } = await run(
        graph,
        ids.map(id => ({ __typename, id })),
      )
      expect(errors).toEqual([])
      expect(answer._entities).toMatchObject(ids.map(id => ({ __typename, id })))
    },
  )

  test('gives an employee by e-mail address in any letter case, in that connector or in any', async () => {
    const [a, b, c] = data.employees
    const { data: answer, errors } = await run(graph, [
      { __typename: 'Employee', email: a?.email.toUpperCase() },
      { __typename: 'Employee', email: b?.email, connectorAlias: 'default' },
      { __typename: 'Employee', email: c?.email, connectorAlias: 'elsewhere' },
      { __typename: 'Employee', id: c?.id, email: 'not.looked@at' },
    ])
    expect(errors).toEqual([])
    expect(answer._entities).toEqual([
      { __typename: 'Employee', id: a?.id, email: a?.email, connectorAlias: 'default' },
      { __typename: 'Employee', id: b?.id, email: b?.email, connectorAlias: 'default' },
      null,
      { __typename: 'Employee', id: c?.id, email: c?.email, connectorAlias: 'default' },
    ])
  })

  test('gives null for a key that nobody has, and for that alone', async () => {
    const id = data.apps[0]?.id
    const { data: answer, errors } = await run(graph, [
      { __typename: 'App', id: 'nobody' },
      { __typename: 'App', id },
      { __typename: 'Employee', email: 'nobody@nowhere.example' },
    ])
    expect(errors).toEqual([])
    expect(answer._entities).toEqual([null, { __typename: 'App', id }, null])
  })

  test.each([
    ['no object', 7, 'representations.0'],
    ['null members alone', { __typename: 'App', id: null }, 'representations.0.id'],
    ['no type', { id: 'x' }, 'representations.0.__typename'],
    [
      'a type that is no entity',
      { __typename: 'PageInfo', id: 'x' },
      'representations.0.__typename',
    ],
    ['an employee without a key', { __typename: 'Employee' }, 'representations.0.id'],
    ['an app by e-mail', { __typename: 'App', email: 'a@b.c' }, 'representations.0.id'],
    ['an id that is no text', { __typename: 'App', id: {} }, 'representations.0.id'],
    ['an empty id', { __typename: 'App', id: '' }, 'representations.0.id'],
    [
      'a number that JSON cannot hold exactly',
      { __typename: 'App', id: 2 ** 53 },
      'representations.0.id',
    ],
    ['an address that is no text', { __typename: 'Employee', email: 5 }, 'representations.0.email'],
    [
      'a connector that is no text',
      { __typename: 'Employee', email: 'a@b.c', connectorAlias: 1 },
      'representations.0.connectorAlias',
    ],
  ])('refuses %s in its place, and answers the others', async (_why, representation, at) => {
    const id = data.apps[0]?.id
    const { data: answer, errors } = await run(graph, [representation, { __typename: 'App', id }])
    expect(answer._entities).toEqual([null, { __typename: 'App', id }])
    expect(errors).toMatchObject([{ path: ['_entities', 0], code: 'BAD_USER_INPUT', at }])
  })

  test('takes a number for an id, as GraphQL does', async () => {
    const { data: answer, errors } = await run(graph, [{ __typename: 'App', id: 5 }])
    expect({ answer, errors }).toEqual({ answer: { _entities: [null] }, errors: [] })
  })
})

describe('two connectors over the same tenant', () => {
  let graph: Graph
  beforeAll(async () => {
    const standIn = await startStandIn()
    graph = await createGraph({ over: [standIn, standIn], others: ['second'] })
  })
  afterAll(async () => {
    await graph.close()
    await graph.standIn.close()
  })

  test('have no object by a bare key, and the error names both', async () => {
    const employee = graph.standIn.data.employees[0]
    const { data, errors } = await run(graph, [
      { __typename: 'Employee', id: employee?.id },
      { __typename: 'Employee', email: employee?.email },
      { __typename: 'Employee', email: employee?.email, connectorAlias: 'second' },
    ])
    expect(data._entities).toMatchObject([null, null, { connectorAlias: 'second' }])
    expect(errors).toHaveLength(2)
    for (const { message, code } of errors) {
      expect(code).toBe('BAD_USER_INPUT')
      expect(message).toContain('default, second')
    }
  })
})

describe('what it costs', () => {
  const mixed = ({ employees, accounts, apps }: PushData, size: number): Representation[] =>
    employees.slice(0, size).flatMap(({ id, email }, index): Representation[] => [
      { __typename: 'Employee', id },
      { __typename: 'Employee', email: email.toUpperCase() },
      { __typename: 'Account', id: accounts[index * 12]?.id },
      { __typename: 'App', id: apps[index % apps.length]?.id },
    ])

  test('a thousand of three types: each type read once, by the cheapest access path', async () => {
    const graph = await graphForTest({ scale: 0.25 })
    const { data } = graph.standIn
    // Sizes are known, rows are not.
    for (const name of collectionNames) await graph.run(`{ ${name} { totalCount } }`)
    const representations = mixed(data, 250)
    expect(representations).toHaveLength(1_000)
    const cold = await graph.run(ask, { representations }, { maxAgeMs: 0, staleMs: 0 })
    expect(cold.errors).toEqual([])
    expect(cold.data._entities).toMatchObject(
      representations.map(({ __typename, id }) =>
        id === undefined ? { __typename } : { __typename, id },
      ),
    )
    const whole = await graph.run(
      '{ employees { totalCount } accounts { totalCount } apps { totalCount } }',
      {},
      { maxAgeMs: 0, staleMs: 0 },
    )
    expect(cold.requests).toBe(whole.requests)
    expect((await graph.run(ask, { representations })).requests).toBe(0)
  })

  test('a few: one request each, the same as a list of them', async () => {
    const asked = async (query: string, variables: Record<string, unknown>): Promise<number> => {
      const graph = await graphForTest({ scale: 2 })
      for (const name of collectionNames) await graph.run(`{ ${name} { totalCount } }`)
      const { requests } = await graph.run(query, variables, { maxAgeMs: 0, staleMs: 0 })
      return requests
    }
    const { data } = (await graphForTest({ scale: 2 })).standIn
    const ids = data.accounts.slice(7, 10).map(({ id }) => id)
    const emails = data.employees.slice(7, 10).map(({ email }) => email)
    expect(
      await asked(ask, { representations: ids.map(id => ({ __typename: 'Account', id })) }),
    ).toBe(3)
    expect(
      await asked(ask, {
        representations: emails.map(email => ({ __typename: 'Employee', email })),
      }),
    ).toBe(
      await asked(
        'query ($in: [String!]) { employees(filter: { email: { in: $in } }) { nodes { id } } }',
        {
          in: emails,
        },
      ),
    )
  })

  test('what is asked below an entity is foreseen: its rows are not read one by one', async () => {
    const graph = await graphForTest({ scale: 0.25 })
    const { data } = graph.standIn
    const representations = data.accounts
      .filter((_row, index) => index % 30 === 0)
      .map(({ id }) => ({ __typename: 'Account', id }))
    for (const name of collectionNames) await graph.run(`{ ${name} { totalCount } }`)
    const { requests, errors } = await graph.run(
      `query ($representations: [_Any!]!) { _entities(representations: $representations) {
        ... on Account { employee { id } } ... on App { accounts { nodes { id } } } } }`,
      { representations },
      { maxAgeMs: 0, staleMs: 0 },
    )
    expect(errors).toEqual([])
    const whole = await graph.run(
      '{ employees { totalCount } accounts { totalCount } }',
      {},
      { maxAgeMs: 0, staleMs: 0 },
    )
    expect(requests).toBe(whole.requests)
  })
})

describe('thousands at once', () => {
  test('are answered in many turns as in one', async () => {
    const graph = await graphForTest()
    const { accounts } = graph.standIn.data
    const representations = Array.from({ length: 2_000 }, (_, index) =>
      index % 100 === 7
        ? { __typename: 'Nothing' }
        : { __typename: 'Account', id: accounts[index % 50]?.id },
    )
    await graph.run('{ accounts { totalCount } }')
    const once = await run(graph, representations)
    expect(once.errors).toHaveLength(20)
    const turns = hastyTurns(0.1)
    const { data, errors } = await graph.run(ask, { representations }, { work: { turns } })
    expect(data).toEqual(once.data)
    // Those that come up in later turns may come first.
    expect(new Set(errors)).toEqual(new Set(once.errors))
    expect(turns.number).toBeGreaterThan(20)
  })

  test('tell as many errors as one answer does, the last of which counts the rest', async () => {
    const graph = await graphForTest()
    const bad = (count: number) =>
      run(
        graph,
        Array.from({ length: count }, () => ({ __typename: 'Nothing' })),
      )
    const most = await bad(500)
    expect(most.errors).toHaveLength(500)
    for (const error of most.errors) expect(error).toMatchObject({ code: 'BAD_USER_INPUT' })
    const more = await bad(501)
    expect(more.data._entities).toHaveLength(501)
    expect(more.errors).toHaveLength(500)
    expect(more.errors[498]).toMatchObject({ code: 'BAD_USER_INPUT' })
    expect(more.errors[499]).toMatchObject({
      code: 'BUDGET_EXCEEDED',
      message: expect.stringContaining('501 errors') as unknown,
    })
  })
})

test('a mistake of the caller has no trace, which takes far longer than to tell it', () => {
  expect(new BadInputError('it is wrong').stack).not.toMatch(/\n +at /)
  expect(new RateLimitedError('it is too much').stack).not.toMatch(/\n +at /)
  expect(new Error('a bug').stack).toMatch(/\n +at /)
})

test('where Push fails, each that needed it is an error, and the others stand', async () => {
  const graph = await graphOnOwnTime()
  const { apps, accounts } = graph.standIn.data
  graph.standIn.set({
    faults: ({ route }) => (route.startsWith('/apps') ? { kind: 'error503' } : undefined),
  })
  const representations = [
    { __typename: 'App', id: apps[0]?.id },
    { __typename: 'Account', id: accounts[0]?.id },
  ]
  const { data, errors } = await graph.run(ask, { representations }, { maxWaitMs: 500 })
  expect(data._entities).toMatchObject([null, { id: accounts[0]?.id }])
  expect(errors).toMatchObject([{ path: ['_entities', 0], code: 'UPSTREAM_UNAVAILABLE' }])
})
