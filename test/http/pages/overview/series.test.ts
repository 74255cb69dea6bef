import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  OTHERS,
  toColumns,
  toCounts,
  toShares,
} from '../../../../src/http/pages/overview/series.ts'

const groups = fc.array(
  fc.record({
    keys: fc.tuple(
      fc.constantFrom('2026-01-01', '2026-01-02', '2026-01-03'),
      fc.constantFrom('a', 'b', 'c', 'd', 'e', null),
    ),
    count: fc.nat(50),
  }),
)

test('no row is lost on the way into columns, however few colours there are', () => {
  fc.assert(
    fc.property(groups, fc.integer({ min: 1, max: 7 }), (given, most) => {
      const { columns, series } = toColumns(given, { most })
      expect(series.length).toBeLessThanOrEqual(most)
      for (const [place, column] of columns.entries()) {
        const shown = series.reduce((sum, { counts }) => sum + (counts[place] ?? 0), 0)
        const told = given.filter(({ keys }) => keys[0] === column)
        expect(shown).toBe(told.reduce((sum, { count }) => sum + count, 0))
      }
      for (const { counts, total } of series)
        expect(counts.reduce((sum, each) => sum + each, 0)).toBe(total)
    }),
  )
})

test('series stand in the order asked for, then by size; the smallest are added up', () => {
  const given = [
    { keys: ['1', 'LOW'], count: 9 },
    { keys: ['1', 'HIGH'], count: 1 },
    { keys: ['1', 'x'], count: 5 },
    { keys: ['2', 'y'], count: 7 },
    { keys: ['2', 'none'], count: 0 },
  ]
  const { columns, series } = toColumns(given, { order: ['HIGH', 'LOW'], most: 3 })
  expect(columns).toEqual(['1', '2'])
  expect(series.map(({ name, counts }) => [name, counts])).toEqual([
    ['HIGH', [1, 0]],
    ['LOW', [9, 0]],
    [OTHERS, [5, 7]],
  ])
})

test('shares stand with the largest first, and one without a part has none', () => {
  const all = [
    { keys: ['IT'], count: 10 },
    { keys: [null], count: 4 },
    { keys: ['HR'], count: 5 },
  ]
  const some = [
    { keys: ['IT'], count: 2 },
    { keys: [null], count: 3 },
  ]
  expect(toShares(some, all)).toEqual([
    { name: null, part: 3, whole: 4 },
    { name: 'IT', part: 2, whole: 10 },
    { name: 'HR', part: 0, whole: 5 },
  ])
})

test('words are counted, the most frequent first', () => {
  expect(toCounts(['a', null, 'b', 'b'])[0]).toEqual({ keys: ['b'], count: 2 })
  expect(toCounts(['a', null, 'b', 'b'])).toHaveLength(3)
})
