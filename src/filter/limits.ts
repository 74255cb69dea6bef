import { BadInputError } from '../errors.ts'

/** How large a filter may be. A larger one is refused before anything is read. */
export interface FilterLimits {
  /** Filter objects inside one another: `and`, `or`, `not` and relations each open one. */
  readonly depth: number
  /** Filter objects in all, those that compare nothing included. */
  readonly objects: number
  /** Comparisons in the whole filter. */
  readonly comparisons: number
  /** Values in all lists of `in` and `notIn` together. */
  readonly values: number
  /** UTF-16 units in all patterns of `like` together, which is what they take to answer. */
  readonly patterns: number
}

export const defaultLimits: FilterLimits = {
  depth: 30,
  objects: 2_000,
  comparisons: 1_000,
  values: 10_000,
  patterns: 2_000,
}

/** Counts what a filter holds while it is read, and refuses it where it grows too large. */
export interface FilterAllowance {
  /** An object so many levels deep. @throws {BadInputError} when that is too deep, or one too many. */
  object(level: number, path: string): void
  comparison(path: string): void
  values(count: number, path: string): void
  pattern(length: number, path: string): void
}

/** An allowance for one filter, or for all filters of an operation together. */
export const createAllowance = (limits: FilterLimits): FilterAllowance => {
  let objects = 0
  let comparisons = 0
  let values = 0
  let patterns = 0
  const refuseAbove = (count: number, limit: number, what: string, path: string): void => {
    if (count > limit)
      throw new BadInputError(`${path}: a filter may have at most ${limit} ${what}`, path)
  }
  return {
    object: (level, path) => {
      objects += 1
      refuseAbove(level, limits.depth, 'levels inside one another', path)
      refuseAbove(objects, limits.objects, 'objects', path)
    },
    comparison: path => {
      comparisons += 1
      refuseAbove(comparisons, limits.comparisons, 'comparisons', path)
    },
    values: (count, path) => {
      values += count
      refuseAbove(values, limits.values, 'values in its lists', path)
    },
    pattern: (length, path) => {
      patterns += length
      refuseAbove(patterns, limits.patterns, 'characters in its patterns', path)
    },
  }
}
