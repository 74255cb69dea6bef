/** The one database that all replicas share: connected, with tables of ours in it, and its time as everybody's. */
import { randomUUID } from 'node:crypto'
import type { Clock } from '../../model/clock.ts'
import { createOutage } from '../../model/outage.ts'
import { failureOfTables } from './failure-of.ts'
import { DatabaseUnavailable, SettingsDiffer } from './failures.ts'
import { type SharedSettings, startHeartbeat } from './heartbeat.ts'
import { type Listening, startListening } from './listening.ts'
import { openPools, type Pools } from './pools.ts'
import { migrate } from './schema.ts'

export interface Database extends Pick<Pools, 'query' | 'transaction'>, Pick<Listening, 'on'> {
  /** What this replica is called; another one after each start. */
  readonly replica: string
  /** Goes by the database's time, so that what two replicas write down can be compared. */
  readonly clock: Clock
  standing(): DatabaseStanding
  /** Tells the others that this replica has gone, and ends every connection. */
  close(): Promise<void>
}

export interface DatabaseStanding {
  /** Why it cannot be used now, as a sentence; undefined where nothing is wrong. */
  readonly flaw: string | undefined
  /** Whether it has answered lately. */
  readonly isReachable: boolean
  /** How many other replicas gave a sign of life lately. */
  readonly others: number
  /** Milliseconds that its last answer took. */
  readonly tookMs: number | undefined
  /** Milliseconds that its clock is ahead of this machine's. */
  readonly offsetMs: number
  readonly connections: ReturnType<Pools['usage']>
}

export interface DatabaseOptions {
  /** `postgres://...`, with the password: it is told to nobody. */
  readonly url: string
  /** Another way to the same database, for the connection that listens: one that no pooler gives to others in between. */
  readonly listenUrl?: string | undefined
  readonly clock: Clock
  /** What all replicas should have alike, as it is now; nothing where absent. */
  readonly settings?: () => SharedSettings
  /** Told once while a failure lasts, and without an error when it is over. */
  readonly onProblem?: (message: string, error: unknown) => void
}

/** Two clocks that differ by more are worth a word: logs and certificates go by this machine's. */
const NOTABLE_OFFSET_MS = 1_000

/**
 * Connects, and brings the tables to the newest version.
 *
 * @throws {DatabaseUnavailable} where it cannot be reached
 * @throws {DatabaseUnusable} where its tables are those of a newer version
 */
export const openDatabase = async ({
  url,
  listenUrl = url,
  clock,
  settings = () => ({}),
  onProblem,
}: DatabaseOptions): Promise<Database> => {
  const replica = randomUUID()
  const name = `pushgraph ${replica.slice(0, 8)}`
  const pools = openPools({ url, name })
  try {
    await migrate(pools)
  } catch (error) {
    await pools.close()
    throw error
  }
  const outage = createOutage(
    {
      failing:
        'The database cannot be used; nothing is asked of Push, and no event is stored meanwhile',
      over: 'The database can be used again',
    },
    onProblem,
  )
  const difference = createOutage(
    {
      failing: 'Replicas that share the database have different settings',
      over: 'Replicas that share the database have the same settings again',
    },
    onProblem,
  )
  let refused: { readonly message: string; readonly at: number } | undefined
  const tables = ofTables(pools, failure => {
    if (failure.lasts) refused = { message: failure.message, at: clock.now() }
  })
  const heartbeat = startHeartbeat({
    pools: tables,
    replica,
    clock,
    settings,
    onBeat: error => {
      if (error !== undefined) return outage.failed(error)
      outage.worked()
      if (heartbeat.differing().length === 0) difference.worked()
      else difference.failed(new SettingsDiffer(heartbeat.differing()))
    },
  })
  const listening = startListening({ url: listenUrl, name: `${name} listen`, clock })
  const close = async (): Promise<void> => {
    await heartbeat.end()
    await listening.close()
    await pools.close()
  }
  try {
    await heartbeat.first
  } catch (error) {
    await close()
    throw error
  }

  const isReachable = (): boolean => {
    const lastAt = heartbeat.lastAt()
    return lastAt !== undefined && clock.now() - lastAt <= OVERDUE_MS
  }
  const isLate = (it: typeof refused): boolean =>
    it !== undefined && clock.now() - it.at > REMEMBERED_MS
  const flaw = (): string | undefined => {
    if (isReachable()) return listening.flaw() ?? (isLate(refused) ? undefined : refused?.message)
    const failure = heartbeat.failure()
    return failure instanceof DatabaseUnavailable ? failure.message : 'The database does not answer'
  }
  /** Asks nothing of tables that took the place of those that this replica began with. */
  const onOwn = async <Result>(ask: () => Promise<Result>): Promise<Result> => {
    const replaced = heartbeat.replaced()
    if (replaced !== undefined) throw replaced
    return ask()
  }

  return {
    replica,
    clock: { ...clock, now: () => clock.now() + heartbeat.offsetMs() },
    query: (...asked) => onOwn(() => tables.query(...asked)),
    transaction: (...asked) => onOwn(() => tables.transaction(...asked)),
    on: listening.on,
    standing: () => {
      const offsetMs = heartbeat.offsetMs()
      return {
        flaw: flaw() ?? flawOfClocks(offsetMs) ?? flawOfSettings(heartbeat.differing()),
        isReachable: isReachable(),
        others: heartbeat.others(),
        tookMs: heartbeat.tookMs(),
        offsetMs,
        connections: pools.usage(),
      }
    },
    close,
  }
}

const flawOfClocks = (offsetMs: number): string | undefined =>
  Math.abs(offsetMs) > NOTABLE_OFFSET_MS
    ? `The clocks of this machine and of the database differ by ${Math.round(offsetMs / 1_000)} s`
    : undefined

const flawOfSettings = (differing: readonly string[]): string | undefined =>
  differing.length === 0 ? undefined : new SettingsDiffer(differing).message

/** The same, whose tables are there; `onFailure` hears what could not be done. */
const ofTables = (
  { query, transaction }: Pools,
  onFailure: (failure: DatabaseUnavailable) => void,
): Pick<Pools, 'query' | 'transaction'> => {
  const fail = (error: unknown): never => {
    const failure = failureOfTables(error)
    if (failure instanceof DatabaseUnavailable) onFailure(failure)
    throw failure
  }
  return {
    query: (...asked) => query<never>(...asked).catch(fail),
    transaction: (...asked) => transaction(...asked).catch(fail),
  }
}

/** What could not be done for want of a right or of room, though signs of life are given, is told for so long. */
const REMEMBERED_MS = 60_000

/** A sign of life is given every half second. */
const OVERDUE_MS = 3_000
