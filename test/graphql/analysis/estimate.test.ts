import { getIntrospectionQuery, getOperationAST, parse } from 'graphql'
import { describe, expect, test } from 'vitest'
import { LimitError } from '../../../src/errors.ts'
import { createEstimate, type Estimated } from '../../../src/graphql/analysis/estimate.ts'
import { createCheckLimits } from '../../../src/graphql/analysis/limits.ts'
import { allRights } from '../../../src/model/rights.ts'
import { type Sizes, usualSizes } from '../../../src/graphql/analysis/pricing.ts'
import {
  childList,
  COUNTED_EVENT,
  edge,
  FILTERED_ROW,
  FOUND_BY_VALUE,
  group,
  GROUPED_BY_ID,
  GROUPED_BY_VALUE,
  GROUPED_EVENT,
  GROUPED_ROW,
  leaves,
  LINKED_ROW,
  namedLeaves,
  object,
  ORDERED_ROW,
  otherLeaf,
  PASSED_ROW,
  rootList,
  row,
  storedList,
  STORED_FILTERED_ROW,
  storedRow,
  searchList,
  TIMED_ROW,
} from '../../../src/graphql/analysis/weights.ts'
import { resolvers } from '../../../src/graphql/resolvers/resolvers.ts'
import { createExecutableSchema, createNaming } from '../../../src/graphql/schema/schema.ts'

const schema = createExecutableSchema(resolvers)

const estimate = (query: string, variables = {}, sizes: Sizes = usualSizes): Estimated => {
  const document = parse(query)
  const operation = getOperationAST(document)
  if (!operation) throw new Error('no operation')
  return createEstimate(schema, document, operation, undefined, sizes)(variables, allRights, true)
}
const cost = (...of: Parameters<typeof estimate>): number => estimate(...of).cost

const leaf = otherLeaf.cost
const dateTime = leaves['DateTime']?.cost ?? 0
const onPage = row.cost + object.cost
const APPS = 300
const ACCOUNTS = 12_000
const EVENTS = 10_000

const times = (count: number, make: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => make(index)).join(' ')

