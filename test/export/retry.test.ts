/** How long an export asks on while Push fails. */
import { describe, expect, test } from 'vitest'
import {
  BadInputError,
  RateLimitedError,
  UpstreamInvalidError,
  UpstreamRefusedError,
  UpstreamTimeoutError,
  UpstreamUnavailableError,
} from '../../src/errors.ts'
import { createRetry } from '../../src/export/retry.ts'
import { createFakeClock } from '../support/clock.ts'

const failure = new UpstreamUnavailableError('Push failed (503).', 503)

describe('a retry', () => {
  test('asks again until it works, and begins anew after each success', async () => {
    const clock = createFakeClock()
    let pauses = 0
    const retry = createRetry(60_000, clock, () => (pauses += 1))
    const { signal } = new AbortController()
    for (let round = 0; round < 3; round += 1) {
      let left = 8
      const asked = retry(() => {
        left -= 1
        return left > 0 ? Promise.reject(failure) : Promise.resolve('answer')
      }, signal)
      await clock.advance(45_000)
      expect(await asked).toBe('answer')
    }
    expect(pauses).toBe(21)
  })

  test.each<[failure: Error, times: number]>([
    [new RateLimitedError('busy', 500), 2],
    [new UpstreamTimeoutError('no answer', 500), 2],
    [failure, 2],
    [new UpstreamInvalidError('no JSON', ''), 2],
    [new UpstreamRefusedError('no', 400), 1],
    [new BadInputError('no', 'first'), 1],
    [new TypeError('a bug'), 1],
  ])('has a question that fails with %o asked %i times in two', async (broken, times) => {
    const clock = createFakeClock()
    const retry = createRetry(60_000, clock, () => undefined)
    let asked = 0
    const answer = retry(() => {
      asked += 1
      return asked === 1 ? Promise.reject(broken) : Promise.resolve('answer')
    }, new AbortController().signal).catch((error: unknown) => error)
    await clock.advance(1_000)
    expect([asked, await answer]).toEqual([times, times === 2 ? 'answer' : broken])
  })

  test('ends with the failure when nothing has worked for so long', async () => {
    const clock = createFakeClock()
    const retry = createRetry(60_000, clock, () => undefined)
    const asked = retry(() => Promise.reject(failure), new AbortController().signal)
    let ended: unknown
    asked.catch((error: unknown) => (ended = error))
    await clock.advance(50_000)
    expect(ended).toBeUndefined()
    await clock.advance(10_000)
    expect(ended).toBe(failure)
  })

  test('does not count the time in which nothing was asked', async () => {
    const clock = createFakeClock()
    const retry = createRetry(60_000, clock, () => undefined)
    const { signal } = new AbortController()
    expect(await retry(() => Promise.resolve('first'), signal)).toBe('first')
    // Whoever reads standard output takes an hour.
    await clock.advance(3_600_000)
    let left = 3
    const asked = retry(() => {
      left -= 1
      return left > 0 ? Promise.reject(failure) : Promise.resolve('second')
    }, signal)
    asked.catch(() => undefined)
    await clock.advance(30_000)
    expect(await asked).toBe('second')
  })

  test('counts from the last success where several things are asked at once', async () => {
    const clock = createFakeClock()
    const retry = createRetry(60_000, clock, () => undefined)
    const { signal } = new AbortController()
    let fail: (error: Error) => void = () => undefined
    let attempts = 0
    const slow = retry(() => {
      attempts += 1
      return attempts > 1
        ? Promise.resolve('slow')
        : new Promise<string>((_, reject) => (fail = reject))
    }, signal)
    slow.catch(() => undefined)
    await clock.advance(59_000)
    await retry(() => Promise.resolve('quick'), signal)
    await clock.advance(2_000)
    fail(failure)
    await clock.advance(5_000)
    expect(await slow).toBe('slow')
  })

  test('has none for what asking again cannot mend', async () => {
    const clock = createFakeClock()
    const retry = createRetry(60_000, clock, () => undefined)
    const refused = new UpstreamRefusedError('Push refused the key', 403)
    const { signal } = new AbortController()
    await expect(retry(() => Promise.reject(refused), signal)).rejects.toBe(refused)
    const bug = new TypeError('a bug')
    await expect(retry(() => Promise.reject(bug), signal)).rejects.toBe(bug)
  })

  test('leaves at once with whoever waits', async () => {
    const clock = createFakeClock()
    const retry = createRetry(60_000, clock, () => undefined)
    const leave = new AbortController()
    const asked = retry(() => Promise.reject(failure), leave.signal)
    const reason = new Error('gone')
    await clock.advance(0)
    leave.abort(reason)
    await expect(asked).rejects.toBe(reason)
    expect(clock.waiting()).toBe(0)
  })
})
