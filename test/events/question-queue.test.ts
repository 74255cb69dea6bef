import { expect, it } from 'vitest'
import { createQuestionQueue } from '../../src/events/question-queue.ts'

it('lets a few of each operation through, the others in turn, and refuses what is too many', () => {
  const queue = createQuestionQueue({ underWay: 2, waiting: 2 })
  const begun: string[] = []
  const enter = (name: string, operation = 'a') => queue.enter(operation, () => begun.push(name))
  const leave = ['1', '2', '3', '4'].map(name => enter(name))
  expect(begun).toEqual(['1', '2'])
  expect(() => enter('5')).toThrow(
    expect.objectContaining({
      message: expect.stringContaining('may have 2 questions about stored events that wait'),
      code: 'RATE_LIMITED',
      fields: { limit: 'waiting questions about stored events', max: 2, retryAfterMs: 1_000 },
    }),
  )
  enter('other', 'b')
  expect(begun).toEqual(['1', '2', 'other'])
  // What has not begun is taken back, and nobody else begins for it.
  leave[2]?.()
  expect(begun).toHaveLength(3)
  enter('6')
  leave[0]?.()
  expect(begun).toEqual(['1', '2', 'other', '4'])
  leave[1]?.()
  leave[3]?.()
  expect(begun).toEqual(['1', '2', 'other', '4', '6'])
})
