import fc from 'fast-check'
import { execute, type ExecutionResult, GraphQLError, parse } from 'graphql'
import { makeExecutableSchema } from '@graphql-tools/schema'
import { describe, expect, test } from 'vitest'
import { compileQuery } from '../../../src/graphql/compiled/compile-query.ts'
import { Bailout } from '../../../src/graphql/compiled/run.ts'
import { graphForTest } from '../../support/graph.ts'

const schema = makeExecutableSchema({
  typeDefs: /* GraphQL */ `
    enum Color {
      RED
      GREEN
    }
    scalar Moment
    interface Named {
      name: String
    }
    type Thing implements Named {
      name: String
      id: ID
      flag: Boolean
      count: Int
      share: Float
      color: Color
      at: Moment
      sure: String!
      thing: Thing
      things: [Thing]
      sureThings: [Thing!]
      rows: [[Int]]
      echo(text: String, list: [Int!], n: Int = 7): String
      anyone: Named
      path: String
    }
    type Query {
      thing: Thing
      things: [Thing!]!
    }
    type Mutation {
      thing: Thing
    }
  `,
  resolvers: {
    Color: { RED: 0, GREEN: 1 },
    Moment: {
      serialize: (value: unknown) => {
        if (typeof value !== 'number') throw new TypeError('no moment')
        return new Date(value).toISOString()
      },
    } as never,
    Named: { __resolveType: () => 'Thing' },
    Thing: {
      echo: (_thing: unknown, args: object) => JSON.stringify(args),
      path: (
        _thing: unknown,
        _args: unknown,
        _context: unknown,
        info: { path: { key: unknown } },
      ) => String(info.path.key),
    },
  },
})

const documents = [
  '{ thing { name id flag count share color at sure } }',
  '{ things { __typename a: name b: name thing { id thing { id name } } } }',
  '{ thing { ...part thing { ...part } things { ... on Thing { id } ... { flag } ... on Named { name } } } } fragment part on Thing { name rows ...more } fragment more on Named { name __typename }',
  '{ thing { things { id } } thing { things { name } sureThings { sure } } things { sure } }',
  'query ($t: String, $l: [Int!], $n: Int) { thing { echo x: echo(text: "a\\u2028\\"b", list: [1, 2]) y: echo(text: $t, list: $l, n: $n) } }',
]

const any = fc.oneof(
  fc.string(),
  fc.string({ unit: 'binary' }),
  fc.constantFrom('\ud800', '"', '\\', '\u2028', '\u0000', 'é😀'),
  fc.integer(),
  fc.double(),
  fc.boolean(),
  fc.constant(null),
  fc.constant(undefined),
  fc.constant(-0),
)
/** Values that mostly fit their fields. */
const field = (fitting: fc.Arbitrary<unknown>) =>
  fc.oneof(
    { weight: 30, arbitrary: fitting },
    { weight: 4, arbitrary: fc.constant(null) },
    { weight: 1, arbitrary: any },
    { weight: 1, arbitrary: fc.constant(new GraphQLError('told')) },
  )
const { thing: things } = fc.letrec<{ thing: unknown }>(tie => ({
  thing: fc.oneof(
    { maxDepth: 3 },
    fc.constant(new GraphQLError('told')),
    fc.constant(null),
    fc.record(
      {
        name: field(fc.string({ unit: 'binary' })),
        id: field(fc.oneof(fc.string(), fc.integer())),
        flag: field(fc.boolean()),
        count: field(fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 })),
        share: field(fc.double({ noNaN: true, noDefaultInfinity: true })),
        color: field(fc.constantFrom(0, 1)),
        at: field(fc.constantFrom(0, 1_700_000_000_000)),
        sure: field(fc.string()),
        thing: tie('thing'),
        things: fc.array(tie('thing'), { maxLength: 3 }),
        sureThings: fc.array(tie('thing'), { maxLength: 2 }),
        rows: field(
          fc.array(fc.oneof(fc.constant(null), fc.array(fc.integer({ max: 9, min: 0 })))),
        ),
      },
      { requiredKeys: [] },
    ),
  ),
}))

/**
 * Some members later, and some of those never; of a list all elements or none, since graphql-js lets promises fall where
 * an element beside them fails at once.
 */
const delayed = (value: unknown, when: () => number, waits: boolean): unknown => {
  if (Array.isArray(value))
    return value.map(item => later(delayed(item, when, waits), waits ? 8 : 0))
  if (typeof value !== 'object' || value === null || value instanceof Error) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [
      name,
      later(delayed(member, when, waits), when()),
    ]),
  )
}
const later = (value: unknown, chance: number): unknown => {
  if (chance < 8) return value
  if (chance === 8) return Promise.resolve(value)
  const never = Promise.reject(new Error('failed'))
  // Nobody may select it; whoever does and lets it fall fails the test.
  never.catch(() => undefined)
  return never
}

