import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cased, compareCodePoints, compareFolded, folded } from '../../src/filter/letters.ts'

const codePoints = Array.from({ length: 0x110000 }, (_, point) => point).filter(
  point => point < 0xd800 || point > 0xdfff,
)

/** Letters that are hard on folding, with plain ones and marks between them. */
const hardTexts = fc
  .array(
    fc.constantFrom(
      ...'aAeEiIkKsS.@',
      ...'\u00e9\u00c9\u00df\u1e9e\u0130\u0131\u017f\u212a\u03a3\u03c3\u03c2\u0345\u00b5\ufb05\u13a0\uab70',
      ...'\u0301\u030c\u0307\ue000\uffff\u{10400}\u{10428}\u{1f600}',
    ),
    { maxLength: 6 },
  )
  .map(letters => letters.join(''))

describe('folding', () => {
  it('makes the same letters equal as case-insensitive regular expressions of Unicode do', () => {
    const casing = /^[\p{CWCF}\p{CWL}\p{CWU}\p{CWT}]$/u
    const letters = codePoints.map(point => String.fromCodePoint(point))
    const withCase = letters.filter(letter => casing.test(letter) && letter.normalize() === letter)
    const all = withCase.join('')
    const byFolded = Map.groupBy(withCase, letter => folded.of(letter))

    expect(withCase.length).toBeGreaterThan(2_500)
    for (const letter of withCase) {
      const equal = all.match(new RegExp(letter, 'giu'))
      expect(byFolded.get(folded.of(letter))).toEqual(equal)
    }
  })

  it('leaves every letter without case as it is', () => {
    const changed = codePoints
      .map(point => String.fromCodePoint(point))
      .filter(letter => !/^\p{CWCF}$/u.test(letter) && folded.of(letter) !== letter.normalize())
    expect(changed).toEqual([])
  })

  it.each([
    ['Turkish dotless i is not i', '\u0131', 'i', false],
    ['dotted capital I is not i', '\u0130', 'i', false],
    ['dotted capital I is not i with a dot', '\u0130', 'i\u0307', false],
    ['sharp s is not ss', 'stra\u00dfe', 'strasse', false],
    ['sharp s is its capital', 'stra\u00dfe', 'STRA\u1e9eE', true],
    ['final sigma is sigma', '\u03bf\u03b4\u03bf\u03c2', '\u039f\u0394\u039f\u03a3', true],
    ['sigma inside a word is sigma', '\u03a3\u03a3\u03b1', '\u03c3\u03c2\u0391', true],
    ['the Kelvin sign is k', '\u212a', 'k', true],
    ['long s is s', '\u017f', 'S', true],
    ['composed and decomposed accents are the same', 'caf\u00e9', 'CAFE\u0301', true],
    ['an accent makes a difference', 'caf\u00e9', 'cafe', false],
    ['letters beyond the first plane fold', '\u{10400}', '\u{10428}', true],
    ['Cherokee folds', '\uab70', '\u13a0', true],
  ])('%s', (_, a, b, same) => {
    expect(folded.of(a) === folded.of(b)).toBe(same)
  })

  it('puts no more than thirty marks in order together, and less than any language has as ever', () => {
    const [above, below] = ['\u0301', '\u0323']
    const marks = (count: number): string => above.repeat(count) + below.repeat(count)
    const usual = `${'x'.repeat(300)}a${marks(15)}`
    expect(cased.of(usual)).toBe(usual.normalize('NFC'))
    for (const letters of [cased, folded]) {
      const many = letters.of(`${'x'.repeat(300)}a${marks(2_000)}`)
      expect(many).not.toMatch(/[^\P{M}\u034f]{31}/u)
      expect(many.replaceAll('\u034f', '')).toHaveLength(4_300)
      expect(letters.of(many)).toBe(many)
    }
    // A text of less than 256 letters is what it was, whatever is in it.
    const ofLength = (letters: number): string => `a${marks(60)}`.padStart(letters, 'x')
    expect(cased.of(ofLength(255))).toBe(ofLength(255).normalize('NFC'))
    expect(cased.of(ofLength(256))).not.toBe(ofLength(256).normalize('NFC'))
  })

  it('does not touch case where case matters', () => {
    expect(cased.of('CAFE\u0301')).toBe('CAF\u00c9')
  })

  it('folds a text letter by letter, whatever stands beside', () => {
    fc.assert(
      fc.property(hardTexts, text => {
        const whole = folded.of(text)
        expect(whole).toBe(Array.from(text.normalize(), letter => folded.of(letter)).join(''))
      }),
    )
  })
})

describe('the order of texts', () => {
  it('is that of code points, not of UTF-16 units', () => {
    expect(compareCodePoints('\uffff', '\u{10000}')).toBeLessThan(0)
    expect('\uffff' < '\u{10000}').toBe(false)
  })

  it('agrees with comparing the code points one by one', () => {
    fc.assert(
      fc.property(hardTexts, hardTexts, (a, b) => {
        expect(Math.sign(compareCodePoints(a, b))).toBe(naive(a, b))
      }),
    )
  })

  it('is, where case does not matter, that of the folded texts', () => {
    fc.assert(
      fc.property(hardTexts, hardTexts, (a, b) => {
        expect(Math.sign(compareFolded(a, b))).toBe(naive(folded.of(a), folded.of(b)))
      }),
      { numRuns: 5_000 },
    )
  })
})

const naive = (a: string, b: string): number => {
  const [left, right] = [Array.from(a), Array.from(b)]
  for (let i = 0; ; i++) {
    const x = left[i]?.codePointAt(0) ?? -1
    const y = right[i]?.codePointAt(0) ?? -1
    if (x !== y) return Math.sign(x - y)
    if (x === -1) return 0
  }
}
