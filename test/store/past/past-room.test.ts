import { expect, test } from 'vitest'
import { createPastRoom } from '../../../src/store/past/past-room.ts'

const MB = 1_048_576

test('all shares together take what there is, and no more', () => {
  const room = createPastRoom(3 * MB)
  const [one, other] = [room.open(), room.open()]
  one.take(2 * MB)
  other.take(MB)
  expect(() => {
    other.take(1)
  }).toThrow(
    expect.objectContaining({
      code: 'BUDGET_EXCEEDED',
      fields: { limit: 'PUSHGRAPH_MAX_MEMORY_MB', value: 4, max: 3 },
    }),
  )
  one.end()
  other.take(2 * MB)
})

test('what was refused takes nothing, and an end gives back what was taken once', () => {
  const room = createPastRoom(MB)
  const [one, other] = [room.open(), room.open()]
  one.take(MB / 2)
  expect(() => {
    one.take(MB)
  }).toThrow('more than the memory that rows of the past may have')
  one.end()
  one.end()
  other.take(MB)
  expect(() => {
    one.take(1)
  }).toThrow('more than the memory that rows of the past may have')
})
