/**
 * How many rows share the same values. A row with a list counts once for each distinct element; null stands for a
 * row without a value, with an empty list, or with a link that leads nowhere.
 */
import { BadInputError } from '../errors.ts'
import type { Dimension } from '../model/dimensions.ts'
import type { CollectionName, Rows } from '../model/rows.ts'
import { andThen, type Maybe } from '../model/maybe.ts'
import type { Work } from '../work/work.ts'
import { bucketOf, bucketText } from './bucket.ts'
import { withEmptyBuckets, type Key, type GroupTally } from './fill.ts'
import { addRow, type Branch, isSet, countsIn, type KeyReader } from './count-tree.ts'
import { firstOf } from './first-of.ts'
import { sorted } from './sorted.ts'
import { compareCodePoints } from './letters.ts'
import { bucketPlace, isByTime, MAX_GROUPS, type Grouping } from './read-grouping.ts'
import { derived, type FieldValues, type Surroundings } from './values.ts'
import { isPrimitive } from '../model/values.ts'

export interface Group {
  /** A value for each dimension, as text. */
  readonly keys: readonly (string | null)[]
  readonly count: number
}

/** Rows of one connector with what surrounds them. */
export interface GroupedRows<Name extends CollectionName = CollectionName> {
  readonly rows: Iterable<Rows[Name]>
  readonly around: Surroundings
}

/**
 * The groups of all rows: in the order of time where their first key is a time bucket, then most first, then by their
 * keys (by code point, null last).
 *
 * @throws {BadInputError} when there are more than an answer can hold, and the caller did not ask for the first of them.
 */
export const groupRows = <Name extends CollectionName>(
  collection: Name,
  grouping: Grouping,
  parts: Iterable<GroupedRows<Name>>,
  work: Work,
): Maybe<readonly Group[]> =>
  andThen(work.run(tallySteps(collection, grouping, parts, work)), tallies =>
    finishGroups(grouping, tallies, work),
  )

/** About what it takes to look up one dimension of a row. */
const LOOKUP_NS = 60

function* tallySteps<Name extends CollectionName>(
  collection: Name,
  grouping: Grouping,
  parts: Iterable<GroupedRows<Name>>,
  work: Work,
): Generator<void, readonly GroupTally[]> {
  const root: Branch = new Map()
  /** Of rows with one value of one dimension, as most are: each is looked up once and counted in place. */
  const single = new Map<Key, { count: number }>()
  for (const { rows, around } of parts) {
    const readers = grouping.by.map(dimension => readerOf(collection, dimension, around))
    const isCounted = rangeTest(collection, grouping, around)
    const [read] = readers
    for (const row of rows as Iterable<unknown>) {
      if (!work.spend(LOOKUP_NS * readers.length)) yield
      if (!isCounted(row as FieldValues)) continue
      const key = readers.length === 1 && read !== undefined ? read(row as FieldValues) : undefined
      if (key === undefined || isSet(key)) {
        addRow(root, readers, row as FieldValues)
        continue
      }
      const known = single.get(key)
      if (known === undefined) single.set(key, { count: 1 })
      else known.count += 1
    }
  }
  for (const [key, { count }] of single)
    root.set(key, ((root.get(key) as number | undefined) ?? 0) + count)
  const tallies: GroupTally[] = []
  for (const tally of countsIn(root)) {
    if (!work.spend(LOOKUP_NS)) yield
    tallies.push(tally)
  }
  return tallies
}

/**
 * The groups that have been counted, with empty buckets where they are wanted, in their order, as texts.
 *
 * @throws {BadInputError} like {@link groupRows}
 */
export const finishGroups = (
  grouping: Grouping,
  tallies: readonly GroupTally[],
  work: Work,
): Maybe<readonly Group[]> =>
  grouping.fill
    ? andThen(work.run(withEmptyBuckets(grouping, tallies, work)), all =>
        inOrder(grouping, all, work),
      )
    : inOrder(grouping, tallies, work)

/** The first of them, or all, in their order, as texts. */
const inOrder = (
  grouping: Grouping,
  all: readonly GroupTally[],
  work: Work,
): Maybe<readonly Group[]> => {
  if (grouping.first === undefined && all.length > MAX_GROUPS)
    throw new BadInputError(
      `There are more than the ${MAX_GROUPS} groups that one answer gives: ask for the first of them with "first", or for fewer with a filter or other dimensions`,
      'first',
    )
  const mostFirst = byCountAndKeys(grouping.by)
  const compare = isByTime(grouping) ? earliestFirst(mostFirst) : mostFirst
  const { first = all.length } = grouping
  const ordered =
    first < all.length ? firstOf(all, first, compare, work) : sorted(all, compare, work)
  return andThen(ordered, answered => work.run(textSteps(grouping, answered, work)))
}

