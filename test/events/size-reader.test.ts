import { expect, test } from 'vitest'
import { createSizeReader } from '../../src/events/size-reader.ts'
import { createFakeClock } from '../support/clock.ts'

/** Counts one more each time, and takes so long (milliseconds) to do it. */
const counting = (tookMs: number) => {
  const clock = createFakeClock()
  let counts = 0
  const read = () => {
    clock.jump(tookMs)
    counts += 1
    return Promise.resolve({
      bytes: 0,
      stored: [{ connector: 'a', events: counts, oldestAt: 0 }],
    })
  }
  const sizes = createSizeReader(read, { clock, retentionDays: 1 })
  const size = async () => (await sizes.size()).stored[0]?.events
  return { clock, sizes, size }
}

test('what is counted quickly is counted anew each time', async () => {
  const { size } = counting(20)
  expect([await size(), await size()]).toEqual([1, 2])
})

test('what took long to count serves for fifty times as long', async () => {
  const { clock, size } = counting(30)
  expect(await size()).toBe(1)
  clock.jump(1_499)
  expect(await size()).toBe(1)
  clock.jump(1)
  expect(await size()).toBe(2)
})

test('once events have gone, no count from before serves any more', async () => {
  const { sizes, size } = counting(30)
  expect(await size()).toBe(1)
  sizes.countAgain()
  expect(await size()).toBe(3)
  expect(await size()).toBe(3)
})
