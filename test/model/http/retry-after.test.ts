import { expect, it } from 'vitest'
import { readRetryAfter } from '../../../src/model/http/retry-after.ts'

// A zone that is not UTC, where what is read in local time shows.
process.env['TZ'] = 'America/New_York'

const now = Date.UTC(2026, 0, 1, 12, 0, 0)

it.each([
  { case: 'absent', headers: {}, ms: undefined },
  { case: 'empty', headers: { 'retry-after': '' }, ms: undefined },
  { case: 'nonsense', headers: { 'retry-after': 'soon' }, ms: undefined },
  { case: 'negative', headers: { 'retry-after': '-5' }, ms: undefined },
  { case: 'seconds', headers: { 'retry-after': ' 7 ' }, ms: 7000 },
  { case: 'a part of a second', headers: { 'retry-after': '0.5' }, ms: 500 },
  { case: 'no time at all', headers: { 'retry-after': '0' }, ms: 0 },
  { case: 'repeated', headers: { 'retry-after': ['2', '9'] }, ms: 2000 },
  {
    case: 'a date by our clock',
    headers: { 'retry-after': 'Thu, 01 Jan 2026 12:00:03 GMT' },
    ms: 3000,
  },
  { case: 'a date gone by', headers: { 'retry-after': 'Thu, 01 Jan 2026 11:59:00 GMT' }, ms: 0 },
  {
    case: 'a date of asctime, which is in UTC',
    headers: { 'retry-after': 'Thu Jan  1 12:00:03 2026' },
    ms: 3000,
  },
  {
    case: 'a date of RFC 850',
    headers: { 'retry-after': 'Thursday, 01-Jan-26 12:00:03 GMT' },
    ms: 3000,
  },
  {
    case: 'a date by the sender’s clock, both in asctime’s form',
    headers: { 'retry-after': 'Thu Jan  1 15:00:04 2026', date: 'Thu Jan  1 15:00:00 2026' },
    ms: 4000,
  },
  {
    case: 'a date by the sender’s own clock',
    headers: {
      'retry-after': 'Thu, 01 Jan 2026 15:00:04 GMT',
      date: 'Thu, 01 Jan 2026 15:00:00 GMT',
    },
    ms: 4000,
  },
])('reads a Retry-After that is $case', ({ headers, ms }) => {
  expect(readRetryAfter(headers, now)).toBe(ms)
})
