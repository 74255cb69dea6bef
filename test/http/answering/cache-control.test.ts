import fc from 'fast-check'
import { expect, test } from 'vitest'
import { agesOf, aging } from '../../../src/http/answering/cache-control.ts'

const usual = { maxAgeMs: 60_000, staleMs: 900_000, refresh: true }
const ages = (header: string | undefined) => {
  const { maxAgeMs, staleMs } = agesOf(header, usual)
  return [maxAgeMs / 1000, staleMs / 1000]
}

test.each<[header: string | undefined, fresh: number, served: number, meaning: string]>([
  [undefined, 60, 900, 'nothing asked'],
  ['', 60, 900, 'nothing asked'],
  ['no-cache', 0, 0, 'everything is read again first'],
  ['no-store', 0, 0, 'likewise'],
  ['max-age=0', 0, 0, 'likewise'],
  ['max-age=10', 10, 10, 'narrower than fresh'],
  ['max-age=300', 60, 300, 'narrower than stale: served while it is read again'],
  ['max-age=5000', 60, 900, 'never wider'],
  ['max-stale=3600', 60, 3660, 'an hour beyond fresh'],
  ['max-stale=10', 60, 900, 'never narrower'],
  ['max-age=10, max-stale=20', 10, 30, 'both count, the second beyond the first'],
  ['MAX-AGE="10"', 10, 10, 'in any case, quoted or not'],
  ['no-cache, max-stale=3600', 0, 0, 'no-cache wins'],
  ['max-age=-1, max-stale=x, private, =', 60, 900, 'what cannot be read changes nothing'],
])('%s means fresh for %d s and served for %d s: %s', (header, fresh, served) => {
  expect(ages(header)).toEqual([fresh, served])
})

test('a plain max-stale takes rows of any age', () => {
  const { maxAgeMs, staleMs } = agesOf('max-stale', usual)
  expect(maxAgeMs).toBe(60_000)
  expect(staleMs).toBeGreaterThan(365 * 86_400_000)
})

test('where nothing is refreshed, what max-stale takes is served as it is', () => {
  const fresh = (header: string): number =>
    agesOf(header, { ...usual, refresh: false }).maxAgeMs / 1_000
  expect(fresh('max-stale=3600')).toBe(3_660)
  expect(fresh('max-age=10, max-stale=20')).toBe(30)
  expect(fresh('max-stale')).toBeGreaterThan(365 * 86_400)
  expect(fresh('max-age=300')).toBe(60)
  expect(fresh('no-cache, max-stale=3600')).toBe(0)
})

test('whatever is asked, the ages are times that can be counted back from now', () => {
  const directive = fc.tuple(
    fc.constantFrom('max-age', 'max-stale', 'no-cache', 'other'),
    fc.option(fc.oneof(fc.nat().map(String), fc.constant('9'.repeat(400)), fc.string())),
  )
  fc.assert(
    fc.property(fc.array(directive), directives => {
      const header = directives
        .map(([name, value]) => (value === null ? name : `${name}=${value}`))
        .join(',')
      const { maxAgeMs, staleMs } = agesOf(header, usual)
      expect(maxAgeMs).toBeGreaterThanOrEqual(0)
      expect(maxAgeMs).toBeLessThanOrEqual(usual.maxAgeMs)
      expect(staleMs).toBeGreaterThanOrEqual(maxAgeMs)
      expect(Date.now() - staleMs).toBeGreaterThan(0)
    }),
  )
})

test.each([
  ['private, max-age=60', 0, 'private, max-age=60'],
  ['private, max-age=60', 1, 'private, max-age=59'],
  ['private, max-age=60', 12_000, 'private, max-age=48'],
  ['private, max-age=60', 90_000, 'private, max-age=0'],
  ['no-store', 5_000, 'no-store'],
])('%s is, %i ms later, %s', (header, ms, later) => {
  expect(aging(header)(ms)).toBe(later)
})

test('one header ages with each second, whatever it was asked before', () => {
  const after = aging('private, max-age=60')
  const asked = [1, 999, 1_000, 1_001, 0, 30_000, 2_500]
  expect(asked.map(after)).toEqual(
    [59, 59, 59, 58, 60, 30, 57].map(seconds => `private, max-age=${seconds}`),
  )
})
