/**
 * The rows of one collection of one connector, one copy each, with the time each was read, the order in which a
 * scan first met them, and what of the collection is known to be complete.
 */
import type { CollectionName, Row, Rows } from '../model/rows.ts'
import type { Unreadable } from '../upstream/contract.ts'

export interface Table<Name extends CollectionName = CollectionName> {
  readonly collection: Name
  /** Changes whenever the order starts anew; a cursor of another epoch does not hold positions of this one. */
  readonly epoch: string
  get(id: string): Rows[Name] | undefined
  /** When that row was read (milliseconds), 0 for a row that is not here. */
  readAt(id: string): number
  /** When that row was read with the members that lists may leave out, 0 for never. */
  detailedAt(id: string): number
  /** Takes a row in, unless a newer copy is here. `detailed`: it came from a read by id. */
  put(row: Rows[Name], readAt: number, detailed?: boolean): void
  remove(id: string): void
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
  origin(position: number): { readonly page: PageOrigin; readonly index: number } | undefined
  /** The rows in the order of their positions. */
  ordered(): IterableIterator<Rows[Name]>
  /** Every row, also those that no scan has placed. */
  values(): IterableIterator<Rows[Name]>

  /** Start of the read that made the whole collection known (milliseconds); undefined before the first. */
  whole: number | undefined
  /** Start of the read of the rows whose `field` is `value`. */
  slice(field: string, value: string): number | undefined
  cover(field: string, value: string, asOf: number): void
  /** Start of the read of all rows whose `field` is later than `seconds`, or than an earlier moment. */
  after(field: string, seconds: number): number | undefined
  coverAfter(field: string, seconds: number, asOf: number): void
  /** Since when it is known that no object has that id. */
  absent(id: string): number | undefined
  missing(id: string, asOf: number): void
  /** Drops the rows that no read since `since` has shown, and the slices read before. */
  sweep(since: number): void
  /** Rows that the newest scan could not read: where and why. They are missing here. */
  unreadable: readonly Unreadable[]
  /** Grows with every change of a row, by webhook, write or read. */
  readonly version: number
}

/** Where upstream a page begins: at its token, or else at an offset. */
export type PageOrigin = { readonly token: string } | { readonly offset: number }

/** Ids known not to exist are remembered up to this many; an attacker's random ids must not fill the memory. */
const MAX_ABSENT = 10_000

