import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createStrictBuckets } from '../../../../bench/replicas/push/buckets.ts'

const LIMITS = { rate: 10, burst: 10 }

test('a burst passes at once, then one for each tenth of a second', () => {
  const { arrive, counts } = createStrictBuckets(['a'], LIMITS)
  const at = (now: number): boolean => arrive('a', now)
  expect(Array.from({ length: 11 }, () => at(1_000))).toEqual([
    ...Array<boolean>(10).fill(true),
    false,
  ])
  expect([at(1_099), at(1_100), at(1_101)]).toEqual([false, true, false])
  expect(counts()).toEqual({ a: { arrived: 14, overLimit: 3, lowest: 0 } })
})

test('each key has a bucket of its own, and counts begin anew where the levels stay', () => {
  const { arrive, counts, reset } = createStrictBuckets(['a', 'b'], LIMITS)
  for (let count = 0; count < 4; count++) arrive('a', 0)
  arrive('b', 0)
  expect(counts()).toEqual({
    a: { arrived: 4, overLimit: 0, lowest: 6 },
    b: { arrived: 1, overLimit: 0, lowest: 9 },
  })
  reset()
  arrive('a', 100)
  expect(counts()).toEqual({
    a: { arrived: 1, overLimit: 0, lowest: 6 },
    b: { arrived: 0, overLimit: 0, lowest: 10 },
  })
})

test('lets as many through as come within every stretch of time, and no fewer', () => {
  const gaps = fc.array(fc.integer({ min: 0, max: 120 }), { minLength: 40, maxLength: 80 })
  fc.assert(
    fc.property(gaps, between => {
      const { arrive } = createStrictBuckets(['a'], LIMITS)
      const passed: number[] = []
      let now = 0
      for (const gap of between) {
        now += gap
        const fits = [...passed, now].every((from, nth) => {
          const within = passed.length - nth + 1
          return within <= LIMITS.burst + ((now - from) * LIMITS.rate) / 1_000 + 1e-9
        })
        expect(arrive('a', now)).toBe(fits)
        if (fits) passed.push(now)
      }
    }),
  )
})
