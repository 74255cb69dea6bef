/**
 * Which copy of a row counts: of what pages and look-ups read, and of what events changed or deleted, the newest, in
 * whichever order they come.
 */
import type { LearntBy } from '../../model/row-changes.ts'
import type { Row } from '../../model/rows.ts'
import type { PartialRow } from '../../upstream/decode/decode.ts'
import { setBounded } from './bounded-map.ts'
import type { OwnCoverage } from './coverage.ts'
import { createEventOverlay, type When } from './event-overlay.ts'
import type { RowNotes } from './row-notes.ts'
import type { RowSlots } from './row-slots.ts'

export interface RowMerge<R> {
  /** When that row was read with the members that lists may leave out, 0 where they are not known. */
  detailedAt(id: string): number
  /**
   * Takes a row in, unless a newer copy is here or it is known to have gone since. `detailed`: it came from a read by
   * id.
   */
  put(row: R, readAt: number, detailed?: boolean): void
  /** Takes the row out. `goneAt`: there was none at that moment; where absent, the row may be there all the same. */
  remove(id: string, goneAt?: number): void
  /**
   * Takes out rows that a part read at `asOf` should have shown and did not: they have gone, or are other ones by now.
   * Other parts that they are in are known no longer.
   */
  forget(rows: readonly R[], asOf: number): void
  /** Whether any of them went like that since `since`, and has not been read again. */
  misses(since: number): boolean
  /**
   * Takes in what an event changed of the row: the fields that are there, save those that a later event or read has
   * given. `created`: the whole row, to be taken in where it is not here.
   */
  applyChange(id: string, fields: PartialRow<R>, when: When, created?: R): void
  /** Takes the row out, unless it has been changed or read since. */
  applyDelete(id: string, when: When): void
  /** When an event, or an answer to a write, last changed that row (milliseconds); 0 where none has. */
  changedAt(id: string): number
  /** When the newest change of it that arrived before `at` happened, by Push's clock; -Infinity where none is known. */
  occurredBefore(id: string, at: number): number
  /**
   * Drops the rows that no read since `since` has shown, and the slices read before. `hasGaps`: some of them may be among
   * those that could not be read. `until`: when the last rows were asked for.
   */
  sweep(since: number, hasGaps?: boolean, until?: number): void
  /** Whether that would remove any but those. */
  hasOlder(since: number, except: ReadonlySet<string>): boolean
  /** The rows that are here, each with the moment at which what is known of it was last told. */
  told(): Iterable<readonly [row: R, at: number]>
  /** The one of that id. */
  toldOf(id: string): readonly [row: R, at: number] | undefined
  /** What seems to have been read or changed later counts as of then: the clock was set back. */
  notAfter(moment: number): void
}

/**
 * Merges into `slots`, and by what is covered; `wholeAt` tells since when the whole collection is known. `notes` hear what
 * became of the rows.
 */
