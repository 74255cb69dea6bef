/**
 * The SQLite file in which the events are kept. WAL with synchronous=FULL: a commit has reached the disk when it
 * returns, so that what was acknowledged survives a killed process and a power cut.
 */
import { DatabaseSync } from 'node:sqlite'
import { explainSqlite, openSqliteFile, type SqliteFileKind } from '../model/sqlite-file.ts'
import { migrations } from './schema.ts'

/** The event file cannot be used as it is. It is left untouched; the message says what to do about it. */
export class EventFileError extends Error {
  constructor(message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.name = 'EventFileError'
  }
}

const eventFile: SqliteFileKind = {
  name: 'an event file',
  // "PEVT"
  applicationId: 0x50455654,
  migrations,
  pragmas: 'PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL',
  // Space of events that have gone can be given back only where that is said before the first table.
  pragmasIfNew: 'PRAGMA auto_vacuum = INCREMENTAL',
  busyTimeoutMs: 2_000,
  tries: 1,
  // To check a larger one would take too long.
  checkedBytes: 32 * 1_048_576,
  error: EventFileError,
  otherVersion: version =>
    `was written by a newer version of Pushgraph (its schema is ${version}, this one reads up to ` +
    `${migrations.length}). Run that version, or point PUSHGRAPH_DATA_DIR at another directory.`,
  damaged: `Move it away and start again; the events in it can be read with sqlite3's ".recover".`,
}

/**
 * The opened event file, made where there is none (with its directory) and brought up to the newest schema.
 * `':memory:'` keeps it for this connection alone.
 *
 * @throws {EventFileError} when it is damaged, locked, not ours, or written by a newer version
 */
export const openEventFile = (path: string): DatabaseSync => openSqliteFile(path, eventFile)

/** The same file for reading alone; it must have been opened before. */
export const openForReading = (path: string): DatabaseSync => {
  try {
    return new DatabaseSync(path, { readOnly: true, timeout: eventFile.busyTimeoutMs })
  } catch (error) {
    throw explainSqlite(error, path, eventFile)
  }
}
