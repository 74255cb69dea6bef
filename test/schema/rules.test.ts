import { isEnumType, isInputObjectType, isObjectType, validateSchema } from 'graphql'
import { describe, expect, it } from 'vitest'
import { collectionNames, collections } from '../../src/model/collections.ts'
import {
  input,
  isList,
  isNullable,
  membersOf,
  nameOf,
  object,
  ownTypes,
  schema,
} from './the-schema.ts'

const entities = collectionNames.map(name => collections[name].type)

describe('the names', () => {
  it('are PascalCase for types, camelCase for members and UPPER_SNAKE for values', () => {
    for (const type of ownTypes) {
      expect(type.name).toMatch(/^[A-Z][A-Za-z]*$/)
      // OCSF's types have OCSF's own names.
      const members = /^Ocsf(?!Event(Connection|Edge|Filter)$)/.test(type.name)
        ? /^[a-z]+(_[a-z]+)*$/
        : /^[a-z][A-Za-z]*$/
      for (const { name } of membersOf(type)) expect(name).toMatch(members)
      if (isEnumType(type))
        for (const { name } of type.getValues())
          expect(name).toMatch(/^[A-Z][A-Z0-9]*(_[A-Z0-9]+)*$/)
    }
  })

  it('tell what stands there: xId is an ID, xAt a moment, xMs a number', () => {
    for (const type of ownTypes.filter(isObjectType))
      for (const { name, type: of } of membersOf(type)) {
        if (/Id$/.test(name)) expect(`${name}: ${nameOf(of)}`).toBe(`${name}: ID`)
        if (nameOf(of) === 'DateTime') expect(name).toMatch(/(At|^at|^asOf|^time|^time_dt)$/)
        if (/Ms$/.test(name)) expect(nameOf(of)).toBe('Int')
      }
  })

  it('put the object beside each id that leads to one', () => {
    // These two are no object's id: one is the browser store's word, one stands for a password.
    const words = ['extensionId', 'passwordId']
    for (const name of [...entities, 'DetectionEvent'])
      for (const field of Object.keys(object(name).getFields()))
        if (field.endsWith('Id') && !words.includes(field))
          expect(object(name).getFields()).toHaveProperty(field.slice(0, -'Id'.length))
  })
})

describe('the lists', () => {
  const lists = ownTypes.filter(isObjectType).flatMap(type =>
    Object.values(type.getFields())
      .filter(field => entities.some(entity => nameOf(field.type) === `${entity}Connection`))
      .map(field => ({ at: `${type.name}.${field.name}`, field, isRoot: type.name === 'Query' })),
  )

  it.each(lists)('$at takes the same arguments as every other', ({ field, isRoot }) => {
    const entity = nameOf(field.type).slice(0, -'Connection'.length)
    expect(field.args.map(({ name, type }) => `${name}: ${String(type)}`)).toEqual([
      `filter: ${entity}Filter`,
      `orderBy: [${entity}Order!]`,
      'first: Int',
      'after: String',
      'last: Int',
      'before: String',
      ...(isRoot ? ['connectors: [String!]', 'at: DateTime'] : []),
    ])
  })

  it.each(entities)('of %s are pages in the same form', entity => {
    expect(
      Object.values(object(`${entity}Connection`).getFields()).map(
        ({ name, type, args }) =>
          `${name}(${args.map(arg => `${arg.name}: ${String(arg.type)}`).join(', ')}): ${String(type)}`,
      ),
    ).toEqual([
      `edges(): [${entity}Edge!]!`,
      `nodes(): [${entity}!]!`,
      'pageInfo(): PageInfo!',
      'totalCount(): Int',
      `groups(by: [${entity}Dimension!]!, having: IntFilter, orderBy: [GroupOrder!], first: Int, fill: Boolean, from: DateTime, until: DateTime): [${entity}GroupCount!]`,
      `groupCount(by: [${entity}Dimension!]!): Int`,
      'asOf(): DateTime',
      'complete(): Boolean!',
    ])
    expect(String(object(`${entity}Edge`).getFields()['node']?.type)).toBe(`${entity}!`)
  })

  it('have no null among their elements, keys of groups apart', () => {
    for (const type of ownTypes)
      for (const { name, type: of } of membersOf(type))
        if (isList(of) && !/GroupCount.keys$/.test(`${type.name}.${name}`))
          expect(`${type.name}.${name}: ${String(of)}`).toMatch(/!\]!?$/)
  })
})

