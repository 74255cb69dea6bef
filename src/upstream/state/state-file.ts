/**
 * The SQLite file in which the state of all connectors is kept, shared by every process of the data directory.
 *
 * WAL with synchronous=NORMAL: a commit outlives a killed process without waiting for the disk. A power cut may
 * undo the last commits, but by the time a machine is up again any bucket is full.
 */
import { readFileSync, renameSync, rmSync } from 'node:fs'
import type { DatabaseSync } from 'node:sqlite'
import { DamagedFile, openSqliteFile, type SqliteFileKind } from '../../model/sqlite-file.ts'

/** The state file cannot be used as it is. It is left untouched; the message says what to do about it. */
export class StateError extends Error {
  constructor(message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.name = 'StateError'
  }
}

const stateFile: SqliteFileKind = {
  name: 'a state file',
  // "PUSH"
  applicationId: 0x50555348,
  migrations: [readFileSync(new URL('schema.sql', import.meta.url), 'utf8')],
  pragmas: 'PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL',
  pragmasIfNew: '',
  // Changes take a tenth of a millisecond, and waiting for another process stops this one.
  busyTimeoutMs: 200,
  tries: 8,
  checkedBytes: Infinity,
  error: StateError,
  otherVersion: version =>
    `was written by another version of Pushgraph (its schema is ${version}, this one reads 1). Run that version, ` +
    'or point PUSHGRAPH_DATA_DIR at another directory.',
  damaged: 'Move it away; what it held (bucket levels, learnt facts, sizes) is learnt anew.',
}

export interface OpenedState {
  readonly database: DatabaseSync
  /** The new name of a damaged file in whose place the opened one was begun. */
  readonly setAside?: string
}

/**
 * The opened state file, made where there is none (with its directory). All that it holds is learnt anew, so that a
 * damaged one is set aside under another name.
 *
 * @throws {StateError} when it is locked, not ours, or written by a newer version
 */
export const openStateFile = (path: string, nowMs: number): OpenedState => {
  try {
    return { database: openSqliteFile(path, stateFile) }
  } catch (error) {
    if (!(error instanceof StateError && error.cause instanceof DamagedFile)) throw error
    const setAside = `${path}.damaged-${nowMs}`
    renameSync(path, setAside)
    // Beside a new file they would be taken for its own.
    for (const end of ['-wal', '-shm']) rmSync(path + end, { force: true })
    return { database: openSqliteFile(path, stateFile), setAside }
  }
}
