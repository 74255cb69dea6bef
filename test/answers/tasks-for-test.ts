/** The tasks of the thread without the thread: each answers at once, and time is an argument. */
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import type { KeptAnswer, PushQuestion } from '../../src/answers/contract.ts'
import { type AnswersThreadOptions, openAnswersTasks } from '../../src/answers/tasks.ts'
import type { Spared } from '../../src/answers/tidying.ts'
import { directoryForTest } from '../support/directory.ts'

/** When the tests play, in ms. */
export const NOW = Date.UTC(2026, 0, 1)

let holders = 0

/** One more process on the file at `path`, a new one where none is named. */
export const tasksForTest = (options: Partial<AnswersThreadOptions> = {}) => {
  const path = options.path ?? join(directoryForTest(), 'data', 'answers.db')
  const holder = `process ${(holders += 1)}`
  const opened = openAnswersTasks({ maxBytes: Infinity, dataKeys: [], holder, ...options, path })
  let isClosed = false
  const close = (): void => {
    if (isClosed) return
    isClosed = true
    opened.close()
  }
  onTestFinished(close)
  const { tasks } = opened
  const put = (
    question: PushQuestion,
    connector: string,
    answer: KeptAnswer,
    now: number,
  ): void => {
    tasks.keep([{ question, connector, answer }], now)
  }
  return { ...opened, tasks: { ...tasks, put }, path, close }
}

export type TasksForTest = ReturnType<typeof tasksForTest>

export const questionOf = (path: string, tenant = 'tenant'): PushQuestion => ({ tenant, path })

export const answerOf = (body: string, askedAt = NOW): KeptAnswer => ({
  body,
  askedAt,
  dateSeconds: Math.floor(askedAt / 1_000),
})

/** So that nothing is kept beyond its time but what is of these connectors, and those answers. */
export const sparing = (
  connectors: Spared['connectors'] = [],
  answers: Spared['answers'] = [],
): Spared => ({ connectors, answers })
