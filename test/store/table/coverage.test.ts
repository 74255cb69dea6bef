import { describe, expect, test } from 'vitest'
import { createCoverage } from '../../../src/store/table/coverage.ts'

describe('what is known of a part', () => {
  test('is known of that field and value alone', () => {
    const coverage = createCoverage()
    coverage.cover('employeeId', 'x', 100, [{ path: 'id', reason: 'is missing' }])
    coverage.cover('appId', 'y', 200)
    expect(coverage.slice('employeeId', 'x')).toBe(100)
    expect(coverage.sliceGaps('employeeId', 'x')).toHaveLength(1)
    for (const [field, value] of [
      ['appId', 'x'],
      ['employeeId', 'y'],
      ['employeeId', ''],
    ] as const) {
      expect(coverage.slice(field, value)).toBeUndefined()
      expect(coverage.sliceGaps(field, value)).toEqual([])
    }
  })

  test('is known of later moments too, of one field, as of the newest reading', () => {
    const coverage = createCoverage()
    coverage.coverAfter('createdAt', 1_000, 100)
    expect([999, 1_000, 1_001].map(from => coverage.after('createdAt', from))).toEqual([
      undefined,
      100,
      100,
    ])
    expect(coverage.after('lastUsedAt', 1_001)).toBeUndefined()
    coverage.coverAfter('createdAt', 2_000, 200)
    expect(coverage.after('createdAt', 1_500)).toBeUndefined()
  })

  test('is forgotten where it was read up to a moment, and that one too', () => {
    const coverage = createCoverage()
    for (const asOf of [99, 100, 101]) coverage.cover('appId', String(asOf), asOf)
    coverage.forgetSlices(100)
    expect(['99', '100', '101'].map(value => coverage.slice('appId', value))).toEqual([
      undefined,
      undefined,
      101,
    ])
  })
})

test('where the clock was set back, nothing seems to have been read later than now', () => {
  const coverage = createCoverage()
  coverage.cover('appId', 'early', 100)
  coverage.cover('appId', 'late', 900, [{ path: 'id', reason: 'is missing' }])
  coverage.coverAfter('createdAt', 1_000, 900)
  coverage.missing('gone', 900)
  coverage.notAfter(500)
  expect([
    coverage.slice('appId', 'early'),
    coverage.slice('appId', 'late'),
    coverage.after('createdAt', 1_000),
    coverage.absent('gone'),
  ]).toEqual([100, 500, 500, 500])
  expect(coverage.sliceGaps('appId', 'late')).toHaveLength(1)
})

test('an object that is there after all is not known to be missing', () => {
  const coverage = createCoverage()
  coverage.missing('a', 100)
  coverage.missing('b', 100)
  coverage.present('a')
  expect([coverage.absent('a'), coverage.absent('b')]).toEqual([undefined, 100])
})