/** An empty table; `epoch` is any text that no earlier table of the collection had. */
export const createTable = <Name extends CollectionName>(
  collection: Name,
  epoch: string,
): Table<Name> => {
  type R = Rows[Name]
  const slots = new Map<string, number>()
  const rows: (R | undefined)[] = []
  const readAts: number[] = []
  // Position of a slot, -1 before a scan met the row; and the slot of a position.
  const positions: number[] = []
  const order: number[] = []
  const detailedAts = new Map<string, number>()
  const indexes = new Map<string, Index<R>>()
  const slices = new Map<string, number>()
  // The newest read of what is later than a moment, by field.
  const afters = new Map<string, { readonly seconds: number; readonly asOf: number }>()
  const absents = new Map<string, number>()
  const pages: { readonly from: number; readonly page: PageOrigin }[] = []
  let unreadable: readonly Unreadable[] = []
  let whole: number | undefined
  let version = 0

  const slotOf = (id: string): R | undefined => {
    const slot = slots.get(id)
    return slot === undefined ? undefined : rows[slot]
  }

  const insert = (row: R, readAt: number): void => {
    slots.set(row.id, rows.length)
    rows.push(row)
    readAts.push(readAt)
    positions.push(-1)
    for (const index of indexes.values()) index.add(row)
  }

  // In place: every index and every answer under way goes on to hold the one copy.
  const renew = (slot: number, old: R, row: R, readAt: number): void => {
    const next = withKnownDetails(row, old)
    const moved = [...indexes.values()].filter(index => index.valueOf(old) !== index.valueOf(next))
    for (const index of moved) index.remove(old)
    Object.assign(old, next)
    for (const index of moved) index.add(old)
    readAts[slot] = readAt
  }

  return {
    collection,
    epoch,
    get: slotOf,
    readAt: id => readAts[slots.get(id) ?? -1] ?? 0,
    detailedAt: id => detailedAts.get(id) ?? 0,
    put: (row, readAt, detailed = false) => {
      const slot = slots.get(row.id)
      const old = slot === undefined ? undefined : rows[slot]
      if (slot === undefined || old === undefined) insert(row, readAt)
      else if (readAt >= (readAts[slot] ?? 0)) renew(slot, old, row, readAt)
      else return
      if (detailed) detailedAts.set(row.id, readAt)
      absents.delete(row.id)
      version += 1
    },
    remove: id => {
      const slot = slots.get(id)
      const row = slot === undefined ? undefined : rows[slot]
      if (slot === undefined || row === undefined) return
      for (const index of indexes.values()) index.remove(row)
      rows[slot] = undefined
      slots.delete(id)
      detailedAts.delete(id)
      version += 1
    },
    by: (field, value) => {
      let index = indexes.get(field)
      if (index === undefined) {
        index = createIndex<R>(field)
        for (const row of rows) if (row !== undefined) index.add(row)
        indexes.set(field, index)
      }
      return index.get(value)
    },
    get size() {
      return slots.size
    },
    get end() {
      return order.length
    },
    at: position => rows[order[position] ?? -1],
    positionOf: id => {
      const position = positions[slots.get(id) ?? -1]
      return position === undefined || position < 0 ? undefined : position
    },
    place: id => {
      const slot = slots.get(id)
      if (slot === undefined || positions[slot] !== -1) return
      positions[slot] = order.length
      order.push(slot)
    },
    turnPage: page => {
      // A page that placed nothing is no place to come back to.
      if (pages.at(-1)?.from === order.length) pages.pop()
      pages.push({ from: order.length, page })
    },
    origin: position => {
      const found = pages.findLast(({ from }) => from <= position)
      return found === undefined ? undefined : { page: found.page, index: position - found.from }
    },
    ordered: function* () {
      for (const slot of order) {
        const row = rows[slot]
        if (row !== undefined) yield row
      }
    },
    values: function* () {
      for (const row of rows) if (row !== undefined) yield row
    },
    get whole() {
      return whole
    },
    set whole(asOf) {
      whole = asOf
    },
    slice: (field, value) => slices.get(sliceKey(field, value)),
    cover: (field, value, asOf) => {
      slices.set(sliceKey(field, value), asOf)
    },
    after: (field, seconds) => {
      const known = afters.get(field)
      return known !== undefined && known.seconds <= seconds ? known.asOf : undefined
    },
    coverAfter: (field, seconds, asOf) => {
      afters.set(field, { seconds, asOf })
    },
    absent: id => absents.get(id),
    missing: (id, asOf) => {
      absents.delete(id)
      absents.set(id, asOf)
      const oldest = absents.size > MAX_ABSENT ? absents.keys().next().value : undefined
      if (oldest !== undefined) absents.delete(oldest)
    },
    sweep(since) {
      for (const [slot, row] of rows.entries())
        if (row !== undefined && (readAts[slot] ?? 0) < since) this.remove(row.id)
      for (const [key, asOf] of slices) if (asOf <= since) slices.delete(key)
    },
    get unreadable() {
      return unreadable
    },
    set unreadable(list) {
      unreadable = list
    },
    get version() {
      return version
    },
  }
}

interface Index<R> {
  get(value: string): readonly R[]
  add(row: R): void
  remove(row: R): void
  valueOf(row: R): string | undefined
}

/** Rows by the text in one field; rows without it are not in. A value with one row costs no list. */
const createIndex = <R extends Row>(field: string): Index<R> => {
  const entries = new Map<string, R | R[]>()
  const valueOf = (row: R): string | undefined => {
    const value: unknown = (row as unknown as Record<string, unknown>)[field]
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
  }
}

const sliceKey = (field: string, value: string): string => `${field}=${value}`

/**
 * A list may leave out a detection's events: those of the older copy stay as long as nothing has happened since.
 * Every other member of the new copy stands as it is.
 */
const withKnownDetails = <R extends Row>(row: R, old: R): R =>
  'events' in row &&
  'events' in old &&
  row.events === null &&
  old.events !== null &&
  row.lastActivityAt === old.lastActivityAt
    ? { ...row, events: old.events }
    : row
