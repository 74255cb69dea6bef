/**
 * What outlives a process: the level of each bucket, the facts learnt about an API, sizes and latency. Kept in one
 * SQLite file, so that all processes of a data directory share one limit per key.
 */
import { createHash } from 'node:crypto'
import { systemClock, type Clock } from '../../model/clock.ts'
import type { CollectionSizes, Facts } from '../contract/contract.ts'
import {
  emptyBucket,
  mergeBuckets,
  type TokenBucket,
  type BucketKeeper,
  type Lease,
} from '../limiter/bucket.ts'
import type { Limiter } from '../limiter/limiter.ts'
import type { UpstreamLog } from '../contract/events.ts'
import { createDurableWrites, type DurableWrites, type StoredRow } from './durable-writes.ts'
import { createShortCache } from './short-cache.ts'
import { openStateFile } from './state-file.ts'

/** Numbers kept by name, each with the time (milliseconds) at which it held. */
export interface Measures {
  get(name: string): { readonly value: number; readonly at: number } | undefined
  set(name: string, value: number): void
}

/** The sizes of collections, and what questions came to. */
export interface SizesByConnector extends CollectionSizes {
  /** How many objects the question came to when it was last answered; undefined where that is not remembered. */
  seen(question: string): number | undefined
  see(question: string, objects: number): void
}

export interface State {
  bucket(id: string): BucketKeeper
  facts(id: string): Facts
  sizes(id: string): SizesByConnector
  measures(id: string): Measures
  /** Under which id the state of a connector's id is kept: its own, or that of the key it took over from. */
  keptAs(id: string): string
  /** The key of `id` took the place of that of `former`: they share one state from now on. */
  succeed(id: string, former: string): void
  /** The limiters of this process, by id: clients of the same id share one. */
  readonly limiters: Map<string, Limiter>
  close(): void
}

/** Where the state of a connector is kept. The key is in it as a hash alone. */
export const stateId = (url: string, key: string): string =>
  createHash('sha256').update(`${url}\n${key}`).digest('hex').slice(0, 32)

/**
 * The state kept at `path`; `':memory:'` keeps it for this process alone.
 *
 * @throws {StateError} when the file is locked, not ours, or written by a newer version
 */
export const openState = (
  path: string,
  { clock = systemClock, log }: { clock?: Clock; log?: UpstreamLog | undefined } = {},
): State => {
  const { database, setAside } = openStateFile(path, clock.now())
  if (setAside !== undefined)
    log?.(
      'warn',
      `${path} was damaged: it is kept as ${setAside}, and what it held (limits, learnt facts, sizes) is learnt anew.`,
    )
  const writes = createDurableWrites(database, clock, log)
  // What the lost file knew of the requests of the last second counts as spent.
  const first = setAside === undefined ? undefined : emptyBucket(clock.now())
  const measuresOf = onePer(id => createMeasures(writes, clock, id))
  const seenOf = onePer(id => createSeen(writes, clock, id))

  return {
    bucket: id => createKeeper(writes, clock, id, first),
    facts: onePer(id => createFacts(writes, clock, id)),
    measures: measuresOf,
    sizes: id => {
      const measures = measuresOf(id)
      return {
        get: collection => {
          const measure = measures.get(`rows ${collection}`)
          const newest = measures.get(`newest ${collection}`)
          return measure && { rows: measure.value, at: measure.at, newest: newest?.value }
        },
        set: (collection, rows, newest) => {
          measures.set(`rows ${collection}`, rows)
          if (newest !== undefined) measures.set(`newest ${collection}`, newest)
        },
        ...seenOf(id),
      }
    },
    keptAs: id => {
      const row = writes.get(id, 'SELECT kept_as FROM identity WHERE id = ?', id)
      return typeof row?.['kept_as'] === 'string' ? row['kept_as'] : id
    },
    succeed: (id, former) => {
      writes.put(id, 'INSERT OR IGNORE INTO identity VALUES (?, ?)', [id, former], {
        kept_as: former,
      })
    },
    limiters: new Map(),
    close: () => writes.close(),
  }
}

/** What `create` makes of an id, made once, so that a change is seen at once wherever else the id is used. */
const onePer = <Value>(create: (id: string) => Value): ((id: string) => Value) => {
  const made = new Map<string, Value>()
  return id => {
    const value = made.get(id) ?? create(id)
    made.set(id, value)
    return value
  }
}

