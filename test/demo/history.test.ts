import { expect, test } from 'vitest'
import { collectionNames } from '../../src/model/collections.ts'
import type { PushData } from '../../src/demo/stand-in.ts'
import { createFakeClock } from '../support/clock.ts'
import { standInForTest } from '../support/stand-in.ts'

const byId = (data: PushData) =>
  collectionNames.map(name => data[name].toSorted((a, b) => (a.id < b.id ? -1 : 1)))

test('what the data was at a moment is known afterwards, whoever changed it', async () => {
  const clock = createFakeClock()
  const standIn = await standInForTest({ clock, scale: 0.01 })
  const seen: { readonly at: number; readonly data: unknown }[] = []
  const look = () => seen.push({ at: clock.now(), data: byId(structuredClone(standIn.data)) })
  look()
  for (let round = 0; round < 40; round++) {
    await clock.advance(1_000)
    standIn.step()
    const [first] = standIn.data.accounts
    const [finding] = standIn.data.findings
    if (first === undefined || finding === undefined) throw new Error('nothing is left')
    if (round % 7 === 3) standIn.update('accounts', first.id, { email: `${round}@example.com` })
    if (round % 11 === 5) standIn.remove('findings', finding.id)
    if (round % 13 === 6) standIn.insert('findings', { ...finding, id: `new ${round}` }, 0)
    if (round % 17 === 8) standIn.reorder('accounts', round)
    look()
  }
  for (const { at, data } of seen) {
    expect(byId(standIn.dataAt(at))).toEqual(data)
    // A change counts from its moment on.
    expect(byId(standIn.dataAt(at + 999))).toEqual(data)
  }
  expect(byId(standIn.dataAt(clock.now() + 1))).toEqual(byId(standIn.data))
})

test('the newest changes are kept, and what was before them is said to be unknown', async () => {
  const clock = createFakeClock()
  const standIn = await standInForTest({ clock, scale: 0.01 })
  const [app] = standIn.data.apps
  if (app === undefined) throw new Error('no app')
  const begun = clock.now()
  const change = (notes: string) => standIn.update('apps', app.id, { notes })
  change('the first')
  await clock.advance(1)
  for (let nth = 1; nth < 25_000; nth++) change(String(nth))
  expect(standIn.dataAt(begun).apps.find(({ id }) => id === app.id)?.notes).toBe('the first')
  change('one too many')
  expect(standIn.changes.length).toBe(20_001)
  expect(() => standIn.dataAt(begun)).toThrow('kept no more')
  expect(standIn.dataAt(begun + 1).apps.find(({ id }) => id === app.id)?.notes).toBe('one too many')
})
