import { readFileSync } from 'node:fs'
import {
  buildSchema,
  getNamedType,
  isEnumType,
  isInputObjectType,
  isListType,
  type GraphQLInputObjectType,
  type GraphQLInputType,
} from 'graphql'
import { describe, expect, it } from 'vitest'
import { operandsOf, type Operand } from '../../src/filter/operands.ts'
import { readFilter } from '../../src/filter/read-filter.ts'
import { readGrouping } from '../../src/filter/read-grouping.ts'
import { readOrder } from '../../src/filter/order.ts'
import { collectionNames, collections } from '../../src/model/collections.ts'

const schema = buildSchema(
  readFileSync(new URL('../../src/generated/schema.graphql', import.meta.url), 'utf8'),
)

const inputType = (name: string): GraphQLInputObjectType => {
  const type = schema.getType(name)
  if (!isInputObjectType(type)) throw new Error(`The schema has no input ${name}`)
  return type
}

const enumValues = (name: string): readonly string[] => {
  const type = schema.getType(name)
  if (!isEnumType(type)) throw new Error(`The schema has no enum ${name}`)
  return type.getValues().map(value => value.name)
}

/** One input for every operator that a type allows, as deep as relations go once. */
function* samples(type: GraphQLInputType, depth: number, member = ''): Generator {
  const named = getNamedType(type)
  if (isInputObjectType(named)) {
    yield {}
    if (depth === 0) return
    for (const [name, field] of Object.entries(named.getFields()))
      for (const value of samples(field.type, depth - 1, `${named.name}.${name}`))
        yield { [name]: isListType(field.type) ? [value] : value }
  } else if (isEnumType(named)) yield* named.getValues().map(({ value }) => value as unknown)
  else if (named.name === 'Boolean') yield* [true, false]
  else if (named.name === 'DateTime') yield 1_714_564_800
  else if (named.name === 'Duration') yield 'P7D'
  else if (named.name === 'Int') yield 2
  // Only versions can be compared as such.
  else yield /^VersionFilter\.[gl]te?$/.test(member) ? '1.2' : 'x'
}

describe.each(collectionNames)('the schema for %s', name => {
  const { type } = collections[name]

  it('offers no operator that a filter cannot be read with', () => {
    const inputs = [...samples(inputType(`${type}Filter`), 4)]
    expect(inputs.length).toBeGreaterThan(50)
    for (const input of inputs)
      expect(() => readFilter(name, input, { now: () => 0 })).not.toThrow()
  })

  it('offers every operand that a filter knows', () => {
    const offered = (of: string): readonly string[] =>
      Object.keys(inputType(of).getFields()).filter(field => !['and', 'or', 'not'].includes(field))
    expect(offered(`${type}Filter`).toSorted()).toEqual([...operandsOf(name).keys()].toSorted())
  })

  it('offers only keys that rows can be sorted by', () => {
    const keys = enumValues(`${type}OrderField`).map(field => ({ field, direction: 'DESC' }))
    expect(readOrder(name, keys)).toHaveLength(keys.length)
  })

  it('offers only dimensions that rows can be grouped by', () => {
    for (const dimension of enumValues(`${type}Dimension`))
      expect(readGrouping(name, { by: [dimension] }).by).toHaveLength(1)
  })
})

describe('the schema for parts of a row', () => {
  it.each<readonly [string, ReadonlyMap<string, Operand>]>([
    ['DetectionEventFilter', operandsOf('detectionEvents')],
    ['LoginMethodsFilter', membersOf('loginMethods')],
  ])('offers every operand: %s', (input, operands) => {
    const offered = Object.keys(inputType(input).getFields())
    expect(offered.toSorted()).toEqual(['and', 'or', 'not', ...operands.keys()].toSorted())
  })
})

function membersOf(name: string): ReadonlyMap<string, Operand> {
  const operand = operandsOf('accounts').get(name)
  return operand?.kind === 'members' ? operand.of : new Map()
}
