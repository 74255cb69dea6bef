/** Takes a value of a statement in; how its text names the value, as of that type. */
export type Bind = (value: unknown, type: ValueType) => string

export type ValueType = 'text' | 'bigint' | 'float8' | 'int' | 'text[]' | 'bigint[]'

export interface StatementValues {
  readonly values: readonly unknown[]
  readonly bind: Bind
}

/** The values of one statement, in the order in which they were taken in. */
export const createStatementValues = (): StatementValues => {
  const values: unknown[] = []
  return { values, bind: (value, type) => `$${values.push(storable(value))}::${type}` }
}

/** A text as PostgreSQL can hold it: U+0000 and halves of characters become U+FFFD; all else stays as it is. */
export const storable = (value: unknown): unknown => {
  if (typeof value === 'string') return value.toWellFormed().replaceAll('\0', '\ufffd')
  return Array.isArray(value) ? value.map(storable) : value
}
