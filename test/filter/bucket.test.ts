import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bucketAfter, bucketOf, bucketText } from '../../src/filter/bucket.ts'
import { buckets, type TimeBucket } from '../../src/model/dimensions.ts'

const textOf = (bucket: TimeBucket, iso: string): string | null => {
  const start = bucketOf(bucket, Date.parse(iso) / 1_000)
  return start === null ? null : bucketText(bucket, start)
}

describe('a time bucket', () => {
  it.each<readonly [TimeBucket, string, string]>([
    ['HOUR', '2024-05-01T13:59:59.999Z', '2024-05-01T13:00:00Z'],
    ['HOUR', '2024-05-01T13:30:00+05:30', '2024-05-01T08:00:00Z'],
    ['DAY', '2024-05-01T00:00:00Z', '2024-05-01'],
    ['DAY', '2024-05-01T23:59:59Z', '2024-05-01'],
    ['DAY', '2024-05-01T23:59:59-02:00', '2024-05-02'],
    ['DAY', '1969-12-31T23:59:59Z', '1969-12-31'],
    ['WEEK', '2024-05-01T12:00:00Z', '2024-W18'],
    ['WEEK', '2024-12-29T23:59:59Z', '2024-W52'],
    ['WEEK', '2024-12-30T00:00:00Z', '2025-W01'],
    ['WEEK', '2027-01-03T00:00:00Z', '2026-W53'],
    ['WEEK', '2027-01-04T00:00:00Z', '2027-W01'],
    ['WEEK', '1969-12-29T00:00:00Z', '1970-W01'],
    ['MONTH', '2024-02-29T12:00:00Z', '2024-02'],
    ['MONTH', '1969-12-31T23:59:59Z', '1969-12'],
    ['MONTH', '0001-01-01T00:00:00Z', '0001-01'],
    ['MONTH', '9999-12-31T23:59:59Z', '9999-12'],
    ['WEEK', '9999-12-31T23:59:59Z', '9999-W52'],
  ])('%s of %s is %s', (bucket, iso, expected) => {
    expect(textOf(bucket, iso)).toBe(expected)
  })

  it.each(buckets)('holds its moment, and the next one begins where it ends: %s', bucket => {
    const seconds = fc.integer({ min: -62_135_596_800, max: 253_402_300_799 })
    fc.assert(
      fc.property(seconds, moment => {
        const start = bucketOf(bucket, moment) ?? Number.NaN
        const next = bucketAfter(bucket, start)
        expect(start <= moment && moment < next).toBe(true)
        expect(bucketOf(bucket, start)).toBe(start)
        expect(bucketOf(bucket, next - 1)).toBe(start)
        expect(bucketOf(bucket, next)).toBe(next)
      }),
    )
  })

  it('is none for a moment beyond every calendar', () => {
    expect(bucketOf('DAY', 1e300)).toBeNull()
    expect(bucketOf('MONTH', -1e300)).toBeNull()
    expect(bucketOf('DAY', Number.NaN)).toBeNull()
  })
})
