import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { defaultSwitches } from '../../src/demo/switches.ts'
import { createLimiter } from '../../src/demo/limiter.ts'
import { createFakeClock } from '../support/clock.ts'
import { ask, standInForTest } from '../support/stand-in.ts'

const limits = { ...defaultSwitches, latencyMs: 0, limiter: true }

/** Whether any window holds more than `burst` and what `rate` brings in its length: looked at pair by pair. */
const exceeds = (times: readonly number[], rate: number, burst: number): boolean =>
  times.some((from, first) =>
    times
      .slice(first)
      .some((until, more) => more + 1 > burst + (rate * (until - from)) / 1000 + 1e-6),
  )

/** Gaps in milliseconds between arrivals: bursts, trickles and pauses. */
const gaps = fc.array(
  fc.oneof(
    { weight: 4, arbitrary: fc.constant(0) },
    { weight: 4, arbitrary: fc.integer({ min: 1, max: 120 }) },
    { weight: 1, arbitrary: fc.integer({ min: 500, max: 5_000 }) },
  ),
  { minLength: 1, maxLength: 80 },
)

const judge = (pauses: readonly number[], settings: Partial<typeof limits>): number[] => {
  let now = 0
  const limiter = createLimiter(
    () => ({ ...limits, ...settings }),
    () => now,
  )
  return pauses.flatMap(pause => {
    now += pause
    return limiter.take('key') ? [now] : []
  })
}

describe('the limiter', () => {
  test('accepts in no window more than the burst and the rate allow', () => {
    const rates = fc.record({
      rate: fc.integer({ min: 1, max: 30 }),
      burst: fc.integer({ min: 1, max: 20 }),
      burstMeans: fc.constantFrom('bucket' as const, 'added' as const),
    })
    fc.assert(
      fc.property(gaps, rates, (pauses, settings) => {
        const { rate, burst, burstMeans } = settings
        const bucket = burstMeans === 'added' ? rate + burst : burst
        expect(exceeds(judge(pauses, settings), rate, bucket)).toBe(false)
      }),
    )
  })

  test('refuses nobody who keeps to the rate', () => {
    const slow = fc.array(fc.integer({ min: 100, max: 400 }), { maxLength: 100 })
    fc.assert(
      fc.property(slow, pauses => {
        expect(judge(pauses, {})).toHaveLength(pauses.length)
      }),
    )
  })

  test('takes 10 at once and 20 in the first second, or 20 at once', () => {
    const atOnce = Array.from({ length: 40 }, () => 0)
    expect(judge(atOnce, {})).toHaveLength(10)
    expect(judge(atOnce, { burstMeans: 'added' })).toHaveLength(20)
    expect(judge([...atOnce, 1000, ...atOnce], {})).toHaveLength(20)
  })

  test('shares its bucket with whoever else spends from it', () => {
    const second = [0, ...Array.from({ length: 100 }, () => 10)]
    expect(judge(second, {})).toHaveLength(20)
    expect(judge(second, { otherSpender: 5 })).toHaveLength(15)
    expect(judge([...second, ...second], { otherSpender: 10 })).toHaveLength(10)
  })

  test('gives no token for time that ran backwards', () => {
    const clock = createFakeClock()
    const limiter = createLimiter(
      () => limits,
      () => clock.now(),
    )
    const take = () => Array.from({ length: 12 }, () => limiter.take('key')).filter(Boolean).length
    expect(take()).toBe(10)
    clock.jump(-60_000)
    expect(take()).toBe(0)
  })
})

describe('over the limit', () => {
  test('a request is refused with 429, per key, and tokens come back', async () => {
    const clock = createFakeClock()
    const standIn = await standInForTest({ clock, switches: { limiter: true } })
    const statuses = async (count: number, key = standIn.keys.full) => {
      const replies = await Promise.all(
        Array.from({ length: count }, () => ask(standIn, '/apps?limit=1', { key })),
      )
      return replies.map(({ status }) => status).sort()
    }
    expect(await statuses(12)).toEqual([...Array<number>(10).fill(200), 429, 429])
    expect((await ask<unknown>(standIn, '/apps')).body).toEqual({ message: 'Too Many Requests' })
    expect(await statuses(10, standIn.keys.readOnly)).toEqual(Array(10).fill(200))
    await clock.advance(300)
    expect(await statuses(4)).toEqual([200, 200, 200, 429])
    expect(standIn.statistics()).toMatchObject({
      requests: 27,
      overLimit: 4,
      byStatus: { 200: 23, 429: 4 },
    })
    expect(standIn.requests.filter(({ overLimit }) => overLimit)).toHaveLength(4)
    standIn.reset()
    expect(await statuses(10)).toEqual(Array(10).fill(200))
  })

  test('lies what needs a token whatever its path, but not a request without a key', async () => {
    const clock = createFakeClock()
    const standIn = await standInForTest({ clock, switches: { limiter: true, burst: 2 } })
    for (let request = 0; request < 5; request++) await ask(standIn, '/apps', { key: null })
    expect((await ask(standIn, '/nothing')).status).toBe(404)
    expect((await ask(standIn, '/apps/x')).status).toBe(404)
    expect((await ask(standIn, '/apps')).status).toBe(429)
  })

  test('Retry-After is in seconds, a date, or not there', async () => {
    const clock = createFakeClock({ startMs: 1_767_225_600_400 })
    const standIn = await standInForTest({
      clock,
      switches: { limiter: true, burst: 1, rate: 0.5 },
    })
    await ask(standIn, '/apps')
    const retryAfter = async () => (await ask(standIn, '/apps')).headers.get('retry-after')
    expect(await retryAfter()).toBe(null)
    standIn.set({ retryAfter: 'seconds' })
    expect(await retryAfter()).toBe('2')
    standIn.set({ retryAfter: 'date' })
    // Two seconds from 400 ms past midnight, rounded up to a whole one.
    expect(await retryAfter()).toBe('Thu, 01 Jan 2026 00:00:03 GMT')
    standIn.set({ otherSpender: 1 })
    expect(await retryAfter()).toBe(null)
  })
})
