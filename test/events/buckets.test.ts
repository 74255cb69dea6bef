/** Buckets of time as the event file computes them: the same as those of rows in memory, which stand beside the calendar. */
import { DatabaseSync } from 'node:sqlite'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { dimensionSql } from '../../src/events/buckets.ts'
import { bucketOf } from '../../src/filter/bucket.ts'
import { buckets, dimensions } from '../../src/model/dimensions.ts'

test.each(buckets)('%s', bucket => {
  const dimension = dimensions.events.get(`OCCURRED_${bucket}`)
  if (dimension === undefined) throw new Error('events have no such dimension')
  const statement = new DatabaseSync(':memory:').prepare(
    `SELECT ${dimensionSql(dimension)} AS start FROM (SELECT ? AS occurred_at)`,
  )
  // Years 1 to 9999, with milliseconds.
  const moment = fc
    .integer({ min: -62_135_596_800_000, max: 253_402_300_799_999 })
    .map(ms => ms / 1_000)
  fc.assert(
    fc.property(moment, at => {
      expect(statement.get(at)).toEqual({ start: bucketOf(bucket, at) })
    }),
  )
})
