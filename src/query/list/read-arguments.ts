/** From the arguments of a list to what its reading works with. */
import { computedOf } from '../../model/collection-lookups.ts'
import type { CollectionName, Row } from '../../model/rows.ts'
import type { ListName } from '../../model/stored.ts'
import { type Filter, everything } from '../../filter/filter.ts'
import { createOrder, readOrder } from '../../filter/order.ts'
import { readFilter } from '../../filter/read-filter.ts'
import type { RowOrdering } from './list-query.ts'
import type { PageArguments } from './range.ts'
import type { Operation } from '../operation/operation.ts'
import { fieldOf } from '../../model/values.ts'

/** What any list is asked with: the arguments of its field, as GraphQL coerced them. */
export interface ListTerms extends PageArguments {
  /** Where the list stands in the answer, where a plan was asked for. */
  readonly path?: string | undefined
  readonly filter?: unknown
  readonly orderBy?: unknown
}

/**
 * The filter that a `filter` argument stands for; without one everything passes. What stands in several arguments of
 * the operation, or is asked of many parents, connectors and plans, is read once: a variable, which is the same object
 * wherever it stands, without being looked at again.
 * @throws BadInputError with the path of what cannot be asked.
 */
export const filterOf = (name: ListName, input: unknown, operation: Operation): Filter =>
  input === undefined || input === null
    ? everything
    : operation.made.onceOf(input, `filter ${name}`, () => readFilter(name, input, operation))

/**
 * The order of an `orderBy` argument, read once like a filter; undefined where it names no key.
 * @throws BadInputError with the path of what cannot be sorted by.
 */
export const orderOf = (
  name: CollectionName,
  input: unknown,
  operation: Operation,
): RowOrdering | undefined =>
  input === undefined || input === null
    ? undefined
    : operation.made.onceOf(input, `order ${name}`, () => readOrdering(name, input))

const readOrdering = (name: CollectionName, input: unknown): RowOrdering | undefined => {
  const keys = readOrder(name, input)
  if (keys.length === 0) return undefined
  const order = createOrder<CollectionName>(name, keys)
  return {
    key: order.key,
    keysOf: row => order.fields.map(field => keyOf(name, row, field)),
    rowOf: (id, values) => rowOfKeys(id, order.fields, values),
    compare: order.compare,
  }
}

type Key = string | number | boolean | null

const keyOf = (name: CollectionName, row: Row, field: string): Key => {
  const made = computedOf(name)[field]
  const value: unknown = made === undefined ? fieldOf(row, field) : made(row)
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? value
    : null
}

/** A row with just what the order looks at: it sorts where the row with those keys did. */
const rowOfKeys = (id: string, fields: readonly string[], values: readonly Key[]): Row => {
  const row: Record<string, unknown> = { id }
  for (const [index, field] of fields.entries()) row[field] = values[index] ?? null
  // What an app's name is worked out from.
  if ('name' in row && !fields.includes('friendlyName')) row['friendlyName'] = row['name']
  if ('name' in row && !fields.includes('type')) row['type'] = row['name']
  return row as unknown as Row
}
