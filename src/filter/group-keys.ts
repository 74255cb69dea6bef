/** The keys of groups: their texts, their order, and what one group is told from another by. */
import type { Dimension } from '../model/dimensions.ts'
import { isUnixTime } from '../model/values.ts'
import { bucketText } from './bucket.ts'
import type { GroupTally, Key } from './fill.ts'
import { compareCodePoints } from './letters.ts'
import type { GroupOrder, Grouping } from './read-grouping.ts'

/** As an answer has it. */
export const textOf = (key: Key, dimension: Dimension | undefined): string | null => {
  if (key === null) return null
  const bucket = dimension?.kind === 'field' ? dimension.bucket : undefined
  return bucket !== undefined && typeof key === 'number' ? bucketText(bucket, key) : String(key)
}

/** The same for the same keys of one grouping, and for no others. */
export const nameOfKeys = (keys: readonly Key[]): Key =>
  keys.length === 1 ? (keys[0] ?? null) : JSON.stringify(keys)

/** When the first time bucket among the keys begins (UNIX seconds); null where there is none that has a text. */
export const timeOfKeys = (by: Grouping['by'], keys: readonly Key[]): number | null => {
  const start = keys[timePlace(by)]
  return isUnixTime(start) ? start : null
}

const timePlace = (by: Grouping['by']): number =>
  by.findIndex(dimension => dimension.kind === 'field' && dimension.bucket !== undefined)

/** The order that the grouping asks for; what ties goes most rows first, then by the keys, null last. */
export const groupOrder = ({ by, order }: Pick<Grouping, 'by' | 'order'>): CompareGroups => {
  const comparators = [...order.map(key => comparatorOf(by, key)), mostFirst, byKeys(by, 'ASC')]
  return (a, b) => {
    for (const compare of comparators) {
      const sign = compare(a, b)
      if (sign !== 0) return sign
    }
    return 0
  }
}

export type CompareGroups = (a: GroupTally, b: GroupTally) => number

const mostFirst: CompareGroups = (a, b) => b.count - a.count

const comparatorOf = (by: Grouping['by'], { by: key, direction }: GroupOrder): CompareGroups => {
  switch (key) {
    case 'COUNT':
      return direction === 'DESC' ? mostFirst : (a, b) => a.count - b.count
    case 'KEY':
      return byKeys(by, direction)
    case 'TIME':
      return byTime(timePlace(by), direction)
    default:
      return key satisfies never
  }
}

/** In the order of time, those without one last. */
const byTime = (place: number, direction: 'ASC' | 'DESC'): CompareGroups => {
  const sign = direction === 'ASC' ? 1 : -1
  return (a, b) => {
    const [start = null, other = null] = [a.keys[place], b.keys[place]]
    if (start === other) return 0
    if (typeof start !== 'number') return 1
    if (typeof other !== 'number') return -1
    return sign * (start - other)
  }
}

const byKeys = (by: Grouping['by'], direction: 'ASC' | 'DESC'): CompareGroups => {
  const sign = direction === 'ASC' ? 1 : -1
  return (a, b) => {
    for (let index = 0; index < by.length; index += 1) {
      const [key = null, other = null] = [a.keys[index], b.keys[index]]
      if (key === other) continue
      if (key === null) return 1
      if (other === null) return -1
      const order = compareKeys(key, other, by[index])
      if (order !== 0) return sign * order
    }
    return 0
  }
}

/** The years 1 to 9998 in seconds: what ISO 8601 writes with four digits is in the order of time. */
const [FIRST, LAST] = [Date.parse('0001-01-01') / 1_000, Date.parse('9999-01-01') / 1_000]

const isOfFourDigits = (seconds: number): boolean => seconds >= FIRST && seconds < LAST

/** As their texts are ordered, by code point; of time buckets mostly without making those. */
const compareKeys = (
  key: NonNullable<Key>,
  other: NonNullable<Key>,
  dimension: Dimension | undefined,
): number => {
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
