import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Filter } from '../../../src/filter/filter.ts'
import { cased, folded } from '../../../src/filter/letters.ts'
import { textInTest, textTest } from '../../../src/filter/text-tests.ts'
import { conditionOf } from '../../../src/postgres/events/conditions.ts'
import { createStatementValues } from '../../../src/postgres/events/statement-values.ts'
import { delivery, eventOf } from '../../support/deliveries.ts'
import { madeUpPatterns, madeUpTexts } from '../../support/random-filters.ts'
import { openSharedEvents, type SharedEvents } from '../../support/shared-events.ts'

const asked = [...madeUpTexts, ...madeUpPatterns, 'n\u0303', 'É', 'STRASSE%']

let shared: SharedEvents
beforeAll(async () => {
  shared = await openSharedEvents()
  const told = madeUpTexts.map((description, index) =>
    eventOf(delivery({ id: String(index), timestamp: 1_700_000_000 + index }), { description }),
  )
  await Promise.all(told.map(shared.events.append))
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

describe('a moment between two seconds', () => {
  const seconds = madeUpTexts.map((_, index) => 1_700_000_000 + index)
  const passes = {
    eq: (of: number, value: number) => of === value,
    gt: (of: number, value: number) => of > value,
    gte: (of: number, value: number) => of >= value,
    lt: (of: number, value: number) => of < value,
    lte: (of: number, value: number) => of <= value,
  }
  const ops = Object.keys(passes) as (keyof typeof passes)[]
  const compare = (op: keyof typeof passes, value: number): Filter => ({
    ...{ kind: 'compare', field: 'occurredAt', op, value },
  })

  test.each(ops)('by %s', async op => {
    for (const value of [-0.5, 0, 1.25, 2.999, seconds.length].map(of => of + 1_700_000_000)) {
      const rows = await found(compare(op, value))
      const expected = madeUpTexts.filter((_, nth) => passes[op](seconds[nth] ?? NaN, value))
      expect({ value, rows }).toEqual({ value, rows: expected })
    }
  })

  test.each(ops)('is compared as whole numbers are, so that an index can answer, by %s', op => {
    const { bind } = createStatementValues()
    const parts = [{ connectors: ['default'], filter: compare(op, 1.5) }]
    expect(conditionOf('events', parts, bind).sql).not.toContain('float8')
  })
})
