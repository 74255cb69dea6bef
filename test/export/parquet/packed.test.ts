/** What is packed outside of the heap comes back as it went in, however much of it there was before. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { HeldRows, jsonOf } from '../../../src/export/parquet/held-rows.ts'
import { PackedNumbers } from '../../../src/export/parquet/packed-numbers.ts'
import { PackedTexts } from '../../../src/export/parquet/packed-texts.ts'

test('numbers, be they all the same or not', () => {
  const packed = new PackedNumbers(length => new Float64Array(length))
  const number = fc.oneof(fc.constant(7), fc.maxSafeInteger())
  fc.assert(
    fc.property(
      fc.oneof(fc.array(fc.constant(7)), fc.array(number, { size: 'medium', maxLength: 200 })),
      numbers => {
        packed.clear()
        for (const each of numbers) packed.push(each)
        expect(packed.toArray()).toEqual(numbers)
        expect(numbers.map((_, index) => packed.at(index))).toEqual(numbers)
        expect(packed).toHaveLength(numbers.length)
      },
    ),
  )
})

test('texts, be they few that come again or thousands that differ', () => {
  const packed = new PackedTexts()
  const many = Array.from({ length: 5_000 }, (_, index) => `text ${index % 2_500} 語`)
  const texts = fc.array(fc.string({ unit: 'binary', maxLength: 5 }), { maxLength: 50 })
  const pack = (some: readonly string[]): void => {
    packed.clear()
    for (const each of some) packed.push(each)
    expect(packed.toArray()).toEqual(some)
    expect(packed).toHaveLength(some.length)
  }
  pack(many)
  fc.assert(fc.property(texts, pack))
  pack(many)
  // Three bytes for each letter, and more than there was room for.
  pack(['語'.repeat(100_000), '語'.repeat(400_000)])
})

test('rows, be they small or larger than all that was held before', () => {
  const held = new HeldRows()
  for (const sizes of [
    [10, 2_000_000, 10],
    [600_000, 600_000, 5],
    [3_000_000],
    [1, 3_500_000, 1],
  ]) {
    const rows = sizes.map((size, index) => JSON.stringify(String(index).repeat(size) + 'é'))
    const places = rows.map(row => held.add(row))
    expect(held.bytes).toBe(Buffer.byteLength(rows.join('')))
    expect(places.map(jsonOf).map((row, index) => row === rows[index])).not.toContain(false)
    held.clear()
    expect(held.bytes).toBe(0)
  }
})

test('rows take the memory of those that were held before them', () => {
  const held = new HeldRows()
  const blocks = [1, 2, 3].map(() => {
    const places = [700_000, 700_000, 700_000].map(size => held.add('x'.repeat(size)))
    held.clear()
    return places.map(({ block }) => block)
  })
  expect(new Set(blocks.flat()).size).toBe(3)
})
