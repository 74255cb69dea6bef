/** What a tool is called with, before anything is asked. */
import { expect, test } from 'vitest'
import { readArguments } from '../../../src/mcp/tools/given-arguments.ts'

const schema = {
  type: 'object',
  properties: { value: { type: 'string' }, first: { type: 'integer', default: 10 } },
  required: ['value'],
} as const

test('what is null is left out, so that the default of a variable holds', () => {
  expect(readArguments({ value: 'a', first: null }, schema)).toEqual({ args: { value: 'a' } })
  // One that there is not does no harm so.
  expect(readArguments({ value: 'a', other: null }, schema)).toEqual({ args: { value: 'a' } })
})

test('what is null is missing where it is required', () => {
  expect(readArguments({ value: null }, schema)).toEqual({
    flaws: [
      { code: 'BAD_USER_INPUT', message: 'The argument "value" is missing' },
      { code: 'BAD_USER_INPUT', message: 'It takes value, first' },
    ],
  })
})
