/**
 * The rows of one collection of one connector, one copy each, with the time each was read, the order in which a
 * scan first met them, and what of the collection is known to be complete.
 */
import type { CollectionName, Row, Rows } from '../../model/rows.ts'
import type { PartialRow } from '../../upstream/decode/decode.ts'
import { createCoverage, type Coverage } from './coverage.ts'
import { createRowIndex, type RowIndex } from './row-index.ts'
import { createRowOrder, type Origin } from './row-order.ts'
import type { PageOrigin } from '../../paging/page-origin.ts'
import { createRowSlots } from './row-slots.ts'
import { createEventOverlay, type When } from './event-overlay.ts'
import { createRowTexts, type RowTexts } from './row-texts.ts'

export type { When } from './event-overlay.ts'

export interface Table<Name extends CollectionName = CollectionName> extends Coverage {
  readonly collection: Name
  /** Changes whenever the order starts anew; a cursor of another epoch does not hold positions of this one. */
  readonly epoch: string
  get(id: string): Rows[Name] | undefined
  /** When that row was read (milliseconds), 0 for a row that is not here. */
  readAt(id: string): number
  /** When that row was read with the members that lists may leave out, 0 where they are not known. */
  detailedAt(id: string): number
  /**
   * Takes a row in, unless a newer copy is here or it is known to have gone since. `detailed`: it came from a read by
   * id.
   */
  put(row: Rows[Name], readAt: number, detailed?: boolean): void
  remove(id: string): void
  /**
   * Takes in what an event told of the row: the fields that are there, save those that a later event or read has told
   * of. `created`: the whole row, to be taken in where it is not here.
   */
  applyChange(id: string, fields: PartialRow<Rows[Name]>, when: When, created?: Rows[Name]): void
  /** Takes the row out, unless something has been told or read of it since. */
  applyDelete(id: string, when: When): void
  /** The rows whose field holds that value, in no particular order. The first question of a field makes its index. */
  by(field: string, value: string): readonly Rows[Name][]
  /** How many rows are here. */
  readonly size: number

  // The order of lists: a position never changes while its row lives, and new rows come after all others.
  /** One more than the last position. */
  readonly end: number
  /** The row at that position; undefined where it has gone. */
  at(position: number): Rows[Name] | undefined
  positionOf(id: string): number | undefined
  /** Gives the row the next position, unless it has one. */
  place(id: string): void
  /** What follows is placed from the page that was asked for like this. */
  turnPage(origin: PageOrigin): void
  /** The page that a position was placed from, and how many rows of it were placed before. */
  origin(position: number): Origin | undefined
  /** The rows in the order of their positions; the same list until that changes. */
  ordered(): readonly Rows[Name][]
  /** Every row, also those that no scan has placed. */
  values(): IteratorObject<Rows[Name]>

  /** Drops the rows that no read since `since` has shown, and the slices read before. */
  sweep(since: number): void
  /** Grows with every change of a row, by webhook, write or read, of their order, and of what is known of parts. */
  readonly version: number
  /** What was made of single rows, for as long as no row changes. */
  readonly texts: RowTexts
}

/** How long details are kept without a word of Push on whether something has happened since. */
const DETAILS_KEPT_MS = 900_000

