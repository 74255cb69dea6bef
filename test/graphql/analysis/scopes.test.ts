import { getNamedType, type GraphQLNamedType, isCompositeType, isObjectType, parse } from 'graphql'
import { describe, expect, test } from 'vitest'
import { GatewayError } from '../../../src/errors.ts'
import { createCheckScopes } from '../../../src/graphql/analysis/scopes.ts'
import { scopesOf } from '../../../src/graphql/federation/scopes.ts'
import { resolvers } from '../../../src/graphql/resolvers/resolvers.ts'
import { createExecutableSchema, createNaming } from '../../../src/graphql/schema/schema.ts'
import { type CallerScope, createRights } from '../../../src/model/rights.ts'
import { processorMsOf } from '../../support/processor-time.ts'

const schema = createExecutableSchema(resolvers)
const prefixed = createExecutableSchema(resolvers, createNaming('Push'))

/** What a caller of those scopes is refused for: the scope, and what needs it. */
const missing = (
  scopes: readonly CallerScope[],
  query: string,
  variables = {},
  of = schema,
): string | undefined => {
  try {
    createCheckScopes(of)({ document: parse(query), variables }, createRights('ann', scopes))
    return undefined
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error
    expect(error.code).toBe('FORBIDDEN')
    const [, path] = /which "([^"]*)" needs/.exec(error.message) ?? []
    expect(error.message).toContain(`"${String(error.fields['scope'])}"`)
    return `${String(error.fields['scope'])} for ${path ?? ''}`
  }
}

describe('the schema', () => {
  const needs = (type: GraphQLNamedType): CallerScope | undefined => scopesOf(schema).of(type)

  test('says of every root field which scope it needs', () => {
    const roots = [schema.getQueryType(), schema.getSubscriptionType()].flatMap(root =>
      Object.values(root?.getFields() ?? {}),
    )
    expect(roots.length).toBeGreaterThan(20)
    const open = roots.filter(({ type }) => needs(getNamedType(type)) === undefined)
    expect(open.map(({ name }) => name)).toEqual(['_service'])
  })

  test('says so of every type that has fields, but those that tell of the schema and of pages', () => {
    const open = Object.values(schema.getTypeMap())
      .filter(type => isCompositeType(type) && needs(type) === undefined)
      .map(({ name }) => name)
      .filter(name => !name.startsWith('__'))
    expect(open.sort()).toEqual(['PageInfo', 'Query', 'Subscription', '_Service'])
  })

  test('asks for `events` where something is stored, and for `read` elsewhere', () => {
    const ofEvents = Object.values(schema.getTypeMap())
      .filter(type => isObjectType(type) && needs(type) === 'events')
      .map(({ name }) => name)
    for (const name of ['LoginEvent', 'EventStore', 'EventConnection', 'OtherAccount', 'OtherApp'])
      expect(ofEvents).toContain(name)
    for (const name of ['Employee', 'Connector', 'DetectionEvent', 'TimelineConnection'])
      expect(ofEvents).not.toContain(name)
  })

  test('says the same under a prefix', () => {
    for (const type of Object.values(schema.getTypeMap())) {
      const other = prefixed.getType(createNaming('Push').type(type.name))
      if (other !== undefined) expect(scopesOf(prefixed).of(other)).toBe(needs(type))
    }
  })
})

