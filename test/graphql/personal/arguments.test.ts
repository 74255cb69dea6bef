/** Arguments of callers without the scope `pii`: whatever compares personal data is refused, whether or not it exists. */
import {
  getNamedType,
  getNullableType,
  type GraphQLInputType,
  type GraphQLObjectType,
  isEnumType,
  isInputObjectType,
  isListType,
  isObjectType,
  isRequiredArgument,
  parse,
} from 'graphql'
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest'
import { GatewayError } from '../../../src/errors.ts'
import { createCheckScopes } from '../../../src/graphql/analysis/scopes.ts'
import { isPersonal } from '../../../src/graphql/personal/tags.ts'
import { resolvers } from '../../../src/graphql/resolvers/resolvers.ts'
import { createExecutableSchema, createNaming } from '../../../src/graphql/schema/schema.ts'
import { collectionNames, collections } from '../../../src/model/collections.ts'
import { detectionEventSearch } from '../../../src/model/detection-events.ts'
import { observableKinds } from '../../../src/model/observables.ts'
import { createPlanted, type Planted, told, untold } from '../../support/planted.ts'

const schema = createExecutableSchema(resolvers)

/** What the operation is refused with; undefined where it may be asked. */
const refusal = (query: string, variables = {}, of = schema): GatewayError | undefined => {
  try {
    createCheckScopes(of)({ document: parse(query), variables }, untold)
    return undefined
  } catch (error) {
    if (error instanceof GatewayError) return error
    throw error
  }
}

const expectForbidden = (query: string, at: string, variables = {}, of = schema): void => {
  const error = refusal(query, variables, of)
  expect(error?.code).toBe('FORBIDDEN')
  expect(error?.fields).toEqual({ scope: 'pii' })
  expect(error?.message).toContain(`"pii", which "${at}" needs`)
  createCheckScopes(of)({ document: parse(query), variables }, told)
}

/** A value of an argument that has one member alone, as the document writes it, and whether that is personal. */
interface Way {
  readonly text: string
  readonly path: string
  readonly isPersonal: boolean
}

/** Every member that a value may have, through at most so many objects within objects. */
function* waysInto(of: GraphQLInputType, path: string, levels: number): Generator<Way> {
  const type = getNullableType(of)
  if (isListType(type)) {
    for (const way of waysInto(type.ofType, path, levels)) yield { ...way, text: `[${way.text}]` }
    return
  }
  if (isEnumType(type))
    for (const value of type.getValues())
      yield { text: value.name, path, isPersonal: isPersonal(value) }
  if (!isInputObjectType(type)) return
  for (const [name, field] of Object.entries(type.getFields())) {
    const at = `${path}.${name}`
    const within = (text: string): string => `{ ${name}: ${text} }`
    const inner = getNullableType(field.type)
    if (isPersonal(field)) yield { text: within('{}'), path: at, isPersonal: true }
    else if (isInputObjectType(getNamedType(inner)) || isEnumType(getNamedType(inner))) {
      if (levels > 0)
        for (const way of waysInto(field.type, at, levels - 1))
          yield { ...way, text: within(way.text) }
    }
  }
}

/** Each type that has fields with arguments, with a way to it from the root. */
const reached = (): ReadonlyMap<GraphQLObjectType, readonly string[]> => {
  const found = new Map<GraphQLObjectType, readonly string[]>()
  const query = schema.getQueryType()
  const waiting: [GraphQLObjectType, readonly string[]][] = query ? [[query, []]] : []
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
    const [type, path] = next
    if (found.has(type)) continue
    found.set(type, path)
    for (const field of Object.values(type.getFields())) {
      const of = getNamedType(field.type)
      if (isObjectType(of) && !field.args.some(isRequiredArgument) && !field.name.startsWith('_'))
        waiting.push([of, [...path, field.name]])
    }
  }
  return found
}

interface Argued {
  readonly at: string
  readonly query: string
  readonly way: Way
}

