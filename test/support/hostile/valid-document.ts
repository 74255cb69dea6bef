/** Documents that the schema allows, with whatever variables: nothing of it is left out. */
import {
  getNamedType,
  getNullableType,
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLInterfaceType,
  type GraphQLNamedType,
  type GraphQLObjectType,
  type GraphQLSchema,
  isAbstractType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  isRequiredArgument,
} from 'graphql'
import type { Chance } from './chance.ts'

/** What a document of the schema asks for. */
export interface ValidDocument {
  readonly kind: 'valid'
  readonly query: string
  readonly variables: Readonly<Record<string, unknown>>
}

/** Words that a caller might send anywhere. */
export const words: readonly string[] = [
  '',
  'a',
  'SLACK',
  'anna@example.com',
  '\ud800',
  '\u0000',
  'e\u0301',
  '__proto__',
  'constructor',
  '{"a":1}',
  '1e400',
  '203.0.113.5',
  'x'.repeat(3_000),
  `a${'\u0301'.repeat(400)}${'\u0323'.repeat(400)}`,
  `a${' '.repeat(1_000)}b`,
  '1.0.0.0',
  '2024-01-01T00:00:00Z',
  ...[
    '["","k","default","x",null]',
    '["","w","default","x","e",9007199254740991,"t",0,null,1e300]',
  ].map(position => Buffer.from(position).toString('base64url')),
]

/** Moments at the ends of time, and lengths of it beyond all. */
const moments = [
  '2025-01-01T00:00:00Z',
  '2025-01-01',
  '0000-01-01',
  '0001-01-01T00:00:00+23:59',
  '9999-12-31T23:59:59.999999Z',
  '9999-12-31T23:59:59-23:59',
  '1969-12-31T23:59:59.5Z',
]
const durations = ['P7D', 'PT0S', 'P0.5D', '30m', `P${'9'.repeat(400)}W`]
const numbers = [0, 1, 2, 30, 1_000, 20_000, -1, 2_147_483_647, -2_147_483_648]

/** Goes through the schema, which has mutations and subscriptions, and asks for whatever it meets. */
export const createValid = (schema: GraphQLSchema, chance: Chance): ValidDocument => {
  const variables: Record<string, unknown> = {}
  const definitions: string[] = []
  let named = 0

  const valueOf = (type: GraphQLInputType, depth: number): unknown => {
    const nullable = getNullableType(type)
    if (isListType(nullable))
      return Array.from({ length: chance.few(3) }, () => valueOf(nullable.ofType, depth))
    const named = getNamedType(nullable)
    if (isEnumType(named)) return chance.pick(named.getValues()).name
    if (isInputObjectType(named)) {
      if (depth <= 0) return {}
      const members = Object.values(named.getFields())
      const chosen = members.filter(
        ({ type: of }) => isNonNullType(of) || chance.oneIn(Math.max(2, members.length / 2)),
      )
      return Object.fromEntries(chosen.map(({ name, type: of }) => [name, valueOf(of, depth - 1)]))
    }
    switch (named.name) {
      case 'Int':
        return chance.oneIn(4) ? chance.pick(numbers) : chance.below(30)
      case 'Float':
        return chance.below(10) / 4
      case 'Boolean':
        return chance.oneIn(2)
      case 'DateTime':
        return chance.pick(moments)
      case 'Duration':
        return chance.pick(durations)
      default:
        return chance.pick(words)
    }
  }

  const argumentsOf = ({ args }: GraphQLField<unknown, unknown>): string => {
    const given = args.filter(argument => isRequiredArgument(argument) || chance.oneIn(4))
    if (given.length === 0) return ''
    const texts = given.map(({ name, type }) => {
      const variable = `v${definitions.length}`
      definitions.push(`$${variable}: ${String(type)}`)
      variables[variable] = valueOf(type, 2 + chance.below(4))
      return `${name}: $${variable}`
    })
    return `(${texts.join(', ')})`
  }

  const fieldsOf = (
    type: GraphQLObjectType | GraphQLInterfaceType,
    depth: number,
    most: number,
  ): readonly string[] => {
    const fields = Object.values(type.getFields()).filter(
      field => depth > 0 || isLeafType(getNamedType(field.type)),
    )
    if (fields.length === 0) return []
    return Array.from({ length: 1 + chance.few(most) }, () => fieldText(chance.pick(fields), depth))
  }

  const fieldText = (field: GraphQLField<unknown, unknown>, depth: number): string => {
    named += 1
    // Without one, what asks for the same in two ways is no valid document.
    const alias = chance.oneIn(8) ? '' : `f${named}: `
    const inner = getNamedType(field.type)
    const below = isLeafType(inner) ? '' : ` ${selectionOf(inner, depth - 1)}`
    return `${alias}${field.name}${argumentsOf(field)}${below}`
  }

  /** Of an interface or union, mostly what only some of its types have. */
  const fragmentsOf = (type: GraphQLNamedType, depth: number): readonly string[] => {
    if (!isAbstractType(type)) return []
    return Array.from({ length: chance.below(4) }, () => {
      const one = chance.pick(schema.getPossibleTypes(type))
      return `... on ${one.name} { ${['__typename', ...fieldsOf(one, depth, 4)].join(' ')} }`
    })
  }

  const selectionOf = (type: GraphQLNamedType, depth: number): string => {
    const own = isObjectType(type) || isInterfaceType(type) ? fieldsOf(type, depth, 4) : []
    const texts = [...own, ...fragmentsOf(type, depth)]
    return `{ ${texts.length === 0 ? '__typename' : texts.join(' ')} }`
  }

  const kind = chance.oneIn(10) ? 'subscription' : chance.oneIn(20) ? 'mutation' : 'query'
  const roots = {
    subscription: schema.getSubscriptionType(),
    mutation: schema.getMutationType(),
    query: schema.getQueryType(),
  }
  const root = roots[kind]
  if (!root) throw new Error(`The schema has no ${kind}`)
  const depth = 2 + chance.below(6)
  const texts = fieldsOf(root, depth, kind === 'subscription' ? 0 : 4)
  const head = definitions.length === 0 ? '' : `(${definitions.join(', ')})`
  return { kind: 'valid', query: `${kind} Q${head} { ${texts.join(' ')} }`, variables }
}
