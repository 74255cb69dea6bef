/**
 * The sign of life of one replica, by which others know whether what it has begun is still being done; and by how much the
 * database's clock differs from this machine's, so that all replicas go by one time.
 */
import type { Clock } from '../../model/clock.ts'
import { DatabaseUnavailable } from './failures.ts'
import type { Pools } from './pools.ts'

export interface Heartbeat {
  /** Milliseconds that the database's clock is ahead of this machine's; 0 before it was first asked. */
  offsetMs(): number
  /** The last time that it answered, by this machine's clock (ms); undefined where it never did. */
  lastAt(): number | undefined
  /** Why there was no answer the last time; undefined where there was one. */
  failure(): unknown
  /**
   * Why nothing may be asked any more: the tables are others than those that this replica began with, and what it knows of
   * events and their numbers is of the former. Undefined where they are the same.
   */
  replaced(): DatabaseUnavailable | undefined
  /** How many other replicas gave a sign of life lately. */
  others(): number
  /** Names of settings that another living replica has otherwise. */
  differing(): readonly string[]
  /** Milliseconds that the last question took. */
  tookMs(): number | undefined
  /** Resolves after the first answer. @throws {DatabaseUnavailable} where there is none */
  readonly first: Promise<void>
  /** Ends it, and tells the others that this replica has gone. */
  end(): Promise<void>
}

export interface HeartbeatOptions {
  readonly pools: Pick<Pools, 'query'>
  readonly replica: string
  readonly clock: Clock
  /** What all replicas should have alike, as it is now. */
  readonly settings: () => SharedSettings
  /** Told of each answer and of each failure. */
  readonly onBeat: (error: unknown) => void
}

/** By the names of settings, what tells one value from another. */
export type SharedSettings = Readonly<Record<string, string>>

const EVERY_MS = 500
/** Of so many answers the quickest counts: a long way tells little of the time at its end. */
const ANSWERS = 20

/** At the start it is asked so often at most, until an answer came as quickly as this. */
const FIRST_TRIES = 5
const QUICK_MS = 5

/** What clocks that nobody sets move apart meanwhile, at most. */
const DRIFT_MS = 20

interface Answer {
  readonly tookMs: number
  readonly offsetMs: number
}

const REPLACED =
  'The database cannot be used now: its tables were made anew or replaced while this replica ran. Start the replica again'

export const startHeartbeat = ({
  pools,
  replica,
  clock,
  settings,
  onBeat,
}: HeartbeatOptions): Heartbeat => {
  let answers: readonly Answer[] = []
  let lastAt: number | undefined
  let failure: unknown
  let madeAt: string | undefined
  let replaced: DatabaseUnavailable | undefined
  let others = 0
  let differing: readonly string[] = []
  let stopTimer = (): void => undefined
  let isOver = false
  let running: Promise<void> | undefined

  const beat = async (): Promise<void> => {
    const own = settings()
    const sentAt = clock.now()
    const began = performance.now()
    const [row] = await pools.query<{
      readonly now: number
      readonly others: number
      readonly made_at: string
      readonly differing: readonly string[] | null
    }>(
      'step',
      `SELECT beat($1, $2) AS now, (SELECT count(*) FROM replica WHERE id <> $1 AND is_alive(id)) AS others,
        (SELECT array_agg(DISTINCT settings) FROM replica
          WHERE id <> $1 AND settings NOT IN ('', $2) AND is_alive(id)) AS differing,
        (SELECT extract(epoch FROM made_at)::text FROM pushgraph_schema ORDER BY version LIMIT 1) AS made_at`,
      [replica, JSON.stringify(own)],
    )
    madeAt ??= row?.made_at
    if (madeAt !== row?.made_at) throw (replaced = new DatabaseUnavailable(REPLACED))
    others = row?.others ?? 0
    differing = differingIn(own, row?.differing ?? [])
    const tookMs = performance.now() - began
    const answer = { tookMs, offsetMs: Number(row?.now) - (sentAt + tookMs / 2) }
    answers = [...answers.filter(isOfSameClocks(answer)), answer].slice(-ANSWERS)
    lastAt = clock.now()
  }

  /** The first answer on a new connection comes late, and tells little. */
  const measure = async (): Promise<void> => {
    for (
      let tries = 0;
      tries < FIRST_TRIES && !((quickest()?.tookMs ?? Infinity) < QUICK_MS);
      tries += 1
    )
      await beat()
  }

  const go = async (): Promise<void> => {
    try {
      await (lastAt === undefined ? measure() : beat())
      failure = undefined
      onBeat(undefined)
    } catch (error) {
      failure = error
      // Who opens the database is told of the first by a failure of that.
      if (lastAt !== undefined) onBeat(error)
      throw error
    } finally {
      if (!isOver) stopTimer = clock.after(EVERY_MS, () => void begin().catch(() => undefined))
    }
  }
  const begin = (): Promise<void> => (running = go())

  const quickest = (): Answer | undefined =>
    answers.reduce<Answer | undefined>(
      (best, each) => (best === undefined || each.tookMs < best.tookMs ? each : best),
      undefined,
    )

  return {
    offsetMs: () => quickest()?.offsetMs ?? 0,
    lastAt: () => lastAt,
    failure: () => failure,
    replaced: () => replaced,
    others: () => others,
    differing: () => differing,
    tookMs: () => answers.at(-1)?.tookMs,
    first: begin(),
    end: async () => {
      isOver = true
      stopTimer()
      // A sign of life that is on its way would come after the goodbye.
      await running?.catch(() => undefined)
      await pools
        .query('step', 'DELETE FROM replica WHERE id = $1', [replica])
        .catch(() => undefined)
    },
  }
}

/**
 * Whether both can be right: each says where the other clock stood at one moment of the time that it took. Where not, one of the
 * clocks was set meanwhile, or another server answers.
 */
const isOfSameClocks =
  (one: Answer) =>
  (other: Answer): boolean =>
    Math.abs(one.offsetMs - other.offsetMs) <= (one.tookMs + other.tookMs) / 2 + DRIFT_MS

/** What only one of two has is of another version. */
const differingIn = (own: SharedSettings, others: readonly string[]): readonly string[] => {
  const names = others.flatMap(text => {
    const other = JSON.parse(text) as SharedSettings
    return Object.keys(own).filter(name => other[name] !== undefined && other[name] !== own[name])
  })
  return [...new Set(names)]
}