const argued = function* (
  type: GraphQLObjectType,
  path: readonly string[],
  levels: number,
): Generator<Argued> {
  for (const field of Object.values(type.getFields()))
    for (const { name, type: of } of field.args) {
      const leads = isObjectType(getNamedType(field.type)) ? '{ __typename }' : ''
      for (const way of waysInto(of, name, levels)) {
        const asked = `${field.name}(${name}: ${way.text}) ${leads}`
        const query = `{ ${[...path, asked].join(' { ')} ${'}'.repeat(path.length)} }`
        yield { at: [...path, field.name].join('.'), query, way }
      }
    }
}

describe('every argument of every field', () => {
  const all = [...reached()].flatMap(([type, path]) => [
    ...argued(type, path, path.length < 3 ? 3 : 1),
  ])
  const kindsOf = Map.groupBy(all, ({ at }) => at)

  it('is looked at', () => {
    expect(all.filter(({ way }) => way.isPersonal).length).toBeGreaterThan(1_000)
    expect(all.filter(({ way }) => !way.isPersonal).length).toBeGreaterThan(1_000)
  })

  it.each([...kindsOf])('of %s is refused where it would compare a personal field', (_at, ways) => {
    for (const { at, query, way } of ways) {
      const error = refusal(query)
      const found =
        error && `${String(error.fields['scope'])} ${error.message.includes(`"${at}.${way.path}`)}`
      expect(`${query} ${String(found)}`).toBe(
        `${query} ${way.isPersonal ? 'pii true' : 'undefined'}`,
      )
    }
  })
})

