import fc from 'fast-check'
import { describe, expect, it, onTestFinished } from 'vitest'
import { startRetention } from '../../src/events/retention.ts'
import { createFakeClock, settle } from '../support/clock.ts'

const MINUTE = 60_000
const DAY = 86_400
const TRUE_NOW = Date.UTC(2026, 0, 1) / 1_000
const RETENTION_DAYS = 90

/** Retention over arrivals in a list, by a clock that is wrong by so many seconds. */
const retentionForTest = (arrivals: number[], wrongBySeconds = 0) => {
  const clock = createFakeClock({ startMs: (TRUE_NOW + wrongBySeconds) * 1_000 })
  const said: string[] = []
  const retention = startRetention(
    {
      arrivals: async () =>
        arrivals.length === 0
          ? undefined
          : { oldestAt: Math.min(...arrivals), newestAt: Math.max(...arrivals) },
      purge: async (before, most) => {
        const gone = arrivals.filter(at => at < before).slice(0, most)
        for (const at of gone) arrivals.splice(arrivals.indexOf(at), 1)
        return gone.length
      },
    },
    {
      retentionDays: RETENTION_DAYS,
      clock,
      say: (level, message) => said.push(`${level} ${message}`),
    },
  )
  onTestFinished(retention.end)
  return { retention, clock, said, arrivals }
}

const daily = (days: number, until = TRUE_NOW): number[] =>
  Array.from({ length: days }, (_, index) => until - (days - 1 - index) * DAY)

describe('retention', () => {
  it('deletes nothing in the first minutes, then a day of events an hour, and says so', async () => {
    const { clock, said, arrivals } = retentionForTest(daily(100))
    await clock.advance(9 * MINUTE)
    expect([arrivals.length, said]).toEqual([100, []])
    await clock.advance(2 * MINUTE)
    expect(arrivals).toHaveLength(99)
    expect(said).toEqual([
      expect.stringMatching(/^info 1 events from before 2025-\S+ were deleted.* 90 days/),
    ])
    await clock.advance(20 * 60 * MINUTE)
    expect(arrivals).toEqual(daily(90))
  })

  it.each([
    ['hours ahead', 5 * 3_600],
    ['a month ahead', 30 * DAY],
    ['400 days ahead', 400 * DAY],
    ['a century ahead', 36_500 * DAY],
    ['hours behind', -5 * 3_600],
    ['a year behind', -365 * DAY],
    ['at 1970', -TRUE_NOW],
  ])('deletes nothing that is young enough by a clock that is %s', async (_, wrongBy) => {
    const { clock, arrivals } = retentionForTest(daily(80), wrongBy)
    for (let hour = 0; hour < 72; hour += 1) await clock.advance(60 * MINUTE)
    expect(arrivals).toHaveLength(80)
  })

  it('says once that it waits for newer events, and goes on when they come', async () => {
    const { retention, clock, said, arrivals } = retentionForTest(daily(80), 100 * DAY)
    await clock.advance(5 * 60 * MINUTE)
    expect(said).toEqual([expect.stringMatching(/^warn Events past their retention are kept/)])
    arrivals.push(clock.now() / 1_000)
    for (let gone = 1; gone > 0;) gone = await retention.purge()
    expect(arrivals).toHaveLength(1)
    expect(said.filter(message => message.startsWith('warn'))).toHaveLength(1)
  })

  it('never deletes what is younger than the retention was when the newest event came, whatever the clock says', () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 0, max: 200 * DAY }), { minLength: 1, maxLength: 30 }),
        fc.array(fc.integer({ min: -1e9, max: 1e11 }), { maxLength: 8 }),
        async (ages, jumps) => {
          const stored = ages.map(age => TRUE_NOW - age)
          const newest = Math.max(...stored)
          const { clock, arrivals, retention } = retentionForTest([...stored])
          for (const jump of jumps) {
            clock.jump(jump)
            await clock.advance(60 * MINUTE)
          }
          await settle()
          retention.end()
          const young = stored.filter(at => at >= newest + 3_600 - RETENTION_DAYS * DAY)
          expect(arrivals).toEqual(expect.arrayContaining(young))
          expect(arrivals.length).toBeGreaterThanOrEqual(young.length)
        },
      ),
      { numRuns: 40 },
    ))
})
