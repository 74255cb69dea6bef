/** Changes that are stored as a server on the same data folder stores them, in an event file of their own. */
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { type Events, openEvents } from '../../src/events/events.ts'
import { systemClock } from '../../src/model/clock.ts'

/** One of them, as plainly as possible. */
export interface PlantedChange {
  readonly connector?: string
  readonly collection?: string
  readonly objectId?: string
  readonly kind?: 'CREATED' | 'UPDATED' | 'DELETED'
  readonly field?: string | null
  readonly old?: unknown
  readonly new?: unknown
  /** UNIX seconds. */
  readonly at?: number
  readonly learntFrom?: 'READ' | 'EVENT'
}

export interface ChangeFile {
  /** Stores them, and returns their sequences. */
  readonly plant: (changes: readonly PlantedChange[]) => readonly number[]
  /** Deletes all up to that sequence, as retention does. */
  readonly purge: (upTo: number) => void
  /** Deletes that one, as who is forgotten has it. */
  readonly erase: (sequence: number) => void
  /** Deletes the event of that id, as retention does. */
  readonly removeEvent: (id: string) => void
  /** Deletes all events up to the one of that id, as retention does. */
  readonly purgeEvents: (upTo: string) => void
  readonly close: () => void
}

/** Opens the events of that data folder, whose file is made where it is missing. */
export const openStored = (folder: string): Promise<Events> =>
  openEvents({ path: join(folder, 'events.db'), retentionDays: 36_500, clock: systemClock })

/** The changes in the event file of that data folder, written by another hand than the one that is tested. */
export const changeFileIn = async (folder: string): Promise<ChangeFile> => {
  await (await openStored(folder)).close()
  const database = new DatabaseSync(join(folder, 'events.db'), { timeout: 10_000 })
  const insert = database.prepare(
    `INSERT INTO change (connector, collection, object_id, kind, field, old_value, new_value, at, learnt_from)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  )
  const toJson = (value: unknown): string | null =>
    value === undefined || value === null ? null : JSON.stringify(value)
  return {
    plant: changes => {
      database.exec('BEGIN IMMEDIATE')
      const sequences = changes.map(of => {
        const { connector = 'default', collection = 'accounts', objectId = 'a' } = of
        const { kind = 'UPDATED', field = 'mfaRegistered' } = of
        const { at = 1_700_000_000, learntFrom = 'READ' } = of
        const [old, now] = [toJson(of.old), toJson(of.new)]
        const named = [connector, collection, objectId, kind, field]
        return Number(insert.run(...named, old, now, at, learntFrom).lastInsertRowid)
      })
      database.exec('COMMIT')
      return sequences
    },
    purge: upTo => {
      database.exec(
        `DELETE FROM change WHERE sequence <= ${upTo}; UPDATE store SET changes_purged = max(changes_purged, ${upTo})`,
      )
    },
    erase: sequence => {
      database.prepare('DELETE FROM change WHERE sequence = ?').run(sequence)
    },
    removeEvent: id => {
      database.prepare('DELETE FROM event WHERE id = ?').run(id)
    },
    purgeEvents: upTo => {
      const before = 'sequence <= (SELECT max(sequence) FROM event WHERE id = ?)'
      database
        .prepare(`UPDATE store SET purged = (SELECT max(sequence) FROM event WHERE ${before})`)
        .run(upTo)
      database.prepare(`DELETE FROM event WHERE ${before}`).run(upTo)
    },
    close: () => {
      database.close()
    },
  }
}
