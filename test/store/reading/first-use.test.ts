import { expect, it } from 'vitest'
import { createTrials } from '../../../src/store/reading/first-use.ts'
import { systemClock } from '../../../src/model/clock.ts'

const clockAt = (moments: readonly number[]) => {
  const left = [...moments]
  return { ...systemClock, now: () => left.shift() ?? 0 }
}

it('lets one try, and those who wait go on side by side once it is settled', async () => {
  const trials = createTrials(systemClock)
  const settling = Promise.withResolvers<undefined>()
  let isOpen = true
  const begun: string[] = []
  const run = (who: string, until?: Promise<undefined>): Promise<string> =>
    trials.run(
      'key',
      () => isOpen,
      async () => {
        begun.push(who)
        await until
        return who
      },
    )
  const first = run('first', settling.promise)
  const others = [run('second', new Promise(() => undefined)), run('third')]
  await Promise.resolve()
  expect(begun).toEqual(['first'])
  isOpen = false
  settling.resolve(undefined)
  await expect(first).resolves.toBe('first')
  // The second never ends, and holds nobody up.
  await expect(others[1]).resolves.toBe('third')
  expect(begun).toEqual(['first', 'second', 'third'])
})

it('lets the next one try where a trial leaves it open, in the order in which they came', async () => {
  const trials = createTrials(systemClock)
  let running = 0
  const begun: number[] = []
  const tries = Array.from({ length: 20 }, (_, index) =>
    trials.run(
      'key',
      () => true,
      async () => {
        running += 1
        begun.push(index)
        expect(running).toBe(1)
        await Promise.resolve()
        running -= 1
        if (index % 2 === 1) throw new Error(`${index} failed`)
        return index
      },
    ),
  )
  const ended = await Promise.allSettled(tries)
  expect(begun).toEqual(tries.map((_, index) => index))
  expect(ended.filter(({ status }) => status === 'rejected')).toHaveLength(10)
})

it('wakes of many who wait the next one alone', async () => {
  const trials = createTrials(systemClock)
  let looks = 0
  const isOpen = (): boolean => {
    looks += 1
    return true
  }
  const many = 1_000
  await Promise.all(
    Array.from({ length: many }, () => trials.run('key', isOpen, () => Promise.resolve())),
  )
  expect(looks).toBeLessThan(5 * many)
})

it('wakes all where it is settled by others while the next one is about to try', async () => {
  const trials = createTrials(systemClock)
  let isOpen = true
  const run = (): Promise<string> =>
    trials.run(
      'key',
      () => isOpen,
      () => Promise.resolve('had'),
    )
  let looks = 0
  const first = trials.run(
    'key',
    () => {
      looks += 1
      const wasOpen = isOpen
      // After the next one was chosen, and before it goes on.
      if (looks === 3) isOpen = false
      return wasOpen
    },
    () => Promise.resolve('tried'),
  )
  await expect(Promise.all([first, run(), run(), run()])).resolves.toEqual([
    'tried',
    'had',
    'had',
    'had',
  ])
  // Nothing is left of it.
  isOpen = true
  await expect(run()).resolves.toBe('had')
})

it('takes for new what was asked for since the first of those trials', async () => {
  const trials = createTrials(clockAt([5, 7, 9, 11]))
  const seen: number[] = []
  const run = () =>
    trials.run(
      'key',
      () => true,
      since => Promise.resolve(seen.push(since)),
    )
  await Promise.all([run(), run(), run()])
  await run()
  expect(seen).toEqual([5, 5, 5, 11])
})
