import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { RateLimitedError } from '../../../src/errors.ts'
import type { Grant } from '../../../src/upstream/limiter/limiter.ts'
import { NoTurnError } from '../../../src/upstream/limiter/limiter.ts'
import type { BucketLimits } from '../../../src/upstream/limiter/bucket.ts'
import { LATENCY_MS, limits, recorder, setUp, spend, urgencyOf } from './limiter-for-test.ts'

describe('the limiter', () => {
  it('lets a burst go at once and then one every tenth of a second', async () => {
    const { clock, limiter } = setUp()
    const { sent, go } = recorder(clock, limiter)
    for (let n = 0; n < 30; n += 1) void go(String(n), urgencyOf(clock))
    await clock.advance(3000)
    expect(sent.map(({ name }) => Number(name))).toEqual(Array.from({ length: 30 }, (_, n) => n))
    const times = sent.map(({ at }) => at)
    expect(times.slice(0, 10)).toEqual(Array.from({ length: 10 }, () => 0))
    for (const [index, at] of times.slice(10).entries()) {
      expect(at).toBeGreaterThanOrEqual(LATENCY_MS + 100 * (index + 1))
      expect(at).toBeLessThanOrEqual(LATENCY_MS + 101 * (index + 1) + 2)
    }
    expect(sent[29]?.waitedMs).toBe(times[29])
  })

  it('sets one timer at most while it waits, and none when nobody does', async () => {
    const { clock, limiter } = setUp()
    await spend(clock, limiter)
    expect(clock.waiting()).toBe(0)
    const { go } = recorder(clock, limiter)
    void go('one', urgencyOf(clock))
    // Its deadline and the next token.
    expect(clock.waiting()).toBe(2)
    await clock.advance(101)
    await clock.advance(LATENCY_MS)
    expect(clock.waiting()).toBe(0)
  })

  it('answers a look-up within two requests while a scan of 90 requests waits', async () => {
    const { clock, limiter } = setUp()
    await spend(clock, limiter)
    const { sent, go } = recorder(clock, limiter)
    for (let n = 0; n < 90; n += 1) void go('scan', urgencyOf(clock, { owner: 'scan' }))
    void go('look-up', urgencyOf(clock, { owner: 'look-up' }))
    await clock.advance(220)
    expect(sent.map(({ name }) => name)).toContain('look-up')
  })

  it('moves a background request up when an interactive caller joins it', async () => {
    const { clock, limiter } = setUp()
    await spend(clock, limiter)
    const { sent, go } = recorder(clock, limiter)
    const shared = urgencyOf(clock, { owner: 'refresh', priority: 'background' })
    void go('first', urgencyOf(clock))
    void go('second', urgencyOf(clock))
    void go('shared', shared)
    void go('background', urgencyOf(clock, { owner: 'other', priority: 'background' }))
    shared.raise('interactive', clock.now() + 1000)
    await clock.advance(1000)
    // Whoever spent the tokens was served last.
    expect(sent.map(({ name }) => name)).toEqual(['shared', 'first', 'second', 'background'])
    await clock.advance(1000)
    expect(limiter.look()).toMatchObject({ available: 10, queued: 0 })
  })

  it('keeps a request where it is in the queue when its deadline alone rises, and honours the later one', async () => {
    const { clock, limiter } = setUp()
    await spend(clock, limiter)
    const { sent, go } = recorder(clock, limiter)
    const shared = urgencyOf(clock, { withinMs: 400 })
    void go('shared', shared)
    void go('second', urgencyOf(clock))
    shared.raise('background', clock.now() + 5000)
    void limiter.refused(clock.now(), 2000)
    await clock.advance(5000)
    expect(sent.map(({ name }) => name)).toEqual(['shared', 'second'])
  })

  it('tells its state: what is left, who waits, and for how long one would', async () => {
    const { clock, limiter } = setUp()
    expect(limiter.look()).toEqual({
      limit: 10,
      burst: 10,
      available: 10,
      queued: 0,
      estimatedWaitMs: 0,
    })
    await spend(clock, limiter)
    const { go } = recorder(clock, limiter)
    for (let n = 0; n < 5; n += 1) void go('one', urgencyOf(clock))
    expect(limiter.look()).toMatchObject({ available: 0, queued: 5 })
    // Whoever comes now is next.
    expect(limiter.look().estimatedWaitMs).toBeGreaterThanOrEqual(100)
    expect(limiter.look().estimatedWaitMs).toBeLessThanOrEqual(201)
    await clock.advance(5000)
  })

  it('keeps to the smaller limits of two clients of one key', async () => {
    const { clock, limiter } = setUp()
    limiter.limitFor({}, limits)
    const other = {}
    limiter.limitFor(other, { rate: 20, burst: 3 })
    const { sent, go } = recorder(clock, limiter)
    for (let n = 0; n < 5; n += 1) void go('one', urgencyOf(clock))
    await clock.advance(0)
    expect(sent.length).toBe(3)
    expect(limiter.look()).toMatchObject({ limit: 10, burst: 3 })
    limiter.limitFor(other, undefined)
    expect(limiter.look()).toMatchObject({ limit: 10, burst: 10 })
  })

  /** What a bucket that is filled at those limits, each from its moment on, has for each that was sent. */
  const neverOverdrawn = (
    sent: readonly { readonly at: number }[],
    held: readonly (BucketLimits & { readonly from: number })[],
  ): boolean => {
    let [level, at] = [held[0]?.burst ?? 0, 0]
    const moments = [
      ...sent.map(one => ({ at: one.at, limits: undefined })),
      ...held.map(limits => ({ at: limits.from, limits })),
    ].sort((a, b) => a.at - b.at)
    let now = held[0] as BucketLimits
    return moments.every(moment => {
      level = Math.min(now.burst, level + ((moment.at - at) * now.rate) / 1_000)
      at = moment.at
      if (moment.limits !== undefined) now = moment.limits
      else level -= 1
      return level >= -1e-9
    })
  }

  it('never sends more than limits that change let through, whatever came before', async () => {
    const someLimits = fc.record({
      rate: fc.integer({ min: 1, max: 50 }),
      burst: fc.integer({ min: 1, max: 30 }),
    })
    const steps = fc.array(
      fc.tuple(fc.integer({ min: 0, max: 3_000 }), fc.integer({ min: 0, max: 20 }), someLimits),
      { minLength: 1, maxLength: 8 },
    )
    await fc.assert(
      fc.asyncProperty(someLimits, steps, async (first, then) => {
        const { clock, limiter } = setUp()
        const spender = {}
        limiter.limitFor(spender, first)
        // Of what is presumed to be there at first, as much as the first limits allow.
        const held = [{ ...first, from: 0 }]
        const { sent, go } = recorder(clock, limiter)
        const start = clock.now()
        for (const [quietMs, requests, limits] of then) {
          for (let n = 0; n < requests; n += 1) void go('one', urgencyOf(clock))
          await clock.advance(quietMs)
          limiter.limitFor(spender, limits)
          held.push({ ...limits, from: clock.now() - start })
        }
        await clock.advance(60_000)
        expect(neverOverdrawn(sent, held)).toBe(true)
      }),
      { numRuns: 60 },
    )
  })

  it('lets those who wait go sooner where the limits are raised', async () => {
    const { clock, limiter } = setUp()
    const spender = {}
    limiter.limitFor(spender, { rate: 0.1, burst: 1 })
    const { sent, go } = recorder(clock, limiter)
    for (let n = 0; n < 4; n += 1) void go('one', urgencyOf(clock))
    await clock.advance(1_000)
    expect(sent.length).toBe(1)
    limiter.limitFor(spender, { rate: 10, burst: 10 })
    await clock.advance(1_000)
    expect(sent.length).toBe(4)
  })
})

