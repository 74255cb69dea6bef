import { getEventListeners } from 'node:events'
import { setImmediate as nextPass } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { OpenQuestions } from '../../../src/events/threads/open-questions.ts'

it('tells thousands of their end by one failure, the last first, a few before others have their turn', async () => {
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
  expect(told).toEqual(Array.from({ length: 200 }, (_, index) => 999 - index))
  while (told.length < 1_000) await nextPass()
  expect(told).toEqual(Array.from({ length: 1_000 }, (_, index) => 999 - index))
  expect(failures.size).toBe(1)
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
