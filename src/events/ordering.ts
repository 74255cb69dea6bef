/** The order of a stored list in SQL, and the condition for what lies beyond a place in it. Nulls come last. */
import type { SQLInputValue } from 'node:sqlite'
import { isText, type OrderKey } from '../filter/order.ts'
import { fieldsOf, type StoredName } from '../model/stored.ts'
import { keyColumnOf, columnOf } from './schema.ts'
import type { Ordering, EventSortKey, Value } from './queries.ts'
import { type SqlCondition, join } from './to-sql.ts'

interface Key {
  /** An expression for the value that is compared. */
  readonly sql: string
  readonly descending: boolean
  /** Whether every row has a value. */
  readonly filled: boolean
}

export interface SqlOrder {
  readonly keys: readonly Key[]
  /** Of the sequence, which breaks the last tie. */
  readonly descending: boolean
}

/** `fold` must be callable: it gives the form in which texts are compared. */
export const toOrder = (list: StoredName, ordering: Ordering): SqlOrder => {
  if (ordering === 'arrival') return { keys: [], descending: false }
  if (ordering !== 'newest')
    return { keys: ordering.map(key => toKey(list, key)), descending: false }
  if (list !== 'events') return { keys: [], descending: true }
  return { keys: [toKey(list, { field: 'occurredAt', direction: 'DESC' })], descending: true }
}

const toKey = (list: StoredName, { field, direction }: OrderKey): Key => {
  const column = columnOf(field)
  return {
    sql: isOfText(list, field) ? (keyColumnOf(list, field) ?? `fold(${column})`) : column,
    descending: direction === 'DESC',
    filled: ['id', 'occurredAt', 'happenedAt', 'receivedAt'].includes(field),
  }
}

/** A column beside the fields of the list holds no text. */
const isOfText = (list: StoredName, field: string): boolean =>
  Object.hasOwn(fieldsOf(list), field) && isText(list, field)

/** The terms of ORDER BY; the other way round where `backward`. */
export const orderBy = ({ keys, descending }: SqlOrder, backward: boolean): string =>
  [
    ...keys.flatMap(({ sql, descending: down, filled }) => [
      ...(filled ? [] : [`${sql} IS NULL ${backward ? 'DESC' : 'ASC'}`]),
      `${sql} ${down === backward ? 'ASC' : 'DESC'}`,
    ]),
    `sequence ${descending === backward ? 'ASC' : 'DESC'}`,
  ].join(', ')

/** What comes after the place, or before it. */
export const beyond = (
  { keys, descending }: SqlOrder,
  { keys: values, sequence }: EventSortKey,
  side: 'after' | 'before',
): SqlCondition => {
  const last: SqlCondition = {
    sql: `sequence ${descending === (side === 'after') ? '<' : '>'} ?`,
    values: [sequence],
  }
  const [only, ...others] = keys
  if (only !== undefined && others.length === 0 && only.filled && only.descending === descending)
    // In this form an index can go straight to the place.
    return {
      sql: `(${only.sql}, sequence) ${descending === (side === 'after') ? '<' : '>'} (?, ?)`,
      values: [values[0] ?? null, sequence],
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
