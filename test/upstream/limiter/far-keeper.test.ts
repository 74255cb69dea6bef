/** The limiter before a bucket that must be asked for: in its own time, in vain for a while, or by a process that was stopped. */
import { describe, expect, it } from 'vitest'
import {
  fullBucket,
  pauseSending,
  slowDown,
  type TokenBucket,
} from '../../../src/upstream/limiter/bucket.ts'
import {
  type BucketKeeper,
  type BucketStep,
  BucketUnreachable,
} from '../../../src/upstream/limiter/bucket-keeper.ts'
import { stepBucket } from '../../../src/upstream/limiter/bucket-step.ts'
import { createLimiter, type Grant, type Limiter } from '../../../src/upstream/limiter/limiter.ts'
import { createFakeClock, settle } from '../../support/clock.ts'
import { LATENCY_MS, limits, recorder, urgencyOf } from './limiter-for-test.ts'

const WAY_MS = 5

/** A keeper that answers after `WAY_MS`, and not at all while it is `away`: then nobody knows whether it did what it was asked. */
const setUp = () => {
  const clock = createFakeClock()
  let bucket: TokenBucket = fullBucket(clock.now(), limits)
  const steps: BucketStep[] = []
  const far = { isAway: false, isDeaf: false, asked: 0, underWay: 0, mostUnderWay: 0 }

  const answer = <Value>(change: () => Value): Promise<Value> => {
    far.asked += 1
    far.underWay += 1
    far.mostUnderWay = Math.max(far.mostUnderWay, far.underWay)
    return new Promise((resolve, reject) => {
      clock.after(WAY_MS, () => {
        far.underWay -= 1
        if (far.isAway && far.isDeaf) change()
        if (far.isAway) reject(new BucketUnreachable(1_000))
        else resolve(change())
      })
    })
  }
  const keeper: BucketKeeper = {
    step: step => {
      steps.push(step)
      return answer(() => {
        const verdict = stepBucket(bucket, clock.now(), step)
        bucket = verdict.bucket
        return verdict
      })
    },
    slow: (under, { sentAgoMs, retryAfterMs }) =>
      answer(() => {
        const sentAt = clock.now() - sentAgoMs
        return (bucket = slowDown(bucket, clock.now(), under, { sentAt, retryAfterMs, random: 1 }))
      }),
    pause: (under, ms) => answer(() => (bucket = pauseSending(bucket, clock.now(), under, ms))),
    peek: () => bucket,
    glance: () => bucket,
  }
  const another = (): Limiter => createLimiter(keeper, clock, limits)
  return { clock, limiter: another(), another, steps, far, leases: () => bucket.leases.length }
}

