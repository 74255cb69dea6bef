import type { Dimension } from '../model/dimensions.ts'
import { columnOf } from './schema.ts'

/** What rows are counted by, as an expression of SQL. A time bucket is the second at which it begins. */
export const dimensionSql = (dimension: Dimension): string => {
  if (dimension.kind === 'connector') return 'connector'
  if (dimension.through !== undefined) throw new Error('A link must be followed before')
  const column = dimension.field === 'connectorAlias' ? 'connector' : columnOf(dimension.field)
  switch (dimension.bucket) {
    case undefined:
      return column
    case 'HOUR':
      return startOf(column, 3_600, 0)
    case 'DAY':
      return startOf(column, 86_400, 0)
    case 'WEEK':
      // 1970 began on a Thursday.
      return startOf(column, 604_800, 259_200)
    case 'MONTH':
      return `unixepoch(CAST(${column} AS INTEGER), 'unixepoch', 'start of month')`
    default:
      return dimension.bucket satisfies never
  }
}

/** Rounded down, also before 1970; a fraction of a second falls into its second's bucket. */
const startOf = (column: string, seconds: number, offset: number): string => {
  const moment = `(CAST(floor(${column}) AS INTEGER) + ${offset})`
  return `(${moment} - ((${moment} % ${seconds}) + ${seconds}) % ${seconds} - ${offset})`
}
