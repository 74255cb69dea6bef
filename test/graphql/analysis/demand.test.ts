import { parse, validate } from 'graphql'
import { describe, expect, test } from 'vitest'
import { needsOf } from '../../support/needs.ts'
import { processorMsOf } from '../../support/processor-time.ts'
import { resolvers } from '../../../src/graphql/resolvers/resolvers.ts'
import { createExecutableSchema } from '../../../src/graphql/schema/schema.ts'

const schema = createExecutableSchema(resolvers)

const needs = (source: string, variables: Record<string, unknown> = {}, name?: string) => {
  const document = parse(source)
  expect(validate(schema, document)).toEqual([])
  return needsOf(schema, document, name, variables)
}

const list = { kind: 'list', first: 50, whole: false, then: [] }

test('a list is needed as far as its page, each field below it from its rows', () => {
  expect(
    needs(
      `{ employees(first: 7) { nodes { id accounts(first: 3) { edges { node { app { name } } } } } } }`,
    ),
  ).toEqual([
    {
      ...list,
      path: 'employees',
      collection: 'employees',
      first: 7,
      then: [
        {
          kind: 'children',
          path: 'employees.nodes.accounts',
          collection: 'accounts',
          field: 'employeeId',
          first: 3,
          whole: false,
          then: [
            {
              kind: 'link',
              path: 'employees.nodes.accounts.edges.node.app',
              collection: 'apps',
              first: 1,
              whole: false,
              then: [],
            },
          ],
        },
      ],
    },
  ])
})

test('fifty rows are needed where nobody says how many', () => {
  expect(needs('{ apps { nodes { id } } }')).toEqual([
    { ...list, path: 'apps', collection: 'apps' },
  ])
})

describe('a whole list is needed', () => {
  test.each([
    ['for its count', 'apps(first: 1) { totalCount }', true],
    ['for its groups', 'apps(first: 1) { groups(by: [TYPE]) { count } }', true],
    ['for the number of its groups', 'apps(first: 1) { groupCount(by: [TYPE]) }', true],
    ['from its end', 'apps(last: 1) { nodes { id } }', true],
    ['before a cursor', 'apps(first: 1, before: "x") { nodes { id } }', true],
    ['in an order', 'apps(first: 1, orderBy: [{ field: TYPE }]) { nodes { id } }', true],
    ['not for a page from its beginning', 'apps(first: 1, after: "x") { nodes { id } }', false],
    [
      'not for arguments that are null',
      'apps(first: 1, last: null, orderBy: null) { nodes { id } }',
      false,
    ],
    ['not for a count that is skipped', 'apps(first: 1) { totalCount @skip(if: true) }', false],
  ])('%s', (_why, field, whole) => {
    expect(needs(`{ ${field} }`)).toMatchObject([{ kind: 'list', first: 1, whole }])
  })
})

test('what is looked at around the rows of a list is needed too', () => {
  const query = `query ($of: AccountDimension!, $where: AccountFilter!) {
    accounts(first: 1, orderBy: [{ field: FINDINGS_COUNT }]) {
      groups(by: [EMPLOYEE_DEPARTMENT]) { distinct(of: $of) share(where: $where) }
    }
  }`
  const where = { app: { type: { eq: 'SLACK' } } }
  expect(needs(query, { of: 'APP_NAME', where })).toMatchObject([
    {
      beside: {
        whole: ['employees', 'apps'],
        counted: [{ to: 'findings', sliced: 'accountId' }],
        filters: [where],
      },
    },
  ])
  expect(needs('{ accounts { groups(by: [APP_TYPE]) { count } } }')[0]).not.toHaveProperty('beside')
  const events = `{ events { groups(by: [EMPLOYEE_DEPARTMENT]) {
    share(where: { app: { type: { eq: "SLACK" } } }) } } }`
  expect(needs(events)).toMatchObject([
    { through: [{ collection: 'apps' }, { collection: 'employees' }] },
  ])
})

