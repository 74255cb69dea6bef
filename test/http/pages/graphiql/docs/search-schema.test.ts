import { readFileSync } from 'node:fs'
import { buildSchema } from 'graphql'
import { expect, test } from 'vitest'
import { searchSchema } from '../../../../../src/http/pages/graphiql/docs/search-schema.ts'

const schema = buildSchema(
  readFileSync(new URL('../../../../../src/generated/schema.graphql', import.meta.url), 'utf8'),
)
const labels = (text: string): readonly string[] =>
  searchSchema(schema, text).found.map(({ label }) => label)

test.each([
  ['a value of an enumeration', 'WEAK_PASSWORD', 'FindingType.WEAK_PASSWORD'],
  ['an argument', 'orderBy', /^Query\.\w+\(orderBy: /],
  ['a field of an input', 'olderThan', 'DateTimeFilter.olderThan'],
  ['a field', 'mfaRegistered', 'Account.mfaRegistered'],
  ['a type, in whatever letters', 'ACCOUNT', 'Account'],
  ['a member of a type', 'account.emai', 'Account.email'],
])('%s is found first by its name', (_, text, label) => {
  expect(labels(text)[0]).toMatch(label)
})

test('the best come first where hundreds of names fit, wherever they stand in the alphabet', () => {
  const { found, total } = searchSchema(schema, 'e')
  expect(found).toHaveLength(100)
  expect(total).toBeGreaterThan(500)
  expect(searchSchema(schema, 'w').total).toBeGreaterThan(100)
  expect(labels('w')).toContain('WeakPasswordReason')
})

test('what is only said of something comes after all names', () => {
  const { found } = searchSchema(schema, 'password', 1_000)
  const isNamed = found.map(({ name }) => name.includes('password'))
  expect(isNamed).toContain(true)
  expect(isNamed.lastIndexOf(true)).toBe(isNamed.filter(Boolean).length - 1)
  expect(isNamed).toContain(false)
})

test('nothing is found where nothing is looked for, nor what GraphQL itself has', () => {
  for (const text of ['', '  ', '.', 'nothingOfTheKind'])
    expect(searchSchema(schema, text)).toEqual({ found: [], total: 0 })
  for (const label of labels('__')) expect(label).not.toMatch(/^__/)
})
