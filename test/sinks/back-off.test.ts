import { expect, test } from 'vitest'
import { backOffMs } from '../../src/sinks/back-off.ts'

test('it is waited longer after each failure, up to a minute, half of it by chance', () => {
  expect([1, 2, 3, 20].map(failures => backOffMs(failures, 0))).toEqual([250, 500, 1_000, 30_000])
  expect([1, 2, 3, 20].map(failures => backOffMs(failures, 1))).toEqual([500, 1_000, 2_000, 60_000])
})

test('what a receiver asks for is waited for at least, but for five minutes at most', () => {
  expect(backOffMs(1, 0, 20_000)).toBe(20_125)
  expect(backOffMs(1, 0, 86_400_000)).toBe(300_125)
  expect(backOffMs(1, 0, -5)).toBe(125)
})
