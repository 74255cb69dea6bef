/** Requests a second, on a clock that stands still unless it is moved. */
import { describe, expect, it } from 'vitest'
import { createRequestRate } from '../../../src/http/admission/request-rate.ts'

const createRate = (perCaller: number, inAll: number) => {
  let now = 0
  const rate = createRequestRate({ perCaller, inAll }, { now: () => now })
  return {
    count: rate.count,
    /** How many of so many requests at once are let through. */
    passing: (caller: string, requests: number) =>
      Array.from({ length: requests }, () => rate.count(caller)).filter(
        refused => refused === undefined,
      ).length,
    wait: (ms: number) => {
      now += ms
    },
  }
}

describe('requests of one caller', () => {
  it('may come at once for two seconds’ worth, and not by one more', () => {
    const { passing, count } = createRate(10, 1_000)
    expect(passing('a', 20)).toBe(20)
    expect(count('a')).toEqual({ scope: 'perCaller', retryAfterMs: 100 })
    expect(count('b')).toBeUndefined()
  })

  it('may come again when it was said', () => {
    const { passing, count, wait } = createRate(10, 1_000)
    passing('a', 20)
    wait(99)
    expect(count('a')?.retryAfterMs).toBeCloseTo(1)
    wait(1)
    expect([count('a'), count('a')?.scope]).toEqual([undefined, 'perCaller'])
  })

  it('save up no more than two seconds’ worth, and nothing when the clock is set back', () => {
    const { passing, wait } = createRate(10, 1_000)
    passing('a', 20)
    wait(3_600_000)
    expect(passing('a', 100)).toBe(20)
    wait(-3_600_000)
    expect(passing('a', 100)).toBe(0)
  })
})

describe('requests of all callers', () => {
  it('are refused to those who asked for much, and not to those who ask for little', () => {
    const { passing, count } = createRate(10, 10)
    expect(passing('a', 20)).toBe(20)
    // Beyond what all may have, the next may still have half of its own.
    expect(passing('b', 20)).toBe(11)
    expect(count('b')).toEqual({ scope: 'inAll', retryAfterMs: 100 })
    expect(count('c')).toBeUndefined()
  })
})
