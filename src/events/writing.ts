/** Writing events: many in one transaction, so that they share one wait for the disk. */
import type { DatabaseSync } from 'node:sqlite'
import { happenedAt, type NewEvent, payloadOf } from '../model/events.ts'
import { inTransaction } from '../model/sqlite-file.ts'
import { folded } from '../filter/letters.ts'
import { createOtherObjects } from './other-objects.ts'

/** The sequence of a stored event; null where the connector had that id already. */
export type Appended = number | null

export interface Writing {
  /** Stores them all or none. @throws SQLite's error where the file cannot be written; then nothing has changed. */
  append(events: readonly NewEvent[]): readonly Appended[]
  /** Deletes up to `most` of the events that happened and arrived before that moment (UNIX seconds); how many there were. */
  purge(before: number, most: number): number
}

/** What each column of an event holds. Keys are the text in the form in which filters compare it. */
export const eventColumns: Readonly<Record<string, (event: NewEvent) => string | number | null>> = {
  connector: event => event.connector,
  id: event => event.id,
  category: event => event.category,
  object: event => event.object,
  object_key: event => folded.of(event.object),
  type: event => event.type,
  object_name: event => event.objectName,
  description: event => event.description,
  occurred_at: event => event.occurredAt,
  happened_at: event => happenedAt(event, () => payloadOf(event)),
  received_at: event => event.receivedAt,
  entity_id: event => event.entityId,
  employee_id: event => event.employeeId,
  account_id: event => event.accountId,
  app_id: event => event.appId,
  app_type: event => event.appType,
  browser_id: event => event.browserId,
  email: event => event.email,
  email_key: event => keyOf(event.email),
  source_ip_address: event => event.sourceIpAddress,
  source_ip_address_key: event => keyOf(event.sourceIpAddress),
  url: event => event.url,
  inferred: event => (event.inferred.length === 0 ? null : event.inferred.join(' ')),
}

/** What writes into that file; the statements are prepared once. */
export const createWriting = (database: DatabaseSync): Writing => {
  const names = Object.keys(eventColumns)
  const valueReaders = Object.values(eventColumns)
  const insert = database.prepare(
    `INSERT INTO event (${names.join(', ')}) VALUES (${names.map(() => '?').join(', ')})
      ON CONFLICT (connector, id) DO NOTHING`,
  )
  const insertBody = database.prepare('INSERT INTO event_body (sequence, body) VALUES (?, ?)')
  const others = createOtherObjects(database)

  const appendOne = (event: NewEvent): Appended => {
    const { changes, lastInsertRowid } = insert.run(...valueReaders.map(read => read(event)))
    if (Number(changes) === 0) return null
    const sequence = Number(lastInsertRowid)
    insertBody.run(sequence, event.body)
    others.apply(event)
    return sequence
  }

  return {
    append: events => inTransaction(database, () => events.map(appendOne)),
    purge: (before, most) => {
      const gone = inTransaction(database, () => {
        const old =
          'SELECT sequence FROM event WHERE received_at < ? AND occurred_at < ? ORDER BY received_at, sequence LIMIT ?'
        database
          .prepare(`DELETE FROM event_body WHERE sequence IN (${old})`)
          .run(before, before, most)
        database
          .prepare(
            `UPDATE store SET purged = max(purged, coalesce((SELECT max(sequence) FROM (${old})), 0))`,
          )
          .run(before, before, most)
        const deleted = database
          .prepare(`DELETE FROM event WHERE sequence IN (${old})`)
          .run(before, before, most)
        database.prepare('UPDATE store SET gone = gone + ?').run(deleted.changes)
        return deleted
      })
      // Gives a part of the space back; the rest serves what comes next.
      if (Number(gone.changes) > 0) database.exec('PRAGMA incremental_vacuum(2000)')
      return Number(gone.changes)
    },
  }
}

const keyOf = (text: string | null): string | null => (text === null ? null : folded.of(text))
