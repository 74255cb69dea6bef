import { GraphQLError } from 'graphql'
import { expect, test } from 'vitest'
import { BadInputError } from '../../../src/errors.ts'
import { formatError } from '../../../src/http/refusals/format-error.ts'

const told = (letters: number): string => {
  const originalError = new BadInputError('x'.repeat(letters))
  const error = new GraphQLError(originalError.message, { originalError })
  return formatError(error.toJSON(), error).message
}

test('a message is told whole up to two thousand letters, and a longer one as far as that', () => {
  expect(told(2_000)).toBe('x'.repeat(2_000))
  expect(told(2_001)).toBe(`${'x'.repeat(2_000)}…`)
})