describe('an operation costs what its parts do', () => {
  test.each([
    ['{ __typename }', leaf],
    ['{ employees(first: 3) { nodes { id email } } }', rootList.cost + 3 * (onPage + 2 * leaf)],
    ['{ employees { nodes { id } } }', rootList.cost + 50 * (onPage + leaf)],
    [
      '{ employees(last: 4) { edges { node { id } } } }',
      // All are gone through for the last of them.
      rootList.cost + PASSED_ROW * 1_000 + 4 * (row.cost + edge.cost + object.cost + leaf),
    ],
    ['{ apps(first: 1000) { nodes { id } } }', rootList.cost + APPS * (onPage + leaf)],
    ['{ apps(first: -5) { nodes { id } } }', rootList.cost],
    ['{ employee(id: "x") { id } }', object.cost + leaf],
    [
      '{ employees(first: 3) { nodes { accounts(first: 2) { nodes { id } } } } }',
      rootList.cost + 3 * (onPage + childList.cost + 2 * (onPage + leaf)),
    ],
    [
      // Each has twelve.
      '{ employees(first: 3) { nodes { accounts(first: 1000) { nodes { id } } } } }',
      rootList.cost + 3 * (onPage + childList.cost + 12 * (onPage + leaf)),
    ],
    [
      '{ employees(first: 3) { nodes { timeline(first: 2, kinds: [EVENT]) { nodes { at } } } } }',
      rootList.cost +
        3 *
          (onPage +
            childList.cost +
            storedList.cost +
            2 * (storedRow.cost + object.cost + dateTime)),
    ],
    [
      // The times of all findings are gathered, however many of them are given.
      '{ employees(first: 3) { nodes { timeline(first: 2, kinds: [FINDING]) { nodes { at } } } } }',
      rootList.cost +
        3 *
          (onPage +
            2 * childList.cost +
            6 * TIMED_ROW +
            2 * (storedRow.cost + object.cost + dateTime)),
    ],
    [
      '{ timeline(value: "x", first: 2, kinds: [FINDING]) { nodes { at } } }',
      searchList.cost + 2 * (storedRow.cost + object.cost + dateTime),
    ],
    ['{ accounts { totalCount } }', rootList.cost + (namedLeaves['totalCount']?.cost ?? 0)],
    [
      '{ accounts { groups(by: [APP_TYPE, EMAIL], first: 3) { count } } }',
      rootList.cost + 2 * GROUPED_ROW * ACCOUNTS + 3 * (group.cost + 0.3),
    ],
    [
      // Each number of groups is another walk, however many groups there are; a share tries its filter on each row.
      `{ accounts { groups(by: [APP_TYPE], first: 3) {
        distinct(of: EMAIL) share(where: { id: { eq: "x" } }) } } }`,
      rootList.cost +
        (4 * GROUPED_ROW + FILTERED_ROW + 0.01) * ACCOUNTS +
        3 +
        3 * (group.cost + 2 * otherLeaf.cost),
    ],
    [
      `{ accounts { a: groups(by: [APP_TYPE], first: 1) { ...of } b: groups(by: [APP_TYPE], first: 1) { ...of } } }
      fragment of on AccountGroupCount { distinct(of: EMAIL) }`,
      rootList.cost + 6 * GROUPED_ROW * ACCOUNTS + 2 * (group.cost + otherLeaf.cost),
    ],
    ['{ events(first: 0) { totalCount } }', storedList.cost + 1 + COUNTED_EVENT * EVENTS],
    [
      // An index leads to those with one of these addresses.
      '{ events(first: 0, filter: { email: { in: ["x", "y"] } }) { totalCount } }',
      storedList.cost +
        3.4 +
        1 +
        (FILTERED_ROW + STORED_FILTERED_ROW + 0.05 + COUNTED_EVENT) * 2 * FOUND_BY_VALUE,
    ],
    [
      // One way after the other.
      '{ events(first: 0, filter: { or: [{ email: { eq: "x" } }, { accountId: { eq: "y" } }] }) { nodes { id } } }',
      storedList.cost + 6 + (FILTERED_ROW + STORED_FILTERED_ROW + 0.02) * 2 * FOUND_BY_VALUE,
    ],
    ...[
      // Of these an index has all, and how many pass is not known.
      ['object: { eq: "x" }', 0.01],
      [
        'and: [{ occurredAt: { gte: "2026-01-01T00:00:00Z" } }, { category: { eq: DETECTION } }]',
        0.02,
      ],
      // What an index does not have is read from each row.
      ['email: { contains: "x" }', 0.1 + STORED_FILTERED_ROW],
      ['email: { eq: null }', 0.01 + STORED_FILTERED_ROW],
      ['or: [{ email: { eq: "x" } }, { email: { contains: "y" } }]', 0.11 + STORED_FILTERED_ROW],
      ['url: { eq: "https://x.example" }', 0.01 + STORED_FILTERED_ROW],
      ['not: { email: { eq: "x" } }', 0.01 + STORED_FILTERED_ROW],
      // Each row is looked up among the objects that it is linked to.
      ['account: { mfaRegistered: { eq: true } }', 0.01 + LINKED_ROW],
      ['and: [{ employee: { accounts: { count: { gt: 3 } } } }]', 0.03 + LINKED_ROW],
    ].map(([of, ofRow]): [string, number] => [
      `{ events(first: 0, filter: { ${of} }) { nodes { id } } }`,
      storedList.cost +
        3 * (String(of).split(/eq:|gte:|gt:|contains:/).length - 1) +
        (FILTERED_ROW + Number(ofRow)) * EVENTS,
    ]),
    [
      // An index leads to what the filter of an object is tried on.
      '{ events(first: 0, filter: { accountId: { eq: "x" }, employee: { id: { eq: "y" } } }) { nodes { id } } }',
      storedList.cost + 6 + (FILTERED_ROW + 0.02 + LINKED_ROW) * FOUND_BY_VALUE,
    ],
    [
      '{ events(first: 0) { groupCount(by: [OBJECT, OCCURRED_HOUR, CONNECTOR, CATEGORY, TYPE]) } }',
      storedList.cost + 5 * GROUPED_EVENT * EVENTS,
    ],
    [
      '{ events(first: 0) { groupCount(by: [EMPLOYEE_EMAIL, EMAIL, RECEIVED_DAY, ID]) } }',
      storedList.cost + (3 * GROUPED_BY_VALUE + GROUPED_BY_ID) * EVENTS,
    ],
    [
      '{ events(first: 0) { groups(by: [OBJECT], first: 1) { distinct(of: EMPLOYEE_GROUPS) } } }',
      storedList.cost +
        (2 * GROUPED_EVENT + GROUPED_BY_VALUE) * EVENTS +
        group.cost +
        otherLeaf.cost,
    ],
    [
      // A filter that all pass makes groups no cheaper.
      '{ events(first: 0, filter: { email: { ne: "x" } }) { groupCount(by: [ID, OBJECT]) } }',
      storedList.cost +
        3 +
        (FILTERED_ROW + STORED_FILTERED_ROW + 0.01 + GROUPED_BY_ID + GROUPED_EVENT) * EVENTS,
    ],
    [
      '{ accounts { groupCount(by: [APP_TYPE, EMAIL]) } }',
      rootList.cost + 2 * GROUPED_ROW * ACCOUNTS,
    ],
    [
      '{ accounts(first: 1, orderBy: [{ field: EMAIL }, { field: ID }]) { nodes { id } } }',
      rootList.cost + 2 * ORDERED_ROW * ACCOUNTS + onPage + leaf,
    ],
    // Three microseconds to read it; each row is looked at, whatever is asked of them.
    [
      '{ accounts(first: 1, filter: { id: { eq: "x" } }) { nodes { id } } }',
      rootList.cost + 3 + (FILTERED_ROW + 0.01) * ACCOUNTS + onPage + leaf,
    ],
  ])('%s', (query, expected) => {
    expect(cost(query)).toBeCloseTo(expected)
  })

  test('by variables, and by how many objects a gateway asks for', () => {
    const page = 'query ($n: Int) { apps(first: $n) { nodes { id } } }'
    expect(cost(page, { n: 9 })).toBeCloseTo(cost('{ apps(first: 9) { nodes { id } } }'))
    const entities = 'query ($r: [_Any!]!) { _entities(representations: $r) { ... on App { id } } }'
    expect(cost(entities, { r: [{}, {}, {}] })).toBeCloseTo(3 * (object.cost + leaf))
  })

  test('by the sizes that are known, of the connectors that are asked', () => {
    const sizes: Sizes = {
      rows: (name, connectors = ['a', 'b']) =>
        name === 'apps' ? connectors.reduce((sum, alias) => sum + (alias === 'a' ? 2 : 30), 0) : 0,
      stored: connectors => (connectors === undefined ? 1_000_000 : 100),
    }
    const ofRows = (rows: number): number => rootList.cost + rows * (onPage + leaf)
    expect(cost('{ apps { nodes { id } } }', {}, sizes)).toBeCloseTo(ofRows(32))
    expect(cost('{ apps(connectors: ["a"]) { nodes { id } } }', {}, sizes)).toBeCloseTo(ofRows(2))
    expect(cost('{ findings { nodes { id } } }', {}, sizes)).toBeCloseTo(ofRows(0))
    const groups = (of: string): number =>
      cost(`{ events${of} { groups(by: [OBJECT], first: 0) { count } } }`, {}, sizes)
    expect(groups('(first: 0)')).toBeCloseTo(storedList.cost + GROUPED_EVENT * 1_000_000)
    expect(groups('(first: 0, connectors: ["a"])')).toBeCloseTo(
      storedList.cost + GROUPED_EVENT * 100,
    )
  })

  test('more where a list hangs on what others name, which those that have much do most', () => {
    const ofApps = (apps: string): number => cost(`{ apps(first: 1) { nodes { ${apps} } } }`)
    const accounts = 'accounts(first: 1000) { nodes { id } }'
    const mean = ofApps(accounts) - ofApps('__typename') + leaf - childList.cost
    const named = cost(`{ app(id: "x") { ${accounts} } }`) - object.cost - childList.cost
    expect(mean).toBeCloseTo(40 * (onPage + leaf))
    expect(named).toBeCloseTo(4 * mean)
    // Not the lists below those rows.
    const below = cost(
      `{ app(id: "x") { accounts(first: 1) { nodes { findings(first: 1000) { nodes { id } } } } } }`,
    )
    expect(below).toBeCloseTo(
      object.cost + childList.cost + onPage + childList.cost + 0.5 * (onPage + leaf),
    )
  })

  test('each comparison of a filter on each row, those of related rows more than once', () => {
    const filtered = (f: object): number =>
      cost('query ($f: AccountFilter) { accounts(filter: $f, first: 0) { totalCount } }', { f })
    const one = filtered({ or: [{ email: { contains: 'a' } }] })
    const ten = filtered({ or: Array.from({ length: 10 }, () => ({ email: { contains: 'a' } })) })
    const none = cost('{ accounts(first: 0) { totalCount } }') + FILTERED_ROW * ACCOUNTS
    expect(ten - none).toBeCloseTo(10 * (one - none))
    const related = filtered({ findings: { some: { id: { eq: 'x' } } } })
    expect(related).toBeGreaterThan(filtered({ email: { eq: 'a' } }))
  })

  test('the dearest of several types, in whichever order they are named', () => {
    const [dear, cheap] = [
      '... on LoginEvent { employee { accounts(first: 9) { nodes { id } } } }',
      '... on AuditEvent { id }',
    ]
    const page = (parts: string): string => `{ events(first: 5) { nodes { ${parts} } } }`
    expect(cost(page(dear))).toBeGreaterThan(cost(page(cheap)) + 5 * 9)
    expect(cost(page(`${dear} ${cheap}`))).toBe(cost(page(dear)))
    expect(cost(page(`${cheap} ${dear}`))).toBe(cost(page(dear)))
  })

  test('a fragment for a list with a filter, and for one without', () => {
    const of = (parts: string): number => {
      const rest = 'fragment C on EventConnection { totalCount groupCount(by: [ID]) }'
      return cost(`{ ${parts} } ${parts.includes('...C') ? rest : ''}`)
    }
    const inline = 'totalCount groupCount(by: [ID])'
    const both = (inner: string): string =>
      `a: events(first: 0) { ${inner} } b: events(first: 0, filter: { id: { eq: "x" } }) { ${inner} }`
    expect(of(both('...C'))).toBeCloseTo(of(both(inline)))
  })

  test('a fragment for the list that it stands in, and fragments within fragments at once', () => {
    const inline = '{ a: apps(first: 2) { nodes { id } } b: apps(first: 9) { nodes { id } } }'
    const spread =
      '{ a: apps(first: 2) { ...P } b: apps(first: 9) { ...P } } fragment P on AppConnection { nodes { id } }'
    expect(cost(spread)).toBeCloseTo(cost(inline))
    const depth = 40
    const fragments = times(depth, level =>
      level === depth - 1
        ? `fragment F${level} on Employee { id }`
        : `fragment F${level} on Employee { ...F${level + 1} ...F${level + 1} }`,
    )
    expect(cost(`{ employees(first: 1) { nodes { ...F0 } } } ${fragments}`)).toBeGreaterThan(0)
  })

  test('the same under a prefix', () => {
    const prefixed = createExecutableSchema(resolvers, createNaming('Push'))
    const document = parse('{ pushApps(first: 9) { nodes { id accounts { totalCount } } } }')
    const operation = getOperationAST(document)
    if (!operation) throw new Error('no operation')
    expect(createEstimate(prefixed, document, operation)({}).cost).toBeCloseTo(
      cost('{ apps(first: 9) { nodes { id accounts { totalCount } } } }'),
    )
  })
})

