/**
 * Changes that are to be forgotten: of the objects that they are of, what was before them is not known any more, nor are the lists
 * then as a whole.
 */
import type { DatabaseSync } from 'node:sqlite'
import type { ForgottenRows, IsMeant } from './forgotten-rows.ts'
import { bytesInSql } from '../changes/change-log.ts'

/** Of the next `most` changes behind that sequence, deletes those that are meant. */
export const createChangeForgetting = (
  database: DatabaseSync,
): ((isMeant: IsMeant, after: number, most: number) => ForgottenRows) => {
  const some = database.prepare(
    `SELECT *, ${bytesInSql} AS bytes FROM change WHERE sequence > ? ORDER BY sequence LIMIT ?`,
  )
  const remove = database.prepare('DELETE FROM change WHERE sequence = ?')
  const wholeBefore = database.prepare(
    `DELETE FROM known_whole WHERE over_at < ?
      AND list IN (SELECT id FROM known_list WHERE connector = ? AND collection = ?)`,
  )
  const goneOf = database.prepare(
    `UPDATE known_row SET first_at = max(first_at, ?) WHERE object_id = ?
      AND list IN (SELECT id FROM known_list WHERE connector = ? AND collection = ?)`,
  )
  const count = database.prepare(
    'UPDATE store SET changes_bytes = changes_bytes - ?, changes_gone = changes_gone + ?',
  )

  return (isMeant, after, most) => {
    const rows = some.all(after, most)
    let [gone, bytes] = [0, 0]
    for (const row of rows) {
      const { connector, object_id: id, old_value: old, new_value: now } = row
      if (!isMeant(String(connector), id, old, now)) continue
      const [at, ...list] = [
        Number(row['at']),
        String(connector),
        String(row['collection']),
      ] as const
      remove.run(Number(row['sequence']))
      goneOf.run(at, String(id), ...list)
      // One of the rows then is missing.
      wholeBefore.run(at, ...list)
      gone += 1
      bytes += Number(row['bytes'])
    }
    count.run(bytes, gone)
    return { gone, last: rows.length < most ? undefined : Number(rows.at(-1)?.['sequence']) }
  }
}
