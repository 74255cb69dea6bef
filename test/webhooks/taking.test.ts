import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Clock } from '../../src/model/clock.ts'
import { createTaking, type Taking, type TakingMemory } from '../../src/webhooks/taking.ts'
import { createFakeClock } from '../support/clock.ts'
import { runsOr } from '../support/runs.ts'

const memoryForTest = (): TakingMemory => {
  const values = new Map<string, number>()
  return {
    get: name => {
      const value = values.get(name)
      return value === undefined ? undefined : { value }
    },
    set: (name, value) => values.set(name, value),
  }
}

const takingOf = (memory: TakingMemory, clock: Clock, others = 0): Taking =>
  createTaking({ memory, clock, othersTake: () => others > 0 })

describe('who begins to take deliveries', () => {
  it('beside others, who took them all the time, has missed none', async () => {
    const [memory, clock] = [memoryForTest(), createFakeClock()]
    const first = takingOf(memory, clock).begin()
    await clock.advance(20_000)
    const second = takingOf(memory, clock, 1)
    expect(second.begin()).toEqual(first)
    await clock.advance(3_000)
    expect(takingOf(memory, clock, 2).begin()).toEqual(first)
  })

  it('beside others, of whom none took any lately, has missed them', async () => {
    const [memory, clock] = [memoryForTest(), createFakeClock()]
    const first = takingOf(memory, clock)
    first.begin()
    await clock.advance(600_000)
    first.end()
    clock.jump(120_000)
    const now = clock.now()
    expect(takingOf(memory, clock, 1).begin()).toEqual({ missedAt: now, settledAt: now })
  })

  it('knows nothing of those before where nobody took any yet', () => {
    const clock = createFakeClock()
    const now = clock.now()
    expect(takingOf(memoryForTest(), clock).begin()).toEqual({ missedAt: now, settledAt: now })
  })

  it.each([
    ['a moment', 1_000, false],
    ['less than a minute', 54_000, false],
    ['a minute', 60_000, true],
    ['an hour', 3_600_000, true],
    ['less than nothing, as the clock was set back,', -3_600_000, true],
  ])('after %s knows what that means', async (_name, ms, isMissed) => {
    const [memory, clock] = [memoryForTest(), createFakeClock()]
    const before = takingOf(memory, clock)
    const { missedAt } = before.begin()
    await clock.advance(600_000)
    before.end()
    clock.jump(ms)
    const now = clock.now()
    expect(takingOf(memory, clock).begin()).toEqual(
      isMissed ? { missedAt: now, settledAt: now } : { missedAt, settledAt: now + 75_000 },
    )
  })

  it('misses none that it says are not missed, whatever starts and ends there were before', async () => {
    const lives = fc.array(
      fc.record({
        // Mostly such as matter: around a minute.
        downS: fc.oneof(fc.integer({ min: 1, max: 100 }), fc.integer({ min: 1, max: 2_000 })),
        upS: fc.oneof(fc.integer({ min: 1, max: 120 }), fc.integer({ min: 1, max: 2_000 })),
      }),
      { minLength: 1, maxLength: 8 },
    )
    await fc.assert(
      fc.asyncProperty(lives, async all => {
        const [memory, clock] = [memoryForTest(), createFakeClock()]
        const begun = clock.now()
        const seconds = (): number => Math.round((clock.now() - begun) / 1_000)
        const first = takingOf(memory, clock)
        first.begin()
        await clock.advance(2_000_000)
        first.end()
        const up: Span[] = [[0, seconds()]]
        for (const { downS, upS } of all) {
          clock.jump(downS * 1_000)
          const taking = takingOf(memory, clock)
          const resumption = taking.begin()
          const start = seconds()
          // Each that was sent since then, at whatever second, is there by then, if nobody ends before.
          const missedAt = Math.round((resumption.missedAt - begun) / 1_000)
          for (let sent = missedAt; sent < start; sent += 1) {
            const at = takenAt(sent, [...up, [start, Infinity]])
            expect(at).toBeLessThanOrEqual((resumption.settledAt - begun) / 1_000)
          }
          await clock.advance(upS * 1_000)
          taking.end()
          up.push([start, seconds()])
        }
      }),
      { numRuns: runsOr(60) },
    )
  })
})

type Span = readonly [from: number, until: number]

/** When one is taken that is sent then, all in seconds, where somebody takes them in these times; Infinity: never. */
const takenAt = (sent: number, up: readonly Span[]): number => {
  let at = sent
  for (const waits of [0, 60, 300, 900]) {
    at += waits
    if (up.some(([from, until]) => from <= at && at < until)) return at
  }
  return Infinity
}
