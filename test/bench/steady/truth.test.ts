import { expect, test } from 'vitest'
import { countIn, countNames, createTruth } from '../../../bench/steady/truth.ts'
import { createFakeClock } from '../../support/clock.ts'
import { standInForTest } from '../../support/stand-in.ts'

test('the counts at each moment are those of the data then', async () => {
  const clock = createFakeClock()
  const standIn = await standInForTest({ clock, scale: 0.02 })
  const begun = clock.now()
  const truth = createTruth(standIn.data, begun)
  for (let step = 0; step < 300; step++) {
    await clock.advance(1_000)
    standIn.step()
  }
  truth.learn(standIn.changes.slice(0, 100))
  truth.learn(standIn.changes)
  for (let at = begun; at <= clock.now(); at += 17_000)
    for (const name of countNames)
      expect(truth.wrongFor(name, countIn(standIn.dataAt(at), name), at, at)).toBe(0)
})

test('a count is wrong for as long as it was not right any more', async () => {
  const clock = createFakeClock()
  const standIn = await standInForTest({ clock, scale: 0.02 })
  const begun = clock.now()
  const truth = createTruth(standIn.data, begun)
  const before = countIn(standIn.data, 'findings')
  const open = standIn.data.findings.filter(({ state }) => state === 'OPEN')
  const resolve = (nth: number) =>
    standIn.update('findings', open[nth]?.id ?? '', { state: 'RESOLVED' })
  await clock.advance(1_000)
  resolve(0)
  await clock.advance(1_000)
  resolve(1)
  truth.learn(standIn.changes)
  const now = begun + 5_000
  const wrongFor = (value: number, asked: number) => truth.wrongFor('findings', value, asked, now)
  expect(wrongFor(before - 2, now)).toBe(0)
  expect(wrongFor(before - 1, now)).toBe(3_000)
  expect(wrongFor(before, now)).toBe(4_000)
  // It changed while it was asked for: either is right.
  expect(wrongFor(before - 1, begun + 2_000)).toBe(0)
  expect(wrongFor(before - 1, begun + 2_001)).toBe(3_000)
  expect(wrongFor(-1, now)).toBe(5_000)
})
