import { readFileSync } from 'node:fs'
import {
  buildASTSchema,
  buildSchema,
  execute,
  Kind,
  lexicographicSortSchema,
  parse,
  printSchema,
  validate,
} from 'graphql'
import { describe, expect, test } from 'vitest'
import { bundle } from '../../../schema/derive/bundle.ts'
import { withoutDirectives } from '../../../schema/derive/plain.ts'
import { resolvers } from '../../../src/graphql/resolvers/resolvers.ts'
import {
  createExecutableSchema,
  createNaming,
  loadSubgraph,
  loadTypeDefs,
  printSubgraph,
  printTypeDefs,
  renameOperation,
} from '../../../src/graphql/schema/schema.ts'
import { pageDataOf } from '../../../src/http/pages/page-data.ts'
import type { Turns } from '../../../src/work/turns.ts'
import { Work } from '../../../src/work/work.ts'
import { hastyTurns } from '../../support/work.ts'
import { runCommand } from '../../support/terminal.ts'

const plain = createNaming()
const push = createNaming('Push')

describe('the subgraph', () => {
  test('in the repository is what the written types give now', () => {
    const file = new URL('../../../src/generated/subgraph.graphql', import.meta.url)
    expect(readFileSync(file, 'utf8')).toBe(bundle('subgraph'))
  })

  test('is the plain schema with directives, and nothing else', () => {
    const subgraph = withoutDirectives(loadSubgraph({ naming: plain, auth: true }))
    expect(printSchema(lexicographicSortSchema(buildASTSchema(subgraph)))).toBe(
      printSchema(lexicographicSortSchema(buildASTSchema(loadTypeDefs()))),
    )
  })

  test.each([
    ['without a prefix', {}],
    ['with one', { PUSHGRAPH_PREFIX: 'Push' }],
    ['with scopes', { PUSHGRAPH_PREFIX: '', PUSHGRAPH_AUTH: 'tokens' }],
  ])(
    'is printed by `pushgraph schema --federation` as `_service` gives it, %s',
    async (_, environment) => {
      const { output, exitCode } = await runCommand(['schema', '--federation'], { environment })
      expect(exitCode).toBe(0)
      const naming = createNaming(Object.values(environment)[0])
      const auth = 'PUSHGRAPH_AUTH' in environment
      const schema = createExecutableSchema(resolvers, naming, { auth })
      const document = parse('{ _service { sdl } }')
      const ask = async (turns: Turns) =>
        (await execute({ schema, document, contextValue: { work: new Work({ turns }) } })).data
      // Two who ask at once, in turns.
      const answers = await Promise.all([ask(hastyTurns(1)), ask(hastyTurns(1))])
      for (const answer of answers) expect(answer).toEqual({ _service: { sdl: output } })
      expect(output).toBe(printSubgraph(loadSubgraph({ naming, auth })))
      expect(output.includes('@requiresScopes')).toBe(auth)
    },
  )

  test('is not in what `pushgraph schema` prints, which is a schema by itself', async () => {
    const { output } = await runCommand(['schema'])
    expect(output).toBe(printTypeDefs())
    expect(output).not.toMatch(
      /@(key|tag|cost|listSize|shareable|link|cacheControl)|_Entity|_Service/,
    )
    expect(buildSchema(output).getType('Employee')).toBeDefined()
  })

  test('has keys on what gateways know, and shares what others know too', () => {
    const text = printSubgraph(loadSubgraph({ naming: plain }))
    for (const type of ['Account', 'App', 'Browser', 'BrowserExtension', 'Finding', 'Detection'])
      expect(text).toMatch(
        new RegExp(`^type ${type} implements Entity @key\\(fields: "id"\\)`, 'm'),
      )
    expect(text).toContain(
      'type Employee implements Entity @key(fields: "id") @key(fields: "email") @key(fields: "email connectorAlias")',
    )
    for (const field of [
      'email: String @shareable @tag(name: "pii")',
      'firstName: String @shareable @tag(name: "pii")',
      'lastName: String @shareable @tag(name: "pii")',
      'department: String @shareable',
      'location: String @shareable',
    ])
      expect(text).toContain(`  ${field}\n`)
    expect(text).toMatch(/^type PageInfo @shareable/m)
    expect(text).not.toContain('node(')
  })

  test('tags personal data wherever it can be read, compared, sorted by or grouped by', () => {
    const document = loadSubgraph({ naming: plain })
    interface Member {
      readonly of: string
      readonly name: { readonly value: string }
      readonly directives?: readonly { readonly name: { readonly value: string } }[]
    }
    const members = document.definitions.flatMap((definition): readonly Member[] => {
      if (!('name' in definition)) return []
      const of = definition.name?.value ?? ''
      const held: readonly Omit<Member, 'of'>[] =
        'fields' in definition
          ? (definition.fields ?? [])
          : 'values' in definition
            ? (definition.values ?? [])
            : []
      return held.map(member => ({ ...member, of }))
    })
    const personal = members.filter(
      ({ of, name }) =>
        /^(email|EMAIL|profileEmail|sourceIpAddress|firstName|FIRST_NAME)$/.test(name.value) &&
        of !== 'Query',
    )
    expect(personal.length).toBeGreaterThan(40)
    for (const { of, name, directives = [] } of personal)
      expect(
        `${of}.${name.value} ${directives.some(directive => directive.name.value === 'tag')}`,
      ).toBe(`${of}.${name.value} true`)
  })

  test('says who may read only where callers are told apart, and then on object types alone', () => {
    expect(printSubgraph(loadSubgraph({ naming: plain }))).not.toMatch(
      /authenticated|requiresScopes/,
    )
    const document = loadSubgraph({ naming: plain, auth: true })
    const guarded = document.definitions.filter(
      definition =>
        'directives' in definition &&
        definition.directives?.some(({ name }) => name.value === 'requiresScopes'),
    )
    expect(new Set(guarded.map(({ kind }) => kind))).toEqual(new Set([Kind.OBJECT_TYPE_DEFINITION]))
    const text = printSubgraph(document)
    expect(text).toContain('type Query {')
    expect(text).toMatch(
      /^type Employee .*@authenticated @requiresScopes\(scopes: \[\["read"\]\]\)/m,
    )
    expect(text).toMatch(/^type LoginEvent .*@requiresScopes\(scopes: \[\["events"\]\]\)/m)
  })

  test('tells the cost of a list by its page, without a default that would contradict it', () => {
    const lists = loadSubgraph({ naming: plain }).definitions.flatMap(definition =>
      definition.kind === Kind.OBJECT_TYPE_DEFINITION
        ? (definition.fields ?? []).filter(field =>
            field.arguments?.some(({ name }) => name.value === 'first'),
          )
        : [],
    )
    expect(lists.length).toBeGreaterThan(20)
    for (const { directives, arguments: args } of lists) {
      expect(directives?.some(({ name }) => name.value === 'listSize')).toBe(true)
      expect(args?.find(({ name }) => name.value === 'first')?.defaultValue).toBeUndefined()
    }
  })
})

