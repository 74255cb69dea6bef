import { BadInputError } from '../errors.ts'
import { dimensions, type Dimension } from '../model/dimensions.ts'
import type { ListName } from '../model/stored.ts'
import { numberRange } from './read-count.ts'
import { membersOf, readBoolean, readList, refuse } from './read-input.ts'

/** The arguments of `groups` as GraphQL gives them; null is as good as absent for all but `by`. */
export interface GroupArguments {
  readonly by: readonly string[]
  readonly having?: unknown
  readonly orderBy?: unknown
  readonly first?: number | null | undefined
  readonly fill?: boolean | null | undefined
  /** UNIX seconds. */
  readonly from?: number | null | undefined
  readonly until?: number | null | undefined
}

/** What rows are counted by. */
export interface Grouping {
  readonly by: readonly Dimension[]
  /** Which numbers of rows the groups may have; undefined where any. */
  readonly having: ((count: number) => boolean) | undefined
  /** What they are sorted by before their usual order. */
  readonly order: readonly GroupOrder[]
  /** Groups wanted at most; undefined where all are, and none may be left out in silence. */
  readonly first: number | undefined
  /** Whether empty time buckets are added. */
  readonly fill: boolean
  /** UNIX seconds: only rows whose bucketed time is at or after `from` and before `until` count. */
  readonly from: number | undefined
  readonly until: number | undefined
}

export interface GroupOrder {
  readonly by: 'COUNT' | 'KEY' | 'TIME'
  readonly direction: 'ASC' | 'DESC'
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
  const by = given.by.map((name, index) => readDimension(list, name, `by[${index}]`))
  const order = readGroupOrder(by, given.orderBy ?? undefined)

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
  return { by, having: readHaving(given.having ?? undefined), order, first, fill, from, until }
}

/** The dimension of that name. @throws {BadInputError} where the list has none */
export const readDimension = (list: ListName, name: string, path: string): Dimension => {
  const dimension = dimensions[list].get(name)
  if (dimension === undefined) throw new BadInputError(`${path} is no dimension of this list`, path)
  return dimension
}

const readHaving = (input: unknown): Grouping['having'] => {
  if (input === undefined) return undefined
  const tests = membersOf(input, 'having').map(([name, value]) => {
    // There is always a number.
    if (name === 'isNull') {
      const isNever = readBoolean(value, 'having.isNull')
      return () => !isNever
    }
    const { least, most } = numberRange(name, value, 'having')
    return (count: number) => (count >= least && count <= most) !== (name === 'ne')
  })
  return count => tests.every(test => test(count))
}

/** A key that stands there twice counts where it stands first. */
const readGroupOrder = (by: readonly Dimension[], input: unknown): readonly GroupOrder[] => {
  if (input === undefined) return []
  const keys = readList(input, 'orderBy', (value, path): GroupOrder => {
    const members = new Map(membersOf(value, path))
    const key = members.get('by')
    const direction = members.get('direction') ?? 'ASC'
    if (key !== 'COUNT' && key !== 'KEY' && key !== 'TIME')
      return refuse(`${path}.by`, 'what groups can be sorted by')
    if (direction !== 'ASC' && direction !== 'DESC')
      return refuse(`${path}.direction`, 'a direction')
    if (key === 'TIME' && !by.some(isBucket))
      throw new BadInputError(`${path}.by: there is no time bucket in "by"`, `${path}.by`)
    return { by: key, direction }
  })
  return keys.filter((key, index) => keys.findIndex(({ by: other }) => other === key.by) === index)
}

/** Whether the groups usually come in the order of time: their first key is a time bucket. */
export const isByTime = ({ by: [dimension] }: Grouping): boolean =>
  dimension !== undefined && isBucket(dimension)

const isBucket = (dimension: Dimension): boolean =>
  dimension.kind === 'field' && dimension.bucket !== undefined
