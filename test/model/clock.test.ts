import { expect, onTestFinished, test, vi } from 'vitest'
import { systemClock } from '../../src/model/clock.ts'

const DAY_MS = 86_400_000

const passing = () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  onTestFinished(() => {
    vi.useRealTimers()
  })
}

test('calls back after longer than a timer of the runtime can hold, and not before', () => {
  passing()
  let calls = 0
  systemClock.after(30 * DAY_MS, () => {
    calls += 1
  })
  vi.advanceTimersByTime(30 * DAY_MS - 1)
  expect(calls).toBe(0)
  vi.advanceTimersByTime(1)
  expect(calls).toBe(1)
  vi.advanceTimersByTime(90 * DAY_MS)
  expect(calls).toBe(1)
})

test('what is taken back is not called, however long it was to be waited for', () => {
  passing()
  let calls = 0
  for (const days of [1, 30, Infinity]) {
    const stop = systemClock.after(days * DAY_MS, () => {
      calls += 1
    })
    if (days === 30) vi.advanceTimersByTime(29 * DAY_MS)
    stop()
  }
  vi.advanceTimersByTime(90 * DAY_MS)
  expect([calls, vi.getTimerCount()]).toEqual([0, 0])
})
