/** Requests a second of one caller to several servers, on a clock that stands still unless it is moved. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createRequestRate } from '../../../src/http/admission/request-rate.ts'
import { createSharedRate } from '../../../src/http/admission/shared-rate.ts'
import type { CallerTokens } from '../../../src/model/callers.ts'
import { createFakeClock, type FakeClock } from '../../support/clock.ts'

const PER_CALLER = 10
const BURST = 2 * PER_CALLER

/** What the servers share, which answers after a while, or not at all. */
const createTokens = (clock: FakeClock, wayMs: number) => {
  const levels = new Map<string, { level: number; at: number }>()
  const told: (readonly [string, number])[][] = []
  const shared = { isAway: false }
  const tokens: CallerTokens = {
    use: asked => {
      told.push(asked.map(each => [...each]))
      return new Promise((resolve, reject) => {
        clock.after(wayMs, () => {
          if (shared.isAway) {
            reject(new Error('away'))
            return
          }
          resolve(
            asked.map(([caller, requests]) => {
              const now = clock.now()
              const { level, at } = levels.get(caller) ?? { level: BURST, at: now }
              const left = Math.min(BURST, level + ((now - at) * PER_CALLER) / 1_000) - requests
              levels.set(caller, { level: left, at: now })
              return left
            }),
          )
        })
      })
    },
  }
  return { tokens, shared, told }
}

const setUp = (servers: number, wayMs = 5) => {
  const clock = createFakeClock()
  const { tokens, shared, told } = createTokens(clock, wayMs)
  const rates = Array.from({ length: servers }, () =>
    createSharedRate(
      createRequestRate({ perCaller: PER_CALLER, inAll: 100_000 }, clock),
      tokens,
      clock,
    ),
  )
  /** How many of so many requests at once the server lets through. */
  const passing = (server: number, requests: number, caller = 'a'): number =>
    Array.from({ length: requests }, () => rates[server]?.count(caller)).filter(
      refused => refused === undefined,
    ).length
  return { clock, rates, passing, shared, told }
}

describe('the requests of one caller to several servers', () => {
  it('may all come at once to one of them after a pause, as to a single server', () => {
    const { passing } = setUp(3)
    expect(passing(0, 30)).toBe(BURST)
  })

  it('are known to the others a tenth of a second later, with what each of them let through meanwhile', async () => {
    const { clock, passing } = setUp(2)
    expect(passing(0, 12)).toBe(12)
    expect(passing(1, 3)).toBe(3)
    await clock.advance(105)
    passing(1, 1)
    await clock.advance(105)
    // Of 20, less 16, with the one that has come back since.
    expect(passing(1, 20)).toBe(5)
    expect(passing(1, 1, 'b')).toBe(1)
  })

  it('that came while the others were told are not forgotten', async () => {
    const { clock, passing } = setUp(1, 50)
    passing(0, 12)
    await clock.advance(100)
    passing(0, 5)
    await clock.advance(50)
    expect(passing(0, 20)).toBe(3)
  })

  it('that were too many together are waited for afterwards', async () => {
    const { clock, passing, rates } = setUp(2)
    expect([passing(0, 20), passing(1, 20)]).toEqual([20, 20])
    await clock.advance(105)
    rates[0]?.count('a')
    await clock.advance(105)
    const waitMs = rates[0]?.count('a')?.retryAfterMs ?? 0
    expect(waitMs).toBeGreaterThan(1_800)
    await clock.advance(waitMs - 10)
    expect(passing(0, 5)).toBe(0)
    await clock.advance(20)
    expect(passing(0, 5)).toBe(1)
  })

  it('never are more than the rate over time, but for what each server does not know yet', async () => {
    const ask = fc.record({
      afterMs: fc.nat(400),
      server: fc.nat(2),
      requests: fc.integer({ min: 1, max: 30 }),
    })
    await fc.assert(
      fc.asyncProperty(fc.array(ask, { maxLength: 60, size: 'max' }), async asks => {
        const { clock, passing } = setUp(3)
        const start = clock.now()
        let passed = 0
        for (const { afterMs, server, requests } of asks) {
          await clock.advance(afterMs)
          passed += passing(server, requests)
          const refilled = ((clock.now() - start) * PER_CALLER) / 1_000
          expect(passed).toBeLessThanOrEqual(3 * BURST + refilled + 1e-6)
        }
        // All that was too much has been waited for by then.
        await clock.advance(60_000)
        expect(passing(0, 100)).toBe(BURST)
      }),
      { numRuns: 60 },
    )
  })

  it('are told together, once in a tenth of a second, and never two tellings at once', async () => {
    const { clock, passing, told } = setUp(1, 350)
    passing(0, 3)
    passing(0, 2, 'b')
    expect(told).toEqual([])
    await clock.advance(100)
    passing(0, 1)
    await clock.advance(300)
    expect(told).toEqual([
      [
        ['a', 3],
        ['b', 2],
      ],
    ])
    await clock.advance(200)
    expect(told.slice(1)).toEqual([[['a', 1]]])
    await clock.advance(2_000)
    expect(clock.waiting()).toBe(0)
  })

  it('are limited by each server for itself while nobody can be asked', async () => {
    const { clock, passing, shared } = setUp(2)
    shared.isAway = true
    expect([passing(0, 30), passing(1, 30)]).toEqual([BURST, BURST])
    await clock.advance(1_000)
    expect([passing(0, 30), passing(1, 30)]).toEqual([PER_CALLER, PER_CALLER])
    shared.isAway = false
    passing(0, 0)
    await clock.advance(10_000)
    expect(passing(0, 30)).toBe(BURST)
  })

  it('that failed to prove who asks count for all servers, too', async () => {
    const { clock, passing, rates } = setUp(2)
    for (const rate of rates) rate.count('a')
    rates[0]?.charge('a', 15)
    await clock.advance(105)
    rates[1]?.count('a')
    await clock.advance(105)
    // Of 20, less 18, with the one that has come back since.
    expect(passing(1, 30)).toBe(3)
  })

  it('are told to nobody after the end', async () => {
    const { clock, passing, rates, told } = setUp(1)
    passing(0, 3)
    rates[0]?.close()
    passing(0, 3)
    await clock.advance(1_000)
    expect(told).toEqual([])
    expect(clock.waiting()).toBe(0)
  })
})
