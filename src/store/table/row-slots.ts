/** Rows in slots: small numbers by which the other parts of a table speak of them, one place in memory for each row. */
import { withRoom } from './growable-column.ts'

export interface Shelf<R> {
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
  /** The row in that slot has been read again. */
  renewed(slot: number, readAt: number): void
  /** Rows that seem to have been read later count as read then. */
  notAfter(moment: number): void
  /** Empties the slot, for another row to use. */
  clear(slot: number): void
  values(): IteratorObject<R>
  /** Gives back the room that was made for rows that did not come. */
  trim(): void
}

/** A shelf without rows. */
export const createRowSlots = <R extends { readonly id: string }>(): Shelf<R> => {
  const slots = new Map<string, number>()
  const free: number[] = []
  let rows: (R | undefined)[] = []
  let readAts = new Float64Array(0)

  return {
    get size() {
      return slots.size
    },
    get end() {
      return rows.length
    },
    slotOf: id => slots.get(id) ?? -1,
    at: slot => (slot < 0 ? undefined : rows[slot]),
    readAt: slot => (slot < 0 ? 0 : (readAts[slot] ?? 0)),
    add: (row, readAt) => {
      const slot = free.pop() ?? rows.length
      slots.set(row.id, slot)
      rows[slot] = row
      readAts = withRoom(readAts, slot)
      readAts[slot] = readAt
    },
    renewed: (slot, readAt) => {
      readAts[slot] = readAt
    },
    notAfter: moment => {
      for (let slot = 0; slot < readAts.length; slot += 1)
        readAts[slot] = Math.min(readAts[slot] ?? 0, moment)
    },
    clear: slot => {
      const row = rows[slot]
      if (row === undefined) return
      slots.delete(row.id)
      rows[slot] = undefined
      readAts[slot] = 0
      free.push(slot)
    },
    values: function* () {
      for (const row of rows) if (row !== undefined) yield row
    },
    trim: () => {
      // A copy is as long as its elements.
      rows = rows.slice()
    },
  }
}
