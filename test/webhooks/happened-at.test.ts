import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { EventRow } from '../../src/model/events.ts'
import { readDelivery } from '../../src/webhooks/delivery.ts'
import { createHappenedAt } from '../../src/webhooks/happened-at.ts'
import { delivery, LATER } from '../support/deliveries.ts'

/** One that happened then by Push's clock, and came so much later (seconds). */
const eventAt = (occurredAt: number, receivedAt: number): EventRow => {
  const read = readDelivery(delivery({ id: 'e', timestamp: Math.floor(occurredAt) }), LATER)
  if (!read.ok) throw new Error(read.problem)
  return { ...read.event, connector: 'default', receivedAt, sequence: 1 }
}

const NOW = 1_800_000_000

describe('when an event happened', () => {
  it('is when it arrived, where nothing else is known', () => {
    expect(createHappenedAt().of(eventAt(NOW, NOW + 60))).toBe((NOW + 60) * 1_000)
  })

  it('is before a look at the object that came before a later try of Push', () => {
    const happenedAt = createHappenedAt()
    happenedAt.see([eventAt(NOW, NOW + 0.2), eventAt(NOW + 10, NOW + 70)])
    expect(happenedAt.of(eventAt(NOW + 10, NOW + 70))).toBeCloseTo((NOW + 11.2) * 1_000, 0)
  })

  it('is forgotten of clocks as they went long ago', () => {
    const happenedAt = createHappenedAt()
    happenedAt.see([eventAt(NOW, NOW - 500)])
    for (let nth = 1; nth <= 400; nth += 1) happenedAt.see([eventAt(NOW + nth, NOW + nth + 1)])
    expect(happenedAt.of(eventAt(NOW + 500, NOW + 600))).toBe((NOW + 502) * 1_000)
  })

  it('is never told too early, however the clocks differ, nor later than it arrived', () => {
    const told = fc.record({ at: fc.double({ min: 0, max: 900, noNaN: true }), late: delays })
    fc.assert(
      fc.property(ahead, fc.array(told, { minLength: 1, maxLength: 50 }), (seconds, all) => {
        const happenedAt = createHappenedAt()
        const events = all.map(({ at, late }) => eventAt(NOW + at, NOW + at + late + seconds))
        happenedAt.see(events)
        for (const [index, event] of events.entries()) {
          const reallyMs = (NOW + (all[index]?.at ?? NaN) + seconds) * 1_000
          expect(happenedAt.of(event)).toBeGreaterThanOrEqual(reallyMs - 1)
          expect(happenedAt.of(event)).toBeLessThanOrEqual(event.receivedAt * 1_000)
        }
      }),
    )
  })
})

/** By how much our clock is ahead of Push's. */
const ahead = fc.double({ min: -600, max: 600, noNaN: true })
const delays = fc.oneof(
  fc.double({ min: 0.01, max: 2, noNaN: true }),
  fc.constantFrom(60, 360, 900),
)
