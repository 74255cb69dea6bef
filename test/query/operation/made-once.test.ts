import { expect, test } from 'vitest'
import { MadeOnce } from '../../../src/query/operation/made-once.ts'

test('what is made is made once for a key, and for arguments that are equal', () => {
  const made = new MadeOnce()
  let times = 0
  const make = (): number => (times += 1)
  const argument = { a: [1] }
  expect([made.once('x', make), made.once('y', make), made.once('x', make)]).toEqual([1, 2, 1])
  expect([made.onceOf(argument, 'filter', make), made.onceOf(argument, 'filter', make)]).toEqual([
    3, 3,
  ])
  expect(made.onceOf({ a: [1] }, 'filter', make)).toBe(3)
  expect(made.onceOf({ a: [2] }, 'filter', make)).toBe(4)
  // The same argument is made into other things, too.
  expect(made.onceOf(argument, 'order', make)).toBe(5)
  made.forget()
  expect([made.once('x', make), made.onceOf(argument, 'filter', make)]).toEqual([6, 7])
})
