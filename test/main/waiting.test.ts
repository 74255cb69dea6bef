import { Writable } from 'node:stream'
import { describe, expect, test } from 'vitest'
import { showWaiting } from '../../src/main/waiting.ts'
import { createFakeClock } from '../support/clock.ts'

const waitingForTest = async (isWatched: boolean, ms: readonly number[]): Promise<string> => {
  let text = ''
  const errors = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      text += chunk.toString()
      done()
    },
  })
  const clock = createFakeClock()
  const terminal = { errors, isWatched, columns: () => 12 }
  const endWaiting = showWaiting(terminal, clock, seconds => `${seconds} s have passed`)
  for (const passed of ms) await clock.advance(passed)
  endWaiting()
  await clock.advance(60_000)
  return text
}

describe('what takes longer than a second', () => {
  test('is told of, and nothing shorter', async () => {
    expect(await waitingForTest(true, [999])).toBe('')
    expect(await waitingForTest(false, [999])).toBe('')
  })

  test('has a line each ten seconds', async () => {
    expect(await waitingForTest(false, [1_000, 9_999])).toBe('1 s have passed\n')
    expect(await waitingForTest(false, [1_000, 10_000])).toBe('1 s have passed\n11 s have passed\n')
  })

  test('has one line of a terminal, as wide as that, which is taken back', async () => {
    const [back] = ['\r\u001b[K']
    expect(await waitingForTest(true, [1_000, 1_000])).toBe(
      `${back}1 s have pa${back}2 s have pa${back}`,
    )
  })
})