describe('a request that cannot wait', () => {
  it('is refused at once when its deadline cannot be met, and told when to come back', async () => {
    const { clock, limiter } = setUp()
    await spend(clock, limiter)
    const { go } = recorder(clock, limiter)
    for (let n = 0; n < 20; n += 1) void go('one', urgencyOf(clock))
    const refusal = await limiter
      .acquire(urgencyOf(clock, { withinMs: 1500 }), LATENCY_MS)
      .catch((error: unknown) => error)
    expect(refusal).toBeInstanceOf(NoTurnError)
    expect(refusal).toBeInstanceOf(RateLimitedError)
    const { retryAfterMs = 0 } = refusal as NoTurnError
    expect(retryAfterMs).toBeGreaterThan(2000)
    expect(retryAfterMs).toBeLessThan(2200)
    expect(limiter.look().queued).toBe(20)
    await clock.advance(5000)
  })

  it('is let through when the wait alone would do, but counted with the latency of its answer', async () => {
    const { clock, limiter } = setUp()
    await spend(clock, limiter)
    const just = limiter.acquire(urgencyOf(clock, { withinMs: 225 }), LATENCY_MS)
    await expect(
      limiter.acquire(urgencyOf(clock, { withinMs: 300 }), LATENCY_MS),
    ).rejects.toMatchObject({ constructor: NoTurnError, code: 'RATE_LIMITED', retryAfterMs: 201 })
    await clock.advance(200)
    ;(await just).settle()
  })

  it('is refused when its deadline passes in the queue after all', async () => {
    const { clock, limiter } = setUp()
    await spend(clock, limiter)
    const late = limiter
      .acquire(urgencyOf(clock, { owner: 'a', withinMs: 300 }), 0)
      .catch((error: unknown) => error)
    // Others whose turn comes first arrive later.
    const { go } = recorder(clock, limiter)
    void limiter.refused(clock.now(), 299)
    await clock.advance(299)
    void go('other', urgencyOf(clock))
    await clock.advance(1)
    expect(await late).toMatchObject({
      constructor: NoTurnError,
      code: 'RATE_LIMITED',
      retryAfterMs: 200,
    })
    expect(limiter.look().queued).toBe(1)
    await clock.advance(5000)
  })

  it('leaves the queue when it is aborted, with the reason of its signal', async () => {
    const { clock, limiter } = setUp()
    await spend(clock, limiter)
    const leaving = new AbortController()
    const reason = new Error('the caller left')
    const gone = limiter.acquire(urgencyOf(clock, { signal: leaving.signal }), LATENCY_MS)
    const { sent, go } = recorder(clock, limiter)
    void go('next', urgencyOf(clock))
    leaving.abort(reason)
    await expect(gone).rejects.toBe(reason)
    await clock.advance(101)
    expect(sent.length).toBe(1)
    await clock.advance(LATENCY_MS)
    expect(clock.waiting()).toBe(0)
    const aborted = urgencyOf(clock, { signal: leaving.signal })
    await expect(limiter.acquire(aborted, LATENCY_MS)).rejects.toBe(reason)
  })

  it('leaves no timer behind when nobody else waits', async () => {
    const { clock, limiter } = setUp()
    await spend(clock, limiter)
    const leaving = new AbortController()
    const gone = limiter.acquire(urgencyOf(clock, { signal: leaving.signal }), LATENCY_MS)
    leaving.abort(new Error('the caller left'))
    await expect(gone).rejects.toThrow('the caller left')
    expect(clock.waiting()).toBe(0)
  })

  it('gives its token back when it is not sent after all', async () => {
    const { clock, limiter } = setUp()
    const grant = await limiter.acquire(urgencyOf(clock), LATENCY_MS)
    expect(limiter.look().available).toBe(9)
    grant.giveBack()
    expect(limiter.look().available).toBe(10)
  })

  it('counts as on its way for a while after nobody waits for its answer any more', async () => {
    const { clock, limiter } = setUp()
    const grants: Grant[] = []
    for (let n = 0; n < 10; n += 1) grants.push(await limiter.acquire(urgencyOf(clock), LATENCY_MS))
    for (const grant of grants) grant.overdue()
    await clock.advance(999)
    expect(limiter.look().available).toBe(0)
    await clock.advance(1 + 101)
    expect(limiter.look().available).toBe(1)
  })
})

