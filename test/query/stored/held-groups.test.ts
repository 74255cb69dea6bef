import { setImmediate as nextTurn } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { LimitError } from '../../../src/errors.ts'
import type { Counted } from '../../../src/events/events.ts'
import { countOfGroups } from '../../../src/query/stored/groups.ts'
import { plainTime, Turns } from '../../../src/work/turns.ts'
import { Work } from '../../../src/work/work.ts'

const MANY = 5_001

const counted = Array.from({ length: MANY }, (_, n): Counted => ({ keys: [`${n}`], count: 1 }))

const refused = (): never => {
  throw new LimitError('Others count as many', {
    limit: 'groups counted at the same time',
    value: 200_001,
    max: 200_000,
  })
}

/** Counts groups for that caller, by what the store says each time that it is asked. */
const createCounting = (...says: readonly (() => readonly Counted[])[]) => {
  const turns = new Turns(plainTime)
  let asked = 0
  const count = (): Promise<number> =>
    countOfGroups(
      {
        list: 'events',
        readers: [],
        select: async () => ({ list: 'events', parts: [] }),
        source: {
          groups: async () => {
            const say = says[asked] ?? (() => counted)
            asked += 1
            return say()
          },
        },
        work: new Work({ turns, caller: 'anna' }),
      },
      { by: ['ID'] },
    )
  /** Something else of the same caller that holds much, until the returned function is called. */
  const holdMuch = (): (() => void) => {
    const { promise, resolve } = Promise.withResolvers<void>()
    const work = new Work({ turns, caller: 'anna' })
    void work.hold(async holding => {
      holding.add(MANY)
      await work.run(holding.enter())
      await promise
    })
    return resolve
  }
  return { count, holdMuch, asked: () => asked }
}

const inTurns = async (): Promise<void> => {
  for (let turn = 0; turn < 20; turn += 1) await nextTurn()
}

/** How many are found where the caller holds much else until they were counted for the first time. */
const countedLater = async ({ count, holdMuch, asked }: ReturnType<typeof createCounting>) => {
  const letGo = holdMuch()
  const found = count()
  await inTurns()
  expect(asked()).toBe(1)
  letGo()
  return found
}

test('what may not be held yet is counted once more when it may', async () => {
  const counting = createCounting()
  expect(await countedLater(counting)).toBe(MANY)
  expect(counting.asked()).toBe(2)
  expect(await counting.count()).toBe(MANY)
  expect(counting.asked()).toBe(3)
})

test('what is refused for what others count is asked once more, when nobody else of the caller counts much', async () => {
  expect(await countedLater(createCounting(refused))).toBe(MANY)
})

test('where it is refused for that again, its caller is told when to come back', async () => {
  const { count } = createCounting(refused, refused)
  await expect(count()).rejects.toMatchObject({
    code: 'RATE_LIMITED',
    fields: { limit: 'groups counted at the same time', max: 200_000, retryAfterMs: 1_000 },
  })
  expect(await count()).toBe(MANY)
})
