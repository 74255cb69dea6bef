/**
 * The SQLite file in which the state of all connectors is kept, shared by every process of the data directory.
 *
 * WAL with synchronous=NORMAL: a commit outlives a killed process without waiting for the disk. A power cut may
 * undo the last commits, but by the time a machine is up again any bucket is full.
 */
import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { isSqliteError } from '../../errors.ts'

/** The state file cannot be used as it is. It is left untouched; the message says what to do about it. */
export class StateError extends Error {
  constructor(message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.name = 'StateError'
  }
}

/** The version of the schema below, kept in `user_version`. */
const SCHEMA_VERSION = 1
/** "PUSH" in ASCII: tells our file from anybody else's. */
const APPLICATION_ID = 0x50555348
// Changes take a tenth of a millisecond, and waiting for another process stops this one.
const BUSY_TIMEOUT_MS = 200
const OPENING_TRIES = 8
const OPENING_PAUSE_MS = 50

const SCHEMA = `
  -- A key that took the place of another goes on with the state of the old one.
  CREATE TABLE identity (id TEXT PRIMARY KEY, kept_as TEXT NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE bucket (
    id TEXT PRIMARY KEY,
    level REAL NOT NULL,
    at REAL NOT NULL,
    slowed_at REAL NOT NULL,
    slowed_to REAL NOT NULL,
    paused_until REAL NOT NULL,
    leases TEXT NOT NULL CHECK (json_valid(leases))
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE fact (
    id TEXT NOT NULL, name TEXT NOT NULL, verdict TEXT NOT NULL, PRIMARY KEY (id, name)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE measure (
    id TEXT NOT NULL, name TEXT NOT NULL, value REAL NOT NULL, at REAL NOT NULL, PRIMARY KEY (id, name)
  ) STRICT, WITHOUT ROWID;
`

/**
 * The opened state file, made where there is none (with its directory).
 *
 * @throws {StateError} when it is damaged, locked, not ours, or written by a newer version
 */
export const openStateFile = (path: string): DatabaseSync => {
  for (let tries = 1; ; tries += 1) {
    try {
      return open(path)
    } catch (error) {
      // Two processes that make the file at once stand in each other's way for a moment.
      if (!isBusy(error) || tries === OPENING_TRIES) throw explain(error, path)
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, OPENING_PAUSE_MS)
    }
  }
}

const open = (path: string): DatabaseSync => {
  if (path !== ':memory:') mkdirSync(dirname(path), { recursive: true })
  const database = new DatabaseSync(path, { timeout: BUSY_TIMEOUT_MS })
  try {
    // Look before anything is written: a file that is not ours is not even switched to WAL.
    if (read(database, 'application_id') !== 0 || tables(database) > 0) checkOurs(database, path)
    database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL')
    database.exec('BEGIN IMMEDIATE')
    if (tables(database) === 0)
      database.exec(
        `${SCHEMA} PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = ${SCHEMA_VERSION}`,
      )
    database.exec('COMMIT')
    checkOurs(database, path)
    return database
  } catch (error) {
    database.close()
    throw error
  }
}

const checkOurs = (database: DatabaseSync, path: string): void => {
  if (read(database, 'application_id') !== APPLICATION_ID)
    throw new StateError(
      `${path} is not a state file of Pushgraph. Point PUSHGRAPH_DATA_DIR at a directory of its own.`,
    )
  const version = read(database, 'user_version')
  if (version !== SCHEMA_VERSION)
    throw new StateError(
      `${path} was written by another version of Pushgraph (its schema is ${String(version)}, this one reads ` +
        `${SCHEMA_VERSION}). Run that version, or point PUSHGRAPH_DATA_DIR at another directory.`,
    )
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

const isBusy = (error: unknown): boolean => isSqliteError(error) && kindOf(error) === SQLITE_BUSY

const explain = (error: unknown, path: string): unknown => {
  if (error instanceof StateError) return error
  if (isBusy(error))
    return new StateError(
      `${path} is locked by another program. End that one, then start again.`,
      error,
    )
  if (isSqliteError(error) && [SQLITE_CORRUPT, SQLITE_NOTADB].includes(kindOf(error)))
    return damaged(path, error)
  const reason = error instanceof Error ? error.message : 'for an unknown reason'
  return new StateError(
    `${path} cannot be opened (${reason}). Make PUSHGRAPH_DATA_DIR a directory that can be written.`,
    error,
  )
}

const damaged = (path: string, cause?: unknown): StateError =>
  new StateError(
    `${path} is damaged. Move it away; what it held (bucket levels, learnt facts, sizes) is learnt anew.`,
    cause,
  )
