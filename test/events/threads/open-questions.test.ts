import { getEventListeners } from 'node:events'
import { setImmediate as nextPass } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { OpenQuestions } from '../../../src/events/threads/open-questions.ts'

/** Takes so many milliseconds. */
const work = (ms: number): void => {
  for (const until = performance.now() + ms; performance.now() < until;);
}

it('tells all of their end by one failure, the last first', async () => {
  const ending = new OpenQuestions()
  const operation = new AbortController()
  const told: number[] = []
  const failures = new Set<Error>()
  for (let question = 0; question < 1_000; question += 1)
    ending.with(operation.signal, failure => {
      told.push(question)
      failures.add(failure)
    })
  expect(getEventListeners(operation.signal, 'abort')).toHaveLength(1)
  operation.abort()
  while (told.length < 1_000) await nextPass()
  expect(told).toEqual(Array.from({ length: 1_000 }, (_, index) => 999 - index))
  expect(failures.size).toBe(1)
})

it('tells a few, of however many operations, before others have their turn, as long as what comes of it takes', async () => {
  const ending = new OpenQuestions()
  const operations = Array.from({ length: 10 }, () => new AbortController())
  let told = 0
  const tell = async (): Promise<void> => {
    await Promise.resolve()
    work(1)
    told += 1
  }
  for (const { signal } of operations)
    for (let question = 0; question < 3; question += 1) ending.with(signal, () => void tell())
  for (const operation of operations) operation.abort()
  const inEach: number[] = []
  for (let before = 0; before < 30; before = told) {
    await nextPass()
    inEach.push(told - before)
  }
  expect(Math.max(...inEach)).toBeLessThanOrEqual(10)
})

it('tells nobody who is over, and each of its own operation alone', () => {
  const ending = new OpenQuestions()
  const [one, other] = [new AbortController(), new AbortController()]
  const told: string[] = []
  const add = ({ signal }: AbortController, name: string) =>
    ending.with(signal, () => told.push(name))
  const over = add(one, 'over')
  add(one, 'open')
  add(other, 'of another')
  over()
  one.abort()
  expect(told).toEqual(['open'])
})
