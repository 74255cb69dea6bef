/**
 * The rows of one collection of one connector, one copy each, with the time each was read, the order in which a
 * scan first met them, and what of the collection is known to be complete.
 */
import type { CollectionName, Row, Rows } from '../model/rows.ts'
import type { Unreadable } from '../upstream/contract.ts'
import type { Told } from '../upstream/decode.ts'
import { createRowIndex, type RowIndex } from './row-index.ts'
import { createRowOrder, type Origin, type PageOrigin } from './row-order.ts'
import { createTellings, type When } from './tellings.ts'

export type { PageOrigin } from './row-order.ts'
export type { When } from './tellings.ts'

export interface Table<Name extends CollectionName = CollectionName> {
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
  tell(id: string, fields: Told<Rows[Name]>, when: When, created?: Rows[Name]): void
  /** Takes the row out, unless something has been told or read of it since. */
  tellGone(id: string, when: When): void
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
  /** The rows in the order of their positions. */
  ordered(): IteratorObject<Rows[Name]>
  /** Every row, also those that no scan has placed. */
  values(): IteratorObject<Rows[Name]>

  /** Start of the read that made the whole collection known (milliseconds); undefined before the first. */
  whole: number | undefined
  /** How long that read took, in milliseconds. */
  wholeTookMs: number
  /** Start of the read of the rows whose `field` is `value`. */
  slice(field: string, value: string): number | undefined
  cover(field: string, value: string, asOf: number, unreadable?: readonly Unreadable[]): void
  /** Rows of that slice that could not be read. */
  sliceUnreadable(field: string, value: string): readonly Unreadable[]
  /** Start of the read of all rows whose `field` is later than `seconds`, or than an earlier moment. */
  after(field: string, seconds: number): number | undefined
  coverAfter(field: string, seconds: number, asOf: number, unreadable?: readonly Unreadable[]): void
  /** Rows of that read that could not be read. */
  afterUnreadable(field: string): readonly Unreadable[]
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

interface Slice {
  readonly asOf: number
  readonly unreadable: readonly Unreadable[]
}

interface After extends Slice {
  readonly seconds: number
}

/** What callers' words can add to is remembered up to this many: random ones must not fill the memory. */
const MAX_REMEMBERED = 10_000
/** How long details are kept without a word of Push on whether something has happened since. */
const DETAILS_KEPT_MS = 900_000

/** An empty table; `epoch` is any text that no earlier table of the collection had. */
export const createTable = <Name extends CollectionName>(
  collection: Name,
  epoch: string,
): Table<Name> => {
  type R = Rows[Name]
  const slots = new Map<string, number>()
  const rows: (R | undefined)[] = []
  const readAts: number[] = []
  const free: number[] = []
  const order = createRowOrder()
  const detailedAts = new Map<string, number>()
  const indexes = new Map<string, RowIndex<R>>()
  const slices = new Map<string, Slice>()
  // The newest read of what is later than a moment, by field.
  const afters = new Map<string, After>()
  const absents = new Map<string, number>()
  const tellings = createTellings<R>()
  let unreadable: readonly Unreadable[] = []
  let whole: number | undefined
  let wholeTookMs = 0
  let version = 0

  const slotOf = (id: string): number => slots.get(id) ?? -1

  const insert = (row: R, readAt: number): void => {
    const slot = free.pop() ?? rows.length
    slots.set(row.id, slot)
    rows[slot] = row
    readAts[slot] = readAt
    for (const index of indexes.values()) index.add(row)
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
    readAts[slot] = readAt
  }

  const hasGoneSince = (id: string, readAt: number): boolean =>
    readAt < (whole ?? 0) || readAt < (absents.get(id) ?? 0)

  const remove = (id: string): void => {
    const slot = slotOf(id)
    const row = rows[slot]
    if (row === undefined) return
    for (const index of indexes.values()) index.remove(row)
    rows[slot] = undefined
    free.push(slot)
    order.leave(slot)
    slots.delete(id)
    detailedAts.delete(id)
    version += 1
  }

  return {
    collection,
    epoch,
    get: id => rows[slotOf(id)],
    readAt: id => readAts[slotOf(id)] ?? 0,
    detailedAt: id => detailedAts.get(id) ?? 0,
    put: (sent, readAt, detailed = false) => {
      const row = tellings.over(sent, readAt)
      const slot = slotOf(row.id)
      const old = rows[slot]
      if (old === undefined) {
        if (hasGoneSince(row.id, readAt)) return
        insert(row, readAt)
      } else if (readAt >= (readAts[slot] ?? 0)) renew(slot, old, row, readAt)
      else return
      if (detailed) detailedAts.set(row.id, readAt)
      absents.delete(row.id)
      version += 1
    },
    remove,
    tell: (id, told, when, created) => {
      const { at } = when
      const slot = slotOf(id)
      const old = rows[slot]
      const isOlder = old === undefined ? hasGoneSince(id, at) : at < (readAts[slot] ?? 0)
      if (isOlder || tellings.hasGoneSince(id, when)) return
      const fields = tellings.note(id, told, when)
      if (old !== undefined) {
        const next = { ...old, ...fields }
        // What happened since is not among the details here.
        const hasMore = 'events' in old && 'events' in next && hasActedSince(old, next)
        if (hasMore) detailedAts.delete(id)
        change(old, hasMore ? { ...next, events: null } : next)
      } else if (created !== undefined) {
        insert(tellings.over(created, at), at)
        absents.delete(id)
        version += 1
        // No scan will meet it any more; one that is under way places what it has not met at its end.
        if (whole !== undefined) order.place(slotOf(id))
      }
    },
    tellGone: (id, when) => {
      const { at } = when
      if ((readAts[slotOf(id)] ?? 0) > at || !tellings.noteGone(id, when)) return
      remove(id)
      remember(absents, id, Math.max(at, absents.get(id) ?? 0))
    },
    by: (field, value) => {
      let index = indexes.get(field)
      if (index === undefined) {
        index = createRowIndex<R>(field)
        for (const row of rows) if (row !== undefined) index.add(row)
        indexes.set(field, index)
      }
      return index.get(value)
    },
    get size() {
      return slots.size
    },
    get end() {
      return order.end
    },
    at: position => rows[order.slotAt(position)],
    positionOf: id => order.positionOf(slotOf(id)),
    place: id => {
      const slot = slotOf(id)
      if (slot >= 0) order.place(slot)
    },
    turnPage: page => {
      order.turnPage(page)
    },
    origin: position => order.origin(position),
    ordered: function* () {
      for (let position = 0; position < order.end; position += 1) {
        const row = rows[order.slotAt(position)]
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
    get wholeTookMs() {
      return wholeTookMs
    },
    set wholeTookMs(ms) {
      wholeTookMs = ms
    },
    slice: (field, value) => slices.get(sliceKey(field, value))?.asOf,
    sliceUnreadable: (field, value) => slices.get(sliceKey(field, value))?.unreadable ?? [],
    cover: (field, value, asOf, unreadable = []) => {
      remember(slices, sliceKey(field, value), { asOf, unreadable })
    },
    after: (field, seconds) => {
      const known = afters.get(field)
      return known !== undefined && known.seconds <= seconds ? known.asOf : undefined
    },
    afterUnreadable: field => afters.get(field)?.unreadable ?? [],
    coverAfter: (field, seconds, asOf, unreadable = []) => {
      afters.set(field, { seconds, asOf, unreadable })
    },
    absent: id => absents.get(id),
    missing: (id, asOf) => {
      remember(absents, id, asOf)
    },
    sweep: since => {
      for (const [slot, row] of rows.entries()) {
        if (row === undefined) continue
        const toldAt = tellings.latest(row.id)
        if (Math.max(readAts[slot] ?? 0, toldAt) < since) remove(row.id)
        // The scan may have passed its place before it was created.
        else if (toldAt >= since) order.place(slot)
      }
      for (const [key, { asOf }] of slices) if (asOf <= since) slices.delete(key)
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

const sliceKey = (field: string, value: string): string => `${field}=${value}`

/** The newest entries, up to a number of them. */
const remember = <Value>(map: Map<string, Value>, key: string, value: Value): void => {
  map.delete(key)
  map.set(key, value)
  const oldest = map.size > MAX_REMEMBERED ? map.keys().next().value : undefined
  if (oldest !== undefined) map.delete(oldest)
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
