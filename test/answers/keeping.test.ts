import { describe, expect, it } from 'vitest'
import { AnswersUnavailable, type NewAnswer } from '../../src/answers/contract.ts'
import type { AnswersKeeper } from '../../src/answers/keeper.ts'
import { createKeeping, MOST_TOGETHER, MOST_WAITING } from '../../src/answers/keeping.ts'
import { createFakeClock, settle } from '../support/clock.ts'
import { answerOf, questionOf } from './tasks-for-test.ts'

const numbered = (n: number, characters = 1): NewAnswer => ({
  question: questionOf(`/${n}`),
  connector: 'c',
  answer: answerOf('x'.repeat(characters)),
})
const numbersOf = (answers: readonly NewAnswer[]): number[] =>
  answers.map(({ question }) => Number(question.path.slice(1)))

/** Keeping with a thread that answers when it is told to, and what it was asked: which answers to keep, or another task. */
const keepingForTest = ({
  isFailing = false,
  flawOf = () => undefined,
}: {
  isFailing?: boolean
  flawOf?: (numbers: readonly number[]) => Error | undefined
} = {}) => {
  const asked: (number[] | string)[] = []
  const told: string[] = []
  const { promise: answered, resolve } = Promise.withResolvers<undefined>()
  const ask = async (task: string, ...args: readonly unknown[]): Promise<unknown> => {
    const numbers = task === 'keep' ? numbersOf(args[0] as readonly NewAnswer[]) : undefined
    asked.push(numbers ?? task)
    await answered
    const flaw = flawOf(numbers ?? [])
    if (flaw !== undefined) throw flaw
    return undefined
  }
  const clock = createFakeClock()
  const keeping = createKeeping(
    { ask: ask as AnswersKeeper['ask'], isFailing: () => isFailing },
    clock,
    { kept: () => told.push('kept'), failed: () => told.push('failed') },
  )
  const answer = (): void => {
    resolve(undefined)
  }
  const gather = (...all: readonly NewAnswer[]): void => {
    for (const each of all) keeping.put(each, false)
  }
  return { asked, told, answer, keeping, gather, clock }
}

describe('answers that nobody waits for', () => {
  const many = Array.from({ length: MOST_TOGETHER }, (_, n) => numbered(n))

  it('go together a tenth of a second after the first of them', async () => {
    const { asked, gather, clock } = keepingForTest()
    gather(numbered(1))
    await clock.advance(60)
    gather(numbered(2))
    await clock.advance(39)
    expect(asked).toEqual([])
    await clock.advance(1)
    expect(asked).toEqual([[1, 2]])
    gather(numbered(3))
    await clock.advance(99)
    expect(asked).toHaveLength(1)
    await clock.advance(1)
    expect(asked).toEqual([[1, 2], [3]])
    expect(clock.waiting()).toBe(0)
  })

  it('go as soon as they are as many as go together', async () => {
    const { asked, gather, clock } = keepingForTest()
    gather(...many.slice(1))
    expect(asked).toEqual([])
    gather(numbered(0))
    expect(asked).toEqual([numbersOf([...many.slice(1), numbered(0)])])
    await clock.advance(1_000)
    expect(asked).toHaveLength(1)
  })

  it('go as soon as their bodies are enough', () => {
    const { asked, gather } = keepingForTest()
    gather(numbered(1, 300_000), numbered(2, 224_287))
    expect(asked).toEqual([])
    gather(numbered(3))
    expect(asked).toEqual([[1, 2, 3]])
    gather(numbered(4, 524_288))
    expect(asked).toEqual([[1, 2, 3], [4]])
  })

  it('go before what is asked next, of which there is nothing where none are', () => {
    const { asked, gather, keeping } = keepingForTest()
    gather(numbered(1))
    keeping.flush()
    keeping.flush()
    expect(asked).toEqual([[1]])
  })

  it('do not hold up one that somebody may wait for', () => {
    const { asked, gather, keeping } = keepingForTest()
    gather(numbered(1))
    keeping.put(numbered(2), true)
    expect(asked).toEqual([[2]])
    gather(numbered(3))
    keeping.flush()
    expect(asked).toEqual([[2], [1, 3]])
  })

  it('are kept each by itself where one of them cannot be', async () => {
    const { asked, told, gather, answer, keeping } = keepingForTest({
      flawOf: numbers => (numbers.includes(2) ? new Error('A bug') : undefined),
    })
    gather(numbered(1), numbered(2), numbered(3))
    answer()
    await keeping.drain()
    expect(asked).toEqual([[1, 2, 3], [1], [2], [3], 'answered'])
    expect(told.toSorted()).toEqual(['failed', 'kept', 'kept'])
  })

  it('are not tried again where none can be kept now; their questions are free', async () => {
    const { asked, told, gather, answer, keeping } = keepingForTest({
      flawOf: numbers => (numbers.length > 0 ? new AnswersUnavailable('Full') : undefined),
    })
    gather(numbered(1), numbered(2))
    answer()
    await keeping.drain()
    expect(asked).toEqual([[1, 2], 'answered', 'answered'])
    expect(told).toEqual(['failed'])
  })
})

it('answers wait to be kept up to a bound; beyond it their question is free at once', async () => {
  const { asked, told, answer, keeping } = keepingForTest()
  const put = (n: number, characters: number): void => {
    keeping.put(numbered(n, characters), true)
  }
  put(1, MOST_WAITING - 1)
  put(2, 1)
  expect(asked).toEqual([[1], [2]])
  put(3, 1)
  expect(asked).toEqual([[1], [2], 'answered'])
  answer()
  await settle()
  expect(told).toEqual(['kept', 'kept'])
  put(4, 1)
  expect(asked.at(-1)).toEqual([4])
})

it('what is gathered counts among what waits', async () => {
  const { asked, answer, keeping, gather } = keepingForTest()
  keeping.put(numbered(1, MOST_WAITING - 2), true)
  gather(numbered(2), numbered(3), numbered(4))
  expect(asked).toEqual([[1], 'answered'])
  answer()
  await keeping.drain()
  expect(asked.at(-1)).toEqual([2, 3])
  gather(numbered(5, MOST_WAITING))
  expect(asked.at(-1)).toEqual([5])
})

it('nothing is kept while the thread fails', () => {
  const { asked, gather } = keepingForTest({ isFailing: true })
  gather(numbered(1))
  expect(asked).toEqual(['answered'])
})

it('in the end what is gathered or on its way is waited for, but not for ever', async () => {
  const { answer, asked, keeping, gather, clock } = keepingForTest()
  await keeping.drain()
  gather(numbered(1))
  let drained = 0
  const count = (): void => {
    drained += 1
  }
  void keeping.drain().then(count)
  expect(asked).toEqual([[1]])
  await clock.advance(4_999)
  expect(drained).toBe(0)
  await clock.advance(1)
  expect(drained).toBe(1)
  void keeping.drain().then(count)
  answer()
  await settle()
  expect(drained).toBe(2)
})
