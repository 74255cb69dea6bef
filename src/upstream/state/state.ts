/**
 * What outlives a process: the level of each bucket, the facts learnt about an API, sizes and latency. Kept in one
 * SQLite file, so that all processes of a data directory share one limit per key.
 */
import { createHash } from 'node:crypto'
import { systemClock, type Clock } from '../../model/clock.ts'
import type { Facts } from '../contract/contract.ts'
import { emptyBucket } from '../limiter/bucket.ts'
import type { BucketKeeper } from '../limiter/bucket-keeper.ts'
import type { Limiter } from '../limiter/limiter.ts'
import type { UpstreamLog } from '../contract/events.ts'
import { createDurableWrites, type DurableWrites, type StoredRow } from './durable-writes.ts'
import { createShortCache } from './short-cache.ts'
import {
  createSizes,
  FORGET_EVERY,
  type Measures,
  MOST_SEEN,
  nameOfQuestion,
  onePer,
  type SizesByConnector,
} from './sizes.ts'
import { type BucketFile, createBucketFile } from './bucket-file.ts'
import { openStateFile } from './state-file.ts'

export interface State {
  bucket(id: string): BucketKeeper
  facts(id: string): Facts
  sizes(id: string): SizesByConnector
  measures(id: string): Measures
  /** Under which id the state of a connector's id is kept: its own, or that of the first key that it took over from. */
  keptAs(id: string): string
  /** The key of `id` took the place of that of `former`: they share one state from now on. */
  succeed(id: string, former: string): void
  /** The limiters of this process, by id: clients of the same id share one. */
  readonly limiters: Map<string, Limiter>
  close(): Promise<void> | void
}

/** The state of one file: all of it is there at once. */
export interface FileState extends State {
  bucket(id: string): BucketFile
  close(): void
}

/** Where the state of a connector is kept. The key is in it as a hash alone. */
export const stateId = (url: string, key: string): string =>
  createHash('sha256').update(`${url}\n${key}`).digest('hex').slice(0, 32)

/** The first in the line of those that took each other's place, of which `formerOf` gives the one before. */
export const firstFormerOf = (id: string, formerOf: (id: string) => string | undefined): string => {
  const met = new Set<string>()
  for (let last = id; ;) {
    met.add(last)
    const former = formerOf(last)
    if (former === undefined || met.has(former)) return last
    last = former
  }
}

/**
 * The state kept at `path`; `':memory:'` keeps it for this process alone.
 *
 * @throws {StateError} when the file is locked, not ours, or written by a newer version
 */
export const openState = (
  path: string,
  { clock = systemClock, log }: { clock?: Clock; log?: UpstreamLog | undefined } = {},
): FileState => {
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
    bucket: id => createBucketFile(writes, clock, id, first),
    facts: onePer(id => createFacts(writes, clock, id)),
    measures: measuresOf,
    sizes: id => createSizes(measuresOf(id), seenOf(id)),
    keptAs: id =>
      firstFormerOf(id, of => {
        const row = writes.get(of, 'SELECT kept_as FROM identity WHERE id = ?', of)
        return typeof row?.['kept_as'] === 'string' ? row['kept_as'] : undefined
      }),
    succeed: (id, former) => {
      writes.put(id, 'INSERT OR IGNORE INTO identity VALUES (?, ?)', [id, former], {
        kept_as: former,
      })
    },
    limiters: new Map(),
    close: () => writes.close(),
  }
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
const createSeen = (
  writes: DurableWrites,
  clock: Clock,
  id: string,
): Pick<SizesByConnector, 'seen' | 'see'> => {
  const nameOf = (question: string): string => SEEN + nameOfQuestion(question)
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
