import { expect, test } from 'vitest'
import { stateOf } from '../../src/export/state.ts'

test('states that differ in anything have different texts of one length, and the same one the same', () => {
  const states = Array.from({ length: 50_000 }, (_, n) => stateOf({ id: '1', n }))
  expect(new Set(states).size).toBe(states.length)
  expect(new Set(states.map(({ length }) => length)).size).toBe(1)
  expect(stateOf({ id: '1', n: 7 })).toBe(states[7])
})