describe('a bucket that is far away', () => {
  it('is asked once at a time, for all who wait, and told what came back by the way', async () => {
    const { clock, limiter, steps, far } = setUp()
    const { sent, go } = recorder(clock, limiter)
    for (let n = 0; n < 30; n += 1) void go(String(n), urgencyOf(clock))
    await clock.advance(4_000)
    expect(sent.map(({ name }) => Number(name))).toEqual(Array.from({ length: 30 }, (_, n) => n))
    expect(far.mostUnderWay).toBe(1)
    // The first asks alone, the next for as many as a bucket holds; answers are told by the way.
    expect(steps.slice(0, 2).map(({ wanted }) => wanted.length)).toEqual([1, 10])
    expect(steps.length).toBeLessThan(30)
    expect(steps.flatMap(({ settled }) => settled).length).toBe(30)
    expect(new Set(steps.flatMap(({ settled }) => settled)).size).toBe(30)
  })

  it('is not asked again for each who joins while it is known when the next token comes', async () => {
    const { clock, limiter, far } = setUp()
    const { go } = recorder(clock, limiter)
    const grants = Array.from({ length: 10 }, () => limiter.acquire(urgencyOf(clock), LATENCY_MS))
    await clock.advance(2 * WAY_MS)
    for (const grant of await Promise.all(grants)) grant.settle()
    void go('first', urgencyOf(clock, { priority: 'background' }))
    await clock.advance(3 * WAY_MS)
    const { asked } = far
    for (let n = 0; n < 50; n += 1) void go('more', urgencyOf(clock, { priority: 'background' }))
    await clock.advance(WAY_MS)
    expect(far.asked).toBe(asked)
    // Whoever waits for an answer changes who is next, here and for others.
    void go('look-up', urgencyOf(clock))
    expect(far.asked).toBe(asked + 1)
    void go('look-up', urgencyOf(clock))
    await clock.advance(WAY_MS)
    expect(far.asked).toBe(asked + 1)
    await clock.advance(20_000)
  })

  it('is asked the less often the more others wait for it, too, and each finds more at once', async () => {
    const { clock, limiter, steps, another } = setUp()
    const limiters = [limiter, another(), another(), another()]
    const recorders = limiters.map(each => recorder(clock, each))
    for (const each of recorders)
      for (let n = 0; n < 160; n += 1)
        void each.go('page', urgencyOf(clock, { priority: 'background', withinMs: 1e9 }))
    await clock.advance(10_000)
    const before = { steps: steps.length, sent: recorders.map(({ sent }) => sent.length) }
    await clock.advance(40_000)
    const sent = recorders.map((each, n) => each.sent.length - (before.sent[n] ?? 0))
    const all = sent.reduce((sum, count) => sum + count)
    expect(all).toBeGreaterThan(395)
    expect(Math.min(...sent)).toBeGreaterThan(60)
    expect(steps.length - before.steps).toBeLessThan(2 * all)
    await clock.advance(100_000)
  })

  it('says how many of those who wait are waited for, and puts them first', async () => {
    const { clock, limiter, steps } = setUp()
    const { sent, go } = recorder(clock, limiter)
    void go('first', urgencyOf(clock, { priority: 'background' }))
    for (let n = 0; n < 12; n += 1)
      void go(
        n % 4 === 3 ? 'look-up' : 'scan',
        urgencyOf(clock, { priority: n % 4 === 3 ? 'interactive' : 'background' }),
      )
    await clock.advance(2 * WAY_MS)
    expect(steps.map(({ wanted, urgent }) => [wanted.length, urgent])).toEqual([
      [1, 0],
      [10, 2],
    ])
    // What was asked for one who reads in the background is had by whoever is more urgent by then.
    expect(sent.slice(0, 3).map(({ name }) => name)).toEqual(['look-up', 'look-up', 'look-up'])
    await clock.advance(10_000)
  })

  it('gets back what was granted to one who left meanwhile', async () => {
    const { clock, limiter, leases } = setUp()
    const leaving = new AbortController()
    const gone = limiter.acquire(urgencyOf(clock, { signal: leaving.signal }), LATENCY_MS)
    leaving.abort(new Error('the caller left'))
    await expect(gone).rejects.toThrow('the caller left')
    await clock.advance(WAY_MS)
    expect(leases()).toBe(1)
    await clock.advance(WAY_MS)
    expect(leases()).toBe(0)
  })

  it('gets back what was granted to some who left while others stayed', async () => {
    const { clock, limiter, leases } = setUp()
    const ask = (signal?: AbortSignal): Promise<unknown> =>
      limiter
        .acquire(urgencyOf(clock, signal === undefined ? {} : { signal }), LATENCY_MS)
        .catch((error: unknown) => error)
    for (let n = 0; n < 7; n += 1) void ask()
    await clock.advance(2 * WAY_MS)
    void ask()
    const leaving = new AbortController()
    void ask()
    for (let n = 0; n < 3; n += 1) void ask(leaving.signal)
    await clock.advance(WAY_MS)
    leaving.abort(new Error('the callers left'))
    await clock.advance(WAY_MS)
    expect(leases()).toBe(10)
    await clock.advance(WAY_MS)
    expect(leases()).toBe(9)
  })

  it('hears at once of an answer that came while it was asked, where all tokens are on their way', async () => {
    const { clock, limiter } = setUp()
    const grants = Array.from({ length: 10 }, () => limiter.acquire(urgencyOf(clock), LATENCY_MS))
    await clock.advance(2 * WAY_MS)
    const [first] = await Promise.all(grants)
    const { sent, go } = recorder(clock, limiter)
    void go('next', urgencyOf(clock))
    first?.settle()
    await clock.advance(120)
    expect(sent.map(({ name }) => name)).toEqual(['next'])
  })

  it('hears of limits that changed before anything is taken by them', async () => {
    const { clock, limiter, steps } = setUp()
    const spender = {}
    limiter.limitFor(spender, limits)
    limiter.limitFor(spender, { rate: 1, burst: 2 })
    const { sent, go } = recorder(clock, limiter)
    for (let n = 0; n < 5; n += 1) void go('one', urgencyOf(clock))
    await clock.advance(3 * WAY_MS)
    expect(steps.slice(0, 2).map(step => step.limits.burst)).toEqual([10, 2])
    expect(sent.length).toBe(2)
    await clock.advance(10_000)
  })
})

describe('a grant that is old', () => {
  it('is given back, and another one waited for', async () => {
    const { clock, limiter, leases } = setUp()
    let grant: Grant | undefined
    void limiter.acquire(urgencyOf(clock), LATENCY_MS).then(given => {
      grant = given
    })
    // The process is stopped between asking and hearing of it.
    clock.jump(1_001)
    await clock.advance(WAY_MS)
    expect(grant).toBeUndefined()
    await clock.advance(2 * WAY_MS)
    expect(grant).toBeDefined()
    expect(leases()).toBe(1)
  })

  it('serves where it is not that old', async () => {
    const { clock, limiter, far } = setUp()
    const asking = limiter.acquire(urgencyOf(clock), LATENCY_MS)
    clock.jump(900)
    await clock.advance(WAY_MS)
    expect((await asking).waitedMs).toBe(905)
    expect(far.asked).toBe(1)
  })
})