describe('a 429', () => {
  it('holds everybody back for as long as it says, then goes on slowly', async () => {
    const { clock, limiter } = setUp()
    const { sent, go } = recorder(clock, limiter)
    expect(limiter.refused(clock.now(), 3000)).toBe(3000)
    expect(limiter.slowed()).toBe(true)
    for (let n = 0; n < 3; n += 1) void go('one', urgencyOf(clock))
    await clock.advance(3000)
    expect(sent).toEqual([])
    await clock.advance(700)
    expect(sent.length).toBe(3)
    expect(sent[1]?.at).toBeGreaterThan(3000 + 2 * 190)
    await clock.advance(60_000)
    expect(limiter.slowed()).toBe(false)
  })

  it('refuses those at once who cannot wait until the pause is over', async () => {
    const { clock, limiter } = setUp()
    await spend(clock, limiter)
    const short = limiter
      .acquire(urgencyOf(clock, { withinMs: 1000 }), 0)
      .catch((error: unknown) => error)
    const long = limiter.acquire(urgencyOf(clock, { withinMs: 10_000 }), 0)
    void limiter.refused(clock.now(), 5000)
    expect(await short).toMatchObject({ code: 'RATE_LIMITED', retryAfterMs: 5000 })
    await clock.advance(6000)
    ;(await long).settle()
  })
})
