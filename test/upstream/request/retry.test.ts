import { describe, expect, it } from 'vitest'
import {
  GatewayError,
  RateLimitedError,
  UpstreamInvalidError,
  UpstreamRefusedError,
  UpstreamTimeoutError,
  UpstreamUnavailableError,
} from '../../../src/errors.ts'
import { CircuitOpenError } from '../../../src/upstream/request/circuit.ts'
import { UnreadableRowsError } from '../../../src/upstream/request/unreadable-rows.ts'
import { KeyUnreadableError } from '../../../src/upstream/state/keys.ts'
import { BucketUnreachable } from '../../../src/upstream/limiter/bucket-keeper.ts'
import { NoTurnError } from '../../../src/upstream/limiter/limiter.ts'
import type { RetryPolicy } from '../../../src/upstream/request/retry.ts'
import { attemptTimeout, retryDelay, withRetry } from '../../../src/upstream/request/retry.ts'
import { createUrgency } from '../../../src/upstream/limiter/urgency.ts'
import { createFakeClock } from '../../support/clock.ts'

const policy: RetryPolicy = {
  maxAttempts: 4,
  patientFrom: 3,
  maxRefusals: 12,
  baseDelayMs: 200,
  maxDelayMs: 500,
}

const timeout = new UpstreamTimeoutError('slow', 2000)
const failure = new UpstreamUnavailableError('down', 503)
const putOff = (ms: number) => new UpstreamUnavailableError('down', 503, undefined, ms)
const broken = new UpstreamInvalidError('not JSON', '')

describe('the retry policy', () => {
  it.each([
    { case: 'a timeout', error: timeout, delayMs: 100 },
    { case: 'a broken connection', error: new UpstreamUnavailableError('reset'), delayMs: 100 },
    { case: '5xx', error: failure, delayMs: 100 },
    { case: 'a body that cannot be read', error: broken, delayMs: 100 },
    {
      case: 'rows that cannot be read',
      error: new UnreadableRowsError('', 'a', false),
      delayMs: 100,
    },
    {
      case: '429, by the limiter’s own pause',
      error: new RateLimitedError('429', 5000),
      delayMs: 0,
    },
    { case: '503 that says when to come back, by the same pause', error: putOff(3000), delayMs: 0 },
    {
      case: '503 that says to come back at once, which does not help',
      error: new UpstreamUnavailableError('down', 503, undefined, 0),
      delayMs: 100,
    },
  ])('tries again after $case', ({ error, delayMs }) => {
    expect(retryDelay(policy, 1, error, 0.5)).toBe(delayMs)
  })

  it.each([
    { case: '400', error: new UpstreamRefusedError('', 400) },
    { case: '403', error: new UpstreamRefusedError('', 403) },
    { case: '404', error: new UpstreamRefusedError('', 404) },
    { case: 'a queue that is too long', error: new NoTurnError('', 1000) },
    { case: 'a limit that cannot be asked for', error: new BucketUnreachable(1000) },
    { case: 'an open circuit', error: new CircuitOpenError('default', 1000) },
    { case: 'a key that cannot be read', error: new KeyUnreadableError('') },
    { case: 'rows known to stay unreadable', error: new UnreadableRowsError('', 'a', true) },
    { case: 'a bug', error: new TypeError('x is undefined') },
  ])('does not try again after $case', ({ error }) => {
    expect(retryDelay(policy, 1, error, 0.5)).toBeUndefined()
  })

  it('waits longer each time, spread over the whole delay, up to the longest', () => {
    expect([1, 2, 3].map(attempt => retryDelay(policy, attempt, failure, 1))).toEqual([
      200, 400, 500,
    ])
    expect(retryDelay(policy, 3, failure, 0)).toBe(0)
  })

  it('waits for the longer of its own delay and the pause that Push asks for', () => {
    // The limiter keeps the pause.
    expect([0.001, 399, 400, 401].map(ms => retryDelay(policy, 2, putOff(ms), 1))).toEqual([
      400, 400, 0, 0,
    ])
  })

  it('ends after the attempts it allows', () => {
    expect(retryDelay(policy, 4, failure, 0.5)).toBeUndefined()
    expect(retryDelay(policy, 11, new RateLimitedError('429'), 0.5)).toBe(0)
    expect(retryDelay(policy, 12, new RateLimitedError('429'), 0.5)).toBeUndefined()
    expect(retryDelay(policy, 11, putOff(3000), 0.5)).toBe(0)
    expect(retryDelay(policy, 12, putOff(3000), 0.5)).toBeUndefined()
    // As many as without a pause, where that is shorter than the shortest back-off.
    expect(retryDelay(policy, 11, putOff(200), 0)).toBe(0)
    expect(retryDelay(policy, 4, putOff(199), 0)).toBeUndefined()
  })

  it.each([
    { case: 'the usual time', attempt: 1, leftMs: 25_000, ms: 2000 },
    { case: 'the usual time again', attempt: 2, leftMs: 22_900, ms: 2000 },
    { case: 'all that remains when it is the third', attempt: 3, leftMs: 20_500, ms: 20_500 },
    { case: 'all that remains when another would have less', attempt: 1, leftMs: 3900, ms: 3900 },
    { case: 'two minutes where it has no deadline', attempt: 3, leftMs: 9e15, ms: 120_000 },
    {
      case: 'two minutes and no more, however long it has',
      attempt: 3,
      leftMs: 120_001,
      ms: 120_000,
    },
    { case: 'nearly two minutes where it has no more', attempt: 3, leftMs: 119_999, ms: 119_999 },
    { case: 'a moment where its time is over', attempt: 4, leftMs: -5, ms: 1 },
  ])('gives an attempt $case', ({ attempt, leftMs, ms }) => {
    expect(attemptTimeout(policy, attempt, 2000, leftMs)).toBe(ms)
  })

  it('gives an attempt two minutes at most, however slow Push usually is', () => {
    expect(attemptTimeout(policy, 1, 500_000, 9e15)).toBe(120_000)
  })
})

