import { setImmediate as nextPass } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { LongAnswers } from '../../src/threads/long-answers.ts'
import type { PartOfAnswer, Result } from '../../src/threads/messages.ts'

const answersForTest = () => {
  const sent: (Result | PartOfAnswer)[] = []
  const answers = new LongAnswers(message => sent.push(message))
  /** Reads the parts that come, one after the other, and says what each was of and how much it had. */
  const readAll = (): readonly (readonly [id: number, elements: number])[] => {
    const read: (readonly [number, number])[] = []
    for (let message = sent.shift(); message !== undefined; message = sent.shift()) {
      if ('part' in message) read.push([message.id, message.part.length])
      answers.isRead()
    }
    return read
  }
  return { sent, answers, readAll }
}

/** A list of so many elements, each of so many values with itself. */
const listOf = (elements: number, values: number): readonly number[][] =>
  Array.from({ length: elements }, (_, element) =>
    Array.from({ length: values - 1 }, () => element),
  )

describe('an answer', () => {
  it.each([
    ['no list', { a: Array.from({ length: 100_000 }, () => 1) }],
    ['nothing', undefined],
    ['a list of sixteen thousand values', listOf(160, 100)],
  ])('is sent at once that is %s', (_what, result) => {
    const { sent, answers } = answersForTest()
    answers.begin(1, result, 5)
    answers.begin(2, result, 6)
    expect(sent).toEqual([
      { id: 1, result, tookMs: 5 },
      { id: 2, result, tookMs: 6 },
    ])
  })

  it('is sent in parts that has one more, each once the one before is read', () => {
    const { sent, answers } = answersForTest()
    const list = listOf(401, 100)
    answers.begin(1, list, 5)
    expect(sent).toEqual([{ id: 1, part: list.slice(0, 160) }])
    answers.isRead()
    expect(sent.slice(1)).toEqual([{ id: 1, part: list.slice(160, 320) }])
    answers.isRead()
    expect(sent.slice(2)).toEqual([{ id: 1, part: list.slice(320), tookMs: 5 }])
    answers.isRead()
    expect(sent).toHaveLength(3)
  })

  it.each([
    ['letters of its texts', Array.from({ length: 9 }, () => 'x'.repeat(1_000_000)), 2],
    [
      'members of its objects',
      Array.from({ length: 9 }, () => Object.fromEntries(listOf(5_000, 1).entries())),
      3,
    ],
  ])('counts the %s', (_what, list, inEach) => {
    const { answers, readAll } = answersForTest()
    answers.begin(1, list, 0)
    const parts = readAll().map(([, elements]) => elements)
    expect(parts.slice(0, -1)).toEqual(Array.from({ length: parts.length - 1 }, () => inEach))
    expect(parts.reduce((sum, elements) => sum + elements, 0)).toBe(9)
  })

  it('has an element in a part of its own that is longer than one', () => {
    const { answers, readAll } = answersForTest()
    answers.begin(1, [...listOf(1, 10), ...listOf(2, 20_000), ...listOf(1, 10)], 0)
    expect(readAll()).toEqual([1, 1, 1, 1].map(elements => [1, elements]))
  })

  it('is gone where nobody waits for the rest of it', () => {
    const { sent, answers, readAll } = answersForTest()
    for (const id of [1, 2, 3]) answers.begin(id, listOf(400, 100), 0)
    answers.end(2)
    answers.end(7)
    expect(sent).toHaveLength(1)
    expect(readAll().map(([id]) => id)).toEqual([1, 1, 3, 1, 3, 3])
  })
})

describe('several answers', () => {
  it('take turns, and one part is on its way at a time', () => {
    const { sent, answers, readAll } = answersForTest()
    for (const id of [1, 2, 3]) answers.begin(id, listOf(id * 160 + 1, 100), 0)
    expect(sent).toHaveLength(1)
    expect(readAll()).toEqual([
      [1, 160],
      [1, 1],
      [2, 160],
      [3, 160],
      [2, 160],
      [3, 160],
      [2, 1],
      [3, 160],
      [3, 1],
    ])
  })

  it('hold up whoever makes more, until no more than a hundred thousand values wait', async () => {
    const { answers } = answersForTest()
    const came: string[] = []
    answers.whenRoom(() => came.push('before'))
    await nextPass()
    // A part of each is on its way, or waits for nothing.
    answers.begin(1, listOf(1_000, 100), 0)
    answers.whenRoom(() => came.push('with as many'))
    await nextPass()
    expect(came).toEqual(['before', 'with as many'])
    answers.begin(2, listOf(320, 100), 0)
    answers.whenRoom(() => came.push('with more'))
    await nextPass()
    expect(came).toHaveLength(2)
    answers.isRead()
    await nextPass()
    expect(came).toEqual(['before', 'with as many', 'with more'])
  })

  it('hold nobody up of which nobody waits for the rest', async () => {
    const { answers } = answersForTest()
    let came = 0
    for (const id of [1, 2]) answers.begin(id, listOf(2_000, 100), 0)
    answers.whenRoom(() => (came += 1))
    await nextPass()
    expect(came).toBe(0)
    for (const id of [1, 2]) answers.end(id)
    await nextPass()
    expect(came).toBe(1)
    for (const id of [1, 2]) answers.end(id)
    await nextPass()
    expect(came).toBe(1)
  })
})
