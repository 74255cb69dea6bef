/** What rows are counted by, as an expression of SQL, in the words of whatever keeps them. */
import type { Dimension } from '../model/dimensions.ts'
import { columnOf } from './schema.ts'

/** How a dialect says it, of a column that holds a moment (UNIX seconds). */
export interface BucketWords {
  readonly columnOf: (field: string) => string
  /** Rounded down to a multiple of so many seconds, also before 1970; multiples count from `offset` seconds before it. */
  readonly startOf: (column: string, seconds: number, offset: number) => string
  /** The first second of its month, in UTC. */
  readonly monthOf: (column: string) => string
}

/** A time bucket is the second at which it begins, in UTC. */
export const createDimensionSql =
  (words: BucketWords) =>
  (dimension: Dimension): string => {
    if (dimension.kind === 'connector') return 'connector'
    if (dimension.through !== undefined) throw new Error('A link must be followed before')
    const column = words.columnOf(dimension.field)
    switch (dimension.bucket) {
      case undefined:
        return column
      case 'HOUR':
        return words.startOf(column, 3_600, 0)
      case 'DAY':
        return words.startOf(column, 86_400, 0)
      case 'WEEK':
        // 1970 began on a Thursday.
        return words.startOf(column, 604_800, 259_200)
      case 'MONTH':
        return words.monthOf(column)
      default:
        return dimension.bucket satisfies never
    }
  }

const secondOf = (column: string): string => `CAST(floor(${column}) AS INTEGER)`

/** In the event file. */
export const dimensionSql = createDimensionSql({
  columnOf: field => (field === 'connectorAlias' ? 'connector' : columnOf(field)),
  // A fraction of a second falls into its second's bucket.
  startOf: (column, seconds, offset) => {
    const moment = `(${secondOf(column)} + ${offset})`
    return `(${moment} - ((${moment} % ${seconds}) + ${seconds}) % ${seconds} - ${offset})`
  },
  monthOf: column => `unixepoch(${secondOf(column)}, 'unixepoch', 'start of month')`,
})
