/** Rows counted by their values: for each combination how many there are, and how many different values they have. */
import type { Dimension } from '../model/dimensions.ts'
import type { CollectionName, Rows } from '../model/rows.ts'
import { isPrimitive } from '../model/values.ts'
import type { HeldMemory } from '../work/large-holdings.ts'
import type { Steps } from '../work/steps.ts'
import type { Work } from '../work/work.ts'
import { bucketOf } from './bucket.ts'
import { addRow, type Branch, countsIn, distinctIn, isSet, type KeyReader } from './count-tree.ts'
import type { GroupTally, Key } from './fill.ts'
import { bucketPlace, type Grouping } from './read-grouping.ts'
import { derived, type FieldValues, type Surroundings } from './values.ts'

/** Rows of one connector with what surrounds them. */
export interface GroupedRows<Name extends CollectionName = CollectionName> {
  readonly rows: Iterable<Rows[Name]>
  readonly around: Surroundings
}

/** How many rows there are of each group, in no order; `holding` has what is held meanwhile, and beside the groups. */
export function* tallySteps<Name extends CollectionName>(
  collection: Name,
  grouping: Grouping,
  parts: Iterable<GroupedRows<Name>>,
  work: Work,
  holding: HeldMemory,
): Steps<readonly GroupTally[]> {
  const root: Branch = new Map()
  /** Of rows with one value of one dimension, as most are: each is looked up once and counted in place. */
  const single = new Map<Key, { count: number }>()
  for (const { rows, around } of parts) {
    const readers = grouping.by.map(dimension => readerOf(collection, dimension, around))
    const isCounted = rangeTest(collection, grouping, around)
    const [read] = readers
    for (const row of rows as Iterable<unknown>) {
      if (!work.spend(LOOKUP_NS * readers.length)) yield
      if (holding.isTooLarge) yield* holding.enter()
      if (!isCounted(row as FieldValues)) continue
      const key = readers.length === 1 && read !== undefined ? read(row as FieldValues) : undefined
      if (key === undefined || isSet(key)) {
        if (!countedIn(root, readers, row as FieldValues, work, holding)) yield
        continue
      }
      const known = single.get(key)
      if (known !== undefined) known.count += 1
      else {
        single.set(key, { count: 1 })
        holding.add(1)
      }
    }
  }
  for (const [key, { count }] of single)
    root.set(key, ((root.get(key) as number | undefined) ?? 0) + count)
  return yield* listed(countsIn(root), work)
}

/** How many different values of that dimension the rows of each group have, null apart. */
export function* distinctSteps<Name extends CollectionName>(
  collection: Name,
  grouping: Grouping,
  of: Dimension,
  parts: Iterable<GroupedRows<Name>>,
  work: Work,
  holding: HeldMemory,
): Steps<readonly GroupTally[]> {
  const root: Branch = new Map()
  for (const { rows, around } of parts) {
    const readers = [...grouping.by, of].map(dimension => readerOf(collection, dimension, around))
    const isCounted = rangeTest(collection, grouping, around)
    for (const row of rows as Iterable<unknown>) {
      if (!work.spend(LOOKUP_NS * readers.length)) yield
      if (holding.isTooLarge) yield* holding.enter()
      if (!isCounted(row as FieldValues)) continue
      if (!countedIn(root, readers, row as FieldValues, work, holding)) yield
    }
  }
  return yield* listed(distinctIn(root, grouping.by.length), work)
}

/** About what it takes to look up one dimension of a row, and to count it for one combination of its values. */
const LOOKUP_NS = 60
const COMBINATION_NS = 100

/** Counts the row. False where others are to have their turn before the next. */
const countedIn = (
  root: Branch,
  readers: readonly KeyReader[],
  row: FieldValues,
  work: Work,
  holding: HeldMemory,
): boolean => {
  const combinations = addRow(root, readers, row, holding)
  return combinations === 1 || work.spend(COMBINATION_NS * combinations)
}

function* listed(found: Iterable<GroupTally>, work: Work): Generator<void, readonly GroupTally[]> {
  const tallies: GroupTally[] = []
  for (const tally of found) {
    if (!work.spend(LOOKUP_NS)) yield
    tallies.push(tally)
  }
  return tallies
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
