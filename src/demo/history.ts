/** What became of the tenant's rows since it was made, so that tests can ask what its lists held at a moment. */
import type { Clock } from '../model/clock.ts'
import { collectionNames } from '../model/collections.ts'
import type { CollectionName } from '../model/rows.ts'
import type { PushData, PushRows } from './tenant/objects.ts'

/** One row that was created (`old` is null), changed, or deleted (`new` is null). */
export interface RowChange<Name extends CollectionName = CollectionName> {
  readonly collection: Name
  readonly old: PushRows[Name] | null
  readonly new: PushRows[Name] | null
}

export interface PastChange extends RowChange {
  /** Milliseconds, by the clock. */
  readonly at: number
}

export interface History {
  /** Every change of a row, whoever made it, the oldest first; at least the newest 20,000 are kept. */
  readonly changes: readonly PastChange[]
  /**
   * The rows as they were at that moment (milliseconds, by the clock), changes at it included; in no order.
   *
   * @throws {RangeError} when changes since then are kept no more
   */
  readonly dataAt: (at: number) => PushData
}

export interface OwnHistory extends History {
  readonly note: (change: RowChange) => void
}

// The newest are kept, so that a demo that runs for weeks does not grow.
const KEPT = 20_000
const SLACK = 5_000

/** Nothing has happened yet; `data` gives the rows as they are. */
export const createHistory = (data: () => PushData, clock: Pick<Clock, 'now'>): OwnHistory => {
  let changes: PastChange[] = []
  /** The newest change that is kept no more. */
  let forgottenAt = -Infinity

  return {
    get changes() {
      return changes
    },
    note: change => {
      if (changes.length >= KEPT + SLACK) {
        forgottenAt = changes[SLACK - 1]?.at ?? forgottenAt
        changes = changes.slice(SLACK)
      }
      changes.push({ ...change, at: clock.now() })
    },
    dataAt: at => {
      if (at < forgottenAt) throw new RangeError('what the data was then is kept no more')
      const rows = toMaps(data())
      for (const change of changes.toReversed()) {
        if (change.at <= at) break
        undo(rows[change.collection], change)
      }
      return Object.fromEntries(
        collectionNames.map(name => [name, [...rows[name].values()]]),
      ) as unknown as PushData
    },
  }
}

type RowsById = Map<string, PushRows[CollectionName]>

const toMaps = (data: PushData): Readonly<Record<CollectionName, RowsById>> =>
  Object.fromEntries(
    collectionNames.map(name => [name, new Map(data[name].map(row => [row.id, row]))]),
  ) as Record<CollectionName, RowsById>

const undo = (rows: RowsById, { old, new: now }: RowChange): void => {
  if (old !== null) rows.set(old.id, old)
  else if (now !== null) rows.delete(now.id)
}