it('lets no request leave by a grant whose lease may run out on the way', async () => {
  const { clock, limiter } = setUp()
  const asking = limiter.acquire(urgencyOf(clock), LATENCY_MS)
  await clock.advance(WAY_MS)
  const grant = await asking
  clock.jump(5_500)
  expect(grant.isStale()).toBe(false)
  clock.jump(1_000)
  expect(grant.isStale()).toBe(true)
})

describe('a bucket that cannot be asked', () => {
  it('is asked again for a moment, and nobody learns of it when it can then', async () => {
    const { clock, limiter, far } = setUp()
    const { sent, go } = recorder(clock, limiter)
    far.isAway = true
    void go('one', urgencyOf(clock))
    await clock.advance(500)
    far.isAway = false
    await clock.advance(200)
    expect(sent.length).toBe(1)
  })

  it('is asked again by a process that was halted while it asked, however long that was', async () => {
    const { clock, limiter, far } = setUp()
    const { sent, go } = recorder(clock, limiter)
    far.isAway = true
    void go('one', urgencyOf(clock, { withinMs: 60_000 }))
    await settle()
    expect(far.asked).toBe(1)
    clock.jump(15_000)
    await clock.advance(WAY_MS)
    far.isAway = false
    await clock.advance(200)
    expect(sent.length).toBe(1)
  })

  it('lets nobody send; all who wait learn of it, and whoever comes then at once', async () => {
    const { clock, limiter, far, leases } = setUp()
    far.isAway = true
    const refusals: unknown[] = []
    const ask = (): void =>
      void limiter.acquire(urgencyOf(clock), LATENCY_MS).catch((error: unknown) => {
        refusals.push(error)
      })
    for (let n = 0; n < 3; n += 1) ask()
    await clock.advance(900)
    expect(refusals).toEqual([])
    await clock.advance(300)
    expect(refusals.length).toBe(3)
    expect(refusals[0]).toMatchObject({ code: 'UPSTREAM_UNAVAILABLE', retryAfterMs: 1_000 })
    ask()
    await clock.advance(120)
    expect(refusals.length).toBe(4)
    far.isAway = false
    await clock.advance(120)
    const { sent, go } = recorder(clock, limiter)
    void go('one', urgencyOf(clock))
    await clock.advance(2 * WAY_MS)
    expect(sent.length).toBe(1)
    expect(leases()).toBe(1)
    await clock.advance(LATENCY_MS + WAY_MS)
    expect(leases()).toBe(0)
    expect(clock.waiting()).toBe(0)
  })

  it('gets back what it granted without anybody hearing of it, and what came back since', async () => {
    const { clock, limiter, far, leases } = setUp()
    const grant = limiter.acquire(urgencyOf(clock), LATENCY_MS)
    await clock.advance(WAY_MS)
    far.isAway = true
    far.isDeaf = true
    const lost = limiter.acquire(urgencyOf(clock), LATENCY_MS).catch((error: unknown) => error)
    await clock.advance(50)
    expect(leases()).toBe(2)
    ;(await grant).settle()
    await clock.advance(1_200)
    expect(await lost).toBeInstanceOf(BucketUnreachable)
    far.isAway = false
    await clock.advance(200)
    expect(leases()).toBe(0)
    expect(limiter.look().available).toBe(10)
  })

  it('hears of every answer that came while it could not be told', async () => {
    const { clock, limiter, far, leases } = setUp()
    const asking = limiter.acquire(urgencyOf(clock), LATENCY_MS)
    await clock.advance(WAY_MS)
    far.isAway = true
    ;(await asking).settle()
    await clock.advance(500)
    expect(leases()).toBe(1)
    far.isAway = false
    await clock.advance(200)
    expect(leases()).toBe(0)
    // It was sent: its token is gone.
    expect(limiter.look().available).toBe(9)
  })

  it('learns of a 429 before anything else is sent', async () => {
    const { clock, limiter, far } = setUp()
    far.isAway = true
    const told = limiter.refused(clock.now(), 3_000)
    await clock.advance(WAY_MS)
    expect(await told).toBe(3_000)
    far.isAway = false
    const { sent, go } = recorder(clock, limiter)
    void go('one', urgencyOf(clock))
    await clock.advance(2_900)
    expect(sent).toEqual([])
    await clock.advance(400)
    expect(sent.length).toBe(1)
    expect(limiter.slowed()).toBe(true)
  })

  it('refuses with a bug at once, which is none of its own outages', async () => {
    const { clock, limiter } = setUp()
    const broken = createLimiter(
      {
        step: () => Promise.reject(new TypeError('a bug')),
        slow: () => fullBucket(0, limits),
        pause: () => fullBucket(0, limits),
        peek: () => fullBucket(0, limits),
        glance: () => fullBucket(0, limits),
      },
      clock,
      limits,
    )
    await expect(broken.acquire(urgencyOf(clock), LATENCY_MS)).rejects.toThrow('a bug')
    await settle()
    expect(limiter.look().queued).toBe(0)
  })
})
