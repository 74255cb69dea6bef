import { graphql, parse, parseValue, validate, type GraphQLSchema } from 'graphql'
import { describe, expect, it } from 'vitest'
import { createExecutableSchema } from '../../../src/graphql/schema/schema.ts'
import { scalars } from '../../../src/graphql/schema/scalars.ts'
import type { ObjectParent } from '../../../src/graphql/parents.ts'
import { allRights } from '../../../src/model/rights.ts'
import { schema as plain } from '../../schema/the-schema.ts'

/** Keeps the arguments of `employees` and of `search`. */
const listening = (): { readonly schema: GraphQLSchema; readonly heard: unknown[] } => {
  const heard: unknown[] = []
  const schema = createExecutableSchema({
    Query: {
      employees: (_root, args) => {
        heard.push(args)
        return null
      },
    },
  })
  return { schema, heard }
}

const withVariable = async (createdAt: unknown): Promise<unknown> => {
  const { schema, heard } = listening()
  const source = 'query ($filter: EmployeeFilter) { employees(filter: $filter) { complete } }'
  const { errors } = await graphql({
    schema,
    source,
    variableValues: { filter: { createdAt } },
  })
  return errors?.map(error => ({ message: error.message, code: error.extensions['code'] })) ?? heard
}

describe('an argument', () => {
  it('gives UNIX seconds for a DateTime and the text of a Duration, in a variable and in the document', async () => {
    const expected = { filter: { createdAt: { gte: 1_714_564_800, within: 'P7D' } } }
    expect(await withVariable({ gte: '2024-05-01T14:00:00+02:00', within: 'P7D' })).toMatchObject([
      expected,
    ])

    const { schema, heard } = listening()
    const source =
      '{ employees(filter: { createdAt: { gte: "2024-05-01T12:00:00Z", within: "P7D" } }) { complete } }'
    expect((await graphql({ schema, source })).errors).toBeUndefined()
    expect(heard).toMatchObject([expected])
  })

  it.each([
    [{ gte: 'yesterday' }, 'filter.createdAt.gte', 'such as 2024-05-01T12:00:00Z'],
    [{ gte: 1_714_564_800 }, 'filter.createdAt.gte', 'not a text'],
    [{ lt: '2023-02-29T00:00:00Z' }, 'filter.createdAt.lt', 'There is no day 2023-02-29'],
    [{ within: 7 }, 'filter.createdAt.within', 'not a text'],
  ])('of %j is refused with its place and the way out', async (createdAt, place, way) => {
    const [error] = (await withVariable(createdAt)) as { message: string; code: string }[]
    expect(error?.message).toContain(place)
    expect(error?.message).toContain(way)
    expect(error?.code).toBe('BAD_USER_INPUT')
  })

  it('that cannot be read is found before the document runs', () => {
    const document =
      '{ employees(filter: { createdAt: { gte: "2024-05-01T12:00" } }) { complete } }'
    const messages = validate(plain, parse(document)).map(error => error.message)
    expect(messages).toEqual([expect.stringContaining('such as 2024-05-01T12:00:00Z')])
    const number = '{ employees(filter: { createdAt: { gte: 5 } }) { complete } }'
    expect(validate(plain, parse(number))).toHaveLength(1)
  })

  it.each([
    ['{ employees(filter: {\n createdAt: { gte: "yesterday" } }) { complete } }', 20],
    ['{ employees(filter: {\n createdAt: { within: 7 } }) { complete } }', 23],
  ])('that cannot be read is pointed out where it stands in the document', (document, column) => {
    const errors = validate(plain, parse(document))
    expect(errors.map(({ locations }) => locations)).toEqual([[{ line: 2, column }]])
  })
})

describe('a JSON argument', () => {
  it.each([
    ['{ a: [1, -2.5, "x", true, null, { b: {} }] }', { a: [1, -2.5, 'x', true, null, { b: {} }] }],
    ['{ __proto__: { polluted: true } }', JSON.parse('{"__proto__":{"polluted":true}}')],
    ['{ a: $given }', { a: { b: 1 } }],
  ])('written as %s is that value', (text, value) => {
    const read = scalars.JSON.parseLiteral(parseValue(text), { given: { b: 1 } })
    expect(JSON.stringify(read)).toBe(JSON.stringify(value))
  })
})

describe('an answer', () => {
  it('has a DateTime as text and JSON as it is', async () => {
    const metadata = { a: [1, null, { b: 'c' }] }
    const schema = createExecutableSchema({
      Query: {
        employee: () => ({}) as ObjectParent<'employees'>,
        detection: () => ({}) as never,
      },
      Employee: { createdAt: () => 1_714_564_800 },
      Detection: { events: () => [{} as never] },
      DetectionEvent: { metadata: () => metadata },
    })
    const source = '{ employee(id: "1") { createdAt } detection(id: "1") { events { metadata } } }'
    const contextValue = { rights: allRights }
    const { data } = await graphql({ schema, source, contextValue })
    expect(JSON.parse(JSON.stringify(data))).toEqual({
      employee: { createdAt: '2024-05-01T12:00:00Z' },
      detection: { events: [{ metadata }] },
    })
  })

  it('speaks of collections in capitals where a resolver gives the name', async () => {
    const schema = createExecutableSchema({
      Query: { connectors: () => [{} as never] },
      Connector: {
        store: () => [
          {
            collection: 'browserExtensions',
            rows: 1,
            asOf: null,
            complete: true,
            refreshing: false,
            followed: false,
            drift: 0,
            bytes: async () => 0,
          },
        ],
      },
    })
    const { data } = await graphql({
      schema,
      source: '{ connectors { store { collection asOf } } }',
    })
    expect(data).toEqual({
      connectors: [{ store: [{ collection: 'BROWSER_EXTENSIONS', asOf: null }] }],
    })
  })
})

describe('a resolver', () => {
  it('without a place in the schema is refused', () => {
    const stray: object = { Employee: { shoeSize: () => 42 } }
    expect(() => createExecutableSchema(stray)).toThrow('shoeSize')
  })
})
