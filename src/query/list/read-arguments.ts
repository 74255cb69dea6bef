/** What a caller asks of a list, from the arguments of its field to what the reading works with. */
import { computedOf } from '../../model/collections.ts'
import type { CollectionName, Row } from '../../model/rows.ts'
import { filterKey } from '../../filter/filter-key.ts'
import { createOrder, readOrder } from '../../filter/order.ts'
import { readFilter } from '../../filter/read-filter.ts'
import type { RowOrdering } from './list-query.ts'
import type { ListCondition } from './list-query.ts'
import type { Operation } from '../operation/operation.ts'
import { fieldOf } from '../../model/values.ts'

/** The time of an operation; what is reckoned from it holds for that moment alone. */
export class Moment {
  readonly #operation: Operation

  constructor(operation: Operation) {
    this.#operation = operation
  }

  get nowSeconds(): number {
    return this.#operation.now() / 1_000
  }
}

/**
 * The condition of a `filter` argument; none where it lets everything pass.
 * @throws BadInputError with the path of what cannot be asked.
 */
export const conditionOf = (
  name: CollectionName,
  input: unknown,
  operation: Operation,
): { readonly condition?: ListCondition } => {
  const filter = readFilter(name, input ?? undefined, new Moment(operation))
  return filter.kind === 'all' ? {} : { condition: { key: filterKey(filter), filter } }
}

/**
 * The order of an `orderBy` argument; none where it names no key.
 * @throws BadInputError with the path of what cannot be sorted by.
 */
export const orderOf = (name: CollectionName, input: unknown): { readonly order?: RowOrdering } => {
  const keys = readOrder(name, input ?? undefined)
  if (keys.length === 0) return {}
  const order = createOrder<CollectionName>(name, keys)
  return {
    order: {
      key: order.key,
      keysOf: row => order.fields.map(field => keyOf(name, row, field)),
      rowOf: (id, values) => standIn(id, order.fields, values),
      compare: order.compare,
    },
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

/** A row with just what the order looks at, which stands where the row with those keys stood. */
const standIn = (id: string, fields: readonly string[], values: readonly Key[]): Row => {
  const row: Record<string, unknown> = { id }
  for (const [index, field] of fields.entries()) row[field] = values[index] ?? null
  // Reckoned again from what an app's name is made of.
  if ('name' in row && !fields.includes('friendlyName')) row['friendlyName'] = row['name']
  if ('name' in row && !fields.includes('type')) row['type'] = row['name']
  return row as unknown as Row
}
