import { BadInputError } from '../errors.ts'
import { dimensions, type Dimension } from '../model/dimensions.ts'
import type { ListName } from '../model/stored.ts'

/** The arguments of `groups` as GraphQL gives them; null is as good as absent for all but `by`. */
export interface GroupArguments {
  readonly by: readonly string[]
  readonly first?: number | null | undefined
  readonly fill?: boolean | null | undefined
  /** UNIX seconds. */
  readonly from?: number | null | undefined
  readonly until?: number | null | undefined
}

/** What rows are counted by. */
export interface Grouping {
  readonly by: readonly Dimension[]
  /** Groups wanted at most; undefined where all are, and none may be left out in silence. */
  readonly first: number | undefined
  /** Whether empty time buckets are added. */
  readonly fill: boolean
  /** UNIX seconds: only rows whose bucketed time is at or after `from` and before `until` count. */
  readonly from: number | undefined
  readonly until: number | undefined
}

/** Where in `by` the only time bucket stands; -1 where there is none, or more than one. */
export const bucketPlace = (by: readonly Dimension[]): number => {
  const place = by.findIndex(isBucket)
  return place === by.findLastIndex(isBucket) ? place : -1
}

/** What one answer gives. */
export const MAX_GROUPS = 20_000
/** A row with several lists counts once for every combination of their elements. */
const MAX_DIMENSIONS = 6

/**
 * The grouping that the arguments ask for.
 *
 * @throws {BadInputError} that names the argument and says what it may be.
 */
export const readGrouping = (list: ListName, given: GroupArguments): Grouping => {
  if (given.by.length < 1 || given.by.length > MAX_DIMENSIONS)
    throw new BadInputError(`"by" must have from 1 to ${MAX_DIMENSIONS} dimensions`, 'by')
  const by = given.by.map((name, index) => {
    const dimension = dimensions[list].get(name)
    if (dimension === undefined)
      throw new BadInputError(`by[${index}] is no dimension of this list`, `by[${index}]`)
    return dimension
  })

  const first = given.first ?? undefined
  if (first !== undefined && (!Number.isInteger(first) || first < 1 || first > MAX_GROUPS))
    throw new BadInputError(`"first" must be from 1 to ${MAX_GROUPS}`, 'first')

  const fill = given.fill ?? false
  const from = given.from ?? undefined
  const until = given.until ?? undefined
  const needy = Object.entries({ fill: fill || undefined, from, until }).find(
    ([, value]) => value !== undefined,
  )
  if (needy !== undefined && bucketPlace(by) < 0)
    throw new BadInputError(`"${needy[0]}" needs exactly one time bucket in "by"`, needy[0])
  return { by, first, fill, from, until }
}

/** Whether the groups come in the order of time: their first key is a time bucket. */
export const isByTime = ({ by: [dimension] }: Grouping): boolean =>
  dimension !== undefined && isBucket(dimension)

const isBucket = (dimension: Dimension): boolean =>
  dimension.kind === 'field' && dimension.bucket !== undefined
