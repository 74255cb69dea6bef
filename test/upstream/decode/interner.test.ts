import fc from 'fast-check'
import { expect, it } from 'vitest'
import { createInterner } from '../../../src/upstream/decode/interner.ts'

it('gives one frozen list for equal lists', () => {
  const { list } = createInterner()
  const one = list(['a', 'b'])
  expect(list(['a', 'b'])).toBe(one)
  expect(Object.isFrozen(one)).toBe(true)
  expect(list([])).toBe(list([]))
  expect(list(['b', 'a'])).not.toBe(one)
})

it('never gives another text or list than asked for, however small it is', () => {
  const word = fc.constantFrom('', 'a', 'b', 'c', '\u0000', 'a\u0000b', 'b\u0000c')
  fc.assert(
    fc.property(
      fc.array(fc.array(word, { maxLength: 3 })),
      fc.integer({ min: 1, max: 3 }),
      (lists, size) => {
        const interner = createInterner(size)
        for (const [nth, texts] of lists.entries()) {
          if (nth % 5 === 4) interner.forget()
          expect(interner.list(texts)).toEqual(texts)
          for (const text of texts) expect(interner.text(text)).toBe(text)
        }
      },
    ),
  )
})

it('remembers what is asked for again and again, and forgets the rest', () => {
  const { list } = createInterner(10)
  const often = list(['often'])
  const once = list(['once'])
  for (let n = 0; n < 100; n += 1) {
    list([`other ${n}`])
    expect(list(['often'])).toBe(often)
  }
  expect(list(['once'])).not.toBe(once)
})

it('holds nothing any more that it was told to forget', () => {
  const interner = createInterner()
  const words = Array.from({ length: 1_000 }, (_, n) => [`word ${n}`])
  const held = words.map(interner.list)
  interner.forget()
  const again = words.map(word => interner.list([...word]))
  expect(again).toEqual(held)
  expect(again.filter((one, n) => one === held[n])).toEqual([])
  expect(interner.list(['word 999'])).toBe(again[999])
})

it('tells lists apart whose texts hold what stands between texts', () => {
  const { list } = createInterner()
  list(['a\u0000b', 'c'])
  expect(list(['a', 'b\u0000c'])).toEqual(['a', 'b\u0000c'])
})

it('keeps nearly all of what comes again in turn, as long as it has room for it', () => {
  const { list } = createInterner()
  const words = Array.from({ length: 24_000 }, (_, n) => [`somebody.${n}@example.com`])
  const first = words.map(list)
  const again = words.map(word => list([...word]))
  expect(again.filter((one, n) => one === first[n]).length).toBeGreaterThan(0.85 * words.length)
})