/** `first`: the bucket where none is kept yet; undefined where nothing speaks against a full one. */
const createKeeper = (
  writes: DurableWrites,
  clock: Clock,
  id: string,
  first: TokenBucket | undefined,
): BucketKeeper => {
  const select = 'SELECT * FROM bucket WHERE id = ?'
  const replace = 'INSERT OR REPLACE INTO bucket VALUES (?, ?, ?, ?, ?, ?, ?)'
  const stored = (): TokenBucket | undefined => readBucket(writes.get(`bucket ${id}`, select, id))
  let last = stored()
  /** The bucket as it goes on in memory while the file cannot be used. */
  let detached: TokenBucket | undefined
  const cached = createShortCache(clock, () => stored() ?? last ?? first)

  return {
    update: change => {
      cached.forget()
      const written = writes.transaction(() => {
        // Not by `stored`, which takes a failure to read for nothing kept.
        const kept = readBucket(writes.prepare(select).get(id))
        const present =
          kept && detached ? mergeBuckets(kept, detached) : (kept ?? detached ?? first)
        const [bucket, verdict] = change(present)
        writes.prepare(replace).run(id, ...columns(bucket))
        return { bucket, verdict }
      })
      if (written !== undefined) {
        last = written.result.bucket
        detached = undefined
        return written.result.verdict
      }
      const [bucket, verdict] = change(detached ?? last ?? first)
      detached = bucket
      return verdict
    },
    peek: () => detached ?? stored() ?? last ?? first,
    glance: () => detached ?? cached.get(),
  }
}

const columns = (bucket: TokenBucket): [number, number, number, number, number, string] => [
  bucket.level,
  bucket.at,
  bucket.slowedAt,
  bucket.slowedTo,
  bucket.pausedUntil,
  JSON.stringify(bucket.leases),
]

const readBucket = (row: StoredRow | undefined): TokenBucket | undefined =>
  row && {
    level: Number(row['level']),
    at: Number(row['at']),
    slowedAt: Number(row['slowed_at']),
    slowedTo: Number(row['slowed_to']),
    pausedUntil: Number(row['paused_until']),
    leases: JSON.parse(String(row['leases'])) as Lease[],
  }

/** What the rows of `select` under that id hold by name. */
const cacheRows = <Value>(
  writes: DurableWrites,
  clock: Clock,
  prefix: string,
  select: string,
  id: string,
  valueOf: (row: StoredRow) => Value,
) =>
  createShortCache(
    clock,
    () =>
      new Map(
        writes.all(prefix, select, id).map(row => [String(row['name']), valueOf(row)] as const),
      ),
  )

const createFacts = (writes: DurableWrites, clock: Clock, id: string): Facts => {
  const prefix = `fact ${id} `
  const select = 'SELECT name, verdict FROM fact WHERE id = ? ORDER BY name'
  const replace = 'INSERT OR REPLACE INTO fact VALUES (?, ?, ?)'
  const cached = cacheRows(writes, clock, prefix, select, id, row => String(row['verdict']))
  return {
    get: name => cached.get().get(name),
    set: (name, verdict) => {
      cached.forget()
      writes.put(prefix + name, replace, [id, name, verdict], { name, verdict })
    },
    all: () => cached.get(),
  }
}

const createMeasures = (writes: DurableWrites, clock: Clock, id: string): Measures => {
  const prefix = `measure ${id} `
  const select = `SELECT name, value, at FROM measure WHERE id = ? AND name NOT GLOB '${SEEN}*'`
  const cached = cacheRows(writes, clock, prefix, select, id, row => ({
    value: Number(row['value']),
    at: Number(row['at']),
  }))
  return {
    get: name => cached.get().get(name),
    set: (name, value) => {
      const at = clock.now()
      cached.forget()
      writes.put(prefix + name, REPLACE_MEASURE, [id, name, value, at], { name, value, at })
    },
  }
}

const REPLACE_MEASURE = 'INSERT OR REPLACE INTO measure VALUES (?, ?, ?, ?)'
/** Begins the names of what questions came to, among the measures. */
const SEEN = 'seen '
/** Questions remembered for one connector: callers' words can make ever new ones. */
const MOST_SEEN = 1_000
/** How often those beyond are forgotten: after so many new ones. */
const FORGET_EVERY = 100

const createSeen = (
  writes: DurableWrites,
  clock: Clock,
  id: string,
): Pick<SizesByConnector, 'seen' | 'see'> => {
  // A question may name a person.
  const nameOf = (question: string): string =>
    SEEN + createHash('sha256').update(question).digest('hex').slice(0, 24)
  let sinceForgotten = 0

  const seen: SizesByConnector['seen'] = question => {
    const name = nameOf(question)
    const select = 'SELECT value FROM measure WHERE id = ? AND name = ?'
    const row = writes.get(`${SEEN}${id} ${name}`, select, id, name)
    return row && Number(row['value'])
  }

  return {
    seen,
    see: (question, objects) => {
      const name = nameOf(question)
      const at = clock.now()
      writes.put(`${SEEN}${id} ${name}`, REPLACE_MEASURE, [id, name, objects, at], {
        value: objects,
      })
      sinceForgotten += 1
      if (sinceForgotten < FORGET_EVERY) return
      sinceForgotten = 0
      const all = `SELECT name FROM measure WHERE id = ? AND name GLOB '${SEEN}*'`
      writes.put(
        `${SEEN}${id} and forgotten`,
        `DELETE FROM measure WHERE id = ? AND name IN (${all} ORDER BY at DESC LIMIT -1 OFFSET ${MOST_SEEN})`,
        [id, id],
        {},
      )
    },
  }
}
