/** The connections of one replica, each kind of work with its own, so that none waits behind another. */
import pg from 'pg'
import { beginning, connectionOptions, lockMs, preparing, type Use } from './connections.ts'
import { failureOf, OVERDUE } from './failure-of.ts'
import { createPlannedStatements } from './planned.ts'
import { serversOf, type Servers } from './servers.ts'

/** What a question comes to: its rows, with the values as JavaScript has them. */
export type DatabaseRow = Record<string, unknown>

/** Asks one thing of one connection. @throws {DatabaseUnavailable} where it cannot be answered now */
export type Query = <Row extends object = DatabaseRow>(
  sql: string,
  values?: readonly unknown[],
  terms?: Pick<QueryTerms, 'repeats'>,
) => Promise<readonly Row[]>

export interface QueryTerms {
  /** Milliseconds that it may take; those of its use where absent. */
  readonly timeoutMs?: number | undefined
  /** Ends it, in the database too. */
  readonly signal?: AbortSignal | undefined
  /**
   * The same text is asked again and again, and one plan is right for whatever values come with it: it stays planned. Within
   * a transaction that changes nothing.
   */
  readonly repeats?: boolean | undefined
}

export interface Pools {
  /** @throws {DatabaseUnavailable} where it cannot be answered now; the reason of `signal` once that aborts */
  query<Row extends object = DatabaseRow>(
    use: Use,
    sql: string,
    values?: readonly unknown[],
    terms?: QueryTerms,
  ): Promise<readonly Row[]>
  /**
   * Does all of `work` or nothing, on one connection.
   *
   * @throws {DatabaseUnavailable} where it is not certain that it was done; the reason of `signal` once that aborts
   */
  transaction<Result>(
    use: Use,
    work: (query: Query) => Promise<Result>,
    terms?: QueryTerms,
  ): Promise<Result>
  /** How many connections are open, and how many askers wait for one. */
  usage(): Readonly<Record<Use, { readonly open: number; readonly waiting: number }>>
  close(): Promise<void>
}

export interface PoolsOptions {
  readonly url: string
  /** How the database shows these connections to its operator. */
  readonly name: string
}