const check = (
  query: string,
  variables = {},
  { maxCost = 5_000_000, maxAnswerBytes = 33_554_432 } = {},
): LimitError | undefined => {
  const limits = { maxDepth: 30, maxAliases: 500, maxTokens: 20_000, maxCost }
  const checks = createCheckLimits(schema, limits, undefined, { maxAnswerBytes })
  try {
    checks({ document: parse(query), variables }, allRights)
    return undefined
  } catch (error) {
    if (error instanceof LimitError) return error
    throw error
  }
}

test('what is estimated at as much as is allowed passes, and what is estimated at more does not', () => {
  const query = '{ many: apps(first: 7) { nodes { id } } apps(first: 1) { nodes { id } } }'
  const { cost: maxCost, bytes: maxAnswerBytes } = estimate(query)
  expect(check(query, {}, { maxCost, maxAnswerBytes })).toBeUndefined()
  const dear = check(query, {}, { maxCost: maxCost - 0.01 })
  expect(dear).toMatchObject({
    code: 'BUDGET_EXCEEDED',
    fields: { limit: 'PUSHGRAPH_MAX_COST', value: Math.ceil(maxCost), max: maxCost - 0.01 },
  })
  const long = check(query, {}, { maxAnswerBytes: maxAnswerBytes - 1 })
  expect(long).toMatchObject({
    code: 'BUDGET_EXCEEDED',
    fields: { limit: 'PUSHGRAPH_MAX_ANSWER_MB', value: 1, max: 1 },
  })
  for (const refused of [dear, long]) expect(refused?.message).toContain('most of it is "many')
})

