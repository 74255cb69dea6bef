import { expect, test } from 'vitest'
import { countRows, isSameAnswer } from '../../../bench/requests/answers.ts'

test('lists of objects are the same in any order, at any depth', () => {
  const one = { apps: { nodes: [{ id: 'a', accounts: [{ id: '1' }, { id: '2' }] }, { id: 'b' }] } }
  const other = {
    apps: { nodes: [{ id: 'b' }, { accounts: [{ id: '2' }, { id: '1' }], id: 'a' }] },
  }
  expect(isSameAnswer(one, other)).toBe(true)
})

test.each([
  ['a row is missing', { nodes: [{ id: 'a' }] }],
  ['a row comes twice', { nodes: [{ id: 'a' }, { id: 'a' }, { id: 'b' }] }],
  ['a value differs', { nodes: [{ id: 'a' }, { id: 'c' }] }],
  ['a value is null', { nodes: null }],
])('an answer is another one where %s', (_, other) => {
  expect(isSameAnswer({ nodes: [{ id: 'a' }, { id: 'b' }] }, other)).toBe(false)
})

test('plain values keep their order', () => {
  expect(isSameAnswer({ keys: ['a', 'b'] }, { keys: ['b', 'a'] })).toBe(false)
})

test('objects and groups count as rows', () => {
  const data = {
    employees: {
      totalCount: 2,
      nodes: [
        { id: 'a', app: { id: 'x' } },
        { id: 'b', app: null },
      ],
    },
    groups: [{ keys: ['a'], count: 1 }],
  }
  expect(countRows(data)).toBe(4)
})
