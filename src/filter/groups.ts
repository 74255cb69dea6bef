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
        add(root, readers, 0, row as FieldValues)
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
  for (const tally of leaves(root, grouping.by.length, [])) {
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
): Maybe<readonly Group[]> => {
  const all = grouping.fill ? withEmptyBuckets(grouping, tallies) : tallies
  if (grouping.first === undefined && all.length > MAX_GROUPS)
    throw new BadInputError(
      `There are more than the ${MAX_GROUPS} groups that one answer gives: ask for the first of them with "first", or for fewer with a filter or other dimensions`,
      'first',
    )
  const compare = isByTime(grouping) ? earliestFirst : mostFirst
  const groups = work.run(groupSteps(grouping, all, work))
  return andThen(
    andThen(groups, made => {
      const { first = made.length } = grouping
      return first < made.length ? firstOf(made, first, compare, work) : sorted(made, compare, work)
    }),
    ordered => ordered.map(({ keys, count }) => ({ keys, count })),
  )
}

function* groupSteps(
  grouping: Grouping,
  tallies: readonly GroupTally[],
  work: Work,
): Generator<void, readonly OrderedGroup[]> {
  const groups: OrderedGroup[] = []
  for (const { keys, count } of tallies) {
    if (!work.spend(LOOKUP_NS * keys.length)) yield
    groups.push({
      keys: keys.map((key, index) => textOf(key, grouping.by[index])),
      count,
      start: keys[0] ?? null,
    })
  }
  return groups
}

/** A group with the value of its first dimension, of a time bucket the second at which it begins. */
interface OrderedGroup extends Group {
  readonly start: Key
}

/** Counts by the values of one dimension; on the last level numbers, on the others the next dimension's counts. */
type Branch = Map<Key, Branch | number>

/** The values of a row for one dimension, or the only one. */
type Reader = (row: FieldValues) => Key | ReadonlySet<Key>

const add = (branch: Branch, readers: readonly Reader[], level: number, row: FieldValues): void => {
  const found = readers[level]?.(row) ?? null
  if (!isSet(found)) addKey(branch, readers, level, row, found)
  else for (const key of found) addKey(branch, readers, level, row, key)
}

const isSet = (found: Key | ReadonlySet<Key>): found is ReadonlySet<Key> =>
  typeof found === 'object' && found !== null

const addKey = (
  branch: Branch,
  readers: readonly Reader[],
  level: number,
  row: FieldValues,
  key: Key,
): void => {
  const known = branch.get(key)
  if (level === readers.length - 1) {
    branch.set(key, typeof known === 'number' ? known + 1 : 1)
    return
  }
  const next = typeof known === 'object' ? known : new Map<Key, Branch | number>()
  if (known === undefined) branch.set(key, next)
  add(next, readers, level + 1, row)
}

function* leaves(branch: Branch, depth: number, path: readonly Key[]): Generator<GroupTally> {
  for (const [key, inner] of branch)
    if (typeof inner === 'number') yield { keys: [...path, key], count: inner }
    else yield* leaves(inner, depth - 1, [...path, key])
}

const readerOf = (
  collection: CollectionName,
  dimension: Dimension,
  around: Surroundings,
): Reader => {
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

/** In the order of time, those without one last. */
const earliestFirst = (a: OrderedGroup, b: OrderedGroup): number => {
  if (a.start === b.start) return mostFirst(a, b)
  if (typeof a.start !== 'number') return 1
  if (typeof b.start !== 'number') return -1
  return a.start - b.start
}

const mostFirst = (a: Group, b: Group): number => {
  if (a.count !== b.count) return b.count - a.count
  for (const [index, key] of a.keys.entries()) {
    const other = b.keys[index] ?? null
    if (key === other) continue
    if (key === null) return 1
    if (other === null) return -1
    return compareCodePoints(key, other)
  }
  return 0
}
