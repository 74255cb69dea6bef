/** What nobody may ask for any more: known rows that went, those of lists that nobody reads, and moments at which lists agreed. */
import type { DatabaseSync } from 'node:sqlite'
import { inTransaction } from '../../model/sqlite-file.ts'
import { giveSpaceBack } from '../changes/changes-in-file.ts'
import { momentsBeforeInSql } from './old-moments.ts'
import { rowBytesInSql } from './tell-row.ts'

export interface KnownPurging {
  /**
   * Deletes up to `most` of the rows that went before that moment (UNIX seconds), of all of lists of which nothing was told
   * since, and of the moments before it at which lists agreed; how many there were. What changed of rows goes first.
   */
  purgeKnown(before: number, most: number): number
}

export const createKnownPurging = (database: DatabaseSync): KnownPurging => {
  // What ended before changes were deleted cannot be told any more.
  const isOver = '(told_at < ? OR ended_at <= (SELECT cut_at FROM store))'
  // While it is known how a row went, it is known what it was.
  const rows = database.prepare(
    `SELECT sequence, ${rowBytesInSql} AS bytes FROM known_row AS known
      WHERE gone_at < ? AND NOT EXISTS (
        SELECT 1 FROM change INDEXED BY change_by_object
          WHERE change.object_id = known.object_id AND change.at >= known.gone_at
      ) ORDER BY gone_at LIMIT ?`,
  )
  const ofLists = database.prepare(
    `SELECT sequence, ${rowBytesInSql} AS bytes FROM known_row
      WHERE list IN (SELECT id FROM known_list WHERE ${isOver}) LIMIT ?`,
  )
  const lists = database.prepare(
    `DELETE FROM known_list WHERE ${isOver}
      AND NOT EXISTS (SELECT 1 FROM known_row WHERE list = known_list.id)`,
  )
  // What is left of a list is not all of it: when it agreed goes before its rows.
  const momentsOfLists = database.prepare(
    `DELETE FROM known_whole WHERE (list, over_at, agreed) IN (
      SELECT list, over_at, agreed FROM known_whole WHERE list IN (SELECT id FROM known_list WHERE ${isOver}) LIMIT ?
    )`,
  )
  // Nothing is told of what was before changes that were deleted.
  const moments = database.prepare(
    `DELETE FROM known_whole WHERE (list, over_at, agreed) IN (
      ${momentsBeforeInSql('max(?1, (SELECT coalesce(cut_at, ?1) FROM store))', '?2')}
    )`,
  )
  const removeRows = createRowRemover(database)

  return {
    purgeKnown: (before, most) => {
      const gone = inTransaction(database, () => {
        let count = removeRows(rows.all(before, most))
        count += Number(momentsOfLists.run(before, most - count).changes)
        count += removeRows(ofLists.all(before, most - count))
        count += Number(moments.run(before, most - count).changes)
        if (count < most) lists.run(before)
        return count
      })
      giveSpaceBack(database, gone)
      return gone
    },
  }
}

/** What deletes known rows of which the sequence and the bytes are given, and counts them. */
export const createRowRemover = (database: DatabaseSync) => {
  const remove = database.prepare(
    'DELETE FROM known_row WHERE sequence IN (SELECT value FROM json_each(?))',
  )
  const shrink = database.prepare('UPDATE store SET rows_bytes = rows_bytes - ?')
  return (rows: readonly Readonly<Record<string, unknown>>[]): number => {
    if (rows.length === 0) return 0
    const sequences = rows.map(({ sequence }) => Number(sequence))
    remove.run(JSON.stringify(sequences))
    shrink.run(rows.reduce((sum, { bytes }) => sum + Number(bytes), 0))
    return rows.length
  }
}
