import { describe, expect, it, test } from 'vitest'
import { UpstreamRefusedError } from '../../src/errors.ts'
import type { CircuitState } from '../../src/upstream/request/circuit.ts'
import { createListWatch, describeHealth } from '../../src/upstream/health.ts'
import { createFakeClock } from '../support/clock.ts'

const closed: CircuitState = {
  state: 'closed',
  failures: 0,
  worked: true,
  failedAt: undefined,
  retryAfterMs: 0,
}
const now = 1_000_000
const refused = {
  everywhere: false,
  forbidden: [],
  unusable: [],
  reason: 'Push refused.',
  refusedAt: now,
}

describe('the health of a connector', () => {
  it.each([
    { case: 'nothing is wrong', of: [undefined, closed, undefined], status: 'OK', reason: null },
    {
      case: 'the key opens nothing',
      of: [{ ...refused, everywhere: true, forbidden: ['/apps'] }, closed, undefined],
      status: 'FAILING',
      reason: /^Push refused\.$/,
    },
    {
      case: 'the circuit is open',
      of: [undefined, { ...closed, state: 'open', failures: 7, retryAfterMs: 4200 }, undefined],
      status: 'FAILING',
      reason: /failed 7 times in a row; the next try is in 5 s/,
    },
    {
      case: 'Push may be tried again, and has not worked yet',
      of: [undefined, { ...closed, state: 'trial', failures: 7 }, undefined],
      status: 'FAILING',
      reason: /failed 7 times in a row; whoever asks next tries again/,
    },
    {
      case: 'Push has never worked',
      of: [undefined, { ...closed, worked: false, failures: 1, failedAt: 0 }, undefined],
      status: 'FAILING',
      reason: /failed 1 times in a row/,
    },
    {
      case: 'nothing has been asked yet',
      of: [undefined, { ...closed, worked: false }, undefined],
      status: 'OK',
      reason: null,
    },
    {
      case: 'Push failed long ago, and has not been asked since',
      of: [undefined, { ...closed, failures: 1, failedAt: now - 600_000 }, undefined],
      status: 'DEGRADED',
      reason: /failed the last time it was asked/,
    },
    {
      case: 'the key opens some lists',
      of: [{ ...refused, forbidden: ['/apps', '/findings'] }, closed, undefined],
      status: 'DEGRADED',
      reason: /may not read \/apps, \/findings/,
    },
    {
      case: 'the address has some of the lists',
      of: [{ ...refused, unusable: ['/findings'] }, closed, undefined],
      status: 'DEGRADED',
      reason: /answers with no list at \/findings/,
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
  ] as const)('is $status when $case', ({ of: [lists, circuit, slowedTo], status, reason }) => {
    const health = describeHealth(lists, circuit, slowedTo, now)
    expect(health.status).toBe(status)
    expect(health.asks).toBe(circuit.state !== 'open' && lists?.everywhere !== true)
    if (reason === null) expect(health.reason).toBeNull()
    else expect(health.reason).toMatch(reason)
  })
})

test('a key that opened nothing may be tried again after a minute', () => {
  const after = (ms: number): boolean =>
    describeHealth({ ...refused, everywhere: true, refusedAt: now - ms }, closed, undefined, now)
      .asks
  expect([after(60_000), after(60_001)]).toEqual([false, true])
})

const forbidden = new UpstreamRefusedError('Push refused the key.', 403)

describe('a key', () => {
  it('that is refused from the start opens nothing', () => {
    const watch = createListWatch(createFakeClock())
    expect(watch.verdict()).toBeUndefined()
    expect(watch.refused('/apps', forbidden)).toBe(true)
    expect(watch.refused('/apps', forbidden)).toBe(false)
    expect(watch.verdict()).toEqual({
      everywhere: true,
      forbidden: ['/apps'],
      unusable: [],
      reason: forbidden.message,
      refusedAt: expect.any(Number),
    })
  })

  it('that opens other lists may not read this one, until it is revoked', async () => {
    const clock = createFakeClock()
    const watch = createListWatch(clock)
    watch.accepted('/accounts')
    watch.refused('/apps', forbidden)
    await clock.advance(60_001)
    expect(watch.verdict()?.everywhere).toBe(false)
    watch.refused('/apps', forbidden)
    expect(watch.verdict()?.everywhere).toBe(true)
    watch.accepted('/apps')
    expect(watch.verdict()).toBeUndefined()
  })

  it('is told apart from an address that has no such list', () => {
    const watch = createListWatch(createFakeClock())
    watch.accepted('/accounts')
    watch.refused('/apps', forbidden)
    watch.refused('/findings', new UpstreamRefusedError('Push answered with a redirect.', 302))
    expect(watch.verdict()).toEqual({
      everywhere: false,
      forbidden: ['/apps'],
      unusable: ['/findings'],
      reason: 'Push answered with a redirect.',
      refusedAt: expect.any(Number),
    })
  })
})
