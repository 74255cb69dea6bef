import { describe, expect, test } from 'vitest'
import { parse } from 'graphql'
import { countComparisons } from '../../../src/graphql/analysis/overlapping-fields.ts'
import { createReadText } from '../../../src/graphql/analysis/document-size.ts'
import { toEnd } from '../../../src/work/to-end.ts'
import { workInOneTurn } from '../../support/work.ts'

const checkOf = (maxTokens: number) => {
  const read = createReadText({ maxTokens })
  return (text: string) => toEnd(read(text, workInOneTurn()))
}
const check = checkOf(20_000)
const checkMore = checkOf(40_000)

const times = (count: number, make: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => make(index)).join(' ')

type Make = (count: number) => string

describe('a document that is as large as it may be passes, and one that is larger does not', () => {
  test.each<[what: string, most: number, make: Make]>([
    ['letters', 500_000, most => `{a${' '.repeat(most - 3)}}`],
    ['lines', 10_000, most => `{a${'\n'.repeat(most - 1)}}`],
    ['lines', 10_000, most => `{a${'\r'.repeat(most - 1)}}`],
    ['backslashes', 10_000, most => `{a(b:"${'\\n'.repeat(most)}")}`],
    ['letters in a name', 256, most => `{${'a'.repeat(most)}}`],
    ['letters in a text', 65_536, most => `{a(b:"${'a'.repeat(most - 2)}")}`],
    ['letters in a text', 65_536, most => `{a(b:"""${'a'.repeat(most - 6)}""")}`],
    ['digits in a number', 256, most => `{a(b:${'1'.repeat(most)})}`],
    ['digits in a number', 256, most => `{a(b:1.${'1'.repeat(most - 2)})}`],
    ['brackets within one another', 200, most => '{a'.repeat(most) + '}'.repeat(most)],
    [
      'brackets within one another',
      200,
      most => `{a(b:${'['.repeat(most - 2)}${']'.repeat(most - 2)})}`,
    ],
    ['operations', 50, most => times(most, i => `query q${i}{a}`)],
    ['fragments', 300, most => times(most, i => `fragment f${i} on T{a}`)],
    ['fields and places of fragments', 2_000, most => `{${times(most, i => `a${i}`)}}`],
    ['fields and places of fragments', 2_000, most => `{${times(most / 2, i => `...{a${i}}`)}}`],
    ['variables', 300, most => `query(${times(most, i => `$a${i}:T`)}){a}`],
    ['directives', 500, most => `{a ${times(most, () => '@b')}}`],
    ['arguments', 2_000, most => `{a(${times(most, i => `b${i}:1`)})}`],
    ['objects in its arguments', 1_000, most => `{a(b:[${'{}'.repeat(most)}])}`],
    ['values in its arguments', 5_000, most => `{a(b:[${times(most - 1, () => '1')}])}`],
  ])('%s: %i', (what, most, make) => {
    expect(() => {
      check(make(most))
    }).not.toThrow()
    expect(() => {
      check(make(most + 2))
    }).toThrow(`more than the ${most} ${what}`)
  })

  test('by a single one', () => {
    expect(() => {
      check(`{${'a'.repeat(257)}}`)
    }).toThrow('256 letters in a name')
    expect(() => {
      check(`{${times(2_001, i => `a${i}`)}}`)
    }).toThrow('2000 fields')
  })

  test('twice as large where twice as many tokens are allowed', () => {
    const fields = `{${times(4_000, i => `a${i}`)}}`
    expect(() => {
      check(fields)
    }).toThrow('2000 fields')
    expect(() => {
      checkMore(fields)
    }).not.toThrow()
  })
})

test.each(['[', '{', '(', '{a', '{a(b:[', 'query($a:['])(
  'a megabyte of %s is refused before anybody calls himself for each',
  open => {
    expect(() => {
      checkOf(1_000_000)(open.repeat(Math.floor(400_000 / open.length)))
    }).toThrow('200 brackets within one another')
  },
)

describe('comparisons of fields that share a name in the answer', () => {
  const count = (text: string): number => countComparisons(parse(text), 1_000_000)

  test.each<[text: string, comparisons: number]>([
    // Each selection counts for one, and each pair.
    ['{ a b }', 2],
    ['{ a a a }', 3 + 3],
    ['{ x: a x: b }', 2 + 1],
    ['{ a { b } a { b } }', 2 + 1 + 2 + 1],
    ['{ a ... { a } }', 3 + 1],
    ['{ ...F ...F } fragment F on T { a }', 2 + 1 + 1 + 1],
  ])('of %s: %i', (text, comparisons) => {
    expect(count(text)).toBe(comparisons)
  })

  test('are found at once where fragments lead back to themselves', () => {
    expect(count('{ ...F } fragment F on T { a { ...F } }')).toBeLessThan(1_000)
    const both =
      '{ ...F } fragment F on T { a { ...F ...G } b { ...G ...F } } fragment G on T { a { ...F } }'
    expect(countComparisons(parse(both), 20_000)).toBeGreaterThan(20_000)
  })

  test('are refused where they are too many, and never where an answer repeats nothing', () => {
    expect(() => {
      check(`{${times(198, () => 'a')}}`)
    }).not.toThrow()
    expect(() => {
      check(`{${times(200, () => 'a')}}`)
    }).toThrow('20000 comparisons of fields')
    expect(() => {
      check(`{${times(190, i => `...f${i}`)}} ${times(190, i => `fragment f${i} on T{a${i}}`)}`)
    }).not.toThrow()
  })
})
