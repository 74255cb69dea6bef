import { BadInputError } from '../errors.ts'
import type { Work } from '../work/work.ts'
import { bucketAfter, bucketOf } from './bucket.ts'
import { bucketPlace, type Grouping } from './read-grouping.ts'

/** A value of a dimension; a time bucket is the second at which it begins. */
export type Key = string | number | boolean | null

/** A group before its keys are texts. */
export interface GroupTally {
  readonly keys: readonly Key[]
  readonly count: number
}

/** Cells that filling may make, over all combinations of the other keys. */
const MAX_FILLED = 100_000

/**
 * The tallies and, for each combination of their other keys, a 0 for every bucket of the range without a row. The
 * range is `from` to `until`, or where one is absent, to the first or last bucket that has a row.
 *
 * @throws {BadInputError} when that would be too many.
 */
export function* withEmptyBuckets(
  grouping: Grouping,
  tallies: readonly GroupTally[],
  work: Work,
): Generator<void, readonly GroupTally[]> {
  const place = bucketPlace(grouping.by)
  const series = new Map<string, { readonly keys: readonly Key[]; readonly has: Set<Key> }>()
  // Without other keys there is one series, also where no row counts.
  if (grouping.by.length === 1) series.set('[]', { keys: [null], has: new Set() })
  for (const { keys } of tallies) {
    if (!work.spend(NAME_NS)) yield
    const name = JSON.stringify(keys.toSpliced(place, 1))
    const known = series.get(name) ?? { keys, has: new Set() }
    series.set(name, known)
    known.has.add(keys[place] ?? null)
  }

  const most = Math.floor(MAX_FILLED / (series.size || 1))
  const starts = yield* bucketsOf(grouping, place, tallies, most, work)
  const filled = [...tallies]
  for (const { keys, has } of series.values())
    for (const start of starts) {
      if (!work.spend(CELL_NS)) yield
      if (!has.has(start)) filled.push({ keys: keys.with(place, start), count: 0 })
    }
  return filled
}

/** About what it takes to name the other keys of a group, to look at a bucket, and to fill it. */
const NAME_NS = 1_000
const BUCKET_NS = 50
const CELL_NS = 100

function* bucketsOf(
  { by, from, until }: Grouping,
  place: number,
  tallies: readonly GroupTally[],
  limit: number,
  work: Work,
): Generator<void, readonly number[]> {
  const dimension = by[place]
  const bucket = dimension?.kind === 'field' ? dimension.bucket : undefined
  if (bucket === undefined) return []

  let [earliest, latest] = [Infinity, -Infinity]
  for (const { keys } of tallies) {
    if (!work.spend(BUCKET_NS)) yield
    const start = keys[place]
    if (typeof start !== 'number') continue
    earliest = Math.min(earliest, start)
    latest = Math.max(latest, start)
  }
  const begin = from === undefined ? earliest : bucketOf(bucket, from)
  const starts: number[] = []
  if (begin === null) return starts
  const isIn = (start: number): boolean => (until === undefined ? start <= latest : start < until)
  for (let start = begin; isIn(start); start = bucketAfter(bucket, start)) {
    if (!work.spend(BUCKET_NS)) yield
    if (starts.length === limit)
      throw new BadInputError(
        `"fill" would add more than ${MAX_FILLED} empty buckets: narrow "from" and "until"`,
        'fill',
      )
    starts.push(start)
  }
  return starts
}
