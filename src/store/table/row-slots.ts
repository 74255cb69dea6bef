/**
 * Rows in slots: small numbers by which the parts of a table refer to them, one place in memory for each row. They are
 * found by id, by the value of a field, and by their place in the order of lists.
 */
import type { Row } from '../../model/rows.ts'
import { withRoom } from './growable-column.ts'
import { createRowIndexes, type RowIndexes } from './row-index.ts'
import { createRowOrder, type RowOrder } from './row-order.ts'
import { isSameRow } from './same-row.ts'

export interface RowSlots<R> {
  /** How many rows are here. */
  readonly size: number
  /** One more than the last slot. */
  readonly end: number
  /** The slot of the row with that id; -1 where there is none. */
  slotOf(id: string): number
  at(slot: number): R | undefined
  /** When the row in that slot was read (milliseconds), 0 where there is none. */
  readAt(slot: number): number
  add(row: R, readAt: number): void
  /** Gives the row in that slot other values; `readAt` where it has been read again. Whether any of them differs. */
  change(slot: number, next: R, readAt?: number): boolean
  /** Gives the row in that slot the next position in the order, unless it has one. */
  place(slot: number): void
  /** Empties the slot, for another row to use. */
  clear(slot: number): void
  readonly by: RowIndexes<R>['by']
  readonly order: Omit<RowOrder<R>, 'place' | 'leave' | 'changed'>
  values(): IteratorObject<R>
  /** Rows that seem to have been read later count as read then. */
  notAfter(moment: number): void
  /** Gives back the room that was made for rows that did not come. */
  trim(): void
}

/** No rows; `onChange` is called with every change of one, or of their order. */
export const createRowSlots = <R extends Row>(onChange: () => void): RowSlots<R> => {
  const slots = new Map<string, number>()
  const free: number[] = []
  let rows: (R | undefined)[] = []
  let readAts = new Float64Array(0)
  const at = (slot: number): R | undefined => (slot < 0 ? undefined : rows[slot])
  const values = function* (): Generator<R> {
    for (const row of rows) if (row !== undefined) yield row
  }
  const indexes = createRowIndexes<R>(values)
  const order = createRowOrder<R>(at)

  return {
    get size() {
      return slots.size
    },
    get end() {
      return rows.length
    },
    slotOf: id => slots.get(id) ?? -1,
    at,
    readAt: slot => (slot < 0 ? 0 : (readAts[slot] ?? 0)),
    add: (row, readAt) => {
      const slot = free.pop() ?? rows.length
      slots.set(row.id, slot)
      rows[slot] = row
      readAts = withRoom(readAts, slot)
      readAts[slot] = readAt
      indexes.add(row)
      onChange()
    },
    // Never in place: an answer under way goes on with the row as it was, so that all that it gives agrees.
    change: (slot, next, readAt) => {
      const row = rows[slot]
      const isOther = row !== undefined && !isSameRow(row, next)
      if (isOther) {
        indexes.change(row, next)
        rows[slot] = next
        order.changed()
      }
      if (readAt !== undefined) readAts[slot] = readAt
      onChange()
      return isOther
    },
    place: slot => {
      if (order.place(slot)) onChange()
    },
    clear: slot => {
      const row = rows[slot]
      if (row === undefined) return
      indexes.remove(row)
      order.leave(slot)
      slots.delete(row.id)
      rows[slot] = undefined
      readAts[slot] = 0
      free.push(slot)
      onChange()
    },
    by: indexes.by,
    order,
    values,
    notAfter: moment => {
      for (let slot = 0; slot < readAts.length; slot += 1)
        readAts[slot] = Math.min(readAts[slot] ?? 0, moment)
    },
    trim: () => {
      // A copy is as long as its elements.
      rows = rows.slice()
      indexes.trim()
    },
  }
}
