import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { TokenBucket, BucketLimits } from '../../../src/upstream/limiter/bucket.ts'
import {
  available,
  fullBucket,
  giveBack,
  mergeBuckets,
  rateAt,
  refill,
  settle,
  slowDown,
  take,
  waitFor,
} from '../../../src/upstream/limiter/bucket.ts'
import { overruns } from './overruns.ts'

const limits: BucketLimits = { rate: 10, burst: 10 }
const LEASE_MS = 12_000

interface Step {
  readonly gapMs: number
  /** Where between nothing and the network's longest the way there and back lies. */
  readonly there: number
  readonly back: number
  readonly fate: 'answered' | 'died' | 'neverSent'
  readonly clockBackMs: number
}

const part = fc.oneof(fc.constantFrom(0, 1), fc.double({ min: 0, max: 1, noNaN: true }))

const step: fc.Arbitrary<Step> = fc.record({
  gapMs: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 40 })),
  there: part,
  back: part,
  fate: fc.oneof(
    { weight: 20, arbitrary: fc.constant('answered' as const) },
    { weight: 2, arbitrary: fc.constant('died' as const) },
    { weight: 1, arbitrary: fc.constant('neverSent' as const) },
  ),
  clockBackMs: fc.oneof(
    { weight: 30, arbitrary: fc.constant(0) },
    { weight: 1, arbitrary: fc.integer({ min: 1, max: 100_000 }) },
  ),
})

interface Network {
  readonly longestMs: number
  /** By how much the clock runs fast; half a thousandth is what it may while it is being corrected. */
  readonly drift: number
  /** The pause after every thirty steps, in which the leases of dead processes may run out. */
  readonly pauseMs: number
}

const network: fc.Arbitrary<Network> = fc.record({
  longestMs: fc.constantFrom(0, 10, 100, 1000, 4000),
  drift: fc.constantFrom(0, 0.0005),
  pauseMs: fc.constantFrom(0, 500, 13_000),
})

/** Plays the steps against a bucket; returns when requests reached Push, in real time. */
const play = (steps: readonly Step[], { longestMs, drift, pauseMs }: Network): number[] => {
  let setBackMs = 0
  let now = 0
  const wall = (): number => 1e9 + Math.floor(now * (1 + drift)) - setBackMs
  let bucket = fullBucket(wall(), limits)
  const answers: { at: number; id: string }[] = []
  const arrivals: number[] = []

  const pass = (until: number): void => {
    const due = answers.filter(({ at }) => at <= until).sort((one, other) => one.at - other.at)
    for (const answer of due) {
      answers.splice(answers.indexOf(answer), 1)
      now = answer.at
      bucket = settle(bucket, wall(), limits, answer.id)
    }
    now = until
  }

  for (const [index, { gapMs, there, back, fate, clockBackMs }] of steps.entries()) {
    setBackMs += clockBackMs
    pass(now + gapMs + (index % 30 === 29 ? pauseMs : 0))
    const id = String(index)
    const [next, taken] = take(bucket, wall(), limits, { id, expiresAt: wall() + LEASE_MS })
    bucket = next
    if (!taken.granted) continue
    if (fate === 'neverSent') bucket = giveBack(bucket, id)
    else arrivals.push(now + there * longestMs)
    if (fate === 'answered') answers.push({ at: now + (there + back) * longestMs, id })
  }
  return arrivals
}