/** An empty table; `epoch` is any text that no earlier table of the collection had. */
export const createTable = <Name extends CollectionName>(
  collection: Name,
  epoch: string,
): Table<Name> => {
  type R = Rows[Name]
  const shelf = createRowSlots<R>()
  const order = createRowOrder()
  const detailedAts = new Map<string, number>()
  const indexes = new Map<string, RowIndex<R>>()
  const { present, forgetSlices, ...coverage } = createCoverage()
  const overlay = createEventOverlay<R>()
  let inOrder: readonly R[] | undefined
  let version = 0

  const { slotOf, at: inSlot } = shelf

  const insert = (row: R, readAt: number): void => {
    shelf.add(row, readAt)
    for (const index of indexes.values()) index.add(row)
    present(row.id)
  }

  const change = (old: R, next: R): void => {
    const moved = [...indexes.values()].filter(index => index.valueOf(old) !== index.valueOf(next))
    for (const index of moved) index.remove(old)
    Object.assign(old, next)
    for (const index of moved) index.add(old)
    version += 1
  }

  // In place: every index and every answer under way goes on to hold the one copy.
  const renew = (slot: number, old: R, row: R, readAt: number): void => {
    const kept = keepsDetails(row, old, readAt - (detailedAts.get(row.id) ?? readAt))
    if (!kept) detailedAts.delete(row.id)
    change(old, kept ? withDetails(row, old) : row)
    shelf.renewed(slot, readAt)
  }

  const hasGoneSince = (id: string, readAt: number): boolean =>
    readAt < (table.whole ?? 0) || readAt < (table.absent(id) ?? 0)

  const remove = (id: string): void => {
    const slot = slotOf(id)
    const row = inSlot(slot)
    if (row === undefined) return
    for (const index of indexes.values()) index.remove(row)
    shelf.clear(slot)
    order.leave(slot)
    inOrder = undefined
    detailedAts.delete(id)
    version += 1
  }

  const place = (slot: number): void => {
    if (slot < 0 || !order.place(slot)) return
    inOrder = undefined
    version += 1
  }

  const listInOrder = (): readonly R[] => {
    const rows: R[] = []
    for (let position = 0; position < order.end; position += 1) {
      const row = inSlot(order.slotAt(position))
      if (row !== undefined) rows.push(row)
    }
    // A copy is as long as its elements.
    return rows.slice()
  }

  const indexOf = (field: string): RowIndex<R> => {
    const known = indexes.get(field)
    if (known !== undefined) return known
    const index = createRowIndex<R>(field)
    for (const row of shelf.values()) index.add(row)
    index.trim()
    indexes.set(field, index)
    return index
  }

  const table: Table<Name> = {
    ...coverage,
    cover: (...of) => {
      coverage.cover(...of)
      version += 1
    },
    missing: (id, asOf) => {
      coverage.missing(id, asOf)
      version += 1
    },
    notAfter: moment => {
      coverage.notAfter(moment)
      if (table.whole !== undefined) table.whole = Math.min(table.whole, moment)
      shelf.notAfter(moment)
      overlay.notAfter(moment)
      for (const [id, at] of detailedAts) detailedAts.set(id, Math.min(at, moment))
      version += 1
    },
    collection,
    epoch,
    get: id => inSlot(slotOf(id)),
    readAt: id => shelf.readAt(slotOf(id)),
    detailedAt: id => detailedAts.get(id) ?? 0,
    put: (sent, readAt, detailed = false) => {
      const row = overlay.over(sent, readAt)
      const slot = slotOf(row.id)
      const old = inSlot(slot)
      if (old === undefined) {
        if (hasGoneSince(row.id, readAt)) return
        insert(row, readAt)
      } else if (readAt >= shelf.readAt(slot)) {
        renew(slot, old, row, readAt)
        present(row.id)
      } else return
      if (detailed) detailedAts.set(row.id, readAt)
      version += 1
    },
    remove,
    applyChange: (id, told, when, created) => {
      const { at } = when
      const slot = slotOf(id)
      const old = inSlot(slot)
      const isOlder = old === undefined ? hasGoneSince(id, at) : at < shelf.readAt(slot)
      if (isOlder || overlay.hasGoneSince(id, when)) return
      const fields = overlay.note(id, told, when)
      if (old !== undefined) {
        const next = { ...old, ...fields }
        // What happened since is not among the details here.
        const hasMore = 'events' in old && 'events' in next && hasActedSince(old, next)
        if (hasMore) detailedAts.delete(id)
        change(old, hasMore ? { ...next, events: null } : next)
      } else if (created !== undefined) {
        insert(overlay.over(created, at), at)
        version += 1
        // No scan will meet it any more; one that is under way places what it has not met at its end.
        if (table.whole !== undefined) place(slotOf(id))
      }
    },
    applyDelete: (id, when) => {
      const { at } = when
      if (shelf.readAt(slotOf(id)) > at || !overlay.noteGone(id, when)) return
      remove(id)
      table.missing(id, Math.max(at, table.absent(id) ?? 0))
    },
    by: (field, value) => indexOf(field).get(value),
    get size() {
      return shelf.size
    },
    get end() {
      return order.end
    },
    at: position => inSlot(order.slotAt(position)),
    positionOf: id => order.positionOf(slotOf(id)),
    place: id => {
      place(slotOf(id))
    },
    turnPage: page => {
      order.turnPage(page)
    },
    origin: position => order.origin(position),
    ordered: () => (inOrder ??= listInOrder()),
    values: () => shelf.values(),
    sweep: since => {
      for (let slot = 0; slot < shelf.end; slot += 1) {
        const row = inSlot(slot)
        if (row === undefined) continue
        const toldAt = overlay.latest(row.id)
        if (Math.max(shelf.readAt(slot), toldAt) < since) remove(row.id)
        // The scan may have passed its place before it was created.
        else if (toldAt >= since) place(slot)
      }
      forgetSlices(since)
      version += 1
      // After a whole read there is not much to come.
      shelf.trim()
      for (const index of indexes.values()) index.trim()
    },
    get version() {
      return version
    },
    texts: createRowTexts(() => version),
  }
  return table
}

/**
 * Whether the details of the older copy stand: a list may leave out a detection's events, and they stay as long as
 * nothing has happened to it since.
 */
const keepsDetails = (row: Row, old: Row, ageMs: number): boolean =>
  'events' in row &&
  'events' in old &&
  row.events === null &&
  old.events !== null &&
  row.lastActivityAt === old.lastActivityAt &&
  (row.lastActivityAt !== null || ageMs <= DETAILS_KEPT_MS)

const hasActedSince = (
  old: { readonly lastActivityAt: number | null },
  next: { readonly lastActivityAt: number | null },
): boolean => old.lastActivityAt !== next.lastActivityAt

const withDetails = <R extends Row>(row: R, old: R): R =>
  'events' in old ? { ...row, events: old.events } : row
