import { buildSchema, getOperationAST, parse } from 'graphql'
import { expect, test } from 'vitest'
import { noVariables, readOnce } from '../../../src/graphql/analysis/variables.ts'

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