describe('with a prefix', () => {
  const schema = createExecutableSchema(resolvers, push)

  test('every type and root field has it, but what a supergraph has in common', () => {
    const own = buildASTSchema(loadTypeDefs())
    const kept = Object.values(own.getTypeMap())
      .map(({ name }) => name)
      .filter(name => !name.startsWith('__') && schema.getType(`Push${name}`) === undefined)
    expect(kept.sort()).toEqual(
      [
        ...['Boolean', 'DateTime', 'Duration', 'Employee', 'Float', 'ID', 'Int', 'JSON', 'Long'],
        ...['PageInfo', 'Query', 'String', 'Subscription'],
      ].sort(),
    )
    for (const root of [schema.getQueryType(), schema.getSubscriptionType()])
      for (const name of Object.keys(root?.getFields() ?? {}))
        expect(name).toMatch(/^(push[A-Z]|_)/)
  })

  test('an employee’s profile is left to whoever owns it', () => {
    const text = printSubgraph(loadSubgraph({ naming: push }))
    const [employee = ''] = /^type Employee [^}]*\}/m.exec(text) ?? []
    expect(employee).toMatch(/^ {2}pushDepartment: String/m)
    expect(employee).not.toMatch(/^ {2}(department|firstName|lastName|location)\b/m)
    expect(employee).toMatch(/^ {2}accounts\(/m)
  })

  test('an operation is the same text with other names', () => {
    const own = buildASTSchema(loadTypeDefs())
    const renamed = renameOperation(
      `# Who?\nquery Q($f: AccountFilter, $n: Int) { mine: employees { nodes { ...P department } } } fragment P on Employee { accounts(filter: $f, first: $n) { nodes { ... on Account { id } } } }`,
      own,
      push,
    )
    expect(renamed).toBe(
      `# Who?\nquery Q($f: PushAccountFilter, $n: Int) { mine: pushEmployees { nodes { ...P pushDepartment } } } fragment P on Employee { accounts(filter: $f, first: $n) { nodes { ... on PushAccount { id } } } }`,
    )
    expect(validate(schema, parse(renamed))).toEqual([])
  })

  test('every default tab of GraphiQL fits', () => {
    const { tabs } = pageDataOf('nowhere', { naming: push, mutations: false })
    expect(tabs).toHaveLength(7)
    for (const { query } of tabs) expect(validate(schema, parse(query))).toEqual([])
  })

  test.each([
    ['Push', 'pushEmployees'],
    ['ACME', 'acmeEmployees'],
    ['PushSecurity', 'pushSecurityEmployees'],
  ])('%s begins a field as %s', (prefix, field) => {
    const naming = createNaming(prefix)
    expect(naming.field('Query', 'employees')).toBe(field)
    expect(naming.rootField(field)).toBe('employees')
  })
})
