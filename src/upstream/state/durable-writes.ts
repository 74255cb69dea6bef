/**
 * The state file with a net under it: when it cannot be written (disk full, locked for long), what was to be
 * written is kept in memory, one warning is given, and writing is tried again every few seconds.
 */
import type { DatabaseSync, SQLInputValue } from 'node:sqlite'
import type { Clock } from '../../model/clock.ts'
import type { UpstreamLog } from '../contract/events.ts'
import { isSqliteError } from '../../errors.ts'

// Until a write is tried again after one failed.
const RETRY_MS = 5000

/** A row as SQLite gives it. */
export type StoredRow = Record<string, unknown>

export interface DurableWrites {
  /** The row, or what could not be written in its place under `name`. */
  get(name: string, sql: string, ...values: SQLInputValue[]): StoredRow | undefined
  all(prefix: string, sql: string, ...values: SQLInputValue[]): readonly StoredRow[]
  /** Writes one row; where that fails, `row` stands for it under `name` until it succeeds. */
  put(name: string, sql: string, values: readonly SQLInputValue[], row: StoredRow): void
  /** Runs `work` alone among all processes; undefined where the file cannot be used now. */
  transaction<Result>(work: () => Result): { readonly result: Result } | undefined
  prepare: DatabaseSync['prepare']
  /** Tries once more to write what could not be written; afterwards everything stays in memory. */
  close(): void
}

/** The net under an opened state file; `log` is told when it holds and when it is not needed any more. */
export const createDurableWrites = (
  database: DatabaseSync,
  clock: Clock,
  log: UpstreamLog | undefined,
): DurableWrites => {
  const statements = new Map<string, ReturnType<DatabaseSync['prepare']>>()
  const unwritten = new Map<
    string,
    { sql: string; values: readonly SQLInputValue[]; row: StoredRow }
  >()
  let retryAt: number | undefined
  let closed = false

  const prepare = (sql: string) => {
    const statement = statements.get(sql) ?? database.prepare(sql)
    statements.set(sql, statement)
    return statement
  }

  const failed = (error: unknown): void => {
    if (!isSqliteError(error)) throw error
    if (retryAt === undefined)
      log?.(
        'warn',
        `The state file cannot be used (${error.message}). Limits and learnt facts are kept in memory for now; ` +
          'other processes with the same key are not seen meanwhile.',
      )
    retryAt = clock.now() + RETRY_MS
  }

  const transaction = <Result>(work: () => Result): { readonly result: Result } | undefined => {
    const untilRetryMs = retryAt === undefined ? 0 : retryAt - clock.now()
    // A clock set back must not put the next try off.
    if (closed || (untilRetryMs > 0 && untilRetryMs <= RETRY_MS)) return undefined
    try {
      prepare('BEGIN IMMEDIATE').run()
      for (const { sql, values } of unwritten.values()) prepare(sql).run(...values)
      const result = work()
      prepare('COMMIT').run()
      unwritten.clear()
      if (retryAt !== undefined) log?.('info', 'The state file can be used again.')
      retryAt = undefined
      return { result }
    } catch (error) {
      if (database.isTransaction) prepare('ROLLBACK').run()
      failed(error)
      return undefined
    }
  }

  const reading = <Result>(read: () => Result): Result | undefined => {
    if (closed) return undefined
    try {
      return read()
    } catch (error) {
      failed(error)
      return undefined
    }
  }

  return {
    prepare,
    transaction,
    get: (name, sql, ...values) =>
      unwritten.get(name)?.row ?? reading(() => prepare(sql).get(...values)),
    all: (prefix, sql, ...values) => [
      ...(reading(() => prepare(sql).all(...values)) ?? []),
      ...[...unwritten].filter(([name]) => name.startsWith(prefix)).map(([, { row }]) => row),
    ],
    put: (name, sql, values, row) => {
      unwritten.set(name, { sql, values, row })
      transaction(() => undefined)
    },
    close: () => {
      retryAt = undefined
      if (unwritten.size > 0) transaction(() => undefined)
      closed = true
      database.close()
    },
  }
}
