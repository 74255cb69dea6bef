import { describe, expect, it } from 'vitest'
import type { KeptAnswer, PushQuestion } from '../../src/answers/contract.ts'
import type { AnswersKeeper } from '../../src/answers/keeper.ts'
import type { UnreadAnswer } from '../../src/answers/packing.ts'
import { createReadingAhead } from '../../src/answers/reading-ahead.ts'
import { createFakeClock, settle } from '../support/clock.ts'
import { answerOf, NOW, questionOf } from './tasks-for-test.ts'

const forEver = new AbortController().signal
const pageOf = (n: number): PushQuestion => questionOf(`/accounts?nextToken=${n}`)
const answerTo = (n: number): KeptAnswer => answerOf(`page ${n}`, NOW + n)

/** `there` are kept; `held` answers are given once that promise is. */
const readingForTest = (there: number, held?: Promise<unknown>) => {
  const clock = createFakeClock({ startMs: NOW })
  const asked: (readonly [after: number, most: number])[] = []
  const ask = async (
    task: string,
    question: PushQuestion,
    after: number,
    most: number,
  ): Promise<readonly UnreadAnswer[]> => {
    expect([task, question.tenant]).toEqual(['askedNext', 'tenant'])
    asked.push([after - NOW, most])
    await held
    return Array.from({ length: there }, (_, n) => n)
      .filter(n => NOW + n > after)
      .slice(0, most)
      .map(n => ({ ...answerTo(n), question: pageOf(n), body: Buffer.from(answerTo(n).body) }))
  }
  const reading = createReadingAhead(ask as unknown as AnswersKeeper['ask'], clock)
  /** Whether the page was there already. */
  const read = async (question: PushQuestion, answer: KeptAnswer): Promise<boolean> => {
    const taken = await reading.take(question, 0, forEver)
    if (taken !== undefined) expect(taken).toEqual(answer)
    reading.found(question, answer)
    return taken !== undefined
  }
  const readPages = async (from: number, to: number): Promise<number> => {
    let missed = 0
    for (let n = from; n < to; n += 1) if (!(await read(pageOf(n), answerTo(n)))) missed += 1
    return missed
  }
  return { ...reading, clock, asked, read, readPages }
}

describe('who reads a list as it is kept', () => {
  it('looks for the first two pages alone; more and more others are fetched at once, until there are none', async () => {
    const { readPages, asked } = readingForTest(60)
    expect(await readPages(0, 60)).toBe(2)
    expect(asked).toEqual([
      [1, 4],
      [5, 8],
      [13, 16],
      [29, 16],
      [45, 16],
      [59, 16],
    ])
  })

  it('has nothing fetched for one page, or for objects', async () => {
    const { read, asked } = readingForTest(60)
    await read(pageOf(0), answerTo(0))
    for (const id of ['a', 'b', 'c']) await read(questionOf(`/accounts/${id}`), answerTo(0))
    expect(asked).toEqual([])
  })

  it('begins anew where it goes on elsewhere', async () => {
    const { readPages, asked } = readingForTest(60)
    expect(await readPages(0, 4)).toBe(2)
    expect(await readPages(40, 45)).toBe(2)
    expect(asked.at(-1)).toEqual([45, 8])
    await settle()
    expect(asked.length).toBeLessThan(6)
  })

  it('gets none that was fetched more than five seconds ago', async () => {
    const { readPages, clock } = readingForTest(60)
    await readPages(0, 3)
    await clock.advance(4_999)
    expect(await readPages(3, 4)).toBe(0)
    await clock.advance(5_000)
    expect(await readPages(4, 5)).toBe(1)
    await clock.advance(10_000)
    expect(clock.waiting()).toBe(0)
  })

  it('gets none that was asked for too early, nor one of which there is another answer', async () => {
    const { readPages, take, changed } = readingForTest(60)
    await readPages(0, 2)
    expect(await take(pageOf(2), NOW + 3, forEver)).toBeUndefined()
    expect(await take(pageOf(2), NOW + 2, forEver)).toEqual(answerTo(2))
    changed(pageOf(2))
    expect(await take(pageOf(2), NOW + 2, forEver)).toBeUndefined()
  })

  it('waits for what is being fetched, for a second and until it leaves', async () => {
    const held = Promise.withResolvers<undefined>()
    const { readPages, take, clock } = readingForTest(60, held.promise)
    await readPages(0, 2)
    const taken: string[] = []
    const waitAs = (name: string, signal: AbortSignal): void => {
      void take(pageOf(2), 0, signal).then(answer => taken.push(`${name} ${answer?.body}`))
    }
    waitAs('late', forEver)
    const leave = new AbortController()
    waitAs('left', leave.signal)
    await clock.advance(999)
    expect(taken).toEqual([])
    leave.abort()
    await settle()
    await clock.advance(1)
    expect(taken).toEqual(['left undefined', 'late undefined'])
    waitAs('in time', forEver)
    held.resolve(undefined)
    await settle()
    expect(taken.at(-1)).toBe('in time page 2')
  })

  it('gets nothing that is forgotten, be it on its way', async () => {
    const held = Promise.withResolvers<undefined>()
    const { readPages, take, forget, clock } = readingForTest(60, held.promise)
    await readPages(0, 2)
    forget()
    held.resolve(undefined)
    await settle()
    expect(await take(pageOf(2), 0, forEver)).toBeUndefined()
    expect(clock.waiting()).toBe(0)
  })

  it('gets nothing of another tenant, should that be given', async () => {
    const question = questionOf(pageOf(2).path, 'other')
    const ask = () => Promise.resolve([{ question, answer: answerTo(2) }])
    const { take, found } = createReadingAhead(
      ask as unknown as AnswersKeeper['ask'],
      createFakeClock({ startMs: NOW }),
    )
    for (const n of [0, 1]) found(pageOf(n), answerTo(n))
    expect(await take(pageOf(2), 0, forEver)).toBeUndefined()
  })

  it('looks for each where they cannot be fetched', async () => {
    const { readPages, asked } = readingForTest(60, Promise.reject(new Error('away')))
    expect(await readPages(0, 10)).toBe(10)
    expect(asked.length).toBeLessThanOrEqual(5)
  })
})
