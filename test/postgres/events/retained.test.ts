import { expect, test } from 'vitest'
import { createRetainedEvents, type OverTime } from '../../../src/postgres/events/retained.ts'
import { createStatementValues } from '../../../src/postgres/events/statement-values.ts'

const opened = () => {
  const retained = createRetainedEvents()
  return {
    ...retained,
    learn: (time: OverTime) => retained.learn(() => Promise.resolve(time)),
    /** Asks; the returned function gives the answer. */
    asks: () => {
      const { promise, resolve } = Promise.withResolvers<OverTime>()
      const learnt = retained.learn(() => promise)
      return (time: OverTime) => (resolve(time), learnt)
    },
    /** Up to when it is over, and from which arrival on it is not all the same. */
    bounds: () => {
      const { values, bind } = createStatementValues()
      retained.condition(bind)
      return values
    },
  }
}
const over = (days: number, over_late = false) => ({
  ...{ over_at: days * 86_400 - 3_600, over_came_at: days * 86_400, over_late },
})

test('an answer that was given before the newest takes nothing back', async () => {
  const { learn, bounds } = opened()
  await learn(over(2))
  await learn(over(1, true))
  expect(bounds()).toEqual([over(2).over_at])
  await learn(over(3))
  expect(bounds()).toEqual([over(3).over_at])
})

test('what was seen to come late stays in sight until the store has put its time further', async () => {
  const { learn, saw, bounds } = opened()
  await learn(over(2))
  saw({ occurredAt: 86_400 })
  await learn(over(2))
  expect(bounds()).toEqual([over(2).over_at, over(2).over_came_at])
  await learn(over(1))
  expect(bounds()).toEqual([over(2).over_at, over(2).over_came_at])
  await learn(over(3))
  expect(bounds()).toEqual([over(3).over_at])
})

test('one replica hears of another that something came late', async () => {
  const { learn, bounds } = opened()
  await learn(over(2))
  await learn(over(2, true))
  expect(bounds()).toEqual([over(2).over_at, over(2).over_came_at])
})

test('what comes late while an answer is on its way stays in sight, though that does not know of it yet', async () => {
  const { asks, saw, bounds } = opened()
  const [first, second] = [asks(), asks()]
  saw({ occurredAt: 86_400 })
  await first(over(2))
  expect(bounds()).toEqual([over(2).over_at, over(2).over_came_at])
  await second(over(3))
  expect(bounds()).toEqual([over(3).over_at, over(3).over_came_at])
  await asks()(over(4))
  expect(bounds()).toEqual([over(4).over_at])
})

test('what is not late by an answer that is on its way is none', async () => {
  const { asks, saw, bounds } = opened()
  const answer = asks()
  saw({ occurredAt: over(2).over_at })
  await answer(over(2))
  expect(bounds()).toEqual([over(2).over_at])
})