describe('the bucket', () => {
  it("never runs Push's own bucket over, whenever requests arrive and whatever becomes of them", () => {
    const steps = fc.array(step, { minLength: 50, maxLength: 400, size: 'max' })
    fc.assert(
      fc.property(steps, network, (played, over) => {
        expect(overruns(play(played, over), limits)).toBeLessThan(1e-6)
      }),
      { numRuns: 300 },
    )
  })

  it('would run over if the answer were not awaited (so the judge can say no)', () => {
    const slowThenQuick = [
      ...Array.from({ length: 10 }, () => 900),
      ...Array.from({ length: 9 }, (_, index) => 900 + index),
    ]
    expect(overruns(slowThenQuick, limits)).toBeGreaterThan(1)
  })

  it('does not run over in ten busy minutes by a clock that runs fast', () => {
    const busy = Array.from({ length: 60_000 }, (): Step => ({
      gapMs: 10,
      there: 0,
      back: 0,
      fate: 'answered',
      clockBackMs: 0,
    }))
    const arrivals = play(busy, { longestMs: 0, drift: 0.0005, pauseMs: 0 })
    expect(arrivals.length).toBeGreaterThan(5900)
    expect(overruns(arrivals, limits)).toBeLessThan(1e-6)
  })

  it('says how long to wait for a token, and no longer', () => {
    fc.assert(
      fc.property(
        fc.double({ min: -5, max: 10, noNaN: true }),
        fc.integer({ min: 0, max: 9 }),
        fc.integer({ min: 0, max: 5000 }),
        (level, on, pausedMs) => {
          const leases = Array.from({ length: on }, (_, id) => ({ id: `${id}`, expiresAt: 1e9 }))
          const bucket = { ...fullBucket(0, limits), level, leases, pausedUntil: pausedMs }
          const waitMs = waitFor(bucket, 1, limits) as number
          const lease = { id: 'new', expiresAt: 1e9 }
          // A millisecond more: a sum of parts can fall short of one by its last digit.
          expect(take(bucket, waitMs + 1, limits, lease)[1]).toEqual({ granted: true })
          if (waitMs > 1) expect(take(bucket, waitMs - 2, limits, lease)[1].granted).toBe(false)
        },
      ),
    )
  })

  it('keeps up ten requests a second where answers take 120 ms', () => {
    let bucket = fullBucket(0, limits)
    const answers: { at: number; id: string }[] = []
    let sent = 0
    for (let now = 0; now < 60_000; now += 1) {
      while (answers[0] !== undefined && answers[0].at <= now)
        bucket = settle(bucket, now, limits, (answers.shift() as { id: string }).id)
      for (;;) {
        const id = String(sent)
        const [next, { granted }] = take(bucket, now, limits, { id, expiresAt: now + LEASE_MS })
        bucket = next
        if (!granted) break
        answers.push({ at: now + 120, id })
        sent += 1
      }
    }
    // 10 at once, then 10/s but for the first 120 ms and the margin of a thousandth.
    expect(sent).toBeGreaterThanOrEqual(606)
    expect(sent).toBeLessThanOrEqual(610)
  })

  it('waits for answers when a whole burst is on its way', () => {
    let bucket = fullBucket(0, limits)
    for (let n = 0; n < 10; n += 1)
      bucket = take(bucket, 0, limits, { id: String(n), expiresAt: LEASE_MS })[0]
    const lease = { id: 'next', expiresAt: 99_000 }
    expect(take(bucket, 5000, limits, lease)[1]).toEqual({ granted: false, waitMs: undefined })
    bucket = settle(bucket, 5000, limits, '0')
    expect(take(bucket, 5000, limits, lease)[1]).toEqual({ granted: false, waitMs: 101 })
  })

  it('counts the request of a process that died as arrived, once its time is over', () => {
    const taken = take(fullBucket(0, limits), 0, limits, { id: 'lost', expiresAt: 12_000 })[0]
    expect(available(refill(taken, 11_999, limits))).toBe(9)
    const after = refill(taken, 12_000, limits)
    expect(after.leases).toEqual([])
    expect(after.level).toBe(9)
    expect(settle(after, 12_000, limits, 'lost').level).toBe(9)
  })

  it('gives no tokens for a clock set back, and holds nothing longer because of it', () => {
    const bucket: TokenBucket = {
      ...fullBucket(50_000, limits),
      level: 0,
      pausedUntil: 52_000,
      leases: [{ id: 'one', expiresAt: 62_000 }],
    }
    const back = refill(bucket, 10_000, limits)
    expect(back.level).toBe(0)
    expect(back.pausedUntil).toBe(12_000)
    expect(back.leases).toEqual([{ id: 'one', expiresAt: 22_000 }])
  })
})

