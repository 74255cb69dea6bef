import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Cursor, readCursor, writeCursor } from '../../../src/query/list/cursor.ts'

const LIST = 'a list'

const text = fc.string({ unit: 'binary' })
const count = fc.nat({ max: Number.MAX_SAFE_INTEGER })
const cursor: fc.Arbitrary<Cursor> = fc.oneof(
  fc.record({
    kind: fc.constant('key' as const),
    connector: text,
    id: text,
    keys: fc.array(fc.oneof(text, fc.integer(), fc.boolean(), fc.constant(null))),
  }),
  fc.record({
    kind: fc.constant('walk' as const),
    connector: text,
    id: text,
    epoch: text,
    position: count,
    page: fc.oneof(
      fc.record({ token: text, sent: count }),
      fc.record({ offset: count }),
      fc.record({ token: text, sent: count, isUnchecked: fc.constant(true as const) }),
    ),
    index: count,
    anchor: fc.option(text, { nil: undefined }),
  }),
)

/** What the text holds, put together by the test. */
const forged = (...parts: readonly unknown[]): string =>
  Buffer.from(JSON.stringify([LIST, ...parts])).toString('base64url')

describe('a cursor', () => {
  test('leads to the position that it was written of, in its own list alone', () => {
    fc.assert(
      fc.property(cursor, place => {
        const written = writeCursor(LIST, place)
        expect(readCursor(LIST, written, 'after')).toEqual(place)
        expect(() => readCursor('another list', written, 'after')).toThrow(
          'a cursor of another list',
        )
      }),
    )
  })

  test('of an earlier version says by its position how many rows stand before its page', () => {
    const walk = forged('w', 'default', 'a', 'epoch', 205, 'a token', 5)
    expect(readCursor(LIST, walk, 'after')).toMatchObject({
      page: { token: 'a token', sent: 200 },
      anchor: undefined,
    })
    const anchored = forged('w', 'default', 'a', 'epoch', 7, 'a token', 9, 'b')
    expect(readCursor(LIST, anchored, 'after')).toMatchObject({
      page: { token: 'a token', sent: 0 },
      anchor: 'b',
    })
  })

  test('is none with anything before, after or within it that was not ours', () => {
    const written = writeCursor(LIST, { kind: 'key', connector: 'default', id: 'a', keys: [] })
    const changed = [
      `${written}=`,
      `${written}\n`,
      ` ${written}`,
      `${written.slice(0, 4)}!${written.slice(4)}`,
      `${written}.`,
      written.slice(0, -1),
      Buffer.from(written, 'base64url')
        .toString('base64')
        .padEnd(written.length + 1, '='),
    ]
    for (const other of changed)
      expect(() => readCursor(LIST, other, 'before'), other).toThrow('"before" is not a cursor')
  })

  test.each<[why: string, parts: readonly unknown[]]>([
    ['nothing', []],
    ['another kind', ['x', 'default', 'a']],
    ['a connector that is no text', ['k', 7, 'a']],
    ['an id that is no text', ['k', 'default', null]],
    ['a key that is an object', ['k', 'default', 'a', {}]],
    ['a key that is a list', ['k', 'default', 'a', 'x', []]],
    ['an epoch that is no text', ['w', 'default', 'a', 1, 1, 1, 1]],
    ['a position below zero', ['w', 'default', 'a', 'e', -1, 1, 1]],
    ['a position between two', ['w', 'default', 'a', 'e', 1.5, 1, 1]],
    ['a position beyond counting', ['w', 'default', 'a', 'e', 2 ** 53, 1, 1]],
    ['an offset below zero', ['w', 'default', 'a', 'e', 1, -1, 1]],
    ['a page that is neither', ['w', 'default', 'a', 'e', 1, null, 1]],
    ['an index below zero', ['w', 'default', 'a', 'e', 1, 1, -1]],
    ['an index that is a text', ['w', 'default', 'a', 'e', 1, 1, '1']],
    ['an anchor that is no text', ['w', 'default', 'a', 'e', 1, 1, 1, 5]],
  ])('is none with %s', (_why, parts) => {
    expect(() => readCursor(LIST, forged(...parts), 'after')).toThrow('is not a cursor')
  })

  test('of a form like ours is one', () => {
    expect(readCursor(LIST, forged('w', 'default', 'a', 'e', 0, 0, 0), 'after')).toMatchObject({
      position: 0,
      page: { offset: 0 },
    })
  })
})
