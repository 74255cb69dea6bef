/**
 * Notes what became of rows: those that came once all were known, those that differ, and those that went. A row that only
 * left what was known, without word on where it is, is remembered until it comes again or a whole read lacks it.
 */
import type { CollectionName, Row } from '../../model/rows.ts'
import type { LearntBy, RowChange } from '../../model/row-changes.ts'
import { setBounded } from './bounded-map.ts'
import { isSameRow } from './same-row.ts'

/** Hears what became of each row. */
export type OnRowChange = (change: RowChange) => void

export interface RowNotes {
  /** The row that has taken the place of the other one, which was last known to hold at `since` (milliseconds). */
  changed(before: Row, after: Row, since: number, at: number, learntFrom?: LearntBy): void
  /** A row that was not here. */
  came(row: Row, at: number, learntFrom?: LearntBy): void
  /** The row, which was last known to be there at `since`, is gone. */
  went(row: Row, since: number, at: number, learntFrom?: LearntBy): void
  /** There is no row of that id, which is not here either. */
  isNot(id: string, at: number, learntFrom?: LearntBy): void
  /** The row is here no more, and may be elsewhere. */
  lost(row: Row, since: number): void
  /** All rows are here that there were at that moment, but for those that could not be read. */
  whole(at: number, hasGaps: boolean): void
  /** What seems to have been known later counts as known then: the clock was set back. */
  notAfter(moment: number): void
}

/** Nothing is known yet; nobody hears of anything where `onChange` is absent. */
export const createRowNotes = (
  collection: CollectionName,
  onChange: OnRowChange | undefined,
): RowNotes => {
  if (onChange === undefined) return silent
  const losses = new Map<string, { readonly row: Row; readonly since: number }>()
  // When all rows were last known: whichever comes later has come since.
  let wholeAt: number | undefined

  const went: RowNotes['went'] = (row, since, at, learntFrom = 'READ') => {
    losses.delete(row.id)
    onChange({ collection, before: row, after: undefined, since, at, learntFrom })
  }
  const changed: RowNotes['changed'] = (before, after, since, at, learntFrom = 'READ') => {
    onChange({ collection, before, after, since, at, learntFrom })
  }

  return {
    changed,
    came: (row, at, learntFrom = 'READ') => {
      const loss = losses.size === 0 ? undefined : losses.get(row.id)
      losses.delete(row.id)
      if (loss !== undefined) {
        if (!isSameRow(loss.row, row)) changed(loss.row, row, loss.since, at, learntFrom)
      } else if (wholeAt !== undefined)
        onChange({ collection, before: undefined, after: row, since: wholeAt, at, learntFrom })
    },
    went,
    isNot: (id, at, learntFrom) => {
      const loss = losses.get(id)
      if (loss !== undefined && loss.since <= at) went(loss.row, loss.since, at, learntFrom)
    },
    lost: (row, since) => {
      setBounded(losses, row.id, { row, since })
    },
    whole: (at, hasGaps) => {
      if (hasGaps) return
      for (const { row, since } of [...losses.values()]) if (since < at) went(row, since, at)
      wholeAt = at
    },
    notAfter: moment => {
      if (wholeAt !== undefined) wholeAt = Math.min(wholeAt, moment)
      for (const [id, { row, since }] of losses)
        losses.set(id, { row, since: Math.min(since, moment) })
    },
  }
}

const nothing = (): void => undefined

const silent: RowNotes = {
  changed: nothing,
  came: nothing,
  went: nothing,
  isNot: nothing,
  lost: nothing,
  whole: nothing,
  notAfter: nothing,
}
