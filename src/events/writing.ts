/** Writing events: many in one transaction, so that they share one wait for the disk. */
import type { DatabaseSync, SQLInputValue } from 'node:sqlite'
import { happenedAt, type NewEvent, payloadOf } from '../model/events.ts'
import { folded } from '../filter/letters.ts'
import { createOtherObjects } from './other-objects.ts'

/** The sequence of a stored event; null where the connector had that id already. */
export type Appended = number | null

export interface Writing {
  /** Stores them all or none. @throws SQLite's error where the file cannot be written; then nothing has changed. */
  append(events: readonly NewEvent[]): readonly Appended[]
  /** Deletes up to `most` of the events that arrived before that moment (UNIX seconds); how many there were. */
  purge(before: number, most: number): number
}

const columns = [
  'connector',
  'id',
  'category',
  'object',
  'object_key',
  'type',
  'object_name',
  'description',
  'occurred_at',
  'happened_at',
  'received_at',
  'entity_id',
  'employee_id',
  'account_id',
  'app_id',
  'browser_id',
  'email',
  'email_key',
  'source_ip_address',
  'source_ip_address_key',
  'url',
] as const

/** What writes into that file; the statements are prepared once. */
export const createWriting = (database: DatabaseSync): Writing => {
  const insert = database.prepare(
    `INSERT INTO event (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})
      ON CONFLICT (connector, id) DO NOTHING`,
  )
  const insertBody = database.prepare('INSERT INTO event_body (sequence, body) VALUES (?, ?)')
  const others = createOtherObjects(database)

  const appendOne = (event: NewEvent): Appended => {
    const { changes, lastInsertRowid } = insert.run(...valuesOf(event))
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
          'SELECT sequence FROM event WHERE received_at < ? ORDER BY received_at, sequence LIMIT ?'
        database.prepare(`DELETE FROM event_body WHERE sequence IN (${old})`).run(before, most)
        return database.prepare(`DELETE FROM event WHERE sequence IN (${old})`).run(before, most)
      })
      // Gives a part of the space back; the rest serves what comes next.
      if (Number(gone.changes) > 0) database.exec('PRAGMA incremental_vacuum(2000)')
      return Number(gone.changes)
    },
  }
}

const inTransaction = <Result>(database: DatabaseSync, work: () => Result): Result => {
  database.exec('BEGIN IMMEDIATE')
  try {
    const result = work()
    database.exec('COMMIT')
    return result
  } catch (error) {
    if (database.isTransaction) database.exec('ROLLBACK')
    throw error
  }
}

/** In the order of the columns. */
const valuesOf = (event: NewEvent): SQLInputValue[] => [
  event.connector,
  event.id,
  event.category,
  event.object,
  folded.of(event.object),
  event.type,
  event.objectName,
  event.description,
  event.occurredAt,
  happenedAt(event, () => payloadOf(event)),
  event.receivedAt,
  event.entityId,
  event.employeeId,
  event.accountId,
  event.appId,
  event.browserId,
  event.email,
  keyOf(event.email),
  event.sourceIpAddress,
  keyOf(event.sourceIpAddress),
  event.url,
]

const keyOf = (text: string | null): string | null => (text === null ? null : folded.of(text))