describe('a caller without the scope', () => {
  test.each<[query: string, at: string, variables?: object]>([
    ['{ employee(email: "a") { id } }', 'employee.email'],
    ['query ($e: String) { employee(email: $e) { id } }', 'employee.email', { e: 'nobody' }],
    [
      'query ($f: AccountFilter) { accounts(filter: $f) { totalCount } }',
      'accounts.filter.and.or.not.employee.email',
      { f: { and: [{ or: [{ not: { employee: { email: { eq: 'a' } } } }] }] } },
    ],
    [
      'query ($f: AccountFilter = { email: { contains: "a" } }) { accounts(filter: $f) { totalCount } }',
      'accounts.filter.email',
    ],
    [
      'query ($o: [EmployeeOrder!]) { employees(orderBy: $o) { totalCount } }',
      'employees.orderBy.field',
      { o: [{ field: 'LAST_NAME' }] },
    ],
    [
      'query ($d: FindingDimension!) { findings { groups(by: [TYPE, $d]) { count } } }',
      'findings.groups.by',
      { d: 'EMPLOYEE_EMAIL' },
    ],
    [
      'query ($d: AccountDimension!) { accounts { groups(by: [APP_TYPE]) { distinct(of: $d) } } }',
      'accounts.groups.distinct.of',
      { d: 'EMAIL' },
    ],
    [
      '{ accounts { groups(by: [APP_TYPE]) { share(where: { email: { contains: "ann" } }) } } }',
      'accounts.groups.share.where.email',
    ],
    ['{ accounts { groupCount(by: [EMPLOYEE_EMAIL]) } }', 'accounts.groupCount.by'],
    [
      '{ employees(filter: { accounts: { count: { where: { email: { eq: "a" } } } } }) { totalCount } }',
      'employees.filter.accounts.count.where.email',
    ],
    ['subscription { events(filter: { email: { eq: "a" } }) { id } }', 'events.filter.email'],
    [
      '{ ocsfEvents(filter: { employees: { email: { eq: "a" } } }) { complete } }',
      'ocsfEvents.filter.employees.email',
    ],
    [
      '{ ...Q } fragment Q on Query { employees(filter: { groups: {} }) { totalCount } }',
      'employees.filter.groups',
    ],
    // Whatever field it stands at, an address is one.
    [
      '{ apps(filter: { name: { contains: "ann@x.example" } }) { totalCount } }',
      'apps.filter.name.contains',
    ],
    ['{ employee(id: "ann@x.example") { id } }', 'employee.id'],
    ['{ employees(connectors: ["ann%40x.example"]) { totalCount } }', 'employees.connectors'],
    [
      '{ _entities(representations: [{ __typename: "Employee", email: "a" }]) { __typename } }',
      '_entities.representations.email',
    ],
    [
      'query ($r: [_Any!]!) { _entities(representations: $r) { __typename } }',
      '_entities.representations.email',
      {
        r: [
          { __typename: 'Account', id: '1' },
          { __typename: 'Employee', id: '1', email: 'a' },
        ],
      },
    ],
    [
      '{ _entities(representations: [{ __typename: "App", id: "ann@x.example" }]) { __typename } }',
      '_entities.representations.id',
    ],
  ])('may not ask %s', (query, at, variables = {}) => {
    expectForbidden(query, at, variables)
  })

  test.each<[query: string, variables?: object]>([
    [
      '{ employees(filter: { department: { eq: "Legal" } }, orderBy: [{ field: LOCATION }]) { totalCount } }',
    ],
    ['{ findings { groups(by: [EMPLOYEE_DEPARTMENT, EMPLOYEE_LOCATION]) { keys } } }'],
    [
      '{ accounts(orderBy: [{ field: FINDINGS_COUNT }]) { groups(by: [APP_TYPE]) { distinct(of: EMPLOYEE_ID) } } }',
    ],
    ['query ($e: String) { employee(id: "1", email: $e) { id } }'],
    ['query ($e: String) { employee(id: "1", email: $e) { id } }', { e: null }],
    [
      'query ($f: AccountFilter, $no: Boolean = false) { accounts(filter: $f) @include(if: $no) { totalCount } }',
      { f: { email: {} } },
    ],
    [
      '{ _entities(representations: [{ __typename: "Employee", id: "1", connectorAlias: "default" }]) { __typename } }',
    ],
  ])('may ask %s', (query, variables = {}) => {
    expect(refusal(query, variables)).toBeUndefined()
  })

  it('is refused under a prefix too', () => {
    const prefixed = createExecutableSchema(resolvers, createNaming('Push'))
    expectForbidden('{ pushEmployee(email: "a") { id } }', 'pushEmployee.email', {}, prefixed)
    expectForbidden(
      '{ pushSearch(value: "ann@x.example") { totalCount } }',
      'pushSearch.value',
      {},
      prefixed,
    )
    expectForbidden(
      '{ pushAccounts(filter: { employee: { email: {} } }) { totalCount } }',
      'pushAccounts.filter.employee.email',
      {},
      prefixed,
    )
  })
})

describe('a search without the scope', () => {
  const search = (args: string): string => `{ search(${args}) { totalCount } }`

  /** The kinds of which some field that is looked at is personal. */
  const looksAtPersons = observableKinds.filter(kind =>
    [
      ...collectionNames.map(name => ({
        type: collections[name].type,
        rules: collections[name].search,
      })),
      { type: 'DetectionEvent', rules: detectionEventSearch },
    ].some(({ type, rules }) => {
      const of = schema.getType(type)
      const { follow: _, ...looks } = rules[kind] ?? {}
      return Object.values(looks)
        .flat()
        .some(field => {
          const found = isObjectType(of) ? of.getFields()[field] : undefined
          return found !== undefined && isPersonal(found)
        })
    }),
  )

  it('may look for what no personal field is compared with', () => {
    expect(looksAtPersons).toEqual(['EMAIL_ADDRESS', 'DOMAIN', 'URL', 'IP_ADDRESS'])
    for (const kind of observableKinds) {
      const error = refusal(search(`value: "something", kinds: [${kind}]`))
      expect(`${kind} ${error?.code}`).toBe(
        `${kind} ${looksAtPersons.includes(kind) ? 'FORBIDDEN' : 'undefined'}`,
      )
    }
  })

  test.each([
    'value: "ann@x.example"',
    'value: "ann[at]x[.]example"',
    'value: "https://x.example/?who=ann"',
    'value: "hxxps://x[.]example"',
    'value: "203.0.113.5"',
    'value: "203[.]0[.]113[.]5", kinds: [APP_NAME]',
    'value: "x.example"',
    'value: "Slack", kinds: [APP_NAME, EMAIL_ADDRESS]',
    'value: "ann@x.example", kinds: [EMPLOYEE_ID]',
  ])('may not look for %s', args => {
    expectForbidden(search(args), 'search.value')
  })

  test.each([
    'value: "Slack"',
    'value: "monday.com", kinds: [APP_NAME]',
    'value: "2a2197de-ad2c-47e4-8dcb-fb0f04cf83e0"',
  ])('may look for %s', args => {
    expect(refusal(search(args))).toBeUndefined()
  })
})