describe('a field that can fail alone', () => {
  it('is nullable, so that its neighbours stand', () => {
    const read = (name: string): boolean => entities.includes(name) || name.endsWith('Connection')
    for (const type of ownTypes.filter(isObjectType))
      if (!type.name.endsWith('Edge'))
        for (const { name, type: of } of membersOf(type))
          if (read(nameOf(of)) && !isList(of))
            expect(`${type.name}.${name}: ${isNullable(of)}`).toBe(`${type.name}.${name}: true`)
  })
})

describe('the inputs', () => {
  it('leave every operator out, so that an absent variable is an absent operator', () => {
    for (const type of ownTypes.filter(isInputObjectType))
      if (type.name.endsWith('Filter'))
        for (const { name, type: of, defaultValue } of Object.values(type.getFields())) {
          expect(`${type.name}.${name}: ${isNullable(of)}`).toBe(`${type.name}.${name}: true`)
          expect(defaultValue).toBeUndefined()
        }
  })

  it('have the operators that the filter language names', () => {
    const members = (name: string): string => Object.keys(input(name).getFields()).join(' ')
    expect(members('StringFilter')).toBe(
      'eq ne in notIn contains startsWith endsWith like isNull caseSensitive',
    )
    expect(members('IDFilter')).toBe('eq ne in notIn isNull')
    expect(members('FindingTypeFilter')).toBe('eq ne in notIn isNull')
    expect(members('BooleanFilter')).toBe('eq isNull')
    expect(members('DateTimeFilter')).toBe('eq ne gt gte lt lte isNull within olderThan')
    expect(members('StringListFilter')).toBe('any all none isEmpty isNull')
    expect(members('MfaMethodListFilter')).toBe('any all none isEmpty isNull')
    expect(members('AccountListFilter')).toBe('some every none count')
    expect(members('DetectionEventListFilter')).toBe('some every none count')
    expect(members('AccountCountFilter')).toBe('eq ne gt gte lt lte isNull where')
    expect(members('VersionFilter')).toBe(
      'eq ne in notIn gt gte lt lte contains startsWith endsWith like isNull caseSensitive',
    )
    expect(members('DetectionSeverityFilter')).toBe('eq ne in notIn gt gte lt lte isNull')
  })
})

describe('the root', () => {
  it('has one field for an object and one for the list of each collection', () => {
    const roots = collectionNames.flatMap(name => {
      const { type } = collections[name]
      return [`${type[0]?.toLowerCase()}${type.slice(1)}`, name]
    })
    expect(
      membersOf(object('Query'))
        .map(({ name }) => name)
        .sort(),
    ).toEqual(
      [
        ...roots,
        'events',
        'otherAccounts',
        'otherApps',
        'changes',
        'ocsfEvents',
        'search',
        'timeline',
        'connectors',
      ].sort(),
    )
  })

  it('asks for an id where nothing else names an object', () => {
    const args = (field: string): string =>
      (object('Query').getFields()[field]?.args ?? [])
        .map(({ name, type }) => `${name}: ${String(type)}`)
        .join(', ')
    expect(args('employee')).toBe('id: ID, email: String, connector: String, at: DateTime')
    expect(args('app')).toBe('id: ID, type: String, connector: String, at: DateTime')
    for (const field of ['account', 'browser', 'browserExtension', 'finding', 'detection'])
      expect(args(field)).toBe('id: ID!, connector: String, at: DateTime')
  })
})

describe('the schema', () => {
  it('is valid', () => {
    expect(validateSchema(schema)).toEqual([])
  })

  it('has no type that nothing leads to', () => {
    const used = new Set(['Query', 'Subscription', 'Entity', 'GroupCount'])
    for (const type of ownTypes) {
      // Whoever has an event or an entity before them has one of the types that it can be.
      if (isObjectType(type) && type.getInterfaces().length > 0) used.add(type.name)
      for (const field of membersOf(type)) {
        used.add(nameOf(field.type))
        for (const argument of field.args ?? []) used.add(nameOf(argument.type))
      }
    }
    expect(ownTypes.map(({ name }) => name).filter(name => !used.has(name))).toEqual([])
  })
})