/** About what it takes to write a key. */
const KEY_NS = 500

/** With their keys as texts; of groups that are not answered none are made. */
function* textSteps(
  { by }: Grouping,
  tallies: readonly GroupTally[],
  work: Work,
): Generator<void, readonly Group[]> {
  const groups: Group[] = []
  for (const { keys, count } of tallies) {
    if (!work.spend(KEY_NS * keys.length)) yield
    groups.push({ keys: keys.map((key, index) => textOf(key, by[index])), count })
  }
  return groups
}

const readerOf = (
  collection: CollectionName,
  dimension: Dimension,
  around: Surroundings,
): KeyReader => {
  if (dimension.kind === 'connector') return () => around.connectorAlias
  const read = valueReader(collection, dimension, around)
  const { bucket } = dimension
  if (bucket !== undefined)
    return row => {
      const seconds = read(row)
      return typeof seconds === 'number' ? bucketOf(bucket, seconds) : null
    }
  return row => {
    const value = read(row)
    if (!Array.isArray(value)) return isPrimitive(value) ? value : null
    return value.length === 0 ? null : new Set(value.filter(isPrimitive))
  }
}

const valueReader = (
  collection: CollectionName,
  { field, through }: Extract<Dimension, { kind: 'field' }>,
  around: Surroundings,
): ((row: FieldValues) => unknown) => {
  const own = derived(through?.to ?? collection, field, around) ?? (row => row[field])
  if (through === undefined) return own
  const { idField, to } = through
  return row => {
    const id = row[idField]
    const target = typeof id === 'string' ? around.one(to, id) : undefined
    return target === undefined ? null : own(target as unknown as FieldValues)
  }
}

/** Whether the bucketed time of a row lies in the range; a row without one does not, where there is a range. */
const rangeTest = (
  collection: CollectionName,
  { by, from, until }: Grouping,
  around: Surroundings,
): ((row: FieldValues) => boolean) => {
  const dimension = by[bucketPlace(by)]
  if (dimension?.kind !== 'field' || (from === undefined && until === undefined)) return () => true
  const read = valueReader(collection, dimension, around)
  return row => {
    const seconds = read(row)
    return (
      typeof seconds === 'number' && seconds >= (from ?? -Infinity) && seconds < (until ?? Infinity)
    )
  }
}

const textOf = (key: Key, dimension: Dimension | undefined): string | null => {
  if (key === null) return null
  const bucket = dimension?.kind === 'field' ? dimension.bucket : undefined
  return bucket !== undefined && typeof key === 'number' ? bucketText(bucket, key) : String(key)
}

type Compare = (a: GroupTally, b: GroupTally) => number

/** In the order of time, those without one last. */
const earliestFirst =
  (mostFirst: Compare): Compare =>
  (a, b) => {
    const [start = null] = a.keys
    const [other = null] = b.keys
    if (start === other) return mostFirst(a, b)
    if (typeof start !== 'number') return 1
    if (typeof other !== 'number') return -1
    return start - other
  }

const byCountAndKeys =
  (by: Grouping['by']): Compare =>
  (a, b) => {
    if (a.count !== b.count) return b.count - a.count
    for (let index = 0; index < by.length; index += 1) {
      const order = compareKeys(a.keys[index] ?? null, b.keys[index] ?? null, by[index])
      if (order !== 0) return order
    }
    return 0
  }

/** The years 1 to 9998 in seconds: what ISO 8601 writes with four digits is in the order of time. */
const [FIRST, LAST] = [Date.parse('0001-01-01') / 1_000, Date.parse('9999-01-01') / 1_000]

const isOfFourDigits = (seconds: number): boolean => seconds >= FIRST && seconds < LAST

/** As their texts are ordered, by code point, null last; of time buckets mostly without making those. */
const compareKeys = (key: Key, other: Key, dimension: Dimension | undefined): number => {
  if (key === other) return 0
  if (key === null) return 1
  if (other === null) return -1
  if (typeof key === 'string' && typeof other === 'string') return compareCodePoints(key, other)
  const isBucket = dimension?.kind === 'field' && dimension.bucket !== undefined
  if (
    isBucket &&
    typeof key === 'number' &&
    typeof other === 'number' &&
    isOfFourDigits(key) &&
    isOfFourDigits(other)
  )
    return key - other
  return compareCodePoints(textOf(key, dimension) ?? '', textOf(other, dimension) ?? '')
}