describe('a retried request', () => {
  const setUp = (
    outcomes: readonly (string | Error)[],
    withinMs = 10_000,
    isHeldBack?: () => boolean,
  ) => {
    const clock = createFakeClock()
    const leave = new AbortController()
    const urgency = createUrgency(
      { owner: 'a', priority: 'interactive', deadline: clock.now() + withinMs },
      leave.signal,
    )
    let attempts = 0
    const retries: string[] = []
    const result = withRetry(
      policy,
      clock,
      urgency,
      async () => {
        const outcome = outcomes[attempts]
        attempts += 1
        if (outcome instanceof Error) throw outcome
        return outcome
      },
      (attempt, _delayMs, { code }) => retries.push(`${attempt} ${code}`),
      isHeldBack,
    ).catch((error: unknown) => error)
    return { clock, leave, urgency, result, retries, attempts: () => attempts }
  }

  it('gives the failure at once where a further attempt would be held back', async () => {
    const { result, retries, attempts } = setUp([failure, 'rows'], 10_000, () => true)
    expect(await result).toBe(failure)
    expect([retries, attempts()]).toEqual([[], 1])
  })

  it('gives the first success', async () => {
    const { clock, result, retries } = setUp([timeout, failure, 'rows'])
    await clock.advance(1000)
    expect(await result).toBe('rows')
    expect(retries).toEqual(['1 UPSTREAM_TIMEOUT', '2 UPSTREAM_UNAVAILABLE'])
  })

  it('gives the last failure when it gives up', async () => {
    const { clock, result, attempts } = setUp([timeout, broken, timeout, failure, 'rows'])
    await clock.advance(5000)
    expect(await result).toBe(failure)
    expect(attempts()).toBe(4)
  })

  it('does not wait past its deadline', async () => {
    const { clock, result, attempts } = setUp([failure, failure, failure, 'rows'], 1)
    await clock.advance(0)
    expect(await result).toBe(failure)
    expect(attempts()).toBe(1)
  })

  it('names the failure of Push rather than that another attempt found no turn', async () => {
    const { clock, result } = setUp([failure, new NoTurnError('no turn', 1000)])
    await clock.advance(1000)
    expect(await result).toBe(failure)
  })

  it('names that it found no turn where Push had asked to wait', async () => {
    const refused = new NoTurnError('no turn', 1000)
    const { clock, result } = setUp([new RateLimitedError('429', 1000), refused])
    await clock.advance(1000)
    expect(await result).toBe(refused)
  })

  it('ends with the reason of its signal, also while it waits', async () => {
    const { clock, leave, result, attempts } = setUp([failure, 'rows'])
    await clock.advance(0)
    const reason = new GatewayError('UPSTREAM_UNAVAILABLE', 'closed')
    leave.abort(reason)
    expect(await result).toBe(reason)
    await clock.advance(1000)
    expect(attempts()).toBe(1)
    expect(clock.waiting()).toBe(0)
  })

  it('hides no bug', async () => {
    const bug = new TypeError('x is undefined')
    const { result } = setUp([bug, 'rows'])
    expect(await result).toBe(bug)
  })
})