const comparisons = (count: number): object => ({
  f: { or: Array.from({ length: count }, (_, i) => ({ email: { contains: `zz${i}` } })) },
})

describe('what nobody could answer in time is refused, with the limit that it goes beyond', () => {
  test.each<[what: string, limit: string, query: string, variables?: object]>([
    [
      'lists within lists',
      'COST',
      '{employees(first:1000){nodes{accounts(first:12){nodes{app{accounts(first:40){nodes{employee{accounts(first:12){nodes{app{accounts(first:40){nodes{id}}}}}}}}}}}}}}',
    ],
    [
      'many groups of many dimensions',
      'COST',
      `{accounts(first:1){${times(490, i => `a${i}:groups(by:[ID,EMAIL,CREATED_HOUR,LAST_USED_HOUR,EMPLOYEE_ID,APP_ID],first:1){count}`)}}}`,
    ],
    ['the schema, many times', 'ANSWER_MB', `{${times(499, i => `a${i}:_service{sdl}`)}}`],
    [
      'many comparisons, many times',
      'COST',
      `query($f:AccountFilter){${times(500, i => `a${i}:accounts(filter:$f,first:1){totalCount}`)}}`,
      comparisons(999),
    ],
    [
      'long pages, many times',
      'ANSWER_MB',
      `{${times(500, i => `a${i}:accounts(first:1000){nodes{employee{id email} app{id type}}}`)}}`,
    ],
    [
      'sorted pages of whole events of OCSF',
      'COST',
      `{${times(300, i => `a${i}:accounts(first:1000,orderBy:[{field:EMAIL}]){nodes{ocsf{json}}}`)}}`,
    ],
    [
      'whole events of OCSF',
      'ANSWER_MB',
      `{${times(30, i => `a${i}:accounts(first:1000){nodes{ocsf{json}}}`)}}`,
    ],
    ['searches', 'COST', `{${times(500, i => `a${i}:ocsfEvents(first:500){nodes{time}}`)}}`],
  ])('%s', (_, limit, query, variables) => {
    expect(check(query, variables)?.fields['limit']).toBe(`PUSHGRAPH_MAX_${limit}`)
  })
})

