/** The order of a stored list: in SQL, the condition for what lies beyond a place, and how two places compare. Nulls come last. */
import type { SQLInputValue } from 'node:sqlite'
import { compareCodePoints } from '../filter/letters.ts'
import { isText, type OrderKey } from '../filter/order.ts'
import { fieldsOf, type StoredName } from '../model/stored.ts'
import { keyColumnOf, columnOf, timeFields } from './schema.ts'
import type { Ordering, EventSortKey, Value } from './queries.ts'
import { type SqlCondition, join } from './to-sql.ts'

interface Key {
  /** An expression for the value that is compared. */
  readonly sql: string
  readonly descending: boolean
  /** Whether every row has a value. */
  readonly filled: boolean
}

export interface PlaceOrder {
  readonly keys: readonly Key[]
  /** Of the sequence, which breaks the last tie. */
  readonly descending: boolean
}

/** `keyOf` gives the expression for a text in the form in which texts are compared; by default `fold` must be callable. */
export const toOrder = (
  list: StoredName,
  ordering: Ordering,
  keyOf: TextKey = foldedKey,
): PlaceOrder => {
  if (ordering === 'arrival') return { keys: [], descending: false }
  if (ordering !== 'newest')
    return { keys: ordering.map(key => toKey(list, key, keyOf)), descending: false }
  const time = timeFields[list]
  if (time === undefined) return { keys: [], descending: true }
  return { keys: [toKey(list, { field: time, direction: 'DESC' }, keyOf)], descending: true }
}

export type TextKey = (list: StoredName, field: string) => string

const foldedKey: TextKey = (list, field) => keyColumnOf(list, field) ?? `fold(${columnOf(field)})`

const toKey = (list: StoredName, { field, direction }: OrderKey, keyOf: TextKey): Key => {
  const column = columnOf(field)
  return {
    sql: isOfText(list, field) ? keyOf(list, field) : column,
    descending: direction === 'DESC',
    filled: ['id', 'occurredAt', 'happenedAt', 'receivedAt', 'at'].includes(field),
  }
}

/** A column beside the fields of the list holds no text. */
const isOfText = (list: StoredName, field: string): boolean =>
  Object.hasOwn(fieldsOf(list), field) && isText(list, field)

/** The terms of ORDER BY; the other way round where `backward`. */
export const orderBy = ({ keys, descending }: PlaceOrder, backward: boolean): string =>
  [
    ...keys.flatMap(({ sql, descending: down, filled }) => [
      ...(filled ? [] : [`${sql} IS NULL ${backward ? 'DESC' : 'ASC'}`]),
      `${sql} ${down === backward ? 'ASC' : 'DESC'}`,
    ]),
    `sequence ${descending === backward ? 'ASC' : 'DESC'}`,
  ].join(', ')

/** What comes after the place, or before it. */
export const beyond = (
  { keys, descending }: PlaceOrder,
  { keys: values, sequence }: EventSortKey,
  side: 'after' | 'before',
): SqlCondition => {
  const last: SqlCondition = {
    sql: `sequence ${descending === (side === 'after') ? '<' : '>'} ?`,
    values: [sequence],
  }
  return keys.reduceRight((rest, key, index) => {
    const value = values[index] ?? null
    const same = { sql: `${key.sql} IS ?`, values: [value] }
    return join('or', [strictly(key, value, side), join('and', [same, rest])])
  }, last)
}

const strictly = (
  { sql, descending }: Key,
  value: Value,
  side: 'after' | 'before',
): SqlCondition => {
  const none: SQLInputValue[] = []
  if (value === null)
    return side === 'after'
      ? { sql: '0', values: none }
      : { sql: `${sql} IS NOT NULL`, values: none }
  const compared = `${sql} ${descending === (side === 'after') ? '<' : '>'} ?`
  return side === 'after'
    ? { sql: `(${compared} OR ${sql} IS NULL)`, values: [value] }
    : { sql: compared, values: [value] }
}

/** What is selected for the order, as `key_0` and so on. */
export const keyColumns = ({ keys }: PlaceOrder): readonly string[] =>
  keys.map(({ sql }, index) => `${sql} AS key_${index}`)

/** The place of a row of which {@link keyColumns} were selected. */
export const placeOf = (
  { keys }: PlaceOrder,
  row: Readonly<Record<string, unknown>>,
): EventSortKey => ({
  keys: keys.map((_, index) => {
    const value = row[`key_${index}`]
    return typeof value === 'string' || typeof value === 'number' ? value : null
  }),
  sequence: Number(row['sequence']),
})

/** Compares two places; the other way round where `backward`. */
export const comparePlaces = (
  { keys, descending }: PlaceOrder,
  backward: boolean,
): ((a: EventSortKey, b: EventSortKey) => number) => {
  const way = backward ? -1 : 1
  const bySequence = descending ? -1 : 1
  return (a, b) => {
    for (let index = 0; index < keys.length; index += 1) {
      const sign = compareValues(
        a.keys[index] ?? null,
        b.keys[index] ?? null,
        keys[index]?.descending,
      )
      if (sign !== 0) return way * sign
    }
    return way * bySequence * (a.sequence - b.sequence)
  }
}

const compareValues = (a: Value, b: Value, descending = false): number => {
  if (a === b) return 0
  if (a === null || b === null) return a === null ? 1 : -1
  const sign =
    typeof a === 'string' && typeof b === 'string' ? compareCodePoints(a, b) : Number(a) - Number(b)
  return descending ? -sign : sign
}
