/** What is made of documents: names, what tools take and what they give. */
import { buildSchema, parse } from 'graphql'
import { describe, expect, test } from 'vitest'
import { documentTools, toToolName } from '../../../src/mcp/tools/document-tools.ts'
import type { JsonSchema } from '../../../src/mcp/tools/json-schema.ts'
import type { Tool } from '../../../src/mcp/tools/tool.ts'
import { nextPages, variableUsesOf } from '../../../src/mcp/tools/variable-uses.ts'

const schema = buildSchema(`
  "A moment." scalar DateTime
  scalar JSON
  enum Kind { "The first." A "The second." B }
  input Filter { "Both of them." and: [Filter!] kind: Kind name: String! }
  interface Node { id: ID! }
  type Person implements Node { id: ID! name: String friends(first: Int, after: String): People }
  type App implements Node { id: ID! maker: Person name: String! friends: People }
  type People { nodes: [Person!]! pageInfo: PageInfo! }
  type PageInfo { hasNextPage: Boolean! endCursor: String }
  union Found = Person | App
  type Query {
    people("How many people." first: Int, after: String, filter: Filter, since: DateTime): People
    node(id: ID!): Node
    found: [Found]
    anything: JSON
  }
  type Mutation { rename(id: ID!): Person }
  type Subscription { node: Node }
`)

const toolsOf = (...texts: readonly string[]): readonly Tool[] =>
  documentTools(
    texts.map((text, index) => ({ text, at: `${index}:1` })),
    { schema, maxBytes: 1_000, beside: [], checkScopes: () => undefined },
  ).tools

const toolOf = (text: string): Tool => {
  const [tool] = toolsOf(text)
  if (tool === undefined) throw new Error('It is none')
  return tool
}

const dataOf = (text: string): unknown => toolOf(text).outputSchema?.properties?.['data']

test('an operation is a tool where it has a name and a description, and is no subscription', () => {
  const names = toolsOf(
    '"It is." query One { found { __typename } }',
    'query Undescribed { found { __typename } }',
    '" " query Untold { found { __typename } }',
    '"It has no name." query { found { __typename } }',
    '"It has no end." subscription Two { node { id } }',
    '"It is one of two." query Three { node(id: 1) { id } } query Four { node(id: 1) { id } }',
    '"It changes." mutation Five { rename(id: 1) { id } }',
  ).map(({ name, writes }) => [name, writes])
  expect(names).toEqual([
    ['one', false],
    ['five', true],
  ])
})

test.each([
  ['LookUpApp', 'look_up_app'],
  ['usersWithoutMFA', 'users_without_mfa'],
  ['MFAGaps', 'mfa_gaps'],
  ['Top10Apps', 'top10_apps'],
  ['already_so', 'already_so'],
])('the operation %s is the tool %s', (operation, name) => {
  expect(toToolName(operation)).toBe(name)
})

test('a document has no tool of a name that one beside it has', () => {
  const text = '"Runs." query RunQuery { found { __typename } }'
  const beside = [{ name: 'run_query' }]
  const options = { schema, maxBytes: 1_000, beside, checkScopes: () => undefined }
  expect(documentTools([{ text, at: 'a.graphql:1' }], options).problems).toEqual([
    'a.graphql:1: a tool called run_query stands among those of PUSHGRAPH_MCP=explore already; name the operation otherwise',
  ])
})

test('lines of a description that were broken for people are one for models', () => {
  expect(toolOf('"""\nOne\nline.\n\nAnother.\n"""\nquery A { anything }').description).toBe(
    'One line.\n\nAnother.',
  )
})

describe('what a tool takes', () => {
  const { inputSchema } = toolOf(`"Lists." query People(
    $first: Int = 5
    "Where to begin."
    $after: String
    $filter: Filter!
    $kinds: [Kind!] = [A]
    $since: DateTime
    $other: JSON
  ) {
    people(first: $first, after: $after, filter: $filter, since: $since) { nodes { id } }
  }`)

  test('are its variables: the length of a page within bounds, with what the argument says of it', () => {
    expect(inputSchema.properties?.['first']).toEqual({
      ...{ type: 'integer', description: 'How many people.', default: 5 },
      ...{ minimum: 1, maximum: 1_000 },
    })
    expect(inputSchema.properties?.['after']).toEqual({
      ...{ type: 'string', description: 'Where to begin.' },
    })
  })

  test('are words with what they mean, moments with how they are written, and anything', () => {
    expect(inputSchema.properties?.['kinds']).toEqual({
      type: 'array',
      items: { type: 'string', enum: ['A', 'B'], description: 'A: The first.\nB: The second.' },
      default: ['A'],
    })
    expect(inputSchema.properties?.['since']?.description).toContain('ISO 8601')
    expect(inputSchema.properties?.['other']).toEqual({})
  })

  test('are required where they have no default and must not be null, and no others are taken', () => {
    expect(inputSchema.required).toEqual(['filter'])
    expect(inputSchema.additionalProperties).toBe(false)
  })

  test('are inputs that may hold themselves', () => {
    expect(inputSchema.properties?.['filter']).toEqual({ $ref: '#/$defs/Filter' })
    expect(inputSchema.$defs?.['Filter']).toMatchObject({
      properties: {
        and: { type: 'array', items: { $ref: '#/$defs/Filter' }, description: 'Both of them.' },
      },
      required: ['name'],
      additionalProperties: false,
    })
  })
})