describe('what exists and what does not', () => {
  let planted: Planted
  beforeAll(async () => {
    planted = await createPlanted()
  })
  afterAll(() => planted.close())

  const queries = [
    'query ($v: String!) { employee(email: $v) { id } }',
    'query ($v: String!) { accounts(filter: { email: { eq: $v } }) { totalCount } }',
    'query ($v: String!) { apps(filter: { accounts: { some: { employee: { email: { eq: $v } } } } }) { totalCount } }',
    'query ($v: String!) { search(value: $v) { totalCount edges { cursor } } }',
    'query ($v: String!) { search(value: $v, kinds: [EMAIL_ADDRESS]) { totalCount } }',
    'query ($v: String!) { timeline(value: $v) { edges { cursor } nodes { text } } }',
    'query ($v: String!) { events(filter: { email: { eq: $v } }) { totalCount } }',
    'query ($v: String!) { events(filter: { description: { contains: $v } }) { totalCount } }',
    'query ($v: String!) { employees(filter: { department: { eq: $v } }) { totalCount } }',
    'query ($v: _Any!) { _entities(representations: [$v]) { __typename } }',
  ]

  test.each(queries)('get the same bytes: %s', async query => {
    const { data } = planted.graph.standIn
    const email = data.employees[0]?.email
    if (email === undefined) throw new Error('nobody works there')
    const ask = async (value: string): Promise<string> => {
      const v = query.includes('_Any') ? { __typename: 'Employee', email: value } : value
      const {
        errors,
        data: answer,
        requests,
      } = await planted.graph.run(query, { v }, { rights: untold })
      expect(requests).toBe(0)
      expect(errors.map(({ code, scope }) => [code, scope])).toEqual([['FORBIDDEN', 'pii']])
      return JSON.stringify([errors, answer])
    }
    expect(await ask(email)).toBe(await ask('nobody.at.all@x.example'))
    // Whoever may know is told one of them.
    const open = await planted.graph.run(
      query,
      { v: query.includes('_Any') ? { __typename: 'Employee', email } : email },
      { rights: told },
    )
    expect(open.errors.map(({ code }) => code)).not.toContain('FORBIDDEN')
  })

  it('has no personal value in a cursor, nor goes on from one that has', async () => {
    const { data } = await planted.graph.run(
      '{ employees(first: 1, orderBy: [{ field: EMAIL }]) { pageInfo { endCursor } } }',
    )
    const after = (
      data as { readonly employees: { readonly pageInfo: { readonly endCursor: string } } }
    ).employees.pageInfo.endCursor
    const ask = (args: string) =>
      planted.graph.run(
        `query ($after: String) { employees(first: 1, ${args}) { pageInfo { endCursor } nodes { id } } }`,
        { after },
        { rights: untold },
      )
    const sorted = await ask('after: $after, orderBy: [{ field: EMAIL }]')
    expect(sorted.errors.map(({ code }) => code)).toEqual(['FORBIDDEN'])
    const plain = await ask('after: $after')
    expect(plain.errors.map(({ code }) => code)).toEqual(['BAD_USER_INPUT'])
    expect(plain.requests).toBe(0)
  })
})
