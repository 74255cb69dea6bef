/**
 * The SQLite file in which the state of all connectors is kept, shared by every process of the data directory.
 *
 * WAL with synchronous=NORMAL: a commit outlives a killed process without waiting for the disk. A power cut may
 * undo the last commits, but by the time a machine is up again any bucket is full.
 */
import type { DatabaseSync } from 'node:sqlite'
import { openSqliteFile, type SqliteFileKind } from '../../model/sqlite-file.ts'

/** The state file cannot be used as it is. It is left untouched; the message says what to do about it. */
export class StateError extends Error {
  constructor(message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.name = 'StateError'
  }
}

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

const stateFile: SqliteFileKind = {
  name: 'a state file',
  // "PUSH"
  applicationId: 0x50555348,
  migrations: [SCHEMA],
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

/**
 * The opened state file, made where there is none (with its directory).
 *
 * @throws {StateError} when it is damaged, locked, not ours, or written by a newer version
 */
export const openStateFile = (path: string): DatabaseSync => openSqliteFile(path, stateFile)
