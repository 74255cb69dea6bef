/** SQLite files of ours: opened, brought up to the newest schema, and in words why one cannot be used. */
import {
  chmodSync,
  closeSync,
  mkdirSync,
  openSync,
  readdirSync,
  type Stats,
  statSync,
} from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'

/** What tells the files of one purpose from others. */
export interface SqliteFileKind {
  /** Such as `an event file`. */
  readonly name: string
  /** Four letters in ASCII, kept in the file. */
  readonly applicationId: number
  /** Each step leads from the version of its place to the next. */
  readonly migrations: readonly string[]
  /** Settings of the connection, and of a file before its first table. */
  readonly pragmas: string
  readonly pragmasIfNew: string
  /** How long a change waits for another process that writes. */
  readonly busyTimeoutMs: number
  /** How often it is tried to open a file that is busy. */
  readonly tries: number
  /** A file up to this size is checked whole when it is opened. */
  readonly checkedBytes: number
  readonly error: new (message: string, cause?: unknown) => Error
  /** Sentences on a file with a schema of that version, and on what to do about a damaged one. */
  readonly otherVersion: (version: number) => string
  readonly damaged: string
}

const OPENING_PAUSE_MS = 50

/**
 * The opened file, made where there is none (with its directory).
 *
 * @throws `kind.error` when it is damaged, locked, not ours, or written by a newer version; it is left untouched
 */
export const openSqliteFile = (path: string, kind: SqliteFileKind): DatabaseSync => {
  for (let tries = 1; ; tries += 1) {
    try {
      return open(path, kind)
    } catch (error) {
      // Two processes that make the file at once stand in each other's way for a moment.
      if (sqliteFailure(error) !== 'busy' || tries >= kind.tries)
        throw explainSqlite(error, path, kind)
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, OPENING_PAUSE_MS)
    }
  }
}

const open = (path: string, kind: SqliteFileKind): DatabaseSync => {
  if (path !== ':memory:') keepPrivate(path)
  const database = new DatabaseSync(path, { timeout: kind.busyTimeoutMs })
  try {
    // Look before anything is written: a file that is not ours is not even switched to WAL.
    const isNew = readPragma(database, 'application_id') === 0 && isEmptyFile(database)
    if (isNew) database.exec(kind.pragmasIfNew)
    else check(database, path, kind)
    database.exec(kind.pragmas)
    migrate(database, kind)
    check(database, path, kind)
    return database
  } catch (error) {
    database.close()
    throw error
  }
}

/** Who may read the files of the data folder: their owner, and nobody else. */
const FILE_MODE = 0o600
const FOLDER_MODE = 0o700
const OURS = /^(answers|events|state|writes)\.db/

/** Makes the file and its folder where they are not there; both are their owner's alone. What others keep there stays. */
const keepPrivate = (path: string): void => {
  const folder = dirname(path)
  mkdirSync(folder, { recursive: true, mode: FOLDER_MODE })
  try {
    // What SQLite puts beside a file has the mode of that file.
    closeSync(openSync(path, 'wx', FILE_MODE))
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) return
  }
  const names = readdirSync(folder)
  for (const name of names.filter(each => each.startsWith(basename(path))))
    tighten(join(folder, name), FILE_MODE)
  if (names.every(name => OURS.test(name))) tighten(folder, FOLDER_MODE)
}

/** A file of another user, or on a file system without modes, stays as it is. */
const tighten = (path: string, mode: number): void => {
  try {
    if ((statSync(path).mode & 0o777) !== mode) chmodSync(path, mode)
  } catch {
    // It works as well as before.
  }
}

/** Whether two looks met the same file. */
export const sameFile = (a: Stats, b: Stats): boolean => a.ino === b.ino && a.dev === b.dev

/** Another process that opens the file at once waits, and then finds nothing to do. */
const migrate = (database: DatabaseSync, { applicationId, migrations }: SqliteFileKind): void => {
  inTransaction(database, () => {
    for (const step of migrations.slice(Number(readPragma(database, 'user_version'))))
      database.exec(step)
    database.exec(`PRAGMA application_id = ${applicationId}`)
    database.exec(`PRAGMA user_version = ${migrations.length}`)
  })
}

const check = (database: DatabaseSync, path: string, kind: SqliteFileKind): void => {
  if (readPragma(database, 'application_id') !== kind.applicationId)
    throw new kind.error(
      `${path} is not ${kind.name} of Pushgraph. Point PUSHGRAPH_DATA_DIR at a directory of its own.`,
    )
  const version = Number(readPragma(database, 'user_version'))
  if (version < 1 || version > kind.migrations.length)
    throw new kind.error(`${path} ${kind.otherVersion(version)}`)
  if (path === ':memory:' || statSync(path).size > kind.checkedBytes) return
  const verdict = database.prepare('PRAGMA quick_check(1)').get()
  if (verdict?.['quick_check'] !== 'ok') throw damaged(path, kind)
}

/** The value of a pragma that has one. */
export const readPragma = (database: DatabaseSync, name: string): unknown =>
  database.prepare(`PRAGMA ${name}`).get()?.[name]

/** Whether the file has no table yet. */
export const isEmptyFile = (database: DatabaseSync): boolean =>
  database.prepare('SELECT 1 FROM sqlite_schema').get() === undefined

/** What `work` comes to, in one transaction that waits for those of other processes; undone where it throws. */
export const inTransaction = <Result>(database: DatabaseSync, work: () => Result): Result => {
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

/** Whether SQLite itself failed (disk full, locked, damaged), rather than the code around it. */
export const isSqliteError = (error: unknown): error is Error & { errcode: number } =>
  error instanceof Error && 'code' in error && error.code === 'ERR_SQLITE_ERROR'

const BUSY = 5
const CORRUPT = 11
const NOT_A_DATABASE = 26

/** What is wrong with the file; undefined where SQLite did not fail. */
export const sqliteFailure = (error: unknown): 'busy' | 'damaged' | 'other' | undefined => {
  if (!isSqliteError(error)) return undefined
  // SQLite keeps details in the bits above the kind of failure.
  const kind = error.errcode & 0xff
  if (kind === BUSY) return 'busy'
  return kind === CORRUPT || kind === NOT_A_DATABASE ? 'damaged' : 'other'
}

/** The failure to open the file, with what to do about it. */
export const explainSqlite = (error: unknown, path: string, kind: SqliteFileKind): unknown => {
  if (error instanceof kind.error) return error
  const failure = sqliteFailure(error)
  if (failure === 'damaged') return damaged(path, kind, error)
  if (failure === 'busy')
    return new kind.error(
      `${path} is locked by another program. End that one, then start again.`,
      error,
    )
  const reason = error instanceof Error ? error.message : 'for an unknown reason'
  return new kind.error(
    `${path} cannot be opened (${reason}). Make PUSHGRAPH_DATA_DIR a directory that can be written.`,
    error,
  )
}

const damaged = (path: string, kind: SqliteFileKind, cause?: unknown): Error =>
  new kind.error(`${path} is damaged. ${kind.damaged}`, new DamagedFile(cause))

/** Why a file cannot be opened: it holds no database, or a broken one. */
export class DamagedFile extends Error {
  constructor(cause?: unknown) {
    super('The file is damaged', { cause })
    this.name = 'DamagedFile'
  }
}
