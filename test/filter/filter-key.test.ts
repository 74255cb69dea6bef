import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { filterKey, likenessKey } from '../../src/filter/filter-key.ts'
import { readFilter } from '../../src/filter/read-filter.ts'
import { filterInputs, NOW_SECONDS } from '../support/random-filters.ts'

const keyOf = (input: unknown, nowSeconds = NOW_SECONDS): string =>
  filterKey(readFilter('accounts', input, { now: () => nowSeconds * 1_000 }))

describe('the key of a filter', () => {
  it.each<[string, unknown, unknown]>([
    [
      'the order of members',
      { id: { eq: '1' }, email: { eq: 'a' } },
      { email: { eq: 'a' }, id: { eq: '1' } },
    ],
    [
      'letters that are folded anyway',
      { email: { eq: 'Caf\u00e9' } },
      { email: { eq: 'CAFE\u0301' } },
    ],
    ['the order of values', { id: { in: ['1', '2'] } }, { id: { in: ['2', '1', '2'] } }],
    ['parentheses', { and: [{ and: [{ id: { eq: '1' } }] }] }, { id: { eq: '1' } }],
    [
      'a part said twice',
      { or: [like('a'), like('b'), like('a')] },
      { or: [like('b'), like('a')] },
    ],
    ['the same said otherwise', { email: { like: 'a*' } }, { email: { startsWith: 'A' } }],
  ])('does not show %s', (_, a, b) => {
    expect(keyOf(a)).toBe(keyOf(b))
  })

  it('is the same for a length of time, whenever it is asked', () => {
    const input = { lastUsedAt: { within: 'P7D' } }
    expect(keyOf(input, NOW_SECONDS + 60)).toBe(keyOf(input))
  })

  const different: readonly unknown[] = [
    {},
    { or: [] },
    { email: { eq: 'a' } },
    { email: { eq: 'a', caseSensitive: true } },
    { email: { eq: 'A', caseSensitive: true } },
    { email: { eq: 'b' } },
    { email: { in: ['a', 'b'] } },
    { email: { in: ['a,b', ''] } },
    { email: { contains: 'a' } },
    { email: { ne: 'a' } },
    { appType: { eq: 'a' } },
    { id: { eq: 'a' } },
    { id: { in: ['a', 'b'] } },
    { mfaRegistered: { eq: true } },
    { mfaRegistered: { eq: false } },
    { mfaRegistered: { isNull: true } },
    { createdAt: { gte: 1 } },
    { createdAt: { gt: 1 } },
    { createdAt: { within: 'P7D' } },
    { createdAt: { within: 'P8D' } },
    { mfaMethods: { isEmpty: true } },
    { mfaMethods: { any: {} } },
    { mfaMethods: { any: { eq: 'UNRECOGNIZED' } } },
    { mfaMethodsRaw: { any: { eq: 'UNRECOGNIZED' } } },
    { employee: {} },
    { app: {} },
    { employee: { email: { eq: 'a' } } },
    { employee: { not: { email: { eq: 'a' } } } },
    { not: { employee: { email: { eq: 'a' } } } },
    { findings: { some: {} } },
    { findings: { none: {} } },
    { passwordPeers: { some: {} } },
    { and: [like('a'), like('b')] },
    { or: [like('a'), like('b')] },
    { or: [{ and: [like('a'), like('b')] }, like('c')] },
  ]
  it('differs for filters that ask different things', () => {
    expect(new Set(different.map(input => keyOf(input))).size).toBe(different.length)
  })

  it('does not depend on the order in which members were given', () => {
    fc.assert(
      fc.property(filterInputs('accounts'), input => {
        expect(keyOf(reversed(input))).toBe(keyOf(input))
      }),
    )
  })
})

const like = (text: string): object => ({ email: { contains: text } })

/** The same input with the members of every object in the opposite order. */
const reversed = (input: unknown): unknown => {
  if (Array.isArray(input)) return input.map(reversed)
  if (typeof input !== 'object' || input === null) return input
  const entries = Object.entries(input).map(([name, value]) => [name, reversed(value)] as const)
  return Object.fromEntries(entries.reverse())
}

describe('the key of likeness', () => {
  const now = 1_800_000_000
  const likeness = (input: object, values: boolean, nowSeconds = now): string =>
    likenessKey(
      readFilter('accounts', input, { now: () => nowSeconds * 1_000 }),
      nowSeconds,
      values,
    )

  it('is the same for a moment as long ago, however it is written', () => {
    const dayAgo = likeness({ createdAt: { gte: now - 86_400 } }, true)
    const later = now + 1_234_567
    expect(likeness({ createdAt: { gte: later - 86_000 } }, true, later)).toBe(dayAgo)
    expect(likeness({ createdAt: { within: 'P1D' } }, true)).toBe(dayAgo)
    expect(likeness({ createdAt: { within: 'P2D' } }, true)).not.toBe(dayAgo)
    expect(likeness({ createdAt: { within: 'P2D' } }, false)).not.toBe(
      likeness({ createdAt: { within: 'P1D' } }, false),
    )
  })

  it('tells the values of a long list apart up to a thousand, and counts them beyond', () => {
    const key = (count: number, from: number): string =>
      likeness({ email: { in: Array.from({ length: count }, (_, at) => `${from + at}`) } }, true)
    expect(key(1_000, 1)).not.toBe(key(1_000, 2))
    expect(key(1_001, 1)).toBe(key(1_001, 2))
    expect(key(1_001, 1)).not.toBe(key(4_000, 1))
  })

  it('tells values apart, or else only how many there are', () => {
    const keys = (values: boolean): Set<string> =>
      new Set([
        likeness({ email: { eq: 'a@b.c' } }, values),
        likeness({ email: { eq: 'd@e.f' } }, values),
      ])
    expect(keys(true).size).toBe(2)
    expect(keys(false).size).toBe(1)
    expect(likeness({ email: { in: ['a', 'b'] } }, false)).not.toBe(
      likeness({ email: { in: [...'abcdefgh'] } }, false),
    )
    expect(likeness({ email: { eq: 'a' } }, false)).not.toContain('a@')
  })
})