describe('a 429 of somebody else’s making', () => {
  const refusal = { sentAt: 10_000, random: 1 }

  it.each([
    { says: 'Retry-After', retryAfterMs: 7000, pauseMs: 7000 },
    {
      says: 'nothing, a back-off that grows as the rate shrinks',
      retryAfterMs: undefined,
      pauseMs: 500,
    },
    { says: 'next to nothing, a short back-off', retryAfterMs: 1, pauseMs: 250 },
    { says: 'as long as that', retryAfterMs: 251, pauseMs: 251 },
    { says: 'a day, ten minutes', retryAfterMs: 86_400_000, pauseMs: 600_000 },
  ])('pauses for what Push says: $says', ({ retryAfterMs, pauseMs }) => {
    const slowed = slowDown(fullBucket(0, limits), 10_100, limits, { ...refusal, retryAfterMs })
    expect(slowed.pausedUntil).toBe(10_100 + pauseMs)
    expect(slowed.level).toBe(0)
    expect(available(refill(slowed, slowed.pausedUntil - 1, limits))).toBe(0)
  })

  it('never ends a pause earlier than an answer before said', () => {
    const long = { ...refusal, retryAfterMs: 60_000 }
    const first = slowDown(fullBucket(0, limits), 10_100, limits, long)
    for (const retryAfterMs of [undefined, 0, 1_000, 59_000]) {
      const again = slowDown(first, 11_000, limits, { sentAt: 10_900, random: 1, retryAfterMs })
      expect(again.pausedUntil).toBe(70_100)
    }
    const longer = slowDown(first, 11_000, limits, {
      sentAt: 10_900,
      random: 1,
      retryAfterMs: 60_000,
    })
    expect(longer.pausedUntil).toBe(71_000)
  })

  it('begins to refill only when the pause is over', () => {
    const slowed = slowDown(fullBucket(0, limits), 10_100, limits, {
      ...refusal,
      retryAfterMs: 5000,
    })
    expect(refill(slowed, slowed.pausedUntil, limits).level).toBe(0)
    expect(available(refill(slowed, slowed.pausedUntil + 250, limits))).toBe(1)
  })

  it('halves the rate once for all requests that were on their way together, down to one a second', () => {
    let bucket = slowDown(fullBucket(0, limits), 10_100, limits, refusal)
    bucket = slowDown(bucket, 10_150, limits, refusal)
    expect(rateAt(bucket, 10_150, limits)).toBe(5)
    for (let now = 10_200; now < 20_200; now += 1000)
      bucket = slowDown(bucket, now, limits, { sentAt: now - 1, random: 1 })
    expect(rateAt(bucket, 20_200, limits)).toBe(1)
  })

  it('backs off twice as long each time it comes again, up to half a minute', () => {
    let bucket = fullBucket(0, limits)
    const pauses: number[] = []
    for (let n = 0; n < 9; n += 1) {
      const now = bucket.pausedUntil + 1
      bucket = slowDown(bucket, now, limits, { sentAt: now, random: 1 })
      pauses.push(Math.round((bucket.pausedUntil - now) / 100) / 10)
    }
    expect(pauses).toEqual([0.5, 1, 2, 4, 8, 15.9, 31.7, 32, 32])
  })

  it('recovers evenly to the configured rate and no further', () => {
    const slowed = slowDown(fullBucket(0, limits), 10_000, limits, { ...refusal, retryAfterMs: 0 })
    const from = slowed.pausedUntil
    expect(rateAt(slowed, from + 3750, limits)).toBeCloseTo(7.5)
    expect(rateAt(slowed, from + 7500, limits)).toBe(10)
    expect(rateAt(slowed, from + 90_000, limits)).toBe(10)
  })
})

it('joins two copies that went separate ways into the worse of both', () => {
  const one = { ...fullBucket(100, limits), level: 3, leases: [{ id: 'a', expiresAt: 1 }] }
  const other = { ...fullBucket(200, limits), level: 7, leases: [{ id: 'b', expiresAt: 2 }] }
  const worse = { ...fullBucket(200, limits), level: 3 }
  expect(mergeBuckets(one, other)).toEqual({ ...worse, leases: [...one.leases, ...other.leases] })
  expect(mergeBuckets(other, one)).toEqual({ ...worse, leases: [...other.leases, ...one.leases] })
})
