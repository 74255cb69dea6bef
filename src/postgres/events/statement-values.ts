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

/** A text as PostgreSQL can hold it, also within lists and members: U+0000 and halves of characters become U+FFFD. */
export const storable = <Value>(value: Value): Value => storableIn(value) as Value

const storableIn = (value: unknown): unknown => {
  if (typeof value === 'string') return value.toWellFormed().replaceAll('\0', '\ufffd')
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map(storableIn)
  return Object.fromEntries(Object.entries(value).map(([name, of]) => [name, storableIn(of)]))
}
