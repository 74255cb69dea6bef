import { describe, expect, test } from 'vitest'
import { askAgainAfter, wait } from '../../../../src/http/pages/asking/again.ts'

const failed = (...times: unknown[]) => ({
  errors: times.map(retryAfterMs => ({ extensions: { retryAfterMs } })),
})

test.each<[promise: string, answer: object, header: string | null, ms: number | undefined]>([
  ['an answer without errors is not asked for again', { data: {} }, '3', undefined],
  ['an error that says nothing of it ends it', failed(undefined), null, undefined],
  ['an error tells when', failed(1_500), null, 1_500],
  ['of several errors the last moment counts', failed(1_500, undefined, 4_000), '1', 4_000],
  ['the header tells where no error does', failed(undefined), '3', 3_000],
  ['a header that is a date is left alone', failed(undefined), 'Mon, 30 Nov 2026', undefined],
  ['what may be asked at once still waits a moment', failed(0), null, 250],
  ['nobody waits for an hour', failed(3_600_000), null, undefined],
  ['what is no number is none', failed('1500'), null, undefined],
])('%s', (_, answer, header, ms) => {
  expect(askAgainAfter(answer, header)).toBe(ms)
})

describe('waiting', () => {
  test('ends after its time', async () => {
    await expect(wait(1, new AbortController().signal)).resolves.toBeUndefined()
  })

  test('ends at once with a failure where nobody waits any longer, before and meanwhile', async () => {
    const leaving = new AbortController()
    const waited = wait(600_000, leaving.signal)
    leaving.abort(new Error('left'))
    await expect(waited).rejects.toThrow('left')
    await expect(wait(600_000, leaving.signal)).rejects.toThrow('left')
  })
})
