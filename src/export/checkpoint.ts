/**
 * What an export keeps beside its file, so that it can go on where it was broken off: its arguments, its clock, how far
 * each part has come, and the ids of the parts that it was in. An SQLite file, since that survives being killed at any moment,
 * and is locked for as long as its process lives.
 */
import { DatabaseSync } from 'node:sqlite'
import { inTransaction, isEmptyFile, readPragma, sqliteFailure } from '../model/sqlite-file.ts'
import type { Position } from '../paging/resume-point.ts'

export interface CheckpointFile {
  /** The export, as far as it has come; undefined before it has begun. */
  readonly found: Checkpoint | undefined
  /** Notes what the export is. */
  begin(progress: Checkpoint): void
  /** Whether that thing of the part has been written; nothing is known of parts that are done. */
  isWritten(part: number, id: string): boolean
  /** Notes that these were written, by the number of their part, and how far the export has come with them. */
  advance(written: ReadonlyMap<number, readonly string[]>, stand: Stand): void
  /** Notes that the end is written. */
  end(stand: Stand): void
  /** Lets go of the file. */
  close(): void
}

export interface Checkpoint extends Stand {
  /** What was asked for, as text that differs where the export would. */
  readonly arguments: string
  /** Milliseconds: the moment of all that is only as new as its reading. */
  readonly beganAt: number
}

export interface Stand {
  /** How far each part has come, by its number; those that have not begun have none. */
  readonly places: ReadonlyMap<number, Place>
  /** Lines, and bytes of the file, that are written for good. */
  readonly rows: number
  readonly bytes: number
  /** Files that are written for good, of an export to a folder. */
  readonly files: number
  /** The end is written, and only the name of the file is left to give. */
  readonly whole: boolean
}

/** Where a part goes on. */
export type Place = Position | 'done'

/** Nothing is written yet. */
export const nothingWritten: Stand = {
  places: new Map(),
  rows: 0,
  bytes: 0,
  files: 0,
  whole: false,
}

/** Somebody else is writing this export. */
export class CheckpointLockedError extends Error {}

/** What lies there is none, or not of this version. */
export class CheckpointUnreadableError extends Error {}

/** "PUSX" in ASCII, and the version of the schema. */
const APPLICATION_ID = 0x50555358
const SCHEMA_VERSION = 3

const SCHEMA = `
  CREATE TABLE export (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    arguments TEXT NOT NULL,
    began_at INTEGER NOT NULL,
    rows INTEGER NOT NULL,
    bytes INTEGER NOT NULL,
    files INTEGER NOT NULL,
    whole INTEGER NOT NULL
  ) STRICT;
  CREATE TABLE place (part INTEGER PRIMARY KEY, at TEXT NOT NULL) STRICT;
  CREATE TABLE written (part INTEGER, id TEXT, PRIMARY KEY (part, id)) STRICT, WITHOUT ROWID;
`

/**
 * The checkpoint file at `path`, made where there is none; without a path it is a temporary one, gone with the process.
 *
 * @throws {CheckpointLockedError} {CheckpointUnreadableError}
 */
export const openCheckpoint = (path: string | undefined): CheckpointFile => {
  const database = openDatabase(path ?? '')
  const has = database.prepare('SELECT 1 FROM written WHERE part = ? AND id = ?')
  const add = database.prepare('INSERT OR IGNORE INTO written VALUES (?, ?)')
  const forget = database.prepare('DELETE FROM written WHERE part = ?')
  const move = database.prepare('INSERT OR REPLACE INTO place VALUES (?, ?)')
  const note = database.prepare(
    `INSERT OR REPLACE INTO export VALUES (1, :arguments, :beganAt, :rows, :bytes, :files, :whole)`,
  )
  let progress = readProgress(database)

  const write = (next: Checkpoint): void => {
    note.run({
      arguments: next.arguments,
      beganAt: next.beganAt,
      rows: next.rows,
      bytes: next.bytes,
      files: next.files,
      whole: next.whole ? 1 : 0,
    })
    progress = next
  }

  return {
    get found() {
      return progress
    },
    begin: next => {
      inTransaction(database, () => {
        database.exec('DELETE FROM written; DELETE FROM place')
        for (const [part, place] of next.places) move.run(part, JSON.stringify(place))
        write(next)
      })
    },
    isWritten: (part, id) => has.get(part, id) !== undefined,
    advance: (written, stand) => {
      const begun = hasBegun(progress)
      inTransaction(database, () => {
        for (const [part, ids] of written) {
          const place = stand.places.get(part)
          // Ids tell only the things of one part apart.
          if (place === 'done') forget.run(part)
          else for (const id of ids) add.run(part, id)
          if (place !== undefined) move.run(part, JSON.stringify(place))
        }
        write({ ...begun, ...stand })
      })
    },
    end: stand => write({ ...hasBegun(progress), ...stand }),
    close: () => {
      database.close()
    },
  }
}

const hasBegun = (progress: Checkpoint | undefined): Checkpoint => {
  if (progress === undefined) throw new Error('An export must begin before it advances')
  return progress
}

const openDatabase = (path: string): DatabaseSync => {
  const database = new DatabaseSync(path)
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

const readProgress = (database: DatabaseSync): Checkpoint | undefined => {
  const row = database.prepare('SELECT * FROM export').get()
  if (row === undefined) return undefined
  return {
    arguments: String(row['arguments']),
    beganAt: Number(row['began_at']),
    places: new Map(
      database
        .prepare('SELECT part, at FROM place')
        .all()
        .map(({ part, at }) => [Number(part), JSON.parse(String(at)) as Place]),
    ),
    rows: Number(row['rows']),
    bytes: Number(row['bytes']),
    files: Number(row['files']),
    whole: row['whole'] === 1,
  }
}

const isOurs = (database: DatabaseSync): boolean =>
  readPragma(database, 'application_id') === APPLICATION_ID &&
  readPragma(database, 'user_version') === SCHEMA_VERSION
