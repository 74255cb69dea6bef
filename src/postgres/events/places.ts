/** What comes after a place in the order of a stored list, or before it, as a condition of SQL. Nulls come last. */
import type { EventSortKey } from '../../events/events.ts'
import type { PlaceOrder } from '../../events/ordering.ts'
import type { Bind } from './statement-values.ts'

export const conditionBeyond = (
  { keys, descending }: PlaceOrder,
  { keys: values, sequence }: EventSortKey,
  side: 'after' | 'before',
  bind: Bind,
): string => {
  const given = (value: unknown): string =>
    typeof value === 'string'
      ? bind(value, 'text')
      : bind(value, Number.isSafeInteger(value) ? 'bigint' : 'float8')
  const last = `sequence ${descending === (side === 'after') ? '<' : '>'} ${given(sequence)}`
  const beyond = keys.reduceRight((rest, key, index) => {
    const value = values[index] ?? null
    if (value === null)
      return side === 'after'
        ? `(${key.sql} IS NULL AND ${rest})`
        : `(${key.sql} IS NOT NULL OR ${rest})`
    const sign = key.descending === (side === 'after') ? '<' : '>'
    const nulls = side === 'after' && !key.filled ? ` OR ${key.sql} IS NULL` : ''
    return `(${key.sql} ${sign} ${given(value)}${nulls} OR (${key.sql} = ${given(value)} AND ${rest}))`
  }, last)
  const [first] = keys
  const value = values[0] ?? null
  if (first === undefined || !first.filled || value === null) return beyond
  // The same once more, so that an index can answer.
  const sign = first.descending === (side === 'after') ? '<=' : '>='
  return `(${first.sql} ${sign} ${given(value)} AND ${beyond})`
}
