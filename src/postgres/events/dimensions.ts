import type { Dimension } from '../../model/dimensions.ts'
import { columnNamed } from './conditions.ts'

/** What rows are counted by, as an expression. A time bucket is the second at which it begins, in UTC. */
export const expressionOf = (dimension: Dimension): string => {
  if (dimension.kind === 'connector') return 'connector'
  if (dimension.through !== undefined) throw new Error('A link must be followed before')
  const column = columnNamed(dimension.field)
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
      return `extract(epoch FROM date_trunc('month', to_timestamp(floor(${column}::float8)) AT TIME ZONE 'UTC') AT TIME ZONE 'UTC')::float8`
    default:
      return dimension.bucket satisfies never
  }
}

/** Rounded down, also before 1970. */
const startOf = (column: string, seconds: number, offset: number): string =>
  `(floor((${column}::float8 + ${offset}) / ${seconds}) * ${seconds} - ${offset})`
