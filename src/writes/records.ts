/**
 * What was asked for under a `clientMutationId`, on disk before it is sent: whoever asks again within ten minutes is
 * told what came of it, also by another process after this one was killed.
 *
 * WAL with synchronous=FULL: what is recorded outlives a power cut. A write is rare, and one of them costs two commits.
 */
import { readFileSync } from 'node:fs'
import type { SQLInputValue } from 'node:sqlite'
import type { Clock } from '../model/clock.ts'
import { inTransaction, openSqliteFile, type SqliteFileKind } from '../model/sqlite-file.ts'

/** The file of the writes cannot be used as it is. It is left untouched; the message says what to do about it. */
export class WriteFileError extends Error {
  constructor(message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.name = 'WriteFileError'
  }
}

/** A write that was asked for before. */
export interface RecordedWrite {
  /** A hash of what was asked. */
  readonly input: string
  /** JSON; null where it was begun and nobody knows what came of it. */
  readonly result: string | null
  /** When it was about to be sent (milliseconds). */
  readonly begunAt: number
}

export interface WriteRecords {
  /** Of this data folder or database alone, and the same for its life. */
  readonly secret: Uint8Array
  /** What was asked for under that id in the last ten minutes. @throws where that cannot be told */
  find(id: string): Promise<RecordedWrite | undefined>
  /** Records that it is about to be sent; instead, what is recorded under that id already. @throws where it cannot be */
  begin(id: string, input: string): Promise<RecordedWrite | undefined>
  /** What came of it. @throws where that cannot be recorded */
  finish(id: string, result: string): Promise<void>
  /** It was certainly not made: the same may be asked for again. @throws where that cannot be recorded */
  forget(id: string): Promise<void>
  close(): Promise<void>
}

export const REMEMBERED_MS = 600_000

const writeFile: SqliteFileKind = {
  name: 'a file of writes',
  // "PUWR"
  applicationId: 0x50555752,
  migrations: [readFileSync(new URL('migrations/1.sql', import.meta.url), 'utf8')],
  pragmas: 'PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL',
  pragmasIfNew: '',
  busyTimeoutMs: 200,
  tries: 8,
  checkedBytes: Infinity,
  error: WriteFileError,
  otherVersion: version =>
    `was written by another version of Pushgraph (its schema is ${version}, this one reads 1). Run that version, ` +
    'or point PUSHGRAPH_DATA_DIR at another directory.',
  damaged:
    'Move it away; writes of the last ten minutes are then sent again where they are asked for again.',
}

/**
 * The records kept at `path`; `':memory:'` keeps them for this process alone.
 *
 * @throws {WriteFileError} when the file is damaged, locked, not ours, or written by a newer version
 */
export const openWriteRecords = (path: string, clock: Clock): WriteRecords => {
  const database = openSqliteFile(path, writeFile)
  const secret = database.prepare('SELECT bytes FROM secret').get()?.['bytes'] as Uint8Array
  const select = database.prepare(
    'SELECT input, result, begun_at AS begunAt FROM write WHERE id = ? AND begun_at BETWEEN ? AND ?',
  )
  // A clock that was set back leaves moments to come: they count no longer either.
  const remembered = (): [number, number] => {
    const now = clock.now()
    return [now - REMEMBERED_MS, now + REMEMBERED_MS]
  }
  const find = (id: string): RecordedWrite | undefined =>
    select.get(id, ...remembered()) as unknown as RecordedWrite | undefined
  const run = (sql: string, ...values: SQLInputValue[]): void => {
    database.prepare(sql).run(...values)
  }
  const begin = (id: string, input: string): RecordedWrite | undefined =>
    inTransaction(database, () => {
      run('DELETE FROM write WHERE begun_at NOT BETWEEN ? AND ?', ...remembered())
      const known = find(id)
      if (known !== undefined) return known
      run('INSERT INTO write VALUES (?, ?, ?, NULL)', id, input, clock.now())
      return undefined
    })

  // The file answers at once: a write is rare.
  return {
    secret,
    find: async id => find(id),
    begin: async (id, input) => begin(id, input),
    finish: async (id, result) => run('UPDATE write SET result = ? WHERE id = ?', result, id),
    forget: async id => run('DELETE FROM write WHERE id = ?', id),
    close: async () => database.close(),
  }
}
