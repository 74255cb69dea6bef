/** Reading the stored events. */
import type { DatabaseSync } from 'node:sqlite'

export interface FileSize {
  readonly bytes: number
  /** Events stored of each connector, with the arrival of the oldest (UNIX seconds). */
  readonly stored: readonly {
    readonly connector: string
    readonly events: number
    readonly oldestAt: number
  }[]
}

export interface Reading {
  /** How much is stored. */
  size(): FileSize
}

/** What reads from that file. */
export const createReading = (database: DatabaseSync): Reading => ({
  size: () => ({
    bytes: pragma(database, 'page_count') * pragma(database, 'page_size'),
    stored: database
      .prepare(
        'SELECT connector, count(*) AS events, min(received_at) AS oldest FROM event GROUP BY connector',
      )
      .all()
      .map(({ connector, events, oldest }) => ({
        connector: String(connector),
        events: Number(events),
        oldestAt: Number(oldest),
      })),
  }),
})

const pragma = (database: DatabaseSync, name: string): number =>
  Number(database.prepare(`PRAGMA ${name}`).get()?.[name])
