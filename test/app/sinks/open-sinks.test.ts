import { expect, test } from 'vitest'
import { sinkNotices, sinksSeenBy } from '../../../src/app/sinks/open-sinks.ts'
import type { SinkStanding } from '../../../src/sinks/standing.ts'

const standing = (given: Partial<SinkStanding>): SinkStanding => ({
  ...{ name: 'siem', kind: 'http', connectors: undefined, state: 'OK', lagSeconds: 0 },
  ...{ totals: undefined, places: [], lastFailure: undefined },
  counts: { sent: 0, quarantined: 0, unkept: 0, failures: 0 },
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
  expect(sinkNotices(all)).toEqual([
    'Sink slow is 5 minutes behind',
    `Sink dead is 60 minutes behind: ${message}`,
  ])
})

test.each<[string, readonly string[] | undefined, readonly (readonly unknown[])[]]>([
  [
    'all connectors',
    undefined,
    [
      ['all', 5, 'no'],
      ['acme', 5, 'no'],
      ['both', 5, 'no'],
      ['globex', 5, 'no'],
    ],
  ],
  [
    'one',
    ['acme'],
    [
      ['all', undefined, undefined],
      ['acme', 5, 'no'],
      ['both', undefined, undefined],
    ],
  ],
  ['none', [], []],
])('who sees %s is told of its sinks, and what they tell of others is not', (_, seen, told) => {
  const of = (name: string, connectors?: readonly string[]) =>
    standing({
      ...{ name, connectors, totals: { sent: 5, quarantined: 0, lost: 0 } },
      lastFailure: { message: 'no', at: 0 },
    })
  const all = [
    of('all'),
    of('acme', ['acme']),
    of('both', ['acme', 'globex']),
    of('globex', ['globex']),
  ]
  const rights = { connectors: seen && new Set(seen) }
  expect(
    sinksSeenBy(rights, all).map(({ name, totals, lastFailure }) => [
      name,
      totals?.sent,
      lastFailure?.message,
    ]),
  ).toEqual(told)
})