describe('what is honest passes with room to spare', () => {
  test.each<[what: string, query: string, variables?: object]>([
    ['an introspection', getIntrospectionQuery()],
    ['the schema', '{ _service { sdl } }'],
    [
      'a long page',
      '{ accounts(first: 1000) { nodes { id email createdAt lastUsedAt employeeId appId app { id type name } } } }',
    ],
    [
      'a dashboard',
      `{${times(20, i => `a${i}:accounts(filter:{email:{contains:"x"}},orderBy:[{field:EMAIL}],first:50){totalCount groups(by:[APP_TYPE]){keys count} nodes{id employee{id email} app{id type}}}`)}}`,
    ],
    ['groups of all rows', '{ accounts { groups(by: [ID]) { keys count } } }'],
    [
      'a filter as large as one may be',
      'query($f:AccountFilter){accounts(filter:$f){totalCount}}',
      comparisons(1_000),
    ],
    [
      'what a gateway asks for at once',
      'query($r:[_Any!]!){_entities(representations:$r){...on Account{id email app{id type}}}}',
      { r: Array.from({ length: 10_000 }, (_, id) => ({ __typename: 'Account', id })) },
    ],
    [
      'a person with all that belongs to them',
      '{ employees(first: 100) { nodes { accounts(first: 50) { nodes { app { name owner { email } } findings { nodes { type } } } } detections { nodes { id } } browsers { nodes { browserExtensions { nodes { id } } } } } } }',
    ],
  ])('%s', (_, query, variables) => {
    expect(
      check(query, variables, { maxCost: 2_500_000, maxAnswerBytes: 8_000_000 }),
    ).toBeUndefined()
  })
})
