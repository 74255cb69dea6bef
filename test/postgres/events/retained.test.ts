import { expect, test } from 'vitest'
import { createRetainedEvents } from '../../../src/postgres/events/retained.ts'
import { createStatementValues } from '../../../src/postgres/events/statement-values.ts'

const opened = () => {
  const retained = createRetainedEvents()
  return {
    ...retained,
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

test('an answer that was given before the newest takes nothing back', () => {
  const { learn, bounds } = opened()
  learn(over(2))
  learn(over(1, true))
  expect(bounds()).toEqual([over(2).over_at])
  learn(over(3))
  expect(bounds()).toEqual([over(3).over_at])
})

test('what was seen to come late stays in sight until the store has put its time further', () => {
  const { learn, saw, bounds } = opened()
  learn(over(2))
  saw({ occurredAt: 86_400 })
  learn(over(2))
  expect(bounds()).toEqual([over(2).over_at, over(2).over_came_at])
  learn(over(1))
  expect(bounds()).toEqual([over(2).over_at, over(2).over_came_at])
  learn(over(3))
  expect(bounds()).toEqual([over(3).over_at])
})

test('one replica hears of another that something came late', () => {
  const { learn, bounds } = opened()
  learn(over(2))
  learn(over(2, true))
  expect(bounds()).toEqual([over(2).over_at, over(2).over_came_at])
})
