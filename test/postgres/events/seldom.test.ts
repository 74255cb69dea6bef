import { expect, test } from 'vitest'
import { createSeldom } from '../../../src/postgres/events/seldom.ts'
import { createFakeClock } from '../../support/clock.ts'

test('many calls are answered at once, then so far apart, the last one too', async () => {
  const clock = createFakeClock({ startMs: 0 })
  const at: number[] = []
  const seldom = createSeldom(clock, 25, () => at.push(clock.now()))
  for (let ms = 0; ms < 60; ms += 10) {
    seldom.call()
    seldom.call()
    await clock.advance(10)
  }
  await clock.advance(100)
  expect(at).toEqual([0, 25, 50, 75])
  seldom.call()
  expect(at).toHaveLength(5)
  seldom.call()
  seldom.end()
  await clock.advance(100)
  expect(at).toHaveLength(5)
  const ended = createSeldom(clock, 25, () => at.push(clock.now()))
  ended.end()
  ended.call()
  expect(at).toHaveLength(5)
})
