/** The file that an export keeps beside its own: made, locked for its process, and looked at before anything is written. */
import { closeSync, openSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { isEmptyFile, readPragma, sqliteFailure } from '../model/sqlite-file.ts'

/** Somebody else is writing this export. */
export class CheckpointLockedError extends Error {}

/** What lies there is none, or not of this version. */
export class CheckpointUnreadableError extends Error {}

/** "PUSX" in ASCII, and the version of the schema. */
const APPLICATION_ID = 0x50555358
const SCHEMA_VERSION = 4

const SCHEMA = `
  CREATE TABLE export (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    arguments TEXT NOT NULL,
    began_at INTEGER NOT NULL,
    resting_since INTEGER,
    rows INTEGER NOT NULL,
    bytes INTEGER NOT NULL,
    files INTEGER NOT NULL,
    whole INTEGER NOT NULL
  ) STRICT;
  CREATE TABLE place (part TEXT PRIMARY KEY, at TEXT NOT NULL) STRICT;
  CREATE TABLE text (name TEXT PRIMARY KEY, rows INTEGER NOT NULL, bytes INTEGER NOT NULL) STRICT;
  CREATE TABLE written (part TEXT, id TEXT, PRIMARY KEY (part, id)) STRICT, WITHOUT ROWID;
  CREATE TABLE state (part TEXT, id TEXT, state TEXT NOT NULL, PRIMARY KEY (part, id)) STRICT, WITHOUT ROWID;
`

/**
 * The database at `path`, made where there is none and locked until it is closed; without a path it is a temporary one.
 *
 * @throws {CheckpointLockedError} {CheckpointUnreadableError}
 */
export const openCheckpointDatabase = (path: string | undefined): DatabaseSync => {
  // What SQLite puts beside a file has the mode of that file.
  if (path !== undefined) closeSync(openSync(path, 'a', 0o600))
  const database = new DatabaseSync(path ?? '')
  try {
    // One process at a time; the system lets go of the lock when that one ends, however it does.
    database.exec('PRAGMA locking_mode = EXCLUSIVE')
    const isNew = readPragma(database, 'application_id') === 0 && isEmptyFile(database)
    // Looked at before anything is written: what is not ours is not even switched to WAL.
    if (!isNew && !isOurs(database))
      throw new CheckpointUnreadableError('It is no record of an export of this version')
    // A commit outlives a killed process without waiting for the disk. What a power cut undoes is written again.
    database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; BEGIN EXCLUSIVE')
    if (isNew)
      database.exec(
        `${SCHEMA} PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = ${SCHEMA_VERSION}`,
      )
    database.exec('COMMIT')
    return database
  } catch (error) {
    database.close()
    const failure = sqliteFailure(error)
    if (failure === 'busy')
      throw new CheckpointLockedError('Another process writes it', { cause: error })
    if (failure === 'damaged')
      throw new CheckpointUnreadableError('It is no database, or a damaged one', { cause: error })
    throw error
  }
}

const isOurs = (database: DatabaseSync): boolean =>
  readPragma(database, 'application_id') === APPLICATION_ID &&
  readPragma(database, 'user_version') === SCHEMA_VERSION
