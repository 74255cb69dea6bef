import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readReplayStart, eventCursor } from '../../../src/graphql/subscriptions/replay-start.ts'

const cursorOf = (text: string): string => Buffer.from(text).toString('base64url')

test('a cursor leads to right after its event', () => {
  fc.assert(
    fc.property(fc.nat({ max: 999_999_999_999_999 }), sequence => {
      expect(readReplayStart(eventCursor(sequence))).toEqual({ sequence })
    }),
  )
})

test('a date-time leads to what arrived from that moment on', () => {
  expect(readReplayStart('2026-01-01T00:00:00Z')).toEqual({
    receivedAt: Date.UTC(2026, 0, 1) / 1_000,
  })
})

test.each([
  ['nothing', ''],
  ['a word', 'yesterday'],
  ['a number', '17'],
  ['the cursor of a list', cursorOf('["k","default","a"]')],
  ['an event without a number', cursorOf('event ')],
  ['an event before all', cursorOf('event -1')],
  ['an event between two', cursorOf('event 1.5')],
  ['a number beyond counting', cursorOf('event 9007199254740993')],
  ['something before it', cursorOf('an event 1')],
  ['something behind it', cursorOf('event 1 ')],
])('%s leads nowhere, which is said', (_what, text) => {
  expect(() => readReplayStart(text)).toThrow('"since" must be the cursor of an event')
})
