/**
 * The rows of one collection of one connector, one copy each, with the time each was read, the order in which a
 * scan first met them, and what of the collection is known to be complete.
 */
import type { CollectionName, Rows } from '../../model/rows.ts'
import { createCoverage, type Coverage, wholeReadAt } from './coverage.ts'
import { createRowMerge, type RowMerge } from './row-merge.ts'
import { createRowNotes, type OnNotice } from './row-notes.ts'
import type { RowOrder } from './row-order.ts'
import { createRowSlots, type RowSlots } from './row-slots.ts'
import { createRowTexts, type RowTexts } from './row-texts.ts'

export type { When } from './event-overlay.ts'

export interface Table<Name extends CollectionName = CollectionName>
  extends
    Coverage,
    Omit<RowMerge<Rows[Name]>, 'told' | 'toldOf'>,
    Pick<RowSlots<Rows[Name]>, 'size' | 'by'>,
    Pick<RowOrder<Rows[Name]>, 'end' | 'at' | 'turnPage' | 'origin' | 'frozen'> {
  readonly collection: Name
  /** Changes whenever the order starts anew; a cursor of another epoch does not hold positions of this one. */
  readonly epoch: string
  get(id: string): Rows[Name] | undefined
  /** When that row was read (milliseconds), 0 for a row that is not here. */
  readAt(id: string): number
  positionOf(id: string): number | undefined
  /** Gives the row the next position, unless it has one. */
  place(id: string): void
  /** Every row, also those that no scan has placed. */
  values(): IteratorObject<Rows[Name]>
  /** Operations at work that have looked at it: it stays for them. */
  users: number
  /** Grows with every change of a row, by webhook, write or read, of their order, and of what is known of parts. */
  readonly version: number
  /** What was made of single rows, for as long as no row changes. */
  readonly texts: RowTexts
  /** What is here is what Push has, as far as a probe at that moment can see. */
  agree(at: number): void
  /** The table is dropped: nobody uses it any more but who still holds it. */
  leave(): void
}

/**
 * An empty table; `epoch` is any text that no earlier table of the collection had. `onNotice` hears what is learnt of
 * rows.
 */
export const createTable = <Name extends CollectionName>(
  collection: Name,
  epoch: string,
  onNotice?: OnNotice,
): Table<Name> => {
  let version = 0
  const onChange = (): void => {
    version += 1
  }
  const slots = createRowSlots<Rows[Name]>(onChange)
  const { slotOf, order } = slots
  const coverage = createCoverage(onChange)
  const notes = createRowNotes(
    collection,
    epoch,
    { all: () => merge.told(), one: id => merge.toldOf(id) },
    onNotice,
  )
  const merge: RowMerge<Rows[Name]> = createRowMerge(
    slots,
    coverage,
    () => wholeReadAt(table),
    notes,
  )

  const table: Table<Name> = {
    ...coverage,
    ...merge,
    notAfter: moment => {
      if (table.whole !== undefined) table.whole = Math.min(table.whole, moment)
      if (table.readBeforeProbes !== undefined)
        table.readBeforeProbes = Math.min(table.readBeforeProbes, moment)
      merge.notAfter(moment)
    },
    collection,
    epoch,
    users: 0,
    get: id => slots.at(slotOf(id)),
    readAt: id => slots.readAt(slotOf(id)),
    by: slots.by,
    get size() {
      return slots.size
    },
    get end() {
      return order.end
    },
    at: order.at,
    positionOf: id => order.positionOf(slotOf(id)),
    place: id => slots.place(slotOf(id)),
    turnPage: order.turnPage,
    origin: order.origin,
    frozen: order.frozen,
    values: slots.values,
    get version() {
      return version
    },
    texts: createRowTexts(() => version),
    agree: at => {
      if (table.whole === undefined || at <= table.whole) return
      table.readBeforeProbes = wholeReadAt(table)
      table.whole = at
      if (table.gaps.length === 0) notes.agreed(at)
    },
    leave: notes.left,
  }
  return table
}
