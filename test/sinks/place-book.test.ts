import { expect, test } from 'vitest'
import type { SinkRecord } from '../../src/model/sinks/sink.ts'
import { ClaimLostError, createPlaceBook } from '../../src/sinks/place-book.ts'
import { createFakeClock } from '../support/clock.ts'

/** A book over places in memory, of which the last that was kept is told. */
const open = async (ours: { moves: boolean; takes: boolean }) => {
  const clock = createFakeClock()
  let kept: SinkRecord = {
    ...{ sink: 'siem', stream: 'events', sequence: 5, behind: {} },
    ...{ sent: 5, quarantined: 0, lost: 0 },
  }
  const book = await createPlaceBook({
    settings: { name: 'siem', send: ['events'] },
    source: { beginning: () => Promise.resolve(0) },
    places: {
      sinkPlaces: () => Promise.resolve([kept]),
      moveSink: async record => {
        if (ours.moves) kept = record
        return ours.moves
      },
    },
    claims: { holder: 'one' },
    take: () => Promise.resolve(ours.takes),
    ...{ begunAt: 0, failed: () => undefined, worked: () => undefined, clock },
    signal: new AbortController().signal,
  })
  return {
    ...{ book, clock, kept: () => kept.sequence },
    /** Another process moves the place. */
    moveTo: (sequence: number) => {
      kept = { ...kept, sequence }
    },
    at: (sequence: number): SinkRecord => ({ ...book.of('events'), sequence }),
  }
}

test('what is passed by without a word is kept after a thousand, or after a minute', async () => {
  const { book, clock, at, kept } = await open({ moves: true, takes: true })
  await book.pass(at(1_004))
  expect([book.of('events').sequence, kept()]).toEqual([1_004, 5])
  await book.pass(at(1_005))
  expect(kept()).toBe(1_005)
  await clock.advance(59_999)
  await book.pass(at(1_006))
  expect(kept()).toBe(1_005)
  await clock.advance(1)
  await book.pass(at(1_007))
  expect(kept()).toBe(1_007)
})

test.each([
  ['it is not ours to take', false, 5],
  ['it is ours again, and another one has moved the place meanwhile', true, 9],
])('a place that cannot be moved is given up where %s', async (_, takes, sequence) => {
  const { book, at, moveTo } = await open({ moves: false, takes })
  moveTo(sequence)
  await expect(book.move(at(6))).rejects.toBeInstanceOf(ClaimLostError)
})

test('a place is moved again where the sink is ours still and nobody else moved it', async () => {
  const ours = { moves: false, takes: true }
  const { book, clock, at, kept } = await open(ours)
  const moved = book.move(at(6))
  await clock.advance(0)
  ours.moves = true
  await clock.advance(60_000)
  await moved
  expect([kept(), book.of('events').sequence]).toEqual([6, 6])
})
