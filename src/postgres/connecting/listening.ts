/**
 * What replicas call to each other through the database. A call may get lost, and only wakes: whoever hears none looks by
 * himself now and then. The connection proves itself by a question every two seconds, as nothing else tells that it broke.
 */
import pg from 'pg'
import type { Clock } from '../../model/clock.ts'
import { failureOf } from './failure-of.ts'
import { connectionOptions } from './connections.ts'
import { serversOf } from './servers.ts'

export interface Listening {
  /**
   * Called with what each replica says on that channel, itself included, and without anything where calls may have been
   * missed. The returned function ends it.
   */
  on(channel: string, heard: (message: string | undefined) => void): () => void
  /** Why nothing can be heard now; undefined where all is right. */
  flaw(): string | undefined
  close(): Promise<void>
}

export interface ListeningOptions {
  readonly url: string
  readonly name: string
  readonly clock: Clock
}

const PROOF_EVERY_MS = 2_000
const PROOF_WITHIN_MS = 2_000
const FIRST_PAUSE_MS = 100
const LONGEST_PAUSE_MS = 5_000

/** Connects at once, without waiting for it, and again whenever the connection breaks. */
export const startListening = ({ url, name, clock }: ListeningOptions): Listening => {
  const servers = serversOf(url)
  const channels = new Map<string, Set<(message: string | undefined) => void>>()
  let client: pg.Client | undefined
  let asks: Ask = () => Promise.resolve()
  let flaw: string | undefined = 'The database has not been reached yet'
  let pauseMs = FIRST_PAUSE_MS
  let stopTimer = (): void => undefined
  let isClosed = false

  const tellAll = (): void => {
    for (const listeners of channels.values()) for (const heard of listeners) heard(undefined)
  }

  const open = (): pg.Client | undefined => {
    try {
      return new servers.Client({ ...connectionOptions(name), query_timeout: PROOF_WITHIN_MS })
    } catch (error) {
      // A certificate is read here, which may be being replaced.
      again(error)
      return undefined
    }
  }

  const connect = async (): Promise<void> => {
    const next = open()
    if (next === undefined) return
    const ask = inTurn(next)
    client = next
    asks = ask
    next.on('error', error => lost(next, error))
    next.on('end', () => lost(next, new Error('Connection terminated')))
    next.on('notification', ({ channel, payload }) => {
      for (const heard of channels.get(channel) ?? []) heard(payload)
    })
    try {
      await next.connect()
      for (const channel of channels.keys()) await ask(`LISTEN ${pg.escapeIdentifier(channel)}`)
      if (client !== next) return
      flaw = undefined
      pauseMs = FIRST_PAUSE_MS
      // What was called while nobody listened.
      tellAll()
      proveLater(next, ask)
    } catch (error) {
      lost(next, error)
    }
  }

  const proveLater = (of: pg.Client, ask: Ask): void => {
    stopTimer = clock.after(PROOF_EVERY_MS, () => {
      ask('SELECT 1').then(
        () => {
          if (client === of) proveLater(of, ask)
        },
        (error: unknown) => lost(of, error),
      )
    })
  }

  const lost = (of: pg.Client, error: unknown): void => {
    if (client !== of || isClosed) return
    client = undefined
    stopTimer()
    // One that hangs would wait for a goodbye that never comes.
    of.end().catch(() => undefined)
    again(error)
  }

  const again = (error: unknown): void => {
    const failure = failureOf(error)
    flaw = failure instanceof Error ? failure.message : 'The database cannot be used now'
    stopTimer = clock.after(pauseMs, () => void connect())
    pauseMs = Math.min(LONGEST_PAUSE_MS, pauseMs * 2)
  }

  void connect()

  return {
    on: (channel, heard) => {
      const listeners = channels.get(channel) ?? new Set()
      const isNew = listeners.size === 0
      channels.set(channel, listeners.add(heard))
      // Where there is no connection, it listens as soon as there is one.
      if (isNew && flaw === undefined && client !== undefined) {
        const of = client
        asks(`LISTEN ${pg.escapeIdentifier(channel)}`).then(
          () => heard(undefined),
          (error: unknown) => lost(of, error),
        )
      }
      return () => listeners.delete(heard)
    },
    flaw: () => flaw,
    close: async () => {
      isClosed = true
      stopTimer()
      await client?.end().catch(() => undefined)
    },
  }
}

type Ask = (sql: string) => Promise<unknown>

/** The driver wants one question to be over before the next. */
const inTurn = (client: pg.Client): Ask => {
  let last: Promise<unknown> = Promise.resolve()
  return sql => {
    last = last.catch(() => undefined).then(() => client.query(sql))
    return last
  }
}
