import { expect, test } from 'vitest'
import { createRowTexts } from '../../../src/store/table/row-texts.ts'

test('a text is kept for its row and kind until the rows change', () => {
  let version = 1
  const texts = createRowTexts(() => version)
  const [kind, other, row] = [{}, {}, {}]
  expect(texts.get(kind, row)).toBeUndefined()
  expect(texts.keep(kind, row, 'a')).toBe('a')
  texts.keep(other, row, 'b')
  expect([texts.get(kind, row), texts.get(other, row), texts.get(kind, {})]).toEqual([
    'a',
    'b',
    undefined,
  ])
  version = 2
  expect([texts.get(kind, row), texts.get(other, row)]).toEqual([undefined, undefined])
})

test('texts take no more than a few megabytes', () => {
  const texts = createRowTexts(() => 0)
  const kind = {}
  const rows = Array.from({ length: 100 }, () => ({}))
  for (const row of rows) texts.keep(kind, row, 'x'.repeat(100_000))
  const kept = rows.filter(row => texts.get(kind, row) !== undefined)
  expect(kept.length).toBeGreaterThan(0)
  expect(kept.length).toBeLessThan(50)
})
