import { getOperationAST, parse, validate } from 'graphql'
import { expect, test } from 'vitest'
import { needsOf } from '../../support/needs.ts'
import { hastyTurns } from '../../support/work.ts'
import { Work } from '../../../src/work/work.ts'
import { createFindNeeds } from '../../../src/graphql/analysis/needs.ts'
import { resolvers } from '../../../src/graphql/resolvers/resolvers.ts'
import { createExecutableSchema } from '../../../src/graphql/schema/schema.ts'

const schema = createExecutableSchema(resolvers)

test.each([
  {
    text: 'query ($n: Int, $m: Int) { employees(first: $n) { nodes { accounts(first: $m) { nodes { id } } } } }',
    variables: [{ n: 1 }, { n: 2 }, { n: 2, m: 3 }, { n: 2, m: null }, { m: 2 }, {}, { n: 1 }],
  },
  {
    text: 'query ($id: ID, $mail: String) { employee(id: $id, email: $mail) { accounts { nodes { id } } } }',
    variables: [{ id: 'a' }, { id: 'b' }, { id: null, mail: 'a' }, { mail: 'a' }, { id: 'a' }],
  },
  {
    text: 'query ($x: Boolean!, $y: Boolean = true) { accounts { nodes { app @include(if: $x) { id } employee @skip(if: $y) { id } } } }',
    variables: [{ x: true }, { x: false }, { x: true, y: false }, { x: true, y: true }],
  },
  {
    text: 'query ($f: EmployeeFilter, $d: DateTime!) { employees(filter: $f) { totalCount } accounts(filter: { createdAt: { gt: $d } }) { totalCount } }',
    variables: [
      { d: '2024-01-01T00:00:00Z' },
      { d: '2024-01-02T00:00:00Z', f: { id: { in: ['* *', 'b'] } } },
      { d: '2024-01-02T00:00:00Z', f: { id: { in: ['*', '* b'] } } },
      { d: 'no date' },
    ],
  },
  {
    text: 'query ($by: [AccountDimension!]!, $a: String, $c: [String!]) { accounts(after: $a, connectors: $c) { groups(by: $by) { count } } }',
    variables: [
      { by: ['APP_TYPE'] },
      { by: ['CONNECTOR'], c: ['x'] },
      { by: ['CONNECTOR'], c: ['y'], a: 'z' },
      { by: ['CONNECTOR'], c: null },
    ],
  },
  {
    text: 'query ($r: [_Any!]!) { _entities(representations: $r) { ... on App { owner { id } } } }',
    variables: [
      { r: [{ __typename: 'App', id: 'a' }] },
      {
        r: [
          { __typename: 'App', id: 'a' },
          { __typename: 'App', id: 'b' },
        ],
      },
      { r: [] },
    ],
  },
])('needs found before are those found anew: $text', ({ text, variables }) => {
  const document = parse(text)
  expect(validate(schema, document)).toEqual([])
  const operation = getOperationAST(document)
  if (!operation) throw new Error('no operation')
  const find = createFindNeeds()
  for (const of of [...variables, ...variables])
    expect(find(schema, document, operation, of)).toEqual(
      needsOf(schema, document, undefined, of as Record<string, unknown>),
    )
})

test('needs of operations of one document are told apart', () => {
  const document = parse('query A { employees { totalCount } } query B { apps { totalCount } }')
  const find = createFindNeeds()
  for (const name of ['A', 'B', 'A', 'B']) {
    const operation = getOperationAST(document, name)
    if (!operation) throw new Error('no operation')
    expect(find(schema, document, operation, {})).toEqual(needsOf(schema, document, name, {}))
  }
})

test('what much asks for is found in many turns as in one', async () => {
  const lists = Array.from(
    { length: 100 },
    (_, index) => `a${index}: search(value: "a${index}") { totalCount }`,
  )
  const document = parse(
    `query ($r: [_Any!]!) { ${lists.join(' ')} _entities(representations: $r) { __typename } }`,
  )
  const operation = getOperationAST(document)
  if (operation === null || operation === undefined) throw new Error('no operation')
  const variables = {
    r: Array.from({ length: 500 }, (_, index) => ({ __typename: 'App', id: `${index}` })),
  }
  const turns = hastyTurns(3)
  const found = await createFindNeeds()(schema, document, operation, variables, new Work({ turns }))
  expect(found).toEqual(needsOf(schema, document, undefined, variables))
  expect(turns.number).toBeGreaterThan(4)
})
