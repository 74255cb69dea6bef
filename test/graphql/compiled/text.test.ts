import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parse } from 'graphql'
import { makeExecutableSchema } from '@graphql-tools/schema'
import { compileQuery } from '../../../src/graphql/compiled/compile-query.ts'
import {
  joinSteps,
  joined,
  LongText,
  PIECE_LETTERS,
  type Text,
  TextBuilder,
} from '../../../src/graphql/compiled/text.ts'
import { writeJson } from '../../../src/graphql/operation/write-json.ts'
import { toEnd } from '../../../src/work/to-end.ts'
import { Turns } from '../../../src/work/turns.ts'
import { Work } from '../../../src/work/work.ts'
import { hastyTurns, workInOneTurn } from '../../support/work.ts'

/** Texts around the length of a piece, also such as take more bytes than letters. */
const part = fc
  .tuple(
    fc.constantFrom('a', '\u00e9', '\u{1f600}'),
    fc.constantFrom(0, 1, 7, PIECE_LETTERS - 1, PIECE_LETTERS, PIECE_LETTERS + 1),
  )
  .map(([letter, times]) => letter.repeat(times))

const longest = (text: Text): number =>
  typeof text === 'string'
    ? text.length
    : text.pieces.reduce((most, piece) => Math.max(most, piece.toString().length), 0)

describe('texts put together', () => {
  test('are what they are as one string, in whole letters', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(part, fc.array(part)), { maxLength: 8 }), parts => {
        const texts = parts.map(given => (typeof given === 'string' ? given : joined(...given)))
        const whole = joined(...texts)
        expect(String(whole) === parts.flat().join('')).toBe(true)
        expect(whole.length).toBe(parts.flat().join('').length)
      }),
      { numRuns: 50 },
    )
  })

  test('are a string up to the length of a piece, and pieces from there on', () => {
    expect(joined('a'.repeat(PIECE_LETTERS - 2), 'b')).toBeTypeOf('string')
    expect(joined('a'.repeat(PIECE_LETTERS - 1), 'b')).toBeInstanceOf(LongText)
  })

  test('are put together in turns', () => {
    const parts = Array.from({ length: 200 }, () => 'x'.repeat(PIECE_LETTERS))
    const joining = { before: '[', parts, from: 0, between: () => ',', after: ']' }
    const steps = joinSteps(joining, new Work({ turns: hastyTurns(3) }))
    let breaks = 0
    let step = steps.next()
    for (; step.done !== true; step = steps.next()) breaks += 1
    expect(breaks).toBeGreaterThan(20)
    expect(String(step.value)).toBe(String(toEnd(joinSteps(joining, workInOneTurn()))))
  })

  test('look at the time whenever a piece has become bytes, however quickly parts were added before', () => {
    let now = 0
    const turns = new Turns({ now: () => now, cpu: () => now, defer: () => undefined })
    const work = new Work({ turns })
    let letters = 0
    const take = (length: number): void => {
      letters += length
      now += 0.0001
      if (letters < PIECE_LETTERS) return
      // The whole time goes where the letters become bytes.
      letters = 0
      now += 2
    }
    const parts = Array.from({ length: 4_000 }, () => 'x'.repeat(500))
    const between = (): string => {
      take(501)
      return ','
    }
    const steps = joinSteps({ before: '', parts, from: 0, between, after: '' }, work)
    work.isOver()
    steps.next()
    // The turn was over after three of them.
    expect(now).toBeLessThan(7)
  })
})

const rows = Array.from({ length: 2_000 }, (_, index) => ({ name: `row ${index} \u00e9` }))
const schema = makeExecutableSchema({
  typeDefs: /* GraphQL */ `
    type Row {
      name: String
    }
    type Query {
      rows: [Row]
      some: [Row]
      word: String
    }
  `,
  resolvers: { Query: { rows: () => rows, some: () => rows.slice(0, 2), word: () => 'w' } },
})

describe('a long answer is never one string', () => {
  const query = `{ word few: some { name } a: rows { name } between: word ${Array.from({ length: 12 }, (_, n) => `s${n}: rows { name }`).join(' ')} last: some { name } }`
  const data = {
    word: 'w',
    few: rows.slice(0, 2),
    a: rows,
    between: 'w',
    ...Object.fromEntries(Array.from({ length: 12 }, (_, n) => [`s${n}`, rows])),
    last: rows.slice(0, 2),
  }

  test.each([
    ['in one turn', () => workInOneTurn()],
    ['in many turns', () => new Work({ turns: hastyTurns(3) })],
  ])('by a compiled document, %s', async (_name, work) => {
    const compiled = compileQuery(schema, parse(query), undefined)
    const text = await compiled?.({ work: work() }, {})
    expect(JSON.parse(String(text))).toEqual(data)
    expect(longest(text ?? '')).toBeLessThan(2 * PIECE_LETTERS)
  })

  test.each([
    ['in one turn', () => workInOneTurn()],
    ['in many turns', () => new Work({ turns: hastyTurns(3) })],
  ])('by graphql-js, %s', async (_name, work) => {
    const text = await writeJson(data, work())
    expect(String(text)).toBe(JSON.stringify(data))
    expect(longest(text)).toBeLessThan(2 * PIECE_LETTERS)
  })

  test('also where it is one object of many short lists', async () => {
    const fields = Array.from({ length: 400 }, (_, n) => `s${n}: some { name }`).join(' ')
    const short = Array.from({ length: 2 }, (_, n) => `x${n}: rows { name }`).join(' ')
    const compiled = compileQuery(schema, parse(`{ ${short} ${fields} }`), undefined)
    const text = await compiled?.({ work: workInOneTurn() }, {})
    expect(text).toBeInstanceOf(LongText)
    expect(longest(text ?? '')).toBeLessThan(2 * PIECE_LETTERS)
  })
})

test('a builder to which nothing was added gives nothing', () => {
  expect(new TextBuilder().end()).toBe('')
})
