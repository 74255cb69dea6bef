/**
 * Tells what a table learns of rows: those that it has not had, those that differ, those that are not there, and when all of
 * them are known. What had been known of them before is for the file to say, which outlives the table.
 */
import type { Notice, WholeAnswer } from '../../model/known-rows.ts'
import type { CollectionName, Row } from '../../model/rows.ts'
import type { LearntBy } from '../../model/row-changes.ts'
import { MAX_ENTRIES } from './bounded-map.ts'

/** Hears what the table learns, in that order. */
export type OnNotice = (notice: Notice) => void

export interface RowNotes {
  /** The row is new here, or another one than it was. */
  is(row: Row, at: number, learntFrom?: LearntBy): void
  /**
   * There is no row of that id, be it that it was here or not. `overAt`: a list lacks it that was begun at `at` and read to its
   * end by then.
   */
  isNot(id: string, at: number, learntFrom?: LearntBy, overAt?: number): void
  /** The row, last known to be there at `since`, is here no more, and may be elsewhere. */
  lost(id: string, since: number): void
  /** All rows are here that there were at that moment, but for those that could not be read; the last were asked for at `until`. */
  whole(at: number, hasGaps: boolean, until: number): void
  /** A probe at that moment found nothing else than what is here. */
  agreed(at: number): void
  /** What seems to have been known later counts as known then: the clock was set back. */
  notAfter(moment: number): void
  /** The table is no more. */
  left(): void
}

/** What the table has, with the moment that each row was last told of. */
export interface NotedRows {
  all(): Iterable<readonly [row: Row, at: number]>
  one(id: string): readonly [row: Row, at: number] | undefined
}

/** Nothing is known yet; nobody hears of anything where `onNotice` is absent. */
export const createRowNotes = (
  collection: CollectionName,
  table: string,
  rows: NotedRows,
  onNotice: OnNotice | undefined,
): RowNotes => {
  if (onNotice === undefined) return silent
  const of = { collection, table }
  const losses = new Map<string, number>()
  let told = 0
  let newestAt = -Infinity
  /** Whether all is to be told again with the next whole read. */
  let isUnsure = false
  let agreements = 0

  const tell = (
    id: string,
    row: Row | undefined,
    at: number,
    learntFrom: LearntBy,
    overAt?: number,
  ): void => {
    if (losses.size > 0) losses.delete(id)
    told += 1
    newestAt = Math.max(newestAt, at)
    onNotice({ kind: 'row', ...of, id, row, at, overAt, learntFrom })
  }

  const agree = (at: number, isRead: boolean, overAt: number): void => {
    agreements += 1
    const agreement = agreements
    const answered = (answer: WholeAnswer): void => {
      if (answer === 'unsure') isUnsure = true
      // What has been learnt since is told already.
      if (typeof answer === 'string' || agreement !== agreements) return
      for (const id of answer) {
        const [row, readAt] = rows.one(id) ?? []
        if (row !== undefined && readAt !== undefined) tell(id, row, readAt, 'READ')
        else if (isRead) tell(id, undefined, at, 'READ', overAt)
      }
      agree(at, isRead, overAt)
    }
    const until = Math.max(overAt, newestAt)
    onNotice({ kind: 'whole', ...of, at, until, isRead, told, answered })
  }

  const tellAll = (): void => {
    isUnsure = false
    told = 0
    onNotice({ kind: 'again', ...of })
    for (const [row, at] of rows.all()) tell(row.id, row, at, 'READ')
  }

  return {
    is: (row, at, learntFrom = 'READ') => {
      tell(row.id, row, at, learntFrom)
    },
    isNot: (id, at, learntFrom = 'READ', overAt) => {
      tell(id, undefined, at, learntFrom, overAt)
    },
    lost: (id, since) => {
      // Beyond so many it is simpler to tell of those that are here.
      if (losses.size >= MAX_ENTRIES) isUnsure = true
      else losses.set(id, since)
    },
    whole: (at, hasGaps, until) => {
      if (hasGaps) return
      for (const [id, since] of [...losses]) if (since < at) tell(id, undefined, at, 'READ', until)
      if (isUnsure) tellAll()
      agree(at, true, until)
    },
    agreed: at => {
      agree(at, false, at)
    },
    notAfter: moment => {
      newestAt = Math.min(newestAt, moment)
      for (const [id, since] of losses) losses.set(id, Math.min(since, moment))
    },
    left: () => {
      onNotice({ kind: 'left', ...of })
    },
  }
}

const nothing = (): void => undefined

const silent: RowNotes = {
  is: nothing,
  isNot: nothing,
  lost: nothing,
  whole: nothing,
  agreed: nothing,
  notAfter: nothing,
  left: nothing,
}
