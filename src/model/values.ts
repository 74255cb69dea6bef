/** Plain values, whatever they stand for. */

/** By code unit: an order that never depends on the machine's language. */
export const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

/** Whether an argument is there: GraphQL holds an explicit null and an absent one apart, and most readers do not. */
export const isGiven = <T>(value: T): value is NonNullable<T> =>
  value !== undefined && value !== null

/** Whether the value can stand in a group key or a cursor as it is. */
export const isPrimitive = (value: unknown): value is string | number | boolean =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'

/** The value of a row's field, by a name that only the caller's table knows. */
export const fieldOf = (row: object, field: string): unknown =>
  (row as Record<string, unknown>)[field]

const YEAR_1 = -62_135_596_800
const YEAR_10000 = 253_402_300_800

/** Whether that is a time in UNIX seconds of a year from 1 to 9999: others have no text in RFC 3339. */
export const isUnixTime = (value: unknown): value is number =>
  typeof value === 'number' && value >= YEAR_1 && value < YEAR_10000
