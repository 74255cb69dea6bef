/** Rows by the text (or the truth value as a word) in one field, kept right while rows come, change and go. */
import type { Row } from '../../model/rows.ts'
import { fieldOf } from '../../model/values.ts'

export interface RowIndex<R> {
  /** The rows whose field holds that value, in no particular order. */
  get(value: string): readonly R[]
  add(row: R): void
  remove(row: R): void
  valueOf(row: R): string | undefined
  /** Gives back the room that was made for rows that did not come. */
  trim(): void
}

/** An empty index; rows without such a value in the field are not in it. A value with one row costs no list. */
export const createRowIndex = <R extends Row>(field: string): RowIndex<R> => {
  const entries = new Map<string, R | R[]>()

  const valueOf = (row: R): string | undefined => {
    const value: unknown = fieldOf(row, field)
    if (typeof value === 'boolean') return String(value)
    return typeof value === 'string' ? value : undefined
  }

  const add = (row: R): void => {
    const value = valueOf(row)
    if (value === undefined) return
    const entry = entries.get(value)
    if (entry === undefined) entries.set(value, row)
    else if (Array.isArray(entry)) entry.push(row)
    else entries.set(value, [entry, row])
  }

  const remove = (row: R): void => {
    const value = valueOf(row)
    const entry = value === undefined ? undefined : entries.get(value)
    if (value === undefined || entry === undefined) return
    // A new list: whoever was given the old one may still be reading it.
    const rest = Array.isArray(entry) ? entry.filter(other => other !== row) : []
    if (rest.length === 0) entries.delete(value)
    else entries.set(value, rest)
  }

  return {
    get: value => {
      const entry = entries.get(value)
      return entry === undefined ? [] : Array.isArray(entry) ? entry : [entry]
    },
    add,
    remove,
    valueOf,
    trim: () => {
      for (const [value, entry] of entries)
        // A copy is as long as its elements.
        if (Array.isArray(entry)) entries.set(value, entry.slice())
    },
  }
}
