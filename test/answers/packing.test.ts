import { describe, expect, it } from 'vitest'
import { packAnswer, toKeptAnswer, unpackAnswer } from '../../src/answers/packing.ts'
import { noise } from './noise.ts'
import { answerOf, questionOf } from './tasks-for-test.ts'

describe('an answer that was unpacked', () => {
  it.each([0, 1, 3_000, 60_000, 66_000, 131_072, 200_000, 900_000])(
    'is the same, and takes no more than twice its memory: a body of %i bytes',
    bytes => {
      const [question, answer] = [questionOf('/accounts'), answerOf(noise(bytes))]
      const unpacked = unpackAnswer(packAnswer({ question, answer }))
      expect(toKeptAnswer(unpacked)).toEqual(answer)
      expect(unpacked.question).toEqual(question)
      expect(unpacked.body.buffer.byteLength).toBeLessThanOrEqual(2 * bytes)
    },
  )
})
