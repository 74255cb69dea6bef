/** Writing changes: what is stored already is found again, however many processes tell of it, and the oldest make room. */
import type { DatabaseSync, SQLInputValue } from 'node:sqlite'
import type { NewChange } from '../../model/row-changes.ts'
import { inTransaction } from '../../model/sqlite-file.ts'

/** What became of changes that were to be stored. */
export interface Noted {
  readonly stored: number
  /** How many had to go so that the others have room. */
  readonly cut: number
}

export interface Noting {
  /**
   * Stores what is not known yet, all of it or nothing; beyond `maxBytes` the oldest go.
   *
   * @throws SQLite's error where the file cannot be written; then nothing has changed
   */
  note(changes: readonly NewChange[], maxBytes: number): Noted
  /** Deletes up to `most` of the changes from before that moment (UNIX seconds); how many there were. */
  purgeChanges(before: number, most: number): number
}

/** What a change takes beside its texts: its columns, and its places in the indexes. */
const BYTES_OF_CHANGE = 200
export const bytesInSql = `(${BYTES_OF_CHANGE} + 2 * octet_length(object_id)
  + coalesce(octet_length(old_value), 0) + coalesce(octet_length(new_value), 0))`
const DAY_S = 86_400

interface Known {
  readonly sequence: number
  readonly kind: string
  readonly old_value: string | null
  readonly new_value: string | null
  readonly at: number
}

/** What writes changes into that file; the statements are prepared once. */
export const createNoting = (database: DatabaseSync): Noting => {
  const sameObject = `FROM change INDEXED BY change_by_object
    WHERE object_id = ? AND connector = ? AND collection = ? AND field IS ?`
  const knownSince = database.prepare(
    `SELECT sequence, kind, old_value, new_value, at ${sameObject} AND at >= ? ORDER BY at, sequence`,
  )
  const ofDay = database.prepare(
    `SELECT sequence, new_value ${sameObject} AND at >= ? AND at < ? ORDER BY at DESC, sequence DESC LIMIT 1`,
  )
  const insert = database.prepare(
    `INSERT INTO change (connector, collection, object_id, kind, field, old_value, new_value, at, learnt_from)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  )
  const fold = database.prepare('UPDATE change SET new_value = ? WHERE sequence = ?')
  const grow = database.prepare('UPDATE store SET changes_bytes = changes_bytes + ?')
  const go = database.prepare(
    `UPDATE store SET changes_bytes = changes_bytes - ?, changes_gone = changes_gone + ?,
      changes_purged = max(changes_purged, ?)`,
  )
  const taken = database.prepare('SELECT changes_bytes AS bytes FROM store')
  const remove = database.prepare(
    'DELETE FROM change WHERE sequence IN (SELECT value FROM json_each(?))',
  )
  const withBytes = `SELECT sequence, ${bytesInSql} AS bytes FROM change`
  const oldest = database.prepare(`${withBytes} ORDER BY sequence`)
  const before = database.prepare(`${withBytes} WHERE at < ? ORDER BY at, sequence LIMIT ?`)

  const noteOne = (change: NewChange): boolean => {
    const { connector, collection, objectId, kind, field, at, since, learntFrom } = change
    const [old, now] = [toJson(change.old), toJson(change.new)]
    const place: SQLInputValue[] = [objectId, connector, collection, field]
    const known = knownSince.all(...place, since) as unknown as readonly Known[]
    // The same answer, or a later one that showed the same before this one was told.
    if (known.some(of => of.at >= at && of.kind === kind && isTold(of, field, old, now)))
      return false
    const day = Math.floor(at / DAY_S) * DAY_S
    const folded = change.isOfUse ? ofDay.get(...place, day, day + DAY_S) : undefined
    if (folded !== undefined) {
      const until = folded['new_value']
      if (!isLater(change.new, until)) return false
      fold.run(now, Number(folded['sequence']))
      grow.run(lengthOf(now) - lengthOf(until))
      return false
    }
    // Another process may have known what stood there in between.
    const last = known.findLast(of => of.at > since && of.at <= at)
    if (last?.kind === kind && (field === null || last.new_value === now)) return false
    const was = field === null || last === undefined ? old : last.new_value
    insert.run(connector, collection, objectId, kind, field, was, now, at, learntFrom)
    grow.run(BYTES_OF_CHANGE + 2 * lengthOf(objectId) + lengthOf(was) + lengthOf(now))
    return true
  }

  /** Deletes those rows; of the oldest ones no more than take so many bytes. */
  const deleteRows = (
    rows: Iterable<Readonly<Record<string, unknown>>>,
    most = Infinity,
  ): number => {
    const sequences: number[] = []
    let bytes = 0
    for (const row of rows) {
      if (bytes >= most) break
      sequences.push(Number(row['sequence']))
      bytes += Number(row['bytes'])
    }
    if (sequences.length === 0) return 0
    remove.run(JSON.stringify(sequences))
    const last = sequences.reduce((a, b) => Math.max(a, b))
    go.run(bytes, sequences.length, last)
    return sequences.length
  }

  const makeRoom = (maxBytes: number): number => {
    const excess = Number(taken.get()?.['bytes']) - maxBytes
    return excess <= 0 ? 0 : deleteRows(oldest.iterate(), excess)
  }

  const giveBack = (gone: number): void => {
    if (gone > 0) database.exec('PRAGMA incremental_vacuum(2000)')
  }

  return {
    note: (changes, maxBytes) => {
      const noted = inTransaction(database, () => ({
        stored: changes.filter(noteOne).length,
        cut: makeRoom(maxBytes),
      }))
      giveBack(noted.cut)
      return noted
    },
    purgeChanges: (moment, most) => {
      const gone = inTransaction(database, () => deleteRows(before.all(moment, most)))
      giveBack(gone)
      return gone
    },
  }
}

/** Whether the stored change says the same: that the object came or went, or how the field differs. */
const isTold = (of: Known, field: string | null, old: string | null, now: string | null): boolean =>
  field === null || (of.old_value === old && of.new_value === now)

const toJson = (value: unknown): string | null =>
  value === null || value === undefined ? null : JSON.stringify(value)

/** Of two times of use the later one, whichever was told first. */
const isLater = (value: unknown, than: unknown): boolean =>
  typeof than !== 'string' || (typeof value === 'number' && value > Number(than))

/** Bytes of a text; 0 where there is none. */
const lengthOf = (text: unknown): number => (typeof text === 'string' ? Buffer.byteLength(text) : 0)
