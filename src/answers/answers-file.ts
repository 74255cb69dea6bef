/**
 * The SQLite file of the kept answers, shared by every process of the data folder. WAL with synchronous=NORMAL: a commit
 * outlives a killed process without waiting for the disk. All that it holds can be asked of Push again, so that a damaged
 * file is begun anew.
 */
import { readFileSync, rmSync, statSync } from 'node:fs'
import type { DatabaseSync } from 'node:sqlite'
import { createPlaceWatch } from '../model/system/file-place.ts'
import { DamagedFile, openSqliteFile, type SqliteFileKind } from '../model/sqlite-file.ts'

/** The file cannot be used as it is. It is left untouched; the message says what to do about it. */
export class AnswersFileError extends Error {
  constructor(message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.name = 'AnswersFileError'
  }
}

/** The open file is not the one at its path any more. */
export class AnswersFileLost extends Error {
  constructor(what: string) {
    super(`The file of kept answers ${what} while it was in use; another one was begun`)
    this.name = 'AnswersFileLost'
  }
}

const migrations = [readFileSync(new URL('schema.sql', import.meta.url), 'utf8')]

const answersFile: SqliteFileKind = {
  name: 'a file of kept answers',
  // "PANS"
  applicationId: 0x50414e53,
  migrations,
  // What is deleted is overwritten at once: it may name persons.
  pragmas: `PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA secure_delete = ON;
    PRAGMA journal_size_limit = ${8 * 1_048_576}`,
  // Space of answers that have gone can be given back only where that is said before the first table.
  pragmasIfNew: 'PRAGMA page_size = 8192; PRAGMA auto_vacuum = INCREMENTAL',
  // It is the thread that waits; whoever asks has more to do.
  busyTimeoutMs: 5_000,
  tries: 40,
  // To check a larger one would take too long: each answer is checked when it is read.
  checkedBytes: 32 * 1_048_576,
  error: AnswersFileError,
  otherVersion: version =>
    `was written by a newer version of Pushgraph (its schema is ${version}, this one reads up to ` +
    `${migrations.length}). It is left alone; answers are kept again once that version runs, or in another PUSHGRAPH_DATA_DIR.`,
  damaged: 'Remove it; what it held is asked of Push anew.',
}

export interface AnswersFile {
  readonly database: DatabaseSync
  /** Whether it was begun in place of a damaged one. */
  readonly isBegunAnew: boolean
  /** @throws {AnswersFileError} where a newer version has taken the file over since */
  checkVersion(): void
  /** @throws {AnswersFileLost} where what is written would not be found again */
  checkPlace(): void
}

/**
 * The opened file, made where there is none (with its folder).
 *
 * @throws {AnswersFileError} when it is locked, not ours, cannot be written, or is of a newer version
 */
export const openAnswersFile = (path: string): AnswersFile => {
  try {
    return describe(path, openSqliteFile(path, answersFile), false)
  } catch (error) {
    if (!(error instanceof AnswersFileError && error.cause instanceof DamagedFile)) throw error
    removeAnswersFile(path)
    return describe(path, openSqliteFile(path, answersFile), true)
  }
}

/** Removes the file with all that SQLite put beside it: beside a new one it would be taken for part of that. */
export const removeAnswersFile = (path: string): void => {
  for (const end of ['', '-wal', '-shm']) rmSync(path + end, { force: true })
}

const describe = (path: string, database: DatabaseSync, isBegunAnew: boolean): AnswersFile => {
  const place = createPlaceWatch(path, statSync(path))
  const readVersion = database.prepare('PRAGMA user_version')
  return {
    database,
    isBegunAnew,
    checkVersion: () => {
      const version = Number(readVersion.get()?.['user_version'])
      if (version !== migrations.length)
        throw new AnswersFileError(`${path} ${answersFile.otherVersion(version)}`)
    },
    checkPlace: () => {
      const what = place()
      if (what !== undefined) throw new AnswersFileLost(what)
    },
  }
}
