import fc from 'fast-check'
import { expect, it } from 'vitest'
import { addRow, type Branch, countsIn, type KeyReader } from '../../src/filter/count-tree.ts'
import { runsOr } from '../support/runs.ts'

type Value = string | null | readonly string[]

const value: fc.Arbitrary<Value> = fc.oneof(
  fc.constantFrom('a', 'b', null),
  fc.uniqueArray(fc.constantFrom('a', 'b', 'c'), { minLength: 1 }),
)

const tables = fc
  .integer({ min: 1, max: 4 })
  .chain(width =>
    fc.array(fc.array(value, { minLength: width, maxLength: width }), { maxLength: 12 }),
  )

const readersOf = (width: number): readonly KeyReader[] =>
  Array.from({ length: width }, (_, at): KeyReader => row => {
    const found = (row as unknown as readonly Value[])[at] ?? null
    return typeof found === 'object' && found !== null ? new Set(found) : found
  })

/** Every combination of the values of a row. */
const combinationsOf = (row: readonly Value[]): readonly (readonly (string | null)[])[] =>
  row.reduce<readonly (readonly (string | null)[])[]>(
    (before, found) =>
      before.flatMap(keys => [found].flat().map((key: string | null) => [...keys, key])),
    [[]],
  )

it('gives each combination of values with the number of rows that have it', () => {
  fc.assert(
    fc.property(tables, rows => {
      const root: Branch = new Map()
      const readers = readersOf(rows[0]?.length ?? 1)
      for (const row of rows) addRow(root, readers, row as never)
      const counted = [...countsIn(root)].map(({ keys, count }) => [JSON.stringify(keys), count])
      const expected = new Map<string, number>()
      for (const keys of rows.flatMap(combinationsOf)) {
        const key = JSON.stringify(keys)
        expected.set(key, (expected.get(key) ?? 0) + 1)
      }
      expect(counted).toHaveLength(expected.size)
      expect(new Map(counted as [string, number][])).toEqual(expected)
    }),
    { numRuns: runsOr(500) },
  )
})

it('counts a row for ten thousand combinations of its values, and for no more', () => {
  const values = (count: number) => Array.from({ length: count }, (_, at) => `${at}`)
  const add = (...counts: readonly number[]) =>
    addRow(new Map(), readersOf(counts.length), counts.map(values) as never)
  expect(add(10, 10, 10, 10)).toBe(10_000)
  expect(() => add(10_001)).toThrow(/combinations of the values/)
  // Soon: the rest is not even looked at.
  expect(() => add(1_000, 1_000, 1_000, 1_000, 1_000, 1_000)).toThrow(/combinations of the values/)
})

it('makes no map for what one row alone has', () => {
  const root: Branch = new Map()
  for (let at = 0; at < 100; at += 1) addRow(root, readersOf(4), [`${at}`, 'a', 'b', null] as never)
  expect([...root.values()].some(inner => inner instanceof Map)).toBe(false)
  expect([...countsIn(root)]).toHaveLength(100)
})