/** Connections, and milliseconds that a question may take. More connections for steps make each of them slower. */
const kinds: Readonly<Record<Use, { readonly most: number; readonly timeoutMs: number }>> = {
  step: { most: 4, timeoutMs: 1_000 },
  write: { most: 2, timeoutMs: 5_000 },
  read: { most: 4, timeoutMs: 30_000 },
}
/** One that is new must learn of all tables before it plans anything, for which it takes longer than for ten answers. */
const IDLE_MS = 300_000
/** Where that takes longer, the connection is given up, which comes to the same. */
const ROLLBACK_MS = 1_000
/** Opens no connection before one is needed. */
export const openPools = ({ url, name }: PoolsOptions): Pools => {
  const servers = serversOf(url)
  const poolOf = (use: Use): pg.Pool => {
    const { most, timeoutMs } = kinds[use]
    const pool = new pg.Pool({
      ...connectionOptions(`${name} ${use}`),
      Client: servers.Client,
      max: most,
      idleTimeoutMillis: IDLE_MS,
      ...preparing(use, timeoutMs),
    })
    // A connection broke: the pool throws it away, and the next question opens another. One that is lent tells it itself.
    pool.on('error', () => undefined)
    pool.on('connect', client => client.on('error', () => undefined))
    return pool
  }
  const planned = createPlannedStatements()
  const pools = { step: poolOf('step'), write: poolOf('write'), read: poolOf('read') }

  const cancel = (client: pg.PoolClient): void => {
    const { processID } = client as unknown as { readonly processID: number | null }
    if (processID === null) return
    const asked = {
      text: 'SELECT pg_cancel_backend($1)',
      values: [processID],
      query_timeout: kinds.step.timeoutMs,
    }
    pools.step.query(asked).catch(() => undefined)
  }
  /**
   * Ends a question that took too long, which would go on there. Not what is written: where that waits for a standby, it would
   * count as done before that has it.
   */
  const leave = (use: Use, client: pg.PoolClient): void => {
    if (use === 'read') cancel(client)
  }

  /**
   * Does it on a connection of its own, which is given back where it can be used again; `isWhole` says whether it can be after
   * a failure. Once the signal aborts, what is asked there is ended in the database too.
   */
  const onConnection = async <Result>(
    use: Use,
    signal: AbortSignal | undefined,
    work: (client: pg.PoolClient) => Promise<Result>,
    isWhole: (client: pg.PoolClient, error: unknown) => boolean | Promise<boolean>,
  ): Promise<Result> => {
    signal?.throwIfAborted()
    const client = await connect(pools[use], servers)
    const aborted = (): void => cancel(client)
    signal?.addEventListener('abort', aborted, { once: true })
    try {
      signal?.throwIfAborted()
      const result = await work(client)
      // What ends it may still be on its way, and would end what is asked there next.
      client.release(signal?.aborted === true || planned.isFull(client))
      return result
    } catch (error) {
      client.release(!(await isWhole(client, error)))
      signal?.throwIfAborted()
      throw failureOf(error)
    } finally {
      signal?.removeEventListener('abort', aborted)
    }
  }

  /** Asks by name what is planned for long, and by itself where names prove not to work. */
  const askPlanned = async <Row extends object>(
    client: pg.PoolClient,
    sql: string,
    values: readonly unknown[],
    timeoutMs: number,
  ): Promise<readonly Row[]> => {
    const name = planned.nameOf(sql)
    if (name === undefined) return ask<Row>(client, sql, values, timeoutMs)
    try {
      const rows = await ask<Row>(client, sql, values, timeoutMs, name)
      planned.asked(client, name)
      return rows
    } catch (error) {
      if (!planned.failed(error)) throw error
      return ask<Row>(client, sql, values, timeoutMs)
    }
  }

  return {
    query: <Row extends object>(
      use: Use,
      sql: string,
      values: readonly unknown[] = [],
      { signal, repeats = false, timeoutMs = kinds[use].timeoutMs }: QueryTerms = {},
    ) =>
      onConnection(
        use,
        signal,
        async client => {
          // Whoever reads is ended in the database when nobody waits any more, also for a lock.
          const isPatient = use !== 'read' && timeoutMs > kinds[use].timeoutMs
          const wait = (ms: number) =>
            ask(client, `SET lock_timeout = ${lockMs(ms)}`, [], timeoutMs)
          if (isPatient) await wait(timeoutMs)
          const rows = await (repeats ? askPlanned<Row> : ask<Row>)(client, sql, values, timeoutMs)
          if (isPatient) await wait(kinds[use].timeoutMs)
          return rows
        },
        (client, error) => {
          if (isOverdue(error)) leave(use, client)
          // One that was ended in order can be used again.
          return signal?.aborted === true && isCancelled(error)
        },
      ),
    transaction: (use, work, { timeoutMs = kinds[use].timeoutMs, signal } = {}) => {
      let isLate = false
      const fail = (error: unknown): never => {
        isLate ||= isOverdue(error)
        throw failureOf(error)
      }
      return onConnection(
        use,
        signal,
        async client => {
          const query: Query = (sql, values = []) =>
            ask<never>(client, sql, values, timeoutMs).catch(fail)
          await query(beginning(timeoutMs))
          const result = await work(query)
          await query('COMMIT')
          return result
        },
        client => {
          if (isLate) leave(use, client)
          return (
            !isLate &&
            signal?.aborted !== true &&
            ask(client, 'ROLLBACK', [], ROLLBACK_MS).then(
              () => true,
              () => false,
            )
          )
        },
      )
    },
    usage: () => ({
      step: usageOf(pools.step),
      write: usageOf(pools.write),
      read: usageOf(pools.read),
    }),
    close: async () => {
      await Promise.allSettled(Object.values(pools).map(pool => pool.end()))
    },
  }
}

/** What has 64 bits comes as a number: what we count stays far below what a double holds exactly. */
const types = new pg.TypeOverrides()
types.setTypeParser(pg.types.builtins.INT8, Number)

/**
 * Not by the driver's own promise and time limit: the functions that it makes for them V8 keeps, with the rows that they see, until the
 * whole heap is swept. @throws what `pg` does
 */
const ask = async <Row extends object>(
  client: pg.ClientBase,
  text: string,
  values: readonly unknown[],
  timeoutMs: number,
  name?: string,
): Promise<readonly Row[]> => {
  const asked = { text, values: [...values], types, ...(name && { name }) }
  try {
    return await new Promise((resolve, reject) => {
      const overdue = setTimeout(() => reject(new Error(OVERDUE)), timeoutMs)
      const answered = (error: Error | null, result: pg.QueryResult<Row & pg.QueryResultRow>) => {
        clearTimeout(overdue)
        if (error === null) resolve(result.rows)
        else reject(error)
      }
      client.query<Row & pg.QueryResultRow>(asked as pg.QueryConfig, answered)
    })
  } catch (error) {
    // Its stack leads to a socket; the one from here, to who asked.
    if (error instanceof Error) Error.captureStackTrace(error)
    throw error
  }
}

const connect = async (pool: pg.Pool, { number }: Servers): Promise<pg.PoolClient> => {
  for (let others = number - 1; ; others -= 1)
    // What its address names is read at once, and may not be there.
    try {
      return await pool.connect()
    } catch (error) {
      // Where all connections are in use, another server helps nobody.
      if (others <= 0 || isQueue(error)) throw failureOf(error)
    }
}

const isQueue = (error: unknown): boolean =>
  error instanceof Error && error.message === 'timeout exceeded when trying to connect'

const isOverdue = (error: unknown): boolean => error instanceof Error && error.message === OVERDUE

const isCancelled = (error: unknown): boolean =>
  error instanceof pg.DatabaseError && error.code === '57014'

const usageOf = ({ totalCount, waitingCount }: pg.Pool) => ({
  open: totalCount,
  waiting: waitingCount,
})
