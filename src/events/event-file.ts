/**
 * The SQLite file in which the events are kept. WAL with synchronous=FULL: a commit has reached the disk when it
 * returns, so that what was acknowledged survives a killed process and a power cut.
 */
import { mkdirSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { isSqliteError } from '../errors.ts'
import { migrations } from './schema.ts'

/** The event file cannot be used as it is. It is left untouched; the message says what to do about it. */
export class EventFileError extends Error {
  constructor(message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.name = 'EventFileError'
  }
}

/** "PEVT" in ASCII: tells our file from anybody else's. */
const APPLICATION_ID = 0x50455654
/** How long a commit waits for another process that writes. */
const BUSY_TIMEOUT_MS = 2_000
/** A file up to this size is checked whole when it is opened; that of a larger one would take too long. */
const CHECKED_BYTES = 32 * 1_048_576

/**
 * The opened event file, made where there is none (with its directory) and brought up to the newest schema.
 * `':memory:'` keeps it for this connection alone.
 *
 * @throws {EventFileError} when it is damaged, locked, not ours, or written by a newer version
 */
export const openEventFile = (path: string): DatabaseSync => {
  try {
    return open(path)
  } catch (error) {
    throw explain(error, path)
  }
}

/** The same file for reading alone; it must have been opened before. */
export const openForReading = (path: string): DatabaseSync => {
  try {
    return new DatabaseSync(path, { readOnly: true, timeout: BUSY_TIMEOUT_MS })
  } catch (error) {
    throw explain(error, path)
  }
}

const open = (path: string): DatabaseSync => {
  if (path !== ':memory:') mkdirSync(dirname(path), { recursive: true })
  const database = new DatabaseSync(path, { timeout: BUSY_TIMEOUT_MS })
  try {
    // Look before anything is written: a file that is not ours is not even switched to WAL.
    const isNew = read(database, 'application_id') === 0 && tables(database) === 0
    if (!isNew) check(database, path)
    // Space of events that have gone can be given back only where that is said before the first table.
    if (isNew) database.exec('PRAGMA auto_vacuum = INCREMENTAL')
    database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL')
    migrate(database)
    check(database, path)
    return database
  } catch (error) {
    database.close()
    throw error
  }
}

/** One transaction: another process that opens the file at once waits for it and then finds nothing to do. */
const migrate = (database: DatabaseSync): void => {
  database.exec('BEGIN IMMEDIATE')
  for (const step of migrations.slice(Number(read(database, 'user_version')))) database.exec(step)
  database.exec(`PRAGMA application_id = ${APPLICATION_ID}`)
  database.exec(`PRAGMA user_version = ${migrations.length}`)
  database.exec('COMMIT')
}

const check = (database: DatabaseSync, path: string): void => {
  if (read(database, 'application_id') !== APPLICATION_ID)
    throw new EventFileError(
      `${path} is not an event file of Pushgraph. Point PUSHGRAPH_DATA_DIR at a directory of its own.`,
    )
  const version = Number(read(database, 'user_version'))
  if (version > migrations.length)
    throw new EventFileError(
      `${path} was written by a newer version of Pushgraph (its schema is ${version}, this one reads up to ` +
        `${migrations.length}). Run that version, or point PUSHGRAPH_DATA_DIR at another directory.`,
    )
  if (path === ':memory:' || statSync(path).size > CHECKED_BYTES) return
  const verdict = database.prepare('PRAGMA quick_check(1)').get()
  if (verdict?.['quick_check'] !== 'ok') throw damaged(path)
}

const read = (database: DatabaseSync, pragma: string): unknown =>
  database.prepare(`PRAGMA ${pragma}`).get()?.[pragma]

const tables = (database: DatabaseSync): number =>
  Number(database.prepare('SELECT count(*) AS tables FROM sqlite_schema').get()?.['tables'])

const SQLITE_BUSY = 5
const SQLITE_CORRUPT = 11
const SQLITE_NOTADB = 26
/** The kind of failure; SQLite keeps details in the bits above it. */
const kindOf = (error: { errcode: number }): number => error.errcode & 0xff

const explain = (error: unknown, path: string): unknown => {
  if (error instanceof EventFileError) return error
  if (isSqliteError(error) && kindOf(error) === SQLITE_BUSY)
    return new EventFileError(
      `${path} is locked by another program. End that one, then start again.`,
      error,
    )
  if (isSqliteError(error) && [SQLITE_CORRUPT, SQLITE_NOTADB].includes(kindOf(error)))
    return damaged(path, error)
  const reason = error instanceof Error ? error.message : 'for an unknown reason'
  return new EventFileError(
    `${path} cannot be opened (${reason}). Make PUSHGRAPH_DATA_DIR a directory that can be written.`,
    error,
  )
}

const damaged = (path: string, cause?: unknown): EventFileError =>
  new EventFileError(
    `${path} is damaged. Move it away and start again; the events in it can be read with sqlite3's ".recover".`,
    cause,
  )
