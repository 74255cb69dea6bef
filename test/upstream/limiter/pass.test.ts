import { setImmediate as nextPass } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { fullBucket } from '../../../src/upstream/limiter/bucket.ts'
import type { BucketKeeper, BucketStep } from '../../../src/upstream/limiter/bucket-keeper.ts'
import { stepBucket } from '../../../src/upstream/limiter/bucket-step.ts'
import { createLimiter, type Grant } from '../../../src/upstream/limiter/limiter.ts'
import { createFakeClock } from '../../support/clock.ts'
import { urgencyOf } from './limiter-for-test.ts'

/** A bucket with room for all, and what it was asked. */
const setUp = () => {
  const limits = { rate: 500, burst: 500 }
  const clock = createFakeClock()
  let bucket = fullBucket(clock.now(), limits)
  const steps: BucketStep[] = []
  const keeper: BucketKeeper = {
    step: step => {
      steps.push(step)
      const verdict = stepBucket(bucket, clock.now(), step)
      bucket = verdict.bucket
      return verdict
    },
    slow: () => bucket,
    pause: () => bucket,
    peek: () => bucket,
    glance: () => bucket,
  }
  const limiter = createLimiter(keeper, clock, limits)
  const grants: Grant[] = []
  const ask = (): void =>
    void limiter.acquire(urgencyOf(clock), 100).then(grant => grants.push(grant))
  return { ask, grants, steps }
}

describe('in one pass of the event loop', () => {
  it('the first who asks is served at once, and all others with one exchange', async () => {
    const { ask, grants, steps } = setUp()
    for (let n = 0; n < 15; n += 1) ask()
    expect(steps.map(({ wanted }) => wanted.length)).toEqual([1])
    await nextPass()
    expect(steps.map(({ wanted }) => wanted.length)).toEqual([1, 14])
    expect(grants).toHaveLength(15)
  })

  it('twenty are sent at most, and all others in the next', async () => {
    const { ask, grants, steps } = setUp()
    for (let n = 0; n < 50; n += 1) ask()
    const sent: number[] = []
    while (grants.length < 50) {
      const before = grants.length
      await nextPass()
      sent.push(grants.length - before)
    }
    expect(sent).toEqual([21, 20, 9])
    expect(steps).toHaveLength(4)
  })

  it('what comes back is told at once, and all else of it with one exchange', async () => {
    const { ask, grants, steps } = setUp()
    for (let n = 0; n < 15; n += 1) ask()
    await nextPass()
    steps.length = 0
    await nextPass()
    for (const { settle } of grants) settle()
    expect(steps.map(({ settled }) => settled.length)).toEqual([1])
    await nextPass()
    expect(steps.map(({ settled }) => settled.length)).toEqual([1, 14])
  })
})
