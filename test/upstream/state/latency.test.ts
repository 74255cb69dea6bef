import { expect, it } from 'vitest'
import { createLatency } from '../../../src/upstream/state/latency.ts'

const setUp = (kept?: number) => {
  const written: number[] = []
  const latency = createLatency({
    get: () => (kept === undefined ? undefined : { value: kept, at: 0 }),
    set: (_name, value) => written.push(value),
  })
  return { latency, written }
}

it('waits ten seconds for the first answer, of which nothing is known', () => {
  const { latency } = setUp()
  expect(latency.timeoutMs()).toBe(10_000)
  expect(latency.averageMs()).toBe(250)
})

it.each([
  { usualMs: 120, timeoutMs: 2000 },
  { usualMs: 800, timeoutMs: 3200 },
  { usualMs: 9000, timeoutMs: 36_000 },
])('waits four times the usual $usualMs ms, at least 2 s', ({ usualMs, timeoutMs }) => {
  expect(setUp(usualMs).latency.timeoutMs()).toBe(timeoutMs)
})

it('follows the answers, the newest most', () => {
  const { latency } = setUp(100)
  latency.record(200)
  expect(latency.averageMs()).toBeCloseTo(120)
  for (let n = 0; n < 30; n += 1) latency.record(1000)
  expect(latency.averageMs()).toBeGreaterThan(990)
})

it('gives a Push that has become slower more time, though nothing but timeouts tells of it', () => {
  const { latency } = setUp(120)
  let timeouts = 0
  while (latency.timeoutMs() < 3000) {
    latency.record(latency.timeoutMs())
    timeouts += 1
  }
  expect(timeouts).toBeLessThan(5)
})

it('writes the average down when it has changed by a tenth, not at each answer', () => {
  const { latency, written } = setUp()
  for (const ms of [100, 101, 99, 102]) latency.record(ms)
  expect(written).toEqual([100])
  latency.record(200)
  expect(written.length).toBe(2)
})
