/** Changes in the event file. */
import type { DatabaseSync } from 'node:sqlite'
import { inTransaction } from '../../model/sqlite-file.ts'
import { known, resultNow } from '../known/later.ts'
import { DAY_AFTER_OLDEST_MOMENT, momentsBeforeInSql } from '../known/old-moments.ts'
import { bytesInSql, goneOf } from './change-log.ts'
import type { ChangeStorage, KeptChange } from './change-storage.ts'

const withBytes = `SELECT sequence, collection, field, new_value, at, ${bytesInSql} AS bytes FROM change`

/** The changes in that file; the statements are prepared once. */
export const createChangesInFile = (database: DatabaseSync): ChangeStorage => {
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
  const taken = database.prepare(
    'SELECT changes_bytes + rows_bytes + moments_bytes AS bytes FROM store',
  )
  const remove = database.prepare(
    'DELETE FROM change WHERE sequence IN (SELECT value FROM json_each(?))',
  )
  const oldest = database.prepare(`${withBytes} ORDER BY sequence LIMIT ?`)
  const dropMoments = database.prepare(
    `DELETE FROM known_whole WHERE (list, over_at, agreed) IN (${momentsBeforeInSql(`(${DAY_AFTER_OLDEST_MOMENT})`, '?')})`,
  )

  return {
    changeOf: ({ objectId, connector, collection, field }, from, until) =>
      known(
        ofDay.get(objectId, connector, collection, field, from, until) as
          { readonly sequence: number; readonly new_value: string | null } | undefined,
      ),
    addChange: ({ connector, collection, objectId, kind, field, at, learntFrom, ...of }, bytes) => {
      const named = [connector, collection, objectId, kind, field]
      insert.run(...named, of.old, of.new, at, learntFrom)
      grow.run(bytes)
      return done
    },
    foldInto: (sequence, value, bytes) => {
      fold.run(value, sequence)
      grow.run(bytes)
      return done
    },
    historyBytes: () => known(Number(taken.get()?.['bytes'])),
    oldestChanges: most => known(oldest.iterate(most) as unknown as Iterable<KeptChange>),
    removeChanges: ({ sequences, last, bytes, latest }) => {
      remove.run(JSON.stringify(sequences))
      go.run(bytes, sequences.length, last, latest, latest)
      return done
    },
    dropMoments: most => known(Number(dropMoments.run(most).changes)),
  }
}

export interface ChangePurging {
  /** Deletes up to `most` of the changes from before that moment (UNIX seconds); how many there were. */
  purgeChanges(before: number, most: number): number
}

export const createChangePurging = (database: DatabaseSync): ChangePurging => {
  const { removeChanges } = createChangesInFile(database)
  const before = database.prepare(`${withBytes} WHERE at < ? ORDER BY at, sequence LIMIT ?`)
  return {
    purgeChanges: (moment, most) => {
      const count = inTransaction(database, () => {
        const gone = goneOf(before.all(moment, most) as unknown as readonly KeptChange[])
        if (gone !== undefined) resultNow(removeChanges(gone))
        return gone?.sequences.length ?? 0
      })
      giveSpaceBack(database, count)
      return count
    },
  }
}

/** Gives a part of the space back where rows have gone; the rest serves what comes next. */
export const giveSpaceBack = (database: DatabaseSync, gone: number): void => {
  if (gone > 0) database.exec('PRAGMA incremental_vacuum(2000)')
}

const done = known(undefined)
