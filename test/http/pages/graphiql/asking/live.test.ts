import { expect, test } from 'vitest'
import { keepLast } from '../../../../../src/http/pages/graphiql/asking/live.ts'

test('the last hundred events are kept, the newest first, and how many came', () => {
  const keep = keepLast()
  let kept = keep({ data: { events: 1 } })
  expect(kept).toEqual({ received: 1, events: [1] })
  for (let n = 2; n <= 137; n += 1) kept = keep({ data: { events: n } })
  const events = kept['events'] as number[]
  expect(kept.received).toBe(137)
  expect(events).toHaveLength(100)
  expect([events[0], events[99]]).toEqual([137, 38])
})

test('what was given before is not changed', () => {
  const keep = keepLast(2)
  const first = keep({ data: { events: 1 } })
  keep({ data: { events: 2 } })
  expect(first).toEqual({ received: 1, events: [1] })
})

test('errors stand with their event, and several fields as they came', () => {
  const keep = keepLast()
  keep({ data: { events: 1 } })
  expect(keep({ data: null, errors: ['broken'] })).toEqual({
    received: 2,
    events: [{ events: null, errors: ['broken'] }, 1],
  })
  expect(keepLast()({ data: { a: 1, b: 2 } })).toEqual({ received: 1, data: [{ a: 1, b: 2 }] })
})
