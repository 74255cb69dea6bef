/** The lists of which rows are known, and the moments at which each was known as a whole. */
import type { DatabaseSync } from 'node:sqlite'

export interface KnownList {
  readonly id: number
  readonly connector: string
  readonly collection: string
  /** Since when it is known as a whole without a break (UNIX seconds). */
  wholeSince: number | null
  /** Start of the newest read of all of it. */
  readAt: number | null
  /** The newest moment that was told of it. */
  toldAt: number
  /** Another one with every row that differs. */
  version: number
}

export interface KnownLists {
  /** The list, as it is in the file; made where it is not there. To be saved after it was changed. */
  of(connector: string, collection: string): KnownList
  save(list: KnownList): void
  /**
   * What is known of the list agreed with Push at `at`, and all that says so had come by `overAt`; it is `now` (UNIX
   * seconds).
   */
  agreed(list: KnownList, at: number, overAt: number, now: number): void
  /** It is known as a whole no more, until it is read again. */
  brokenOff(list: KnownList): void
}

/** Moments at which a list agreed are kept so far apart, but for the newest. */
const APART_S = 900

export const createKnownLists = (database: DatabaseSync): KnownLists => {
  const find = database.prepare('SELECT * FROM known_list WHERE connector = ? AND collection = ?')
  const insert = database.prepare(
    'INSERT INTO known_list (connector, collection, told_at) VALUES (?, ?, 0)',
  )
  const update = database.prepare(
    'UPDATE known_list SET whole_since = ?, read_at = ?, told_at = ?, version = ? WHERE id = ?',
  )
  const newest = database.prepare(
    'SELECT over_at, at, agreed FROM known_whole WHERE list = ? ORDER BY over_at DESC, agreed LIMIT 2',
  )
  const moment = database.prepare('INSERT OR REPLACE INTO known_whole VALUES (?, ?, ?, ?)')
  const remove = database.prepare(
    'DELETE FROM known_whole WHERE list = ? AND over_at = ? AND agreed = 1',
  )
  // The clock was set back.
  const removeLater = database.prepare('DELETE FROM known_whole WHERE list = ? AND over_at > ?')

  return {
    of: (connector, collection) => {
      const found = find.get(connector, collection)
      if (found === undefined) {
        const id = Number(insert.run(connector, collection).lastInsertRowid)
        return { id, connector, collection, wholeSince: null, readAt: null, toldAt: 0, version: 0 }
      }
      return {
        ...{ id: Number(found['id']), connector, collection },
        wholeSince: found['whole_since'] as number | null,
        readAt: found['read_at'] as number | null,
        toldAt: Number(found['told_at']),
        version: Number(found['version']),
      }
    },
    save: ({ id, wholeSince, readAt, toldAt, version }) => {
      update.run(wholeSince, readAt, toldAt, version, id)
    },
    agreed: ({ id }, at, overAt, now) => {
      removeLater.run(id, now)
      const [last, before] = newest.all(id) as unknown as readonly Moment[]
      if (last?.agreed === 1 && last.at >= at) return
      if (last?.agreed === 1 && before?.agreed === 1 && last.at - before.at < APART_S)
        remove.run(id, last.over_at)
      moment.run(id, Math.max(overAt, last?.over_at ?? overAt), at, 1)
    },
    brokenOff: list => {
      if (list.wholeSince === null) return
      list.wholeSince = null
      const [last] = newest.all(list.id) as unknown as readonly Moment[]
      const at = Math.max(list.toldAt, last?.over_at ?? list.toldAt)
      moment.run(list.id, at, at, 0)
    },
  }
}

interface Moment {
  readonly over_at: number
  readonly at: number
  readonly agreed: number
}
