import { describe, expect, test } from 'vitest'
import { checkVariables } from '../../../src/graphql/analysis/variables-size.ts'

const list = <T>(count: number, make: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, index) => make(index))

const nest = (levels: number): unknown =>
  Array.from({ length: levels }).reduce<unknown>(inner => [inner], 1)

describe('variables that are as large as they may be pass, and larger ones do not', () => {
  test.each<[what: string, make: (count: number) => unknown, most: number]>([
    ['objects', count => ({ f: { or: list(count - 1, () => ({})) } }), 3_000],
    ['objects', count => ({ f: list(count, () => ({})) }), 3_000],
    ['values', count => ({ in: list(count - 1, String) }), 20_000],
    ['values', count => ({ f: { in: list(count - 1, () => []) } }), 20_000],
    ['letters in a text', count => ({ a: 'a'.repeat(count) }), 65_536],
    ['letters in a name', count => ({ f: { ['a'.repeat(count)]: 1 } }), 256],
    [
      'objects in representations',
      count => ({ r: list(count, id => ({ __typename: 'App', id })) }),
      10_000,
    ],
    [
      'values in representations',
      // The list, the type and the list within are values, too.
      count => ({ r: [{ __typename: 'App', of: list(count - 3, String) }] }),
      100_000,
    ],
  ])('%s', (what, make, most) => {
    expect(() => {
      checkVariables(make(most))
    }).not.toThrow()
    expect(() => {
      checkVariables(make(most + 1))
    }).toThrow(`more than the ${most} ${what} that`)
  })

  test('200 levels', () => {
    expect(() => {
      checkVariables({ a: nest(200) })
    }).not.toThrow()
    expect(() => {
      checkVariables({ a: nest(201) })
    }).toThrow('nested too deeply')
    expect(() => {
      checkVariables({ a: nest(100_000) })
    }).toThrow('nested too deeply')
  })

  test('objects are no representations because the first of them says its type', () => {
    expect(() => {
      checkVariables({ f: [{ __typename: 'App' }, ...list(3_000, () => ({}))] })
    }).toThrow('3000 objects')
  })

  test.each([undefined, null, 'text', {}, []])('%j is none', variables => {
    expect(() => {
      checkVariables(variables)
    }).not.toThrow()
  })
})
