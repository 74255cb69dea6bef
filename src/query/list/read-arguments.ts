/** From the arguments of a list to what its reading works with. */
import type { CollectionName, Row } from '../../model/rows.ts'
import type { ListName } from '../../model/stored.ts'
import { type Filter, everything } from '../../filter/filter.ts'
import { createOrder, type NumberOf, type OrderKey, readOrder } from '../../filter/order.ts'
import { readFilter } from '../../filter/read-filter.ts'
import type { RowOrdering, RowSorting } from './list-query.ts'
import type { PageArguments } from './range.ts'
import type { Operation } from '../operation/operation.ts'
import { isPrimitive } from '../../model/values.ts'

/** What any list is asked with: the arguments of its field, as GraphQL coerced them. */
export interface ListTerms extends PageArguments {
  /** Where the list stands in the answer, where a plan was asked for. */
  readonly path?: string | undefined
  readonly filter?: unknown
  readonly orderBy?: unknown
}

/**
 * The filter that a `filter` argument stands for, or one at that other `path`; without one everything passes. What stands in several arguments of
 * the operation, or is asked of many parents, connectors and plans, is read once: a variable, which is the same object
 * wherever it stands, without being looked at again.
 * @throws BadInputError with the path of what cannot be asked.
 */
export const filterOf = (
  name: ListName,
  input: unknown,
  operation: Operation,
  path = 'filter',
): Filter =>
  input === undefined || input === null
    ? everything
    : operation.made.onceOf(input, `filter ${name}`, () =>
        readFilter(name, input, { now: () => operation.now(), path }),
      )

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
  const [first] = keys
  if (first === undefined) return undefined
  const counted = keys.flatMap(({ counts }) => counts ?? [])
  const plain = counted.length === 0 ? sortingOf(name, keys) : undefined
  return {
    key: createOrder<CollectionName>(name, keys).key,
    counted,
    over: numberOf => plain ?? sortingOf(name, keys, numberOf),
  }
}

const sortingOf = (
  name: CollectionName,
  keys: readonly OrderKey[],
  numberOf?: NumberOf,
): RowSorting => {
  /** The numbers of rows that stand for a cursor. */
  const told = new Map<object, ReadonlyMap<string, Key>>()
  const order = createOrder<CollectionName>(name, keys, (row, relation) => {
    const number = told.get(row)?.get(relation.name)
    return typeof number === 'number' ? number : (numberOf?.(row, relation) ?? 0)
  })
  return {
    keysOf: row => order.valuesOf(row).map(value => (isPrimitive(value) ? value : null)),
    rowOf: (id, values) => {
      const row = rowOfKeys(id, keys, values)
      const numbers = keys.flatMap(({ counts }, index) =>
        counts === undefined ? [] : [[counts.name, values[index] ?? 0] as const],
      )
      if (numbers.length > 0) told.set(row, new Map(numbers))
      return row
    },
    compare: order.compare,
  }
}

type Key = string | number | boolean | null

/** A row with just what the order looks at: it sorts where the row with those keys did. */
const rowOfKeys = (id: string, keys: readonly OrderKey[], values: readonly Key[]): Row => {
  const row: Record<string, unknown> = { id }
  for (const [index, { field, counts }] of keys.entries())
    if (counts === undefined) row[field] = values[index] ?? null
  // What an app's name is worked out from.
  const has = (field: string): boolean => keys.some(key => key.field === field)
  if ('name' in row && !has('friendlyName')) row['friendlyName'] = row['name']
  if ('name' in row && !has('type')) row['type'] = row['name']
  return row as unknown as Row
}
