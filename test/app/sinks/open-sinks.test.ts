import { expect, test } from 'vitest'
import { sinkNotices } from '../../../src/app/sinks/open-sinks.ts'
import type { SinkStanding } from '../../../src/sinks/standing.ts'

const standing = (given: Partial<SinkStanding>): SinkStanding => ({
  ...{ name: 'siem', kind: 'http', connectors: undefined, state: 'OK', lagSeconds: 0 },
  ...{ totals: undefined, places: [], lastFailure: undefined },
  counts: { sent: 0, quarantined: 0, failures: 0 },
  ...given,
})

test('only sinks that are long behind are worth a word, with why', () => {
  const message = 'siem.example.com answered 401'
  const all = [
    standing({}),
    standing({ name: 'elsewhere', state: 'ELSEWHERE', lagSeconds: undefined }),
    standing({ name: 'short', lagSeconds: 299, lastFailure: { message, at: 0 } }),
    standing({ name: 'slow', lagSeconds: 300 }),
    standing({
      name: 'dead',
      state: 'FAILING',
      lagSeconds: 3_600,
      lastFailure: { message, at: 0 },
    }),
  ]
  expect(sinkNotices({ standings: () => all })).toEqual([
    'Sink slow is 5 minutes behind',
    `Sink dead is 60 minutes behind: ${message}`,
  ])
})
