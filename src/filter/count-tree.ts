/** Rows counted by their values for several dimensions, one below the other. */
import { LimitError } from '../errors.ts'
import type { Key, GroupTally } from './fill.ts'
import type { FieldValues } from './values.ts'

/** Counts by the values of one dimension; on the last level numbers, on the others the next dimension's counts. */
export type Branch = Map<Key, Branch | Tail | number>

/** What is below a value that one row alone has so far: where nearly every row has its own, maps would fill the memory. */
interface Tail {
  /** Of the levels below. */
  readonly keys: readonly Key[]
}

/** The values of a row for one dimension, or the only one. */
export type KeyReader = (row: FieldValues) => Key | ReadonlySet<Key>

/** Combinations of its values that one row may count for; nobody can break that off. */
const MOST_COMBINATIONS = 10_000

/** Is told of what is new in a tree. */
export interface Grown {
  /** So many keys more. */
  add(keys: number): void
}

const unheard: Grown = { add: () => undefined }

/**
 * Counts the row by its value for each dimension, once for each combination where it has several; returns how many those
 * are. @throws {LimitError} where they are too many
 */
export const addRow = (
  branch: Branch,
  readers: readonly KeyReader[],
  row: FieldValues,
  grown = unheard,
  level = 0,
): number => {
  const found = readers[level]?.(row) ?? null
  if (!isSet(found)) return addKey(branch, readers, level, row, found, grown)
  let combinations = 0
  for (const key of found) {
    combinations += addKey(branch, readers, level, row, key, grown)
    checkCombinations(combinations)
  }
  return combinations
}

/** @throws {LimitError} where a row has so many that they are too many */
export const checkCombinations = (value: number): void => {
  if (value <= MOST_COMBINATIONS) return
  throw new LimitError(
    `A row has more than ${MOST_COMBINATIONS} combinations of the values in its lists that it would be counted for; group by fewer lists at once`,
    { limit: 'combinations of a row', value, max: MOST_COMBINATIONS },
  )
}

export const isSet = (found: Key | ReadonlySet<Key>): found is ReadonlySet<Key> =>
  typeof found === 'object' && found !== null

const addKey = (
  branch: Branch,
  readers: readonly KeyReader[],
  level: number,
  row: FieldValues,
  key: Key,
  grown: Grown,
): number => {
  const known = branch.get(key)
  if (known === undefined) grown.add(1)
  if (level === readers.length - 1) {
    branch.set(key, typeof known === 'number' ? known + 1 : 1)
    return 1
  }
  if (known instanceof Map) return addRow(known, readers, row, grown, level + 1)
  const tail = known === undefined ? tailOf(readers, level + 1, row) : undefined
  if (tail !== undefined) {
    branch.set(key, tail)
    return 1
  }
  const next: Branch = typeof known === 'object' ? untailed(known) : new Map<Key, never>()
  branch.set(key, next)
  return addRow(next, readers, row, grown, level + 1)
}

/** Undefined where the row has several values for one of the dimensions. */
const tailOf = (
  readers: readonly KeyReader[],
  level: number,
  row: FieldValues,
): Tail | undefined => {
  const keys: Key[] = []
  for (let below = level; below < readers.length; below += 1) {
    const found = readers[below]?.(row) ?? null
    if (isSet(found)) return undefined
    keys.push(found)
  }
  return { keys }
}

/** The same one level up, where another row is to be counted beside it. */
const untailed = ({ keys: [key = null, ...below] }: Tail): Branch =>
  new Map<Key, Tail | number>([[key, below.length === 0 ? 1 : { keys: below }]])

/** What was counted, by the values that lead to it. */
export function* countsIn(branch: Branch, path: readonly Key[] = []): Generator<GroupTally> {
  for (const [key, inner] of branch)
    if (typeof inner === 'number') yield { keys: [...path, key], count: inner }
    else if (inner instanceof Map) yield* countsIn(inner, [...path, key])
    else yield { keys: [...path, key, ...inner.keys], count: 1 }
}

/** How many different values there are on the last level, null apart, by the values of the `levels` that lead to it. */
export function* distinctIn(
  branch: Branch,
  levels: number,
  path: readonly Key[] = [],
): Generator<GroupTally> {
  for (const [key, inner] of branch) {
    const keys = [...path, key]
    if (inner instanceof Map) {
      if (levels > 1) yield* distinctIn(inner, levels - 1, keys)
      else yield { keys, count: inner.size - Number(inner.has(null)) }
    } else if (typeof inner === 'object') {
      const all = [...keys, ...inner.keys]
      yield { keys: all.slice(0, -1), count: Number(all.at(-1) !== null) }
    }
  }
}
