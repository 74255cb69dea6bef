import { expect, it } from 'vitest'
import type { AnswersKeeper } from '../../src/answers/keeper.ts'
import { createKeeping, MOST_WAITING } from '../../src/answers/keeping.ts'
import { createFakeClock, settle } from '../support/clock.ts'
import { answerOf, questionOf } from './tasks-for-test.ts'

/** Keeping with a thread that answers when it is told to. */
const keepingForTest = (isFailing = false) => {
  const asked: string[] = []
  const told: string[] = []
  let answer = (): void => undefined
  const answered = new Promise<undefined>(resolve => {
    answer = () => {
      resolve(undefined)
    }
  })
  const ask = (task: string): Promise<unknown> => {
    asked.push(task)
    return answered
  }
  const clock = createFakeClock()
  const keeping = createKeeping(
    { ask: ask as AnswersKeeper['ask'], isFailing: () => isFailing },
    clock,
    { kept: () => told.push('kept'), failed: () => told.push('failed') },
  )
  const put = (characters: number): void => {
    keeping.put(questionOf('/a'), { connector: 'c' }, answerOf('x'.repeat(characters)))
  }
  return { asked, told, answer, keeping, put, clock }
}

it('answers wait to be kept up to a bound; beyond it their question is free at once', async () => {
  const { asked, told, answer, put } = keepingForTest()
  put(MOST_WAITING - 1)
  put(1)
  expect(asked).toEqual(['put', 'put'])
  put(1)
  expect(asked).toEqual(['put', 'put', 'answered'])
  answer()
  await settle()
  expect(told).toEqual(['kept', 'kept'])
  put(1)
  expect(asked.at(-1)).toBe('put')
})

it('nothing is kept while the thread fails', () => {
  const { asked, put } = keepingForTest(true)
  put(1)
  expect(asked).toEqual(['answered'])
})

it('in the end what is on its way is waited for, but not for ever', async () => {
  const { answer, keeping, put, clock } = keepingForTest()
  await keeping.drain()
  put(1)
  let drained = 0
  const count = (): void => {
    drained += 1
  }
  void keeping.drain().then(count)
  await clock.advance(4_999)
  expect(drained).toBe(0)
  await clock.advance(1)
  expect(drained).toBe(1)
  void keeping.drain().then(count)
  answer()
  await settle()
  expect(drained).toBe(2)
})
