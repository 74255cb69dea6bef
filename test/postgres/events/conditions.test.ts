import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Filter } from '../../../src/filter/filter.ts'
import { cased, folded } from '../../../src/filter/letters.ts'
import { textInTest, textTest } from '../../../src/filter/text-tests.ts'
import { delivery, eventOf } from '../../support/deliveries.ts'
import { madeUpPatterns, madeUpTexts } from '../../support/random-filters.ts'
import { openSharedEvents, type SharedEvents } from '../../support/shared-events.ts'

const asked = [...madeUpTexts, ...madeUpPatterns, 'n\u0303', 'É', 'STRASSE%']

let shared: SharedEvents
beforeAll(async () => {
  shared = await openSharedEvents()
  for (const [index, description] of madeUpTexts.entries())
    await shared.events.append(eventOf(delivery({ id: String(index) }), { description }))
})
afterAll(() => shared.close())

const found = async (filter: Filter): Promise<unknown[]> => {
  const rows = await shared.events.page({
    list: 'events',
    parts: [{ connectors: ['default'], filter }],
    ordering: 'arrival',
    from: undefined,
    until: undefined,
    backward: false,
    limit: 1_000,
  })
  return rows.map(({ row }) => (row as { description: unknown }).description)
}

/** Every pair of texts, by every comparison: each is the same to the database as to the test of rows in memory. */
describe.each([false, true])('a text, where case counts: %s', caseSensitive => {
  const letters = caseSensitive ? cased : folded
  const field = 'description'

  test.each(['eq', 'contains', 'startsWith', 'endsWith', 'like'] as const)('by %s', async op => {
    for (const value of asked) {
      const passes = textTest(op, value, letters)
      const rows = await found({ kind: 'text', field, op, value, caseSensitive })
      expect({ value, rows }).toEqual({ value, rows: madeUpTexts.filter(passes) })
    }
  })

  test('by being one of some', async () => {
    for (const value of asked) {
      const values = [value, 'anna', 'nobody']
      const rows = await found({ kind: 'textIn', field, values, caseSensitive })
      expect({ value, rows }).toEqual({
        value,
        rows: madeUpTexts.filter(textInTest(values, letters)),
      })
    }
  })
})
