/** Rows by the text (or the truth value as a word) in a field, kept right while rows come, change and go. */
import type { Row } from '../../model/rows.ts'
import { fieldOf } from '../../model/values.ts'

export interface RowIndexes<R> {
  /** The rows whose field holds that value, in no particular order. The first question of a field makes its index. */
  by(field: string, value: string): readonly R[]
  add(row: R): void
  remove(row: R): void
  /** The one row takes the place of the other. */
  change(row: R, next: R): void
  /** Gives back the room that was made for rows that did not come. */
  trim(): void
}

/** Rows by value; those without one are not in it. A value with one row costs no list. */
type Index<R> = Map<string, R | R[]>

/** No index yet; `rows` are those that one begins with. */
export const createRowIndexes = <R extends Row>(rows: () => Iterable<R>): RowIndexes<R> => {
  const indexes = new Map<string, Index<R>>()

  const indexOf = (field: string): Index<R> => {
    const known = indexes.get(field)
    if (known !== undefined) return known
    const index: Index<R> = new Map()
    for (const row of rows()) add(index, valueOf(row, field), row)
    trim(index)
    indexes.set(field, index)
    return index
  }

  return {
    by: (field, value) => {
      const entry = indexOf(field).get(value)
      return entry === undefined ? [] : Array.isArray(entry) ? entry : [entry]
    },
    add: row => {
      for (const [field, index] of indexes) add(index, valueOf(row, field), row)
    },
    remove: row => {
      for (const [field, index] of indexes) remove(index, valueOf(row, field), row)
    },
    change: (row, next) => {
      for (const [field, index] of indexes) {
        const [before, after] = [valueOf(row, field), valueOf(next, field)]
        if (before === after) replace(index, before, row, next)
        else {
          remove(index, before, row)
          add(index, after, next)
        }
      }
    },
    trim: () => {
      for (const index of indexes.values()) trim(index)
    },
  }
}

const valueOf = (row: Row, field: string): string | undefined => {
  const value: unknown = fieldOf(row, field)
  if (typeof value === 'boolean') return String(value)
  return typeof value === 'string' ? value : undefined
}

const add = <R>(index: Index<R>, value: string | undefined, row: R): void => {
  if (value === undefined) return
  const entry = index.get(value)
  if (entry === undefined) index.set(value, row)
  else if (Array.isArray(entry)) entry.push(row)
  else index.set(value, [entry, row])
}

const remove = <R>(index: Index<R>, value: string | undefined, row: R): void => {
  const entry = value === undefined ? undefined : index.get(value)
  if (value === undefined || entry === undefined) return
  // A new list: whoever was given the old one may still be reading it.
  const rest = Array.isArray(entry) ? entry.filter(other => other !== row) : []
  if (rest.length === 0) index.delete(value)
  else index.set(value, rest)
}

const replace = <R>(index: Index<R>, value: string | undefined, row: R, next: R): void => {
  const entry = value === undefined ? undefined : index.get(value)
  if (value === undefined || entry === undefined) return
  index.set(value, Array.isArray(entry) ? entry.map(each => (each === row ? next : each)) : next)
}

const trim = <R>(index: Index<R>): void => {
  for (const [value, entry] of index)
    // A copy is as long as its elements.
    if (Array.isArray(entry)) index.set(value, entry.slice())
}