describe('what a tool gives', () => {
  test('may be null where the graph may leave it out', () => {
    expect(dataOf('"." query A { node(id: 1) { id } anything }')).toEqual({
      type: 'object',
      properties: {
        node: {
          type: ['object', 'null'],
          properties: { id: { type: 'string' } },
          required: ['id'],
        },
        anything: {},
      },
      required: ['node', 'anything'],
    })
  })

  test('of some types alone is there for those alone, whatever fragment it stands in', () => {
    expect(
      dataOf(`"." query A { found { __typename ...on Person { name } ...Apps } }
        fragment Apps on App { id maker { id } title: name }`),
    ).toMatchObject({
      properties: {
        found: {
          type: ['array', 'null'],
          items: {
            type: ['object', 'null'],
            properties: { name: { type: ['string', 'null'] }, title: { type: 'string' } },
            required: ['__typename'],
          },
        },
      },
    })
  })

  test('of an interface is there for all of its types', () => {
    expect(
      dataOf('"." query A { node(id: 1) { ...on Node { id } ...on App { name } } }'),
    ).toMatchObject({ properties: { node: { required: ['id'] } } })
  })

  test('may be left out where a variable decides on it', () => {
    expect(
      dataOf('"." query A($with: Boolean!) { found @include(if: $with) { __typename } }'),
    ).not.toHaveProperty('required')
  })

  test.each([
    [
      'node(id: 1) { ...on Person { it: friends { a: nodes { id } } } ...on App { it: friends { b: nodes { id } } } }',
      ['node', 'it'],
      [],
    ],
    [
      'it: people { a: nodes { id } } it: people @include(if: $v) { b: nodes { id } }',
      ['it'],
      ['a'],
    ],
    [
      'it: people @skip(if: $v) { a: nodes { id } } it: people @include(if: $v) { b: nodes { id } }',
      ['it'],
      [],
    ],
    ['it: people @skip(if: $v) { a: nodes { id } b: nodes { id } }', ['it'], ['a', 'b']],
  ])(
    'of a key is required where each set under it has it for sure: %s',
    (fields, path, required) => {
      const data = dataOf(`"." query A($v: Boolean! = true) { ${fields} }`) as JsonSchema
      const it = path.reduce<JsonSchema>((found, key) => found.properties?.[key] ?? {}, data)
      expect(Object.keys(it.properties ?? {})).toEqual(['a', 'b'])
      expect(it.required ?? []).toEqual(required)
    },
  )

  test('may be of several types under one key', () => {
    expect(
      dataOf('"." query A { found { ...on Person { it: name } ...on App { it: maker { id } } } }'),
    ).toMatchObject({ properties: { found: { items: { properties: { it: {} } } } } })
  })
})

describe('the next page', () => {
  const uses = variableUsesOf(
    schema,
    parse(`query A($after: String, $more: String) {
      all: people(after: $after) {
        nodes { friends(after: $more) { pageInfo { hasNextPage endCursor } } }
        pageInfo { hasNextPage endCursor }
      }
    }`),
  )
  const dataWith = (hasNextPage: boolean, endCursor: string | null) => ({
    all: { pageInfo: { hasNextPage, endCursor }, nodes: [] },
  })

  test('begins behind the last object, where there are more', () => {
    expect(nextPages(uses, dataWith(true, 'c'))).toEqual({ after: 'c' })
    expect(nextPages(uses, dataWith(false, 'c'))).toEqual({})
    expect(nextPages(uses, dataWith(true, null))).toEqual({})
    expect(nextPages(uses, { all: null })).toEqual({})
    expect(nextPages(uses, null)).toEqual({})
  })

  test('begins there, too, where the list stands in fragments', () => {
    const { pages } = variableUsesOf(
      schema,
      parse(`fragment Info on People { pageInfo { hasNextPage endCursor } }
        fragment Friends on Person { friends(after: $after) { ...Info } }
        query A($after: String) { node(id: 1) { ... on Person { ...Friends ...Friends } } }`),
    )
    const friends = { pageInfo: { hasNextPage: true, endCursor: 'd' } }
    expect(nextPages({ pages }, { node: { friends } })).toEqual({ after: 'd' })
  })

  test('of two lists that begin at one variable is nobody’s to know', () => {
    const { pages } = variableUsesOf(
      schema,
      parse(`query A($after: String, $own: String) {
        one: people(after: $after) { ...Info } two: people(after: $after) { ...Info }
        three: people(after: $own) { ...Info } three: people(after: $own) { nodes { id } }
      } fragment Info on People { pageInfo { hasNextPage endCursor } }`),
    )
    const list = { pageInfo: { hasNextPage: true, endCursor: 'd' } }
    expect(nextPages({ pages }, { one: list, two: list, three: list })).toEqual({ own: 'd' })
  })

  test('of lists within a list is nobody’s to know', () => {
    const friends = { pageInfo: { hasNextPage: true, endCursor: 'd' } }
    const data = { all: { ...dataWith(false, null).all, nodes: [{ friends }, { friends }] } }
    expect(nextPages(uses, data)).toEqual({})
  })
})
