import {
  buildSchema,
  type FieldNode,
  getOperationAST,
  type GraphQLField,
  type GraphQLObjectType,
  parse,
} from 'graphql'
import { describe, expect, test } from 'vitest'
import { noVariables, readOnce, readVariables } from '../../../src/graphql/analysis/variables.ts'

const schema = buildSchema('type Query { echo(n: Int = 1): Int }')
const operation = (text: string) => {
  const found = getOperationAST(parse(text))
  if (!found) throw new Error('no operation')
  return found
}
const plain = operation('query ($n: Int) { echo(n: $n) }')
const usual = operation('query ($n: Int = 7) { echo(n: $n) }')

test('variables read once are those of this operation and of this request, whoever asked before', () => {
  const read = readOnce()
  const mine = { n: 1 }
  expect(read(schema, plain, mine).coerced).toEqual({ n: 1 })
  expect(read(schema, plain, { n: 2 }).coerced).toEqual({ n: 2 })
  expect(read(schema, plain, mine).coerced).toEqual({ n: 1 })
  // Operations without any share the very same object.
  expect(read(schema, plain, noVariables).coerced).toEqual({})
  expect(read(schema, usual, noVariables).coerced).toEqual({ n: 7 })
  expect(read(schema, plain, { n: 'two' }).errors).toHaveLength(1)
  expect(read(buildSchema('type Query { echo(n: Int): Int }'), plain, mine).coerced).toEqual({
    n: 1,
  })
})

test('those who ask for the same ones after one another get one reading', () => {
  const read = readOnce()
  const variables = { n: 1 }
  expect(read(schema, plain, variables)).toBe(read(schema, plain, variables))
})

describe('the arguments of a field', () => {
  const typed = buildSchema(`
    interface Named { name(short: Boolean = true): String }
    type Dog implements Named { name(short: Boolean = true): String }
    type Query { named: Named, echo(n: Int!): Int }
  `)
  const fieldOf = (type: string, name: string) =>
    (typed.getType(type) as GraphQLObjectType).getFields()[name] as GraphQLField<unknown, unknown>
  const read = (text: string, variables = {}) => {
    const found = operation(text)
    const [node] = found.selectionSet.selections as readonly FieldNode[]
    if (node === undefined) throw new Error('no field')
    return { values: readVariables(typed, found, variables), node }
  }

  test('are coerced once for all who ask', () => {
    const { values, node } = read('query ($n: Int!) { echo(n: $n) }', { n: 3 })
    const echo = fieldOf('Query', 'echo')
    expect(values.argumentsOf(echo, node)).toEqual({ n: 3 })
    expect(values.argumentsOrNone(echo, node)).toBe(values.argumentsOf(echo, node))
  })

  test('are those of the type that the field is asked of', () => {
    const { values, node } = read('{ name }')
    const ofNamed = values.argumentsOf(fieldOf('Named', 'name'), node)
    const ofDog = values.argumentsOf(fieldOf('Dog', 'name'), node)
    expect(ofDog).toEqual({ short: true })
    expect(ofDog).not.toBe(ofNamed)
  })

  test('are none where they do not fit, for those who leave it to the resolver to say so', () => {
    const { values, node } = read('{ echo(n: null) }')
    const echo = fieldOf('Query', 'echo')
    expect(values.argumentsOrNone(echo, node)).toEqual({})
    expect(() => values.argumentsOf(echo, node)).toThrow('"n"')
  })
})
