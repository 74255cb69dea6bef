import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cased, folded } from '../../src/filter/letters.ts'
import { textInTest, textTest } from '../../src/filter/text-tests.ts'
import { processorMsOf } from '../support/processor-time.ts'

const letter = fc.constantFrom(
  ...'aAbBeEkKs',
  '\u00e9',
  '\u0301',
  '\u0338',
  '\u212a',
  '\u017f',
  '\u{1f600}',
  '=',
)
const text = fc.array(letter, { maxLength: 8 }).map(letters => letters.join(''))
const part = fc.array(letter, { maxLength: 3 }).map(letters => letters.join(''))
const pattern = fc
  .array(fc.oneof(letter, fc.constantFrom('*', '?')), { maxLength: 6 })
  .map(letters => letters.join(''))

const escaped = (of: string): string => of.normalize().replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')

/** What each operator means, as a regular expression. */
const meaning = {
  eq: (value: string) => `^${escaped(value)}$`,
  contains: escaped,
  startsWith: (value: string) => `^${escaped(value)}`,
  endsWith: (value: string) => `${escaped(value)}$`,
  like: (value: string) => `^${escaped(value).replaceAll('\\*', '.*').replaceAll('\\?', '.')}$`,
}

describe.each([
  ['folded', folded, 'siu'],
  ['cased', cased, 'su'],
] as const)('a %s comparison of texts', (_, letters, flags) => {
  it.each(['eq', 'contains', 'startsWith', 'endsWith', 'like'] as const)(
    'means by %s what a regular expression over composed letters does',
    op => {
      fc.assert(
        fc.property(text, op === 'like' ? pattern : part, (of, value) => {
          const expected = new RegExp(meaning[op](value), flags).test(of.normalize())
          expect(textTest(op, value, letters)(of)).toBe(expected)
        }),
        { numRuns: 5_000 },
      )
    },
  )

  it('finds a text among others as it would each alone', () => {
    fc.assert(
      fc.property(text, fc.array(text, { maxLength: 4 }), (of, values) => {
        const alone = values.some(value => textTest('eq', value, letters)(of))
        expect(textInTest(values, letters)(of)).toBe(alone)
      }),
    )
  })
})

describe('a pattern', () => {
  const like = (value: string) => textTest('like', value, folded)

  it.each([
    ['a*c', 'abbbc', true],
    ['a*c', 'ac', true],
    ['a?c', 'ac', false],
    ['a?c', 'a\u{1f600}c', true],
    ['a??c', 'a\u{1f600}c', false],
    ['*?*', '', false],
    ['', '', true],
    ['', 'a', false],
    ['?', '\u00e9', true],
    ['?', 'e\u0301', true],
    ['*.EXAMPLE.*', 'mail.example.com', true],
    ['*.EXAMPLE.*', 'mailexample.com', false],
    ['a.c', 'abc', false],
    ['[a]*', '[A]b', true],
  ])('%s on %s: %s', (value, of, expected) => {
    expect(like(value)(of)).toBe(expected)
  })

  it('may be longer than the bits of a number', () => {
    const long = 'ab'.repeat(60)
    expect(like(`?${long.slice(1)}*`)(`${long}x`)).toBe(true)
    expect(like(`?${long.slice(1)}*c`)(`${long}x`)).toBe(false)
    expect(like('?'.repeat(32))('x'.repeat(32))).toBe(true)
    expect(like('?'.repeat(32))('x'.repeat(31))).toBe(false)
  })

  it.each([
    ['many runs and no end', '*a'.repeat(200) + 'b'],
    ['a long stretch that nearly fits', `*${'a?'.repeat(200)}b*`],
  ])('takes no longer for being awkward: %s', (_, awkward) => {
    const test = like(awkward)
    const plain = like('*z?z*')
    const texts = Array.from({ length: 200 }, (__, i) => 'a'.repeat(2_000 + i))
    const timeOf = (of: (text: string) => boolean): number =>
      processorMsOf(() => {
        for (const value of texts) expect(of(value)).toBe(false)
      })
    timeOf(plain)
    // 400 characters are 13 words of bits; one that tries again would take thousands of times as long.
    expect(timeOf(test)).toBeLessThan(100 * timeOf(plain) + 500)
  })
})

describe('a test for one of many values', () => {
  it('is made of them once for each way to compare, however many lists ask with it', () => {
    let read = 0
    const values = new Proxy(['Caf\u00e9', 'b'], {
      get: (target, key, receiver): unknown => {
        if (key === '0') read += 1
        return Reflect.get(target, key, receiver) as unknown
      },
    })
    const tests = Array.from({ length: 20 }, (_, index) =>
      textInTest(values, index % 2 === 0 ? folded : cased),
    )
    expect(tests.map(test => test('CAFE\u0301'))).toEqual(tests.map((_, index) => index % 2 === 0))
    expect(tests.every(test => test('Caf\u00e9'))).toBe(true)
    expect(read).toBe(2)
  })
})
