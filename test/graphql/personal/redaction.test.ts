/** What callers without the scope `pii` are told: nothing that names a person, whatever they ask and whoever answers. */
import {
  getNamedType,
  getNullableType,
  type GraphQLNamedType,
  isEnumType,
  isInterfaceType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  parse,
} from 'graphql'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { compileQuery } from '../../../src/graphql/compiled/compile-query.ts'
import { isPersonal } from '../../../src/graphql/personal/tags.ts'
import { resolvers } from '../../../src/graphql/resolvers/resolvers.ts'
import { createExecutableSchema } from '../../../src/graphql/schema/schema.ts'
import { collectionNames, collections } from '../../../src/model/collections.ts'
import { dimensions } from '../../../src/model/dimensions.ts'
import { storedLists, storedNames } from '../../../src/model/stored.ts'
import { ocsfVersions } from '../../../src/ocsf/ocsf.ts'
import type { Answer } from '../../support/graph.ts'
import { createCheck } from '../../support/ocsf/check-event.ts'
import { ADDRESS, createPlanted, NAME, type Planted, told, untold } from '../../support/planted.ts'

const schema = createExecutableSchema(resolvers)

let planted: Planted
beforeAll(async () => {
  planted = await createPlanted()
})
afterAll(() => planted.close())

/** Every field of a type, lists of other objects and links to them apart; each type of an interface by itself. */
const everything = (name: string): string => {
  const type = schema.getType(name)
  if (isInterfaceType(type))
    return `{ __typename ${schema
      .getPossibleTypes(type)
      .map(of => `... on ${of.name} ${selection(of, `${of.name}_`)}`)
      .join(' ')} }`
  return selection(type, '')
}

const isApart = ({ name }: GraphQLNamedType): boolean =>
  /Connection$|^Connector$|^Entity$/.test(name) ||
  collectionNames.some(of => collections[of].type === name) ||
  storedNames.some(of => storedLists[of].type === name)

/** Fields of types side by side have names of their own in the answer: they need not be alike. */
const selection = (type: GraphQLNamedType | undefined, alias: string): string => {
  if (!isObjectType(type)) return ''
  const fields = Object.values(type.getFields()).flatMap(field => {
    const of = getNamedType(field.type)
    const args = field.args.some(({ name }) => name === 'rawData') ? '(rawData: true)' : ''
    const before = alias === '' ? '' : `${alias}${field.name}: `
    if (isLeafType(of)) return `${before}${field.name}`
    return isApart(of) ? [] : `${before}${field.name}${args} ${everything(of.name)}`
  })
  return `{ ${fields.join(' ')} }`
}

const lists = [
  ...collectionNames.map(name => ({ name, type: collections[name].type })),
  ...storedNames.map(name => ({ name, type: storedLists[name].type })),
]

const asText = (answer: Answer): string => JSON.stringify(answer)

const expectNothing = (answer: Answer): void => {
  expect(answer.errors).toEqual([])
  const text = asText(answer)
  for (const secret of [NAME, ADDRESS, 'secret.example', 'planted'])
    expect(text.includes(secret) ? `${secret} in ${around(text, secret)}` : '').toBe('')
}

const around = (text: string, secret: string): string => {
  const at = text.indexOf(secret)
  return text.slice(Math.max(0, at - 200), at + 50)
}

describe.each(lists)('$name', ({ name, type }) => {
  const all = everything(type)

  it('tell everything to whoever may know, and no address nor name to others', async () => {
    const query = `{ ${name}(first: 20) { nodes ${all} edges { cursor } } }`
    const open = await planted.graph.run(query, {}, { rights: told })
    expect(open.errors).toEqual([])
    expect(asText(open)).toContain(ADDRESS)
    // The second time it may be answered by what the first left behind.
    for (let time = 0; time < 2; time += 1)
      expectNothing(await planted.graph.run(query, {}, { rights: untold }))
    const again = await planted.graph.run(query, {}, { rights: told })
    expect(asText(again)).toContain(ADDRESS)
  })

  it('are grouped by what names nobody, and no key is an address', async () => {
    const dimension = schema.getType(`${type}Dimension`)
    const values = isEnumType(dimension) ? dimension.getValues() : []
    const open = values.filter(value => !isPersonal(value))
    expect(values).toHaveLength(dimensions[name].size)
    const groups = open.map(({ name: of }) => `${of}: groups(by: [${of}]) { keys count }`)
    expectNothing(
      await planted.graph.run(
        `{ ${name} { totalCount ${groups.join(' ')} } }`,
        {},
        { rights: untold },
      ),
    )
  })
})

const plainFields = (name: string): string => {
  const type = schema.getType(name)
  if (!isObjectType(type)) return ''
  return Object.values(type.getFields())
    .filter(({ type: of }) => isLeafType(getNamedType(of)))
    .map(field => field.name)
    .join(' ')
}

