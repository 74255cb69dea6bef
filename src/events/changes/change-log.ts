/** The changes in the file: written down in the order in which they are told, and gone in that order where room is needed. */
import type { DatabaseSync, SQLInputValue } from 'node:sqlite'
import { isTimeOfUse, type NewChange } from '../../model/row-changes.ts'
import type { CollectionName } from '../../model/rows.ts'
import { inTransaction } from '../../model/sqlite-file.ts'

export interface ChangeLog {
  /** Stores the change; false where it goes into the one of the same day, as times of use do. */
  add(change: NewChange): boolean
  /** Deletes the oldest until all that is stored takes no more than that; how many went. */
  makeRoom(maxBytes: number): number
  /** Deletes up to `most` of the changes from before that moment (UNIX seconds); how many there were. */
  purgeChanges(before: number, most: number): number
}

/** What a change takes beside its texts: its columns, and its places in the indexes. */
const BYTES_OF_CHANGE = 200
export const bytesInSql = `(${BYTES_OF_CHANGE} + 2 * octet_length(object_id)
  + coalesce(octet_length(old_value), 0) + coalesce(octet_length(new_value), 0))`
export const DAY_S = 86_400
/** Changes deleted at once to make room: deliveries wait for it. */
const CUT_AT_ONCE = 5_000

/** What writes changes into that file; the statements are prepared once. */
export const createChangeLog = (database: DatabaseSync): ChangeLog => {
  const ofDay = database.prepare(
    `SELECT sequence, new_value FROM change INDEXED BY change_by_object
      WHERE object_id = ? AND connector = ? AND collection = ? AND field IS ? AND at >= ? AND at < ?
      ORDER BY at DESC, sequence DESC LIMIT 1`,
  )
  const insert = database.prepare(
    `INSERT INTO change (connector, collection, object_id, kind, field, old_value, new_value, at, learnt_from)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  )
  const fold = database.prepare('UPDATE change SET new_value = ? WHERE sequence = ?')
  const grow = database.prepare('UPDATE store SET changes_bytes = changes_bytes + ?')
  const go = database.prepare(
    `UPDATE store SET changes_bytes = changes_bytes - ?, changes_gone = changes_gone + ?,
      changes_purged = max(changes_purged, ?), cut_at = max(coalesce(cut_at, ?), ?)`,
  )
  const taken = database.prepare('SELECT changes_bytes + rows_bytes AS bytes FROM store')
  const remove = database.prepare(
    'DELETE FROM change WHERE sequence IN (SELECT value FROM json_each(?))',
  )
  const withBytes = `SELECT sequence, collection, field, new_value, at, ${bytesInSql} AS bytes FROM change`
  const oldest = database.prepare(`${withBytes} ORDER BY sequence LIMIT ${CUT_AT_ONCE}`)
  const before = database.prepare(`${withBytes} WHERE at < ? ORDER BY at, sequence LIMIT ?`)

  const add: ChangeLog['add'] = change => {
    const { connector, collection, objectId, kind, field, at, learntFrom } = change
    const [old, now] = [toJson(change.old), toJson(change.new)]
    const place: SQLInputValue[] = [objectId, connector, collection, field]
    const day = Math.floor(at / DAY_S) * DAY_S
    const folded = change.isOfUse ? ofDay.get(...place, day, day + DAY_S) : undefined
    if (folded !== undefined) {
      const until = folded['new_value']
      if (!isLater(change.new, until)) return false
      fold.run(now, Number(folded['sequence']))
      grow.run(bytesOfText(now) - bytesOfText(until))
      return false
    }
    insert.run(connector, collection, objectId, kind, field, old, now, at, learntFrom)
    grow.run(BYTES_OF_CHANGE + 2 * bytesOfText(objectId) + bytesOfText(old) + bytesOfText(now))
    return true
  }

  /** Deletes those rows; of the oldest ones no more than take so many bytes. */
  const deleteRows = (
    rows: Iterable<Readonly<Record<string, unknown>>>,
    most = Infinity,
  ): number => {
    const sequences: number[] = []
    let [bytes, latest] = [0, -Infinity]
    for (const row of rows) {
      if (bytes >= most) break
      sequences.push(Number(row['sequence']))
      bytes += Number(row['bytes'])
      latest = Math.max(latest, toldUntil(row))
    }
    if (sequences.length === 0) return 0
    remove.run(JSON.stringify(sequences))
    const last = sequences.reduce((a, b) => Math.max(a, b))
    go.run(bytes, sequences.length, last, latest, latest)
    return sequences.length
  }

  return {
    add,
    makeRoom: maxBytes => {
      const excess = Number(taken.get()?.['bytes']) - maxBytes
      return excess <= 0 ? 0 : deleteRows(oldest.iterate(), excess)
    },
    purgeChanges: (moment, most) => {
      const gone = inTransaction(database, () => deleteRows(before.all(moment, most)))
      giveSpaceBack(database, gone)
      return gone
    },
  }
}

/** Gives a part of the space back where rows have gone; the rest serves what comes next. */
export const giveSpaceBack = (database: DatabaseSync, gone: number): void => {
  if (gone > 0) database.exec('PRAGMA incremental_vacuum(2000)')
}

/** The last moment that the change tells of: one of a time of use tells of its day up to then. */
const toldUntil = ({
  collection,
  field,
  new_value: now,
  at,
}: Readonly<Record<string, unknown>>): number => {
  const from = Number(at)
  if (typeof field !== 'string' || !isTimeOfUse(collection as CollectionName, field)) return from
  return Math.max(from, Math.min(Number(now), (Math.floor(from / DAY_S) + 1) * DAY_S))
}

const toJson = (value: unknown): string | null =>
  value === null || value === undefined ? null : JSON.stringify(value)

/** Of two times of use the later one, whichever was told first. */
const isLater = (value: unknown, than: unknown): boolean =>
  typeof than !== 'string' || (typeof value === 'number' && value > Number(than))

/** Bytes of a text; 0 where there is none. */
export const bytesOfText = (text: unknown): number =>
  typeof text === 'string' ? Buffer.byteLength(text) : 0
