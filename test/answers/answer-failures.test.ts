import { describe, expect, it } from 'vitest'
import { createAnswerFailures } from '../../src/answers/answer-failures.ts'
import { AnswersAway, AnswersUnavailable } from '../../src/answers/contract.ts'
import { createFakeClock } from '../support/clock.ts'

const failuresForTest = () => {
  const clock = createFakeClock()
  const told: [string, boolean][] = []
  const failures = createAnswerFailures({
    clock,
    onProblem: (message, error) => told.push([message, error !== undefined]),
  })
  return { clock, told, failures }
}

describe('what goes wrong with kept answers', () => {
  it('is told once while answers cannot be kept, and when they can be again', () => {
    const { told, failures } = failuresForTest()
    for (let n = 0; n < 3; n += 1) {
      failures.failed(new AnswersUnavailable('database or disk is full'))
      // Answers are found all the same.
      failures.answered()
    }
    expect(told).toEqual([[expect.stringContaining('cannot be kept now'), true]])
    expect(failures.unwritten()).toContain('database or disk is full')
    failures.kept()
    failures.kept()
    expect(told.slice(1)).toEqual([['Answers of Push are kept again', false]])
    expect(failures.unwritten()).toBeUndefined()
  })

  it('is told once while the thread is not there, by whom ever that is met', () => {
    const { told, failures } = failuresForTest()
    failures.failed(new AnswersAway('It is of a newer version'))
    failures.died(new Error('It has ended'))
    expect(told).toEqual([[expect.stringContaining('Push is asked again'), true]])
    expect(failures.ended()).toContain('It has ended')
    failures.answered()
    expect(told.slice(1)).toEqual([['Kept answers can be used again', false]])
    expect(failures.ended()).toBeUndefined()
  })

  it('is told of damage of one kind once an hour', async () => {
    const { clock, told, failures } = failuresForTest()
    const note = (): void => {
      failures.note('damaged row')
      failures.note('damaged row')
    }
    note()
    await clock.advance(3_599_999)
    note()
    expect(told).toEqual([[expect.stringContaining('A kept answer was damaged'), true]])
    await clock.advance(1)
    note()
    failures.note('lost')
    expect(told).toHaveLength(3)
  })
})