describe('an object is needed', () => {
  test('by its id', () => {
    expect(needs('{ app(id: "x") { id } }')).toMatchObject([
      { kind: 'object', collection: 'apps', whole: false },
    ])
  })

  test('among all by anything else', () => {
    expect(needs('{ app(type: "SLACK") { id } employee(email: "a@b.c") { id } }')).toMatchObject([
      { kind: 'object', collection: 'apps', whole: true },
      { kind: 'object', collection: 'employees', whole: true },
    ])
  })

  test('with what is asked below it', () => {
    expect(
      needs('{ detection(id: "x") { events { account { findings { nodes { id } } } } } }'),
    ).toMatchObject([
      {
        collection: 'detections',
        then: [
          { kind: 'details', collection: 'detections' },
          {
            kind: 'link',
            collection: 'accounts',
            then: [{ kind: 'children', collection: 'findings', field: 'accountId' }],
          },
        ],
      },
    ])
  })
})

describe('what gateways know by keys is needed', () => {
  const entities = (selection: string, ...representations: readonly object[]) =>
    needs(
      `query ($representations: [_Any!]!) { _entities(representations: $representations) { ${selection} } }`,
      { representations },
    )

  test('as one list for each type, kind of key and connector', () => {
    expect(
      entities(
        '__typename',
        { __typename: 'Employee', id: '1' },
        { __typename: 'App', id: 'x' },
        { __typename: 'Employee', id: '2' },
        { __typename: 'Employee', id: '1' },
        { __typename: 'Employee', email: 'A@b.c' },
        { __typename: 'Employee', email: 'a@B.c' },
        { __typename: 'Employee', email: 'a@b.c', connectorAlias: 'one' },
      ),
    ).toEqual(
      [
        { collection: 'employees', first: 2, filter: { id: { in: ['1', '2'] } } },
        { collection: 'apps', first: 1, filter: { id: { in: ['x'] } } },
        { collection: 'employees', first: 1, filter: { email: { in: ['a@b.c'] } } },
        {
          collection: 'employees',
          first: 1,
          filter: { email: { in: ['a@b.c'] } },
          connectors: ['one'],
        },
      ].map(need => ({ kind: 'list', path: '_entities', whole: true, then: [], ...need })),
    )
  })

  test('with what is asked below each type, and not below another', () => {
    expect(
      entities(
        '... on Employee { accounts(first: 2) { nodes { id } } } ... on App { owner { id } }',
        { __typename: 'App', id: 'x' },
        { __typename: 'Employee', id: '1' },
      ),
    ).toMatchObject([
      { collection: 'apps', then: [{ kind: 'link', path: '_entities.owner' }] },
      {
        collection: 'employees',
        then: [{ kind: 'children', path: '_entities.accounts', first: 2 }],
      },
    ])
    expect(
      entities('... on Entity { ... on App { owner { id } } }', { __typename: 'App', id: 'x' }),
    ).toMatchObject([{ then: [{ kind: 'link' }] }])
  })

  test('but for those that cannot be used', () => {
    expect(entities('__typename', { __typename: 'App' }, { id: '1' })).toEqual([])
  })
})

describe('the connectors', () => {
  test('are those that a list names, or all', () => {
    expect(
      needs('{ a: apps(connectors: ["x", "y"]) { nodes { id } } b: apps { nodes { id } } }').map(
        ({ connectors }) => connectors,
      ),
    ).toEqual([['x', 'y'], undefined])
  })

  test('are the one that an object is looked for in, or all', () => {
    expect(
      needs('{ a: app(id: "1", connector: "x") { id } b: app(id: "1") { id } }').map(
        ({ connectors }) => connectors,
      ),
    ).toEqual([['x'], undefined])
  })
})

