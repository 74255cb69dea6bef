/** What rows are counted by, in the words of PostgreSQL. */
import { createDimensionSql } from '../../events/buckets.ts'
import { columnNamed } from './conditions.ts'

export const expressionOf = createDimensionSql({
  columnOf: columnNamed,
  startOf: (column, seconds, offset) =>
    `(floor((${column}::float8 + ${offset}) / ${seconds}) * ${seconds} - ${offset})`,
  monthOf: column =>
    `extract(epoch FROM date_trunc('month', to_timestamp(floor(${column}::float8)) AT TIME ZONE 'UTC') AT TIME ZONE 'UTC')::float8`,
})
