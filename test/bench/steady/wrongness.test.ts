import { expect, test } from 'vitest'
import { broken, mayBeWrongFor, type WrongCount } from '../../../bench/steady/wrongness.ts'
import type { PastChange } from '../../../src/demo/stand-in.ts'

const terms = { probeMs: 60_000, reconcileMs: 240_000, slackMs: 10_000 }

const created = (collection: PastChange['collection'], at: number): PastChange =>
  ({ collection, old: null, new: { id: '1' }, at }) as unknown as PastChange

const gone = (collection: PastChange['collection'], at: number): PastChange =>
  ({ collection, old: { id: '1' }, new: null, at }) as unknown as PastChange

const findings = (at: number, wrongMs: number): WrongCount => ({
  collection: 'findings',
  at,
  wrongMs,
})

test.each([
  ['two probes where they see what was created', [created('findings', 1_000)], 130_000],
  ['until all is read where something has gone', [gone('findings', 1_000)], 250_000],
  [
    'until all is read where one of two is not seen',
    [created('findings', 1_000), gone('findings', 2_000)],
    250_000,
  ],
  ['until all is read where nobody knows why', [created('apps', 1_000)], 250_000],
  [
    'two probes where what is not seen was before',
    [created('findings', 1_000), gone('findings', -50_000)],
    130_000,
  ],
  [
    'two probes where what is not seen came later',
    [created('findings', 1_000), gone('findings', 61_000)],
    130_000,
  ],
])('a count may be wrong for %s', (_what, untold, most) => {
  expect(mayBeWrongFor(findings(60_000, 59_000), untold, terms)).toBe(most)
})

test('a creation is not always seen of what can be asked for by its use alone', () => {
  const wrong = { collection: 'accounts', at: 60_000, wrongMs: 59_000 } as const
  expect(mayBeWrongFor(wrong, [created('accounts', 1_000)], terms)).toBe(250_000)
})

test('what is wrong for longer is told, once for each count that was served', () => {
  const untold = [created('findings', 0)]
  const wrong = [findings(100_000, 100_000), findings(130_001, 130_001), findings(140_000, 140_000)]
  expect(broken(wrong, untold, new Map([['findings', 1]]), terms)).toEqual([
    'findings wrong for 130 s, at most 130',
    'findings wrong for 140 s, at most 130',
  ])
})

test('drift has to be counted of what was served wrong, once it was to be found', () => {
  const untold = [created('findings', 0)]
  const early = findings(10_000, 10_000)
  const late = findings(260_001, 1)
  const sentence = 'no drift of findings is counted'
  expect(broken([early, late], untold, new Map(), terms)).toEqual([sentence])
  expect(broken([early, late], untold, new Map([['findings', 1]]), terms)).toEqual([])
  // Not due yet; and nothing was lost.
  expect(broken([early], untold, new Map(), terms)).toEqual([])
  expect(broken([early, late], [], new Map(), terms)).toEqual([])
  expect(broken([], untold, new Map(), terms)).toEqual([])
})
