import { expect, test } from 'vitest'
import { busyAt } from '../../../../bench/replicas/rate/reader-options.ts'

const turns = { many: 2, everyMs: 1_000, since: 5_000 }

test.each([
  ['all without turns', undefined, 0, [0, 1, 2, 3, 4]],
  ['the first before the first turn', turns, 0, [0, 1]],
  ['the first until their turn is over', turns, 5_999, [0, 1]],
  ['the next ones after it', turns, 6_000, [2, 3]],
  ['the first again after the last', turns, 7_000, [4, 0]],
])('busy are %s', (_, of, now, busy) => {
  expect(busyAt(5, of, now)).toEqual(busy)
})