describe('a caller without a scope', () => {
  test.each<
    [scopes: CallerScope[], query: string, missing: string | undefined, variables?: object]
  >([
    [['read'], '{ employees { nodes { id accounts { totalCount } } } }', undefined],
    [
      ['read', 'pii'],
      '{ apps(filter: { type: { in: ["SLACK"] }, labels: { any: { eq: "x" } }, createdAt: { within: "P1D" } }, orderBy: [{ field: NAME }]) { groups(by: [TYPE, OWNER_EMAIL]) { count } } }',
      undefined,
    ],
    [['read'], '{ events { totalCount } }', 'events for events'],
    [['read'], '{ mine: otherApps { nodes { id } } }', 'events for mine'],
    [
      ['read'],
      '{ employees { edges { node { ...E } } } } fragment E on Employee { was: history { totalCount } }',
      'events for employees.edges.node.was',
    ],
    [
      ['read'],
      // What is stored is left out of it.
      '{ apps { nodes { timeline { nodes { kind event { id } change { id } } } } } }',
      undefined,
    ],
    [
      ['read'],
      '{ connectors { alias eventStore { events } } }',
      'events for connectors.eventStore',
    ],
    [['read'], 'subscription { events { id } }', 'events for events'],
    [['events'], '{ events { nodes { id email payload } } }', undefined],
    [['events'], 'subscription { events { id } }', undefined],
    [['events'], '{ employees { totalCount } }', 'read for employees'],
    [['events'], '{ connectors { alias } }', 'read for connectors'],
    [['events'], '{ search(value: "x") { totalCount } }', 'read for search'],
    [['events'], '{ ocsfEvents { complete } }', 'read for ocsfEvents'],
    [['events'], '{ timeline(value: "x") { complete } }', 'read for timeline'],
    [['read', 'events'], '{ timeline(value: "Slack") { complete } }', undefined],
    [
      ['read', 'events'],
      '{ timeline(value: "a[at]b[.]c") { complete } }',
      'pii for timeline.value',
    ],
    [['events'], '{ events { nodes { employee { id } } } }', 'read for events.nodes.employee'],
    [['events'], '{ events { nodes { ocsf { time } } } }', 'read for events.nodes.ocsf'],
    [
      ['events'],
      '{ events { nodes { ... on EntityEvent { entity { id } } } } }',
      'read for events.nodes.entity',
    ],
    // An interface that rows have too lets nothing through.
    [
      ['events'],
      '{ events { nodes { ... on Entity { connector { alias } } } } }',
      'read for events.nodes.connector',
    ],
    [
      ['write', 'pii', 'metrics'],
      '{ _entities(representations: []) { __typename } }',
      'read for _entities',
    ],
    [[], '{ __typename __schema { types { name } } _service { sdl } }', undefined],
  ])('%j: %s', (scopes, query, expected) => {
    expect(missing(scopes, query)).toBe(expected)
  })

  test.each<[query: string, variables: object, missing: string]>([
    [
      '{ events(filter: { not: { employee: { department: { eq: "Legal" } } } }) { totalCount } }',
      {},
      'read for events.filter.not.employee',
    ],
    [
      'query ($f: EventFilter) { events(filter: $f) { totalCount } }',
      { f: { or: [{ object: { eq: 'LOGIN' } }, { app: {} }] } },
      'read for events.filter.or.app',
    ],
    [
      'subscription ($f: EventFilter) { events(filter: $f) { id } }',
      { f: { account: { id: { eq: 'a' } } } },
      'read for events.filter.account',
    ],
    [
      '{ events { groups(by: [OBJECT, EMPLOYEE_DEPARTMENT]) { count } } }',
      {},
      'read for events.groups.by',
    ],
    [
      '{ events { groups(by: [OBJECT]) { distinct(of: EMPLOYEE_DEPARTMENT) } } }',
      {},
      'read for events.groups.distinct.of',
    ],
    [
      '{ events { groups(by: [OBJECT]) { share(where: { employee: { exists: false } }) } } }',
      {},
      'read for events.groups.share.where.employee',
    ],
    ['{ events { groupCount(by: [APP_NAME]) } }', {}, 'read for events.groupCount.by'],
    [
      '{ otherAccounts(filter: { employee: {} }) { totalCount } }',
      {},
      'read for otherAccounts.filter.employee',
    ],
  ])('may not compare what it may not read: %s', (query, variables, expected) => {
    expect(missing(['events'], query, variables)).toBe(expected)
    expect(missing(['events', 'read'], query, variables)).toBeUndefined()
  })

  test('may search, and tell apart what it is not given', () => {
    const query = `{ search(value: "Slack") { nodes { id
      ... on Event { payload } ... on LoginEvent { userAgent } ... on EntityEvent { changes { path } } } } }`
    expect(missing(['read'], query)).toBeUndefined()
  })

  test('is not refused for what directives leave out', () => {
    const query =
      'query ($with: Boolean!) { employees { nodes { history @include(if: $with) { totalCount } } } }'
    expect(missing(['read'], query, { with: false })).toBeUndefined()
    expect(missing(['read'], query, { with: true })).toBe('events for employees.nodes.history')
    expect(
      missing(['read'], '{ events @skip(if: true) { totalCount } connectors { alias } }'),
    ).toBeUndefined()
  })

  test('is refused in the operation that it asks for alone', () => {
    const document = parse('query A { events { totalCount } } query B { apps { totalCount } }')
    const check = createCheckScopes(schema)
    const rights = createRights('ann', ['read'])
    expect(() => {
      check({ document, operationName: 'A' }, rights)
    }).toThrow('"events"')
    expect(() => {
      check({ document, operationName: 'B' }, rights)
    }).not.toThrow()
  })

  test('is refused under a prefix too', () => {
    expect(missing(['read'], '{ pushEvents { totalCount } }', {}, prefixed)).toBe(
      'events for pushEvents',
    )
    const filtered =
      '{ pushEvents(filter: { employee: {} }) { groups(by: [EMPLOYEE_DEPARTMENT]) { count } } }'
    expect(missing(['events'], filtered, {}, prefixed)).toBe('read for pushEvents.filter.employee')
    const grouped = '{ pushEvents { groups(by: [EMPLOYEE_DEPARTMENT]) { count } } }'
    expect(missing(['events'], grouped, {}, prefixed)).toBe('read for pushEvents.groups.by')
  })
})

test('a variable is looked through once, in however many arguments it stands', () => {
  const fields = Array.from(
    { length: 490 },
    (_, index) => `a${index}: apps(filter: $f) { totalCount }`,
  )
  const document = parse(`query ($f: AppFilter) { ${fields.join(' ')} }`)
  const ids = Array.from({ length: 10_000 }, (_, index) => `0123456789-${index}`)
  const check = createCheckScopes(schema)
  const rights = createRights('caller', ['read'], undefined)
  const tookMs = processorMsOf(() => {
    check({ document, variables: { f: { id: { in: ids } } } }, rights)
  })
  expect(tookMs).toBeLessThan(200)
  const personal = { f: { id: { in: [...ids, 'anna@example.com'] } } }
  expect(() => check({ document, variables: personal }, rights)).toThrow('"pii"')
})
