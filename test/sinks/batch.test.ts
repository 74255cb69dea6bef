import { expect, test } from 'vitest'
import { createFilling } from '../../src/sinks/batch.ts'
import { makeItem } from '../support/sinks/items.ts'

const placed = (sequence: number, line: string) => ({
  item: makeItem(`item-${sequence}`, { line }),
  sequence,
  storedAt: 0,
})

test('a batch has no more bytes than it may, whatever letters are in it, but for one item alone', () => {
  const filling = createFilling({ items: 5, bytes: 10 })
  expect(filling.add(placed(1, 'é'.repeat(4)))).toBe(true)
  expect(filling.add(placed(2, 'éé'))).toBe(false)
  expect(filling.add(placed(2, 'é'))).toBe(true)
  expect([filling.room(), filling.reached()]).toEqual([3, 2])
  expect(createFilling({ items: 5, bytes: 10 }).add(placed(1, 'é'.repeat(40)))).toBe(true)
})
