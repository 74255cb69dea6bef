import { describe, expect, it } from 'vitest'
import type { CircuitState } from '../../src/upstream/request/circuit.ts'
import { createKeyWatch, describeHealth } from '../../src/upstream/health.ts'
import { createFakeClock } from '../support/clock.ts'

const closed: CircuitState = { state: 'closed', failures: 0, failedAt: undefined, retryAfterMs: 0 }
const now = 1_000_000

describe('the health of a connector', () => {
  it.each([
    { case: 'nothing is wrong', of: [undefined, closed, undefined], status: 'OK', reason: null },
    {
      case: 'the key opens nothing',
      of: [{ everywhere: true, paths: ['/apps'] }, closed, undefined],
      status: 'FAILING',
      reason: /refuses the key of connector default.*PUSH_API_KEY/,
    },
    {
      case: 'the circuit is open',
      of: [undefined, { ...closed, state: 'open', failures: 7, retryAfterMs: 4200 }, undefined],
      status: 'FAILING',
      reason: /failed 7 times in a row; the next try is in 5 s/,
    },
    {
      case: 'Push is tried again',
      of: [undefined, { ...closed, state: 'trial', failures: 7 }, undefined],
      status: 'DEGRADED',
      reason: /is tried again/,
    },
    {
      case: 'the key opens some lists',
      of: [{ everywhere: false, paths: ['/apps', '/findings'] }, closed, undefined],
      status: 'DEGRADED',
      reason: /may not read \/apps, \/findings/,
    },
    {
      case: 'others spend on the key',
      of: [undefined, closed, 2.5],
      status: 'DEGRADED',
      reason: /2\.5 requests\/s are left/,
    },
    {
      case: 'Push failed lately',
      of: [undefined, { ...closed, failedAt: now - 59_000 }, undefined],
      status: 'DEGRADED',
      reason: /failed within the last minute/,
    },
    {
      case: 'Push failed long ago',
      of: [undefined, { ...closed, failedAt: now - 60_000 }, undefined],
      status: 'OK',
      reason: null,
    },
  ] as const)('is $status when $case', ({ of: [key, circuit, slowedTo], status, reason }) => {
    const health = describeHealth('default', key, circuit, slowedTo, now)
    expect(health.status).toBe(status)
    if (reason === null) expect(health.reason).toBeNull()
    else expect(health.reason).toMatch(reason)
  })
})

describe('a key', () => {
  it('that is refused from the start opens nothing', () => {
    const watch = createKeyWatch(createFakeClock())
    expect(watch.verdict()).toBeUndefined()
    watch.refused('/apps')
    expect(watch.verdict()).toEqual({ everywhere: true, paths: ['/apps'] })
  })

  it('that opens other lists may not read this one, until it is revoked', async () => {
    const clock = createFakeClock()
    const watch = createKeyWatch(clock)
    watch.accepted('/accounts')
    watch.refused('/apps')
    expect(watch.verdict()?.everywhere).toBe(false)
    await clock.advance(60_001)
    expect(watch.verdict()?.everywhere).toBe(true)
    watch.accepted('/apps')
    expect(watch.verdict()).toBeUndefined()
  })
})