describe('a compiled document', () => {
  it.each(collectionNames)('of %s tells each caller what that caller may know', async name => {
    const query = `{ ${name}(first: 20) { nodes { ${plainFields(collections[name].type)} } } }`
    expect(compileQuery(schema, parse(query), undefined)).toBeDefined()
    const answers = []
    // Each time a caller of the other kind has asked before.
    for (const rights of [told, untold, told, untold, told, untold])
      answers.push(await planted.graph.run(query, {}, { rights }))
    const [open, closed, ...others] = answers
    expect(others.map(({ data }) => JSON.stringify(data))).toEqual(
      [open, closed, open, closed].map(answer => JSON.stringify(answer?.data)),
    )
    if (name !== 'findings') expect(JSON.stringify(open?.data)).toContain(ADDRESS)
    if (closed !== undefined) expectNothing(closed)
    // The same by graphql-js.
    const slow = await planted.graph.run(
      query.replace('nodes {', 'nodes @include(if: true) {'),
      {},
      { rights: untold },
    )
    expect(slow.data).toEqual(closed?.data)
  })
})

describe('a personal field', () => {
  const personal = Object.values(schema.getTypeMap())
    .filter(isObjectType)
    .flatMap(type =>
      Object.values(type.getFields())
        .filter(isPersonal)
        .filter(field => !/^(json|unmapped|data|payload|raw_data|old|new|text)$/.test(field.name))
        .map(field => ({ type: type.name, field })),
    )

  it('that cannot be null is told without persons', () => {
    const required = Object.values(schema.getTypeMap())
      .filter(isObjectType)
      .flatMap(type => Object.values(type.getFields()))
      .filter(field => isPersonal(field) && isNonNullType(field.type))
    expect(required.length).toBeGreaterThan(5)
    const event = { json: () => ({ class_uid: 1 }) }
    const parent = { event, withNeeds: () => event }
    for (const { resolve } of required)
      expect(resolve?.(parent, {}, { rights: untold }, {} as never)).toEqual({ class_uid: 1 })
  })

  it.each(personal)('$type.$field.name is null, whatever its object holds', ({ field }) => {
    const parent = new Proxy({}, { get: () => NAME })
    const context = { rights: untold }
    expect(field.resolve?.(parent, {}, context, {} as never)).toBeNull()
    // And where nobody said who asks.
    expect(field.resolve?.(parent, {}, {}, {} as never)).toBeNull()
  })
})

describe('a text that names nobody', () => {
  it.each(['name@host.example', 'name%40host.example', 'name[at]host.example', 'a (AT) b', 'a＠b'])(
    'is withheld where it is %s all the same',
    text => {
      const type = schema.getType('App')
      const fields = isObjectType(type) ? type.getFields() : {}
      const found = { connector: text, row: { type: text, friendlyName: text } }
      const resolve = (name: string): unknown =>
        fields[name]?.resolve?.(found, {}, { rights: untold }, {} as never)
      expect(resolve('friendlyName')).toBeNull()
      expect(resolve('type')).toBe('WITHHELD')
    },
  )
})

describe('events of OCSF', () => {
  it.each(ocsfVersions)('stay valid in %s without persons, and of their class', async version => {
    const check = createCheck(version)
    const query = `{ ocsfEvents(first: 1000, version: V${version.replaceAll('.', '_')}, rawData: true) {
      nodes { class_uid activity_id json raw_data } } }`
    const closed = await planted.graph.run(query, {}, { rights: untold })
    expectNothing(closed)
    interface Node {
      readonly class_uid: number
      readonly json: Readonly<Record<string, unknown>>
      readonly raw_data: string | null
    }
    const nodesOf = ({ data }: Answer) =>
      (data as { readonly ocsfEvents: { readonly nodes: readonly Node[] } }).ocsfEvents.nodes
    const problems = nodesOf(closed).flatMap(({ json }) => check(json))
    expect([...new Set(problems)]).toEqual([])
    const open = nodesOf(await planted.graph.run(query, {}, { rights: told }))
    expect(JSON.stringify(open)).toContain(ADDRESS)
    const classOf = ({ class_uid }: Node): number => class_uid
    // Who was added to which group is not told: that is a change of the employee, as any other.
    const isSame = nodesOf(closed).filter(
      (node, index) => classOf(node) === open[index]?.class_uid || open[index]?.class_uid === 3006,
    )
    expect(isSame).toHaveLength(open.length)
    for (const { raw_data } of nodesOf(closed))
      if (raw_data !== null) expect(JSON.parse(raw_data)).toHaveProperty('id')
  })
})

describe('an answer', () => {
  it('still has whatever names nobody', async () => {
    const { data } = await planted.graph.run(
      `{ findings(first: 1) { groups(by: [EMPLOYEE_DEPARTMENT]) { keys count } }
         events(first: 100) { nodes { payload ... on EntityEvent { changes { path old new } } } } }`,
      {},
      { rights: untold },
    )
    const { findings, events } = data as {
      readonly findings: { readonly groups: readonly { readonly count: number }[] }
      readonly events: { readonly nodes: readonly Readonly<Record<string, unknown>>[] }
    }
    expect(findings.groups.length).toBeGreaterThan(0)
    const text = JSON.stringify(events.nodes)
    expect(text).toContain('"licensed":false')
    expect(text).toContain('{"path":"groups","old":null,"new":null}')
    expect(text).toContain('{"path":"mfaRegistered","old":true,"new":false}')
  })

  it('has lists in the place of lists', () => {
    const type = schema.getType('App')
    const labels = isObjectType(type) ? type.getFields()['labels'] : undefined
    expect(labels && isListType(getNullableType(labels.type))).toBe(true)
  })
})
