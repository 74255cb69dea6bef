import { describe, expect, test } from 'vitest'
import {
  sayFailure,
  sayIncomplete,
  sayLeftOut,
  sayProgress,
  sayRefusal,
} from '../../../../src/http/pages/overview/sayings.ts'

describe('a refusal says what to do', () => {
  test.each([
    ['UNAUTHENTICATED', '', 'Give your token'],
    ['FORBIDDEN', 'This needs the scope `events`', 'lacks the scope “events”'],
    ['FORBIDDEN', 'This needs the scope `pii`', 'lacks the scope “pii”'],
    ['RATE_LIMITED', 'wait', 'asked again in 3 s'],
    ['BUDGET_EXCEEDED', 'too much', 'more than one question may take'],
    ['UPSTREAM_UNAVAILABLE', '', 'Push does not answer'],
    ['QUERY_NOT_IN_SAFELIST', '', 'Reload the page'],
    ['BAD_USER_INPUT', 'No such day', 'No such day'],
  ])('%s', (code, message, said) => {
    expect(sayRefusal({ message, extensions: { code, retryAfterMs: 2_100 } })).toContain(said)
  })

  test('where nothing comes back at all, too', () => {
    expect(sayFailure({ networkError: new TypeError('x'), graphQLErrors: [] })).toContain(
      'cannot be reached',
    )
  })
})

test('what is not whole says why, each reason once', () => {
  const warnings = [{ message: 'A list ended.' }, { message: 'A list ended.' }]
  expect(sayIncomplete({ complete: false, warnings })).toBe('Not whole: A list ended.')
  expect(sayIncomplete({ complete: false })).toContain('could not be read')
  expect(sayIncomplete({ complete: true, warnings })).toBeUndefined()
})

test('what its caller may not see is said to be left out', () => {
  const left = {
    code: 'FORBIDDEN',
    message: 'The stored events are left out, which need the scope "events"',
  }
  expect(sayLeftOut({ complete: true, warnings: [left, left] })).toMatch(
    /^Left out: Your token lacks the scope “events”/,
  )
  expect(
    sayLeftOut({ complete: true, warnings: [{ code: 'STALE', message: 'old' }] }),
  ).toBeUndefined()
})

describe('how far an answer is', () => {
  const plan = { expectedRequests: 40, expectedMs: 4_000, rowsRead: 0, connectors: [] }

  test.each([
    ['not known yet', undefined, 'Asking, 2 s so far', undefined],
    ['nothing to read', { ...plan, requests: 0, expectedRequests: 0 }, 'Counting', undefined],
    ['in the queue', { ...plan, requests: 0 }, 'Waiting for its turn at Push: 40 requests', 0],
    ['a quarter', { ...plan, requests: 10 }, '10 of 40 requests, about 6 s left', 0.25],
    ['more than planned', { ...plan, requests: 50 }, '50 of 50 requests, about 0 s left', 1],
  ])('%s', (_, progress, said, share) => {
    const { text, share: shown } = sayProgress(progress, 2_000)
    expect(text).toContain(said)
    expect(shown).toBe(share)
  })

  test('a connector that fails is named with its reason', () => {
    const connectors = [{ reason: 'Push refuses the key', estimatedWaitMs: 0 }]
    expect(sayProgress({ ...plan, requests: 3, connectors }, 1_000).text).toContain(
      'Push refuses the key',
    )
  })
})
