import { expect, it } from 'vitest'
import { supervise } from '../../src/threads/supervised.ts'
import { createFakeClock, settle } from '../support/clock.ts'

/** Threads that live until they are killed, or cannot be started at all. */
const supervisedForTest = () => {
  const clock = createFakeClock()
  const starts: number[] = []
  const died: string[] = []
  let canStart = true
  let kill = (): void => undefined
  const supervised = supervise({
    start: async () => {
      starts.push(clock.now())
      if (!canStart) throw new Error('There is none')
      const { promise, resolve } = Promise.withResolvers<number>()
      kill = () => {
        resolve(1)
      }
      return { ended: promise, close: async () => kill() }
    },
    clock,
    file: 'file',
    unavailable: message => new Error(message),
    onDeath: error => died.push(error.message),
  })
  return {
    clock,
    supervised,
    starts,
    died,
    kill: () => {
      kill()
      return settle()
    },
    refuse: () => {
      canStart = false
    },
  }
}

it('a thread that ends is started again, at once and then later and later, for ever', async () => {
  const { clock, supervised, starts, died, kill, refuse } = supervisedForTest()
  await supervised.thread()
  refuse()
  await kill()
  await clock.advance(200_000)
  const pauses = starts.slice(1).map((at, index) => at - (starts[index] ?? 0))
  expect(pauses.slice(0, 11)).toEqual([
    0, 250, 500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000,
  ])
  expect([died[0], died[1]]).toEqual(['A thread of the file has ended', 'There is none'])
  expect([supervised.isFailing, supervised.deaths]).toEqual([true, died.length])
  await expect(supervised.thread()).rejects.toThrow('The file cannot be read now')
  await supervised.end(true)
  expect(clock.waiting()).toBe(0)
  await expect(supervised.thread()).rejects.toThrow('The file is closed')
})

it('one that has worked for more than a minute is started again at once', async () => {
  const { clock, supervised, starts, kill } = supervisedForTest()
  await supervised.thread()
  for (const livedMs of [60_001, 60_001, 60_000]) {
    await clock.advance(livedMs)
    await kill()
    expect(supervised.isFailing).toBe(true)
    await clock.advance(0)
  }
  // The last one was not old enough.
  expect([starts.length, supervised.isFailing]).toEqual([3, true])
  await clock.advance(250)
  expect([starts.length, supervised.isFailing, supervised.deaths]).toEqual([4, false, 3])
})
