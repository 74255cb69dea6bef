/** Erasing events before their time: those of a connector, or all that hold a text. */
import type { DatabaseSync } from 'node:sqlite'
import { createTextFinder } from '../model/holds-text.ts'
import { inTransaction } from '../model/sqlite-file.ts'
import { bytesInSql } from './changes/noting.ts'
import { tables } from './schema.ts'

/** Which events and objects are to go. */
export type ToForget =
  | { readonly kind: 'connector'; readonly alias: string }
  /** In whatever letters, in any member, and however it is escaped. */
  | { readonly kind: 'text'; readonly text: string }

export interface ForgottenEvents {
  readonly gone: number
  /** Behind which sequence to go on; undefined where that was all. */
  readonly next: number | undefined
}

export interface Forgetting {
  /**
   * Of the next `most` events behind the sequence `after`, deletes those that are to go; with the last step also the objects
   * that events alone tell of, and the changes of rows.
   */
  forget(what: ToForget, after: number, most: number): ForgottenEvents
  /** Leaves nothing of what was deleted, neither in the file nor in its log; false while others read from that. */
  erase(): boolean
}

interface StoredBody {
  readonly sequence: number
  readonly connector: string
  readonly body: string
}

export const createEventForgetting = (database: DatabaseSync): Forgetting => {
  const select = database.prepare(
    `SELECT event.sequence, connector, body FROM event JOIN event_body USING (sequence)
      WHERE event.sequence > ? ORDER BY event.sequence LIMIT ?`,
  )
  const deleteBody = database.prepare('DELETE FROM event_body WHERE sequence = ?')
  const deleteEvent = database.prepare('DELETE FROM event WHERE sequence = ?')
  const countGone = database.prepare('UPDATE store SET gone = gone + ?')

  const forgetObjects = (isMeant: Judge): number => {
    let gone = 0
    for (const table of [tables.otherAccounts, tables.otherApps]) {
      const remove = database.prepare(`DELETE FROM ${table} WHERE connector = ? AND id = ?`)
      for (const row of database.prepare(`SELECT * FROM ${table}`).all()) {
        const [connector, id] = [String(row['connector']), String(row['id'])]
        if (isMeant(connector, JSON.stringify(row)))
          gone += Number(remove.run(connector, id).changes)
      }
    }
    return gone
  }

  const forgetChanges = (isMeant: Judge): number => {
    const remove = database.prepare('DELETE FROM change WHERE sequence = ?')
    let [gone, bytes] = [0, 0]
    for (const row of database.prepare(`SELECT *, ${bytesInSql} AS bytes FROM change`).all()) {
      const texts = ['object_id', 'old_value', 'new_value'].map(column => String(row[column]))
      if (!isMeant(String(row['connector']), ...texts)) continue
      gone += Number(remove.run(Number(row['sequence'])).changes)
      bytes += Number(row['bytes'])
    }
    database
      .prepare(
        'UPDATE store SET changes_bytes = changes_bytes - ?, changes_gone = changes_gone + ?',
      )
      .run(bytes, gone)
    return gone
  }

  return {
    forget: (what, after, most) => {
      // What is deleted is written over, too.
      database.exec('PRAGMA secure_delete = ON')
      const isMeant = judgeOf(what)
      return inTransaction(database, () => {
        const rows = select.all(after, most) as unknown as StoredBody[]
        const meant = rows.filter(({ connector, body }) => isMeant(connector, body))
        for (const { sequence } of meant) {
          deleteBody.run(sequence)
          deleteEvent.run(sequence)
        }
        countGone.run(meant.length)
        const last = rows.length < most ? undefined : rows.at(-1)
        if (last !== undefined) return { gone: meant.length, next: last.sequence }
        const rest = forgetObjects(isMeant) + forgetChanges(isMeant)
        return { gone: meant.length + rest, next: undefined }
      })
    },
    erase: () => database.prepare('PRAGMA wal_checkpoint(TRUNCATE)').get()?.['busy'] === 0,
  }
}

/** Whether something of that connector is to go in which these texts stand. */
type Judge = (connector: string, ...texts: readonly string[]) => boolean

const judgeOf = (what: ToForget): Judge => {
  if (what.kind === 'connector') return connector => connector === what.alias
  const holds = createTextFinder(what.text)
  return (_, ...texts) => texts.some(holds)
}
