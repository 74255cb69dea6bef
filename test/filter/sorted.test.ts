import fc from 'fast-check'
import { expect, test } from 'vitest'
import { firstOf } from '../../src/filter/first-of.ts'
import { sorted } from '../../src/filter/sorted.ts'
import { Work } from '../../src/work/work.ts'
import { hastyTurns } from '../support/work.ts'

const rows = fc.array(fc.record({ value: fc.nat(40), name: fc.nat() }), {
  minLength: 0,
  maxLength: 2_000,
  size: 'max',
})
const compare = (a: { value: number }, b: { value: number }): number => a.value - b.value

test('rows sorted over many turns stand as they would in one', async () => {
  await fc.assert(
    fc.asyncProperty(rows, async given => {
      const work = new Work({ turns: hastyTurns(2) })
      expect(await sorted(given, compare, work)).toEqual(given.toSorted(compare))
    }),
    { numRuns: 40 },
  )
})

test('so do the first of them', async () => {
  await fc.assert(
    fc.asyncProperty(rows, fc.nat(30), async (given, count) => {
      const work = new Work({ turns: hastyTurns(2) })
      expect(await firstOf(given, count, compare, work)).toEqual(
        given.toSorted(compare).slice(0, count),
      )
    }),
    { numRuns: 40 },
  )
})
