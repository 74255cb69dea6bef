/**
 * Writes to the state file that are not lost while it cannot be written (disk full, locked for long): they are kept in
 * memory, one warning is given, and writing is tried again every few seconds.
 */
import type { DatabaseSync, SQLInputValue } from 'node:sqlite'
import { isSqliteError } from '../../model/sqlite-file.ts'
import type { Clock } from '../../model/clock.ts'
import type { UpstreamLog } from '../contract/events.ts'

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

/** Writes to an opened state file; `log` is told when it cannot be used, and when it can again. */
export const createDurableWrites = (
  database: DatabaseSync,
  clock: Clock,
  log: UpstreamLog | undefined,
): DurableWrites => {
  const prepare = prepareOnce(database)
  const outage = createOutage(clock, log)
  const unwritten = new Map<
    string,
    { sql: string; values: readonly SQLInputValue[]; row: StoredRow }
  >()
  let closed = false

  const transaction = <Result>(work: () => Result): { readonly result: Result } | undefined => {
    if (closed || outage.lasts()) return undefined
    try {
      prepare('BEGIN IMMEDIATE').run()
      for (const { sql, values } of unwritten.values()) prepare(sql).run(...values)
      const result = work()
      prepare('COMMIT').run()
      unwritten.clear()
      outage.end()
      return { result }
    } catch (error) {
      if (database.isTransaction) prepare('ROLLBACK').run()
      outage.begin(error)
      return undefined
    }
  }

  const read = <Result>(work: () => Result): Result | undefined => {
    if (closed) return undefined
    try {
      return work()
    } catch (error) {
      outage.begin(error)
      return undefined
    }
  }

  return {
    prepare,
    transaction,
    get: (name, sql, ...values) =>
      unwritten.get(name)?.row ?? read(() => prepare(sql).get(...values)),
    all: (prefix, sql, ...values) => [
      ...(read(() => prepare(sql).all(...values)) ?? []),
      ...[...unwritten].filter(([name]) => name.startsWith(prefix)).map(([, { row }]) => row),
    ],
    put: (name, sql, values, row) => {
      unwritten.set(name, { sql, values, row })
      transaction(() => undefined)
    },
    close: () => {
      outage.forget()
      if (unwritten.size > 0) transaction(() => undefined)
      closed = true
      database.close()
    },
  }
}

/** Each statement prepared once. */
const prepareOnce = (database: DatabaseSync): DatabaseSync['prepare'] => {
  const statements = new Map<string, ReturnType<DatabaseSync['prepare']>>()
  return sql => {
    const statement = statements.get(sql) ?? database.prepare(sql)
    statements.set(sql, statement)
    return statement
  }
}

interface Outage {
  /** Whether it is too early to try again. */
  lasts(): boolean
  /** SQLite failed. @throws any other error */
  begin(error: unknown): void
  end(): void
  /** The same, in silence. */
  forget(): void
}

/** The time for which the file cannot be used. */
const createOutage = (clock: Clock, log: UpstreamLog | undefined): Outage => {
  let retryAt: number | undefined

  return {
    lasts: () => {
      const untilRetryMs = retryAt === undefined ? 0 : retryAt - clock.now()
      // A clock set back must not put the next try off.
      return untilRetryMs > 0 && untilRetryMs <= RETRY_MS
    },
    begin: error => {
      if (!isSqliteError(error)) throw error
      if (retryAt === undefined)
        log?.(
          'warn',
          `The state file cannot be used (${error.message}). Limits and learnt facts are kept in memory for now; ` +
            'other processes with the same key are not seen meanwhile.',
        )
      retryAt = clock.now() + RETRY_MS
    },
    end: () => {
      if (retryAt !== undefined) log?.('info', 'The state file can be used again.')
      retryAt = undefined
    },
    forget: () => {
      retryAt = undefined
    },
  }
}