describe('what the document says in other words', () => {
  test('variables, also by their defaults', () => {
    const source =
      'query ($n: Int = 9, $l: Int) { a: apps(first: $n) { nodes { id } } b: apps(last: $l) { nodes { id } } }'
    expect(needs(source)).toMatchObject([
      { first: 9, whole: false },
      { first: 50, whole: false },
    ])
    expect(needs(source, { n: 3, l: 4 })).toMatchObject([
      { first: 3, whole: false },
      { first: 4, whole: true },
    ])
  })

  test('a filter in a variable', () => {
    const source = 'query ($f: AppFilter) { apps(filter: $f) { nodes { id } } }'
    const f = { type: { eq: 'SLACK' } }
    expect(needs(source, { f })[0]).toHaveProperty('filter', f)
    expect(needs(source)[0]).not.toHaveProperty('filter')
  })

  test('fragments, spread and inline, and fields under other names', () => {
    const source = `
      query A { first: employees { ...Page } }
      fragment Page on EmployeeConnection { nodes { ... on Employee { ...Links } } }
      fragment Links on Employee { theirs: accounts { nodes { id } } }`
    expect(needs(source)).toMatchObject([
      {
        path: 'first',
        then: [{ kind: 'children', path: 'first.nodes.theirs', collection: 'accounts' }],
      },
    ])
  })

  test('fields that are skipped or not included', () => {
    const source = `query ($yes: Boolean!) {
      apps @skip(if: $yes) { nodes { id } }
      employees @include(if: $yes) { nodes { accounts @include(if: false) { nodes { id } } } }
    }`
    expect(needs(source, { yes: true })).toMatchObject([{ collection: 'employees', then: [] }])
    expect(needs(source, { yes: false })).toMatchObject([{ collection: 'apps' }])
  })

  test('one of several operations', () => {
    const source = 'query A { apps { nodes { id } } } query B { employees { nodes { id } } }'
    expect(needs(source, {}, 'B')).toMatchObject([{ collection: 'employees' }])
    expect(needs(source)).toEqual([])
  })
})

test('nothing is needed for what is no list or object of Push', () => {
  expect(needs('{ __typename connectors { alias status } }')).toEqual([])
})

test('nothing is needed where the variables cannot be used', () => {
  expect(needs('query ($n: Int!) { apps(first: $n) { nodes { id } } }', {})).toEqual([])
})

test('a document of fragments within fragments is looked at no longer than a moment', () => {
  const depth = 30
  const fragments = Array.from({ length: depth }, (_, level) =>
    level === depth - 1
      ? `fragment F${level} on Employee { accounts { nodes { id } } }`
      : `fragment F${level} on Employee { ...F${level + 1} ...F${level + 1} }`,
  )
  const document = parse(`{ employees { nodes { ...F0 } } } ${fragments.join(' ')}`)
  const tookMs = processorMsOf(() => {
    expect(needsOf(schema, document, undefined, {})).toHaveLength(1)
  })
  // A look at each of a thousand million fields would take minutes.
  expect(tookMs).toBeLessThan(10_000)
})

describe('a search', () => {
  const found = (source: string) =>
    needs(source).map(({ collection, kind, then }) => [
      kind,
      collection,
      then.map(({ path }) => path),
    ])

  test('is needed as what it looks at, with what is selected of each type', () => {
    expect(
      found(`{ search(value: "a@b.example", types: [EMPLOYEE, BROWSER]) { nodes { id
        ... on Employee { findings { totalCount } } ... on Account { app { name } } ...B } } }
        fragment B on Browser { detections { nodes { id } } }`),
    ).toEqual([
      ['search', 'employees', ['search.nodes.findings', 'search.browsers']],
      ['search', 'accounts', ['search.employees']],
      ['search', 'browsers', ['search.nodes.detections', 'search.employees']],
      ['search', 'browsers', []],
    ])
  })

  test('is no need where its value cannot be looked for', () => {
    expect(found('{ search(value: " ") { nodes { id } } }')).toEqual([])
  })
})
