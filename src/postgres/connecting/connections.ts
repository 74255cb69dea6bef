/** What connections to the database are for, how they are made, and for how long they may wait there. */
import type pg from 'pg'

/** `step`: buckets, claims and answers, which cannot wait. `write`: events and what else is stored. `read`: questions. */
export type Use = 'step' | 'write' | 'read'

const CONNECT_MS = 1_000
/** Nothing on the way forgets one that is idle, and one that broke is noticed. */
const STILL_THERE_MS = 10_000

/** How to connect, also for a connection that no pool has. */
export const connectionOptions = (name: string): pg.ClientConfig => ({
  application_name: name,
  connectionTimeoutMillis: CONNECT_MS,
  keepAlive: true,
  keepAliveInitialDelayMillis: STILL_THERE_MS,
})

/** What each connection is asked first. */
const begins: Readonly<Record<Use, (timeoutMs: number) => string>> = {
  step: timeoutMs => `SET lock_timeout = ${lockMs(timeoutMs)}`,
  // What is asked again and again of a table that has just been made is planned while nobody knows how large it will be; what has no
  // index would count as worth compiling.
  write: timeoutMs =>
    `SET lock_timeout = ${lockMs(timeoutMs)}; SET jit = off; SET enable_seqscan = off`,
  // To compile an expression takes longer than the questions that it would make quicker; and what is asked lies in memory or on a
  // disk without a head, so that counts are answered from indexes alone.
  read: () => 'SET jit = off; SET random_page_cost = 1.1',
}

/** Of a pool for that use: it waits for what a new connection is asked first, where a question may take so long. */
export const preparing = (use: Use, timeoutMs: number) => ({
  onConnect: async (client: pg.ClientBase): Promise<void> => {
    const asked = { text: begins[use](timeoutMs), query_timeout: CONNECT_MS }
    await client.query(asked as pg.QueryConfig)
  },
})

/**
 * Milliseconds that something may wait for a lock: a little less than somebody here waits for it. Else it would go on waiting there on a
 * connection that nobody has any more, and while an operator holds a table there would be ever more of them, until none is left.
 */
export const lockMs = (timeoutMs: number): number => Math.ceil(timeoutMs * 0.9)

/** Begins a transaction: a process that stands still in the middle of it must not hold up others with what it has locked. */
export const beginning = (timeoutMs: number): string =>
  `BEGIN; SET LOCAL idle_in_transaction_session_timeout = 5000; SET LOCAL lock_timeout = ${lockMs(timeoutMs)}`
