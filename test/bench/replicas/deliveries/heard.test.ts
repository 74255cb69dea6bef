import { expect, test } from 'vitest'
import { type Heard, judge } from '../../../../bench/replicas/deliveries/heard.ts'

const heard = (...ids: readonly string[]): readonly Heard[] =>
  ids.map((id, nth) => ({ id, lagMs: nth + 1 }))

test('all is well where every subscriber heard each event once, in one order', () => {
  expect(judge(3, [heard('a', 'c', 'b'), heard('a', 'c', 'b')])).toMatchObject({
    ...{ missing: 0, twice: 0, oneOrder: true },
  })
})

test.each([
  ['an event that one of them missed', [heard('a', 'b'), heard('a')], { missing: 1, twice: 0 }],
  ['one that none of them heard', [heard('a'), heard('a')], { missing: 2, twice: 0 }],
  ['one that came again to one', [heard('a', 'b', 'a'), heard('a', 'b')], { missing: 0, twice: 1 }],
  ['another order', [heard('a', 'b'), heard('b', 'a')], { missing: 0, oneOrder: false }],
])('counts %s', (_, all, found) => {
  expect(judge(2, all)).toMatchObject(found)
})

test('an event is as late as it was to the last subscriber', () => {
  const [first, second] = [
    Array.from({ length: 100 }, (_, nth) => ({ id: `${nth}`, lagMs: 1 })),
    Array.from({ length: 100 }, (_, nth) => ({ id: `${nth}`, lagMs: nth })),
  ]
  expect(judge(100, [first, second])).toMatchObject({ p50: 50, p99: 99, worst: 99 })
})