export const createRowMerge = <R extends Row>(
  slots: RowSlots<R>,
  coverage: OwnCoverage,
  wholeAt: () => number | undefined,
  notes: RowNotes,
): RowMerge<R> => {
  const { slotOf } = slots
  const details = createRowDetails<R>()
  const overlay = createEventOverlay<R>()
  const forgotten = new Map<string, number>()

  const hasGoneSince = (id: string, readAt: number): boolean =>
    readAt < (wholeAt() ?? 0) || readAt < (coverage.absent(id) ?? 0)

  const insert = (row: R, readAt: number, toldAt = readAt, learntFrom?: LearntBy): void => {
    slots.add(row, readAt)
    coverage.present(row.id)
    notes.is(row, toldAt, learntFrom)
  }

  const remove = (id: string): void => {
    slots.clear(slotOf(id))
    details.readAts.delete(id)
  }

  /** When what is known of the row was last told. */
  const toldAt = (slot: number, id: string): number =>
    Math.max(slots.readAt(slot), overlay.changedAt(id))

  /** Whether neither a read nor an event has told of it since. */
  const isOlder = (slot: number, { id }: R, since: number): boolean =>
    slots.readAt(slot) < since && overlay.changedAt(id) < since

  return {
    detailedAt: id => details.readAts.get(id) ?? 0,
    put: (sent, readAt, detailed = false) => {
      const row = overlay.applyTo(sent, readAt)
      // With what events have told since, it has not been known for longer than that.
      const told = row === sent ? undefined : overlay.lastTold(row.id)
      const knownAt = Math.max(readAt, told?.toldAt ?? readAt)
      const slot = slotOf(row.id)
      const old = slots.at(slot)
      if (old === undefined) {
        if (hasGoneSince(row.id, readAt)) return
        insert(row, readAt, knownAt, told?.learntFrom)
      } else if (readAt >= slots.readAt(slot)) {
        const next = details.kept(row, old, readAt)
        if (slots.change(slot, next, readAt)) notes.is(next, knownAt)
        coverage.present(row.id)
      } else return
      if (detailed) details.readAts.set(row.id, readAt)
    },
    remove: (id, goneAt) => {
      const slot = slotOf(id)
      const since = toldAt(slot, id)
      if (goneAt !== undefined) notes.isNot(id, goneAt)
      if (slots.at(slot) === undefined) return
      remove(id)
      if (goneAt === undefined) notes.lost(id, since)
    },
    forget: (rows, asOf) => {
      for (const row of rows) {
        const since = toldAt(slotOf(row.id), row.id)
        remove(row.id)
        notes.lost(row.id, since)
        coverage.forgetPartsWith(row)
        setBounded(forgotten, row.id, asOf)
      }
    },
    misses: since => {
      for (const [id, at] of forgotten)
        if (at >= since && slots.at(slotOf(id)) === undefined && (coverage.absent(id) ?? 0) < at)
          return true
      return false
    },
    applyChange: (id, changes, when, created) => {
      const { at, toldAt: knownAt = at, learntFrom = 'EVENT' } = when
      const slot = slotOf(id)
      const old = slots.at(slot)
      const isOlder = old === undefined ? hasGoneSince(id, at) : at < slots.readAt(slot)
      if (isOlder || overlay.isDeletedSince(id, when)) return
      const fields = overlay.change(id, changes, when)
      if (old !== undefined) {
        const next = details.changed({ ...old, ...fields }, old)
        if (slots.change(slot, next)) notes.is(next, knownAt, learntFrom)
      } else if (created !== undefined) {
        insert(overlay.applyTo(created, at), at, knownAt, learntFrom)
        // No scan will meet it any more; one that is under way places what it has not met at its end.
        if (wholeAt() !== undefined) slots.place(slotOf(id))
      }
    },
    applyDelete: (id, when) => {
      const slot = slotOf(id)
      if (slots.readAt(slot) > when.at || !overlay.delete(id, when)) return
      remove(id)
      const { toldAt: knownAt = when.at, learntFrom = 'EVENT' } = when
      notes.isNot(id, knownAt, learntFrom)
      coverage.missing(id, Math.max(when.at, coverage.absent(id) ?? 0))
    },
    changedAt: overlay.changedAt,
    occurredBefore: overlay.occurredBefore,
    sweep: (since, hasGaps = false, until = since) => {
      for (let slot = 0; slot < slots.end; slot += 1) {
        const row = slots.at(slot)
        if (row === undefined) continue
        if (isOlder(slot, row, since)) {
          const toldOf = toldAt(slot, row.id)
          remove(row.id)
          if (hasGaps) notes.lost(row.id, toldOf)
          else notes.isNot(row.id, since, 'READ', until)
        }
        // The scan may have passed its place before it was created.
        else if (overlay.changedAt(row.id) >= since) slots.place(slot)
      }
      notes.whole(since, hasGaps, until)
      coverage.forgetSlices(since)
      for (const [id, at] of forgotten) if (at < since) forgotten.delete(id)
      // After a whole read there is not much to come.
      slots.trim()
    },
    hasOlder: (since, except) => {
      for (let slot = 0; slot < slots.end; slot += 1) {
        const row = slots.at(slot)
        if (row !== undefined && isOlder(slot, row, since) && !except.has(row.id)) return true
      }
      return false
    },
    told: function* () {
      for (let slot = 0; slot < slots.end; slot += 1) {
        const row = slots.at(slot)
        if (row !== undefined) yield [row, toldAt(slot, row.id)] as const
      }
    },
    toldOf: id => {
      const slot = slotOf(id)
      const row = slots.at(slot)
      return row && [row, toldAt(slot, id)]
    },
    notAfter: moment => {
      coverage.notAfter(moment)
      slots.notAfter(moment)
      overlay.notAfter(moment)
      for (const [id, at] of forgotten) forgotten.set(id, Math.min(at, moment))
      notes.notAfter(moment)
      for (const [id, at] of details.readAts) details.readAts.set(id, Math.min(at, moment))
    },
  }
}

/** How long details are kept without a word of Push on whether something has happened since. */
const DETAILS_KEPT_MS = 900_000

/**
 * When rows were read with the members that lists may leave out: the events of a detection. They stay as long as
 * nothing has happened to it since.
 */
const createRowDetails = <R extends Row>() => {
  const readAts = new Map<string, number>()

  return {
    readAts,
    /** The row as it was read, with the details of the older copy where they still hold. */
    kept: (row: R, old: R, readAt: number): R => {
      if (stillHold(row, old, readAt - (readAts.get(row.id) ?? readAt)))
        return 'events' in old ? { ...row, events: old.events } : row
      readAts.delete(row.id)
      return row
    },
    /** The row as an event changed it: without the details where there must be more of them by now. */
    changed: (next: R, old: R): R => {
      const hasActed =
        'events' in old && 'events' in next && old.lastActivityAt !== next.lastActivityAt
      if (!hasActed) return next
      readAts.delete(next.id)
      return { ...next, events: null }
    },
  }
}

const stillHold = (row: Row, old: Row, ageMs: number): boolean =>
  'events' in row &&
  'events' in old &&
  row.events === null &&
  old.events !== null &&
  row.lastActivityAt === old.lastActivityAt &&
  (row.lastActivityAt !== null || ageMs <= DETAILS_KEPT_MS)