describe('an answer written as text', () => {
  test('is that of graphql-js, which answers whenever anything but values comes up', async () => {
    let written = 0
    await fc.assert(
      fc.asyncProperty(
        things,
        fc.array(fc.nat({ max: 7 }), { minLength: 20, maxLength: 20 }),
        fc.constantFrom(...documents),
        fc.boolean(),
        fc.boolean(),
        async (thing, chances, text, waits, fails) => {
          const makeRoot = (): { readonly thing: unknown; readonly things: unknown } => {
            let n = 0
            const when = (): number => {
              const chance = (chances[n++ % 20] ?? 0) + (waits ? 1 : 0)
              return chance === 8 && fails && n % 3 === 0 ? 9 : chance
            }
            const root = { thing, things: [thing, thing].filter(one => one !== null) }
            return delayed(root, when, waits) as typeof root
          }
          const document = parse(text)
          const variables = { t: 'é"', l: [3] }
          const expected: ExecutionResult = await execute({
            schema,
            document,
            rootValue: makeRoot(),
            variableValues: variables,
          })
          const writer = compileQuery(schema, document, null, { rootValue: makeRoot() })
          expect(writer).toBeDefined()
          const got = await attempt(async () => writer?.(undefined, variables))
          if (expected.errors === undefined) {
            written += 1
            expect(got).toBe(JSON.stringify(expected.data))
          } else if (!(got instanceof Bailout))
            expect((got as Error).message).toMatch(
              /^failed$|^no moment$|^Invalid time value$|cannot represent/,
            )
        },
      ),
      { numRuns: 1_500 },
    )
    expect(written).toBeGreaterThan(300)
  })

  const write = (text: string, variables = {}) => {
    const root = { thing: { name: 'a', thing: { name: 'b' } } }
    const writer = compileQuery(schema, parse(text), undefined, { rootValue: root })
    return writer && attempt(async () => writer(undefined, variables))
  }

  test.each([
    { what: 'with a directive', text: 'query ($b: Boolean!) { thing { name @skip(if: $b) } }' },
    { what: 'that is a mutation', text: 'mutation { thing { name } }' },
    { what: 'of several, none named', text: 'query A { thing { name } } query B { thing { id } }' },
    { what: 'about the schema', text: '{ __schema { queryType { name } } }' },
    { what: 'through an interface', text: '{ thing { anyone { name } } }' },
    {
      what: 'with too many fields',
      text: `{ thing { ...f0 } } ${Array.from({ length: 12 }, (_, n) => `fragment f${n} on Thing { a: thing { ...f${n + 1} } b: thing { ...f${n + 1} } }`).join(' ')} fragment f12 on Thing { name }`,
    },
  ])('is none for an operation $what', ({ text }) => {
    expect(write(text)).toBeUndefined()
  })

  test('is none where a field looks at its place, or a variable does not fit', async () => {
    expect(await write('{ thing { path } }')).toBeInstanceOf(Bailout)
    expect(await write('query ($n: Int) { thing { echo(n: $n) } }', { n: 'x' })).toBeInstanceOf(
      Bailout,
    )
    expect(await write('query ($n: Int) { thing { echo(n: $n) } }', { n: 1 })).toBe(
      '{"thing":{"echo":"{\\"n\\":1}"}}',
    )
  })
})

const attempt = async (run: () => Promise<unknown>): Promise<unknown> => {
  try {
    return await run()
  } catch (error) {
    return error
  }
}

describe('in the graph, what is asked again', () => {
  test.each([
    '{ employees(first: 3) { totalCount nodes { id email groups accounts { totalCount nodes { app { name } loginMethods { oidcLogin } } } } } }',
    '{ accounts(first: 3, orderBy: { field: EMAIL }) { edges { cursor node { id connectorAlias createdAt } } pageInfo { hasNextPage endCursor } asOf complete groups(by: [APP_TYPE], first: 2) { keys count } } }',
    '{ employees(first: 1) { totalCount } accounts(first: -1) { totalCount } }',
    '{ a: employee(id: "nobody") { id } apps(first: 2) { nodes { name owner { email } approvalStatus } } b: employee { id } }',
    '{ employees(filter: { email: { like: null } }) { totalCount } apps { totalCount } }',
  ])('is answered and counted as before: %s', async query => {
    const graph = await graphForTest({ scale: 0.02 })
    await graph.run('{ employees { totalCount } accounts { totalCount } apps { totalCount } }')
    const first = await graph.run(query)
    for (let time = 0; time < 3; time += 1) expect(await graph.run(query)).toEqual(first)
  })

  test('is written anew when a row of it has changed, by webhook or by a read', async () => {
    const graph = await graphForTest({ scale: 0.02 })
    const query = '{ accounts(first: 5) { nodes { id email createdAt app { id name } } } }'
    await graph.run('{ accounts { totalCount } apps { totalCount } }')
    for (let time = 0; time < 3; time += 1) await graph.run(query)
    const table = graph.store.connector('default')?.table('accounts')
    const row = table?.at(1)
    if (table === undefined || row === undefined) throw new Error('nothing was read')
    table.applyChange(row.id, { email: 'told@example.com' }, { at: Date.now(), occurredAt: 1 })
    const told = (await graph.run(query)).data.accounts.nodes
    expect(told[1].email).toBe('told@example.com')
    table.put({ ...row, email: 'read@example.com' }, Date.now() + 1)
    const read = (await graph.run(query)).data.accounts.nodes
    expect(read[1].email).toBe('read@example.com')
    expect(read.map(({ id }: { id: string }) => id)).toEqual(
      told.map(({ id }: { id: string }) => id),
    )
  })
})
