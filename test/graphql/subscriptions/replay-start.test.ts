import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readReplayStart } from '../../../src/graphql/subscriptions/replay-start.ts'
import { placeCursor } from '../../../src/query/stored/place-cursor.ts'

const cursorOf = (text: string): string => Buffer.from(text).toString('base64url')

test('a cursor leads to right after what it is of', () => {
  fc.assert(
    fc.property(
      fc.stringMatching(/^[0-9a-f]{16}$/),
      fc.nat({ max: 999_999_999_999_999 }),
      fc.integer({ min: -9_999_999_999_999, max: 9_999_999_999_999 }),
      (store, sequence, ms) => {
        const place = { store, sequence, receivedAt: ms / 1_000 }
        for (const list of ['events', 'changes'] as const)
          expect(readReplayStart(list, placeCursor(list, place))).toEqual(place)
      },
    ),
  )
})

test('a date-time leads to what arrived from that moment on', () => {
  expect(readReplayStart('events', '2026-01-01T00:00:00Z')).toEqual({
    since: Date.UTC(2026, 0, 1) / 1_000,
  })
})

test.each([
  ['nothing', ''],
  ['a word', 'yesterday'],
  ['a number', '17'],
  ['the cursor of a list', cursorOf('["k","default","a"]')],
  ['an event without a number', cursorOf('event ')],
  ['an event of no store', cursorOf('event 1')],
  ['an event before all', cursorOf('event aa -1 5')],
  ['an event between two', cursorOf('event aa 1.5 5')],
  ['a number beyond counting', cursorOf('event aa 9007199254740993 5')],
  ['something before it', cursorOf('an event aa 1 5')],
  ['something behind it', cursorOf('event aa 1 5 ')],
])('%s leads nowhere, which is said', (_what, text) => {
  expect(() => readReplayStart('events', text)).toThrow('"since" must be the cursor of an event')
})

test('the cursor of an event leads nowhere among changes, nor the other way round', () => {
  const place = { store: 'aa', sequence: 1, receivedAt: 5 }
  expect(() => readReplayStart('changes', placeCursor('events', place))).toThrow(
    '"since" must be the cursor of a change',
  )
  expect(() => readReplayStart('events', placeCursor('changes', place))).toThrow('of an event')
})
