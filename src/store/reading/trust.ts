/**
 * Whether webhooks tell of every change of a collection. That is learnt, never assumed: an event about its objects came,
 * and nothing has shown since that one is missing. What a read finds that no event told counts as drift, and ends the trust
 * for a time that doubles.
 */
import type { Clock } from '../../model/clock.ts'
import type { CollectionName, Row } from '../../model/rows.ts'
import { setBounded } from '../table/bounded-map.ts'
import { isSameValue } from '../table/same-row.ts'
import {
  createRememberedTrust,
  noTrustMemory,
  type Resumption,
  type TrustMemory,
  type TrustTerms,
  UNSETTLED_MS,
  type WholeRead,
} from './remembered-trust.ts'

/**
 * What no event told. `created`, `deleted`, `changed`: an object was. `used`: nothing but a time of use was another, which
 * ends no trust: probes bring these times. `unknown`: an event was about an object that nothing had told of before.
 */
export const driftKinds = ['created', 'deleted', 'changed', 'used', 'unknown'] as const

export type DriftKind = (typeof driftKinds)[number]

export interface Trust {
  /** Deliveries are taken from now on: what was learnt by those who took them before goes on as far as it may. */
  resume(from: Resumption): void
  /** From that moment on (milliseconds) no delivery is under way that was sent while nobody took any. */
  settledAt(): number
  /** All that was sent before that moment (milliseconds) has been delivered. */
  knownUntil(): number
  /** An event about that object arrived. */
  told(name: CollectionName, id: string | undefined): void
  /** Deliveries may be missing from now on: what was read before is no longer followed. */
  missed(): void
  /** Whether a collection that was read whole at that moment (milliseconds) can be followed now. */
  holds(name: CollectionName, wholeReadAt: number | undefined): boolean
  /** A whole read from that moment on (milliseconds) can be followed now; undefined where none can. */
  followableSince(name: CollectionName): number | undefined
  /** The newest whole read that could be gone on from, be it by another process. */
  followedRead(name: CollectionName): WholeRead | undefined
  /** Compares what a read brings with what was here; undefined where the collection is not followed. */
  compare(name: CollectionName, wholeReadAt: number | undefined): Comparison | undefined
  count(name: CollectionName, kind: DriftKind): void
  drift(name: CollectionName): ReadonlyMap<DriftKind, number>
  /** The collection was read whole, then. */
  renewed(name: CollectionName, read: WholeRead): void
  /** From now on, that one hears of each collection that was read whole, or is trusted otherwise than before. */
  listen(listener: (name: CollectionName) => void): void
}

export interface Comparison {
  /** A row was read at that moment (milliseconds) in place of another; undefined: it was not here, or has gone. */
  saw(id: string, old: Row | undefined, now: Row | undefined, readAt: number): void
  /**
   * All was compared; the verdict comes when events that are under way have had time to arrive. `isWhole`: the whole
   * collection was, so that there is more to trust where nothing was found.
   */
  end(isWhole: boolean): void
}

/** An event may take so long, from the change that it tells of. */
export const GRACE_MS = 15_000
export const FIRST_DISTRUST_MS = 600_000
export const LONGEST_DISTRUST_MS = 86_400_000

interface Watch extends TrustTerms {
  readonly drift: Map<DriftKind, number>
  /** When the newest event about an object arrived, by its id. */
  readonly toldAt: Map<string, number>
}

interface Suspect {
  readonly id: string
  readonly kind: DriftKind
  readonly readAt: number
}

/** Nothing is trusted yet. `memory` outlives the process; it may be there only once something was read. */
export const createTrust = (clock: Clock, memory: TrustMemory = noTrustMemory): Trust => {
  let onChange: (name: CollectionName) => void = () => undefined
  const watches = new Map<CollectionName, Watch>()
  const remembered = createRememberedTrust(clock, memory)
  let latest = clock.now()
  let settledAt = -Infinity

  /** What is known of that collection; undefined where no event came that anybody knows of. */
  const watchOf = (name: CollectionName): Watch | undefined => {
    const known = watches.get(name)
    const terms = known === undefined ? remembered.get(name) : undefined
    if (terms === undefined) return known
    const watch = newWatch(terms)
    watches.set(name, watch)
    return watch
  }

  const missed = (): void => {
    const now = clock.now()
    remembered.missed()
    for (const [name, watch] of watches) {
      watch.trustFrom = Math.max(now, Math.min(watch.trustFrom, now + watch.distrustMs))
      onChange(name)
    }
  }

  const count = (name: CollectionName, kind: DriftKind): void => {
    const drift = watches.get(name)?.drift
    drift?.set(kind, (drift.get(kind) ?? 0) + 1)
  }

  const judge = (
    name: CollectionName,
    watch: Watch,
    suspects: Suspect[],
    isWhole: boolean,
  ): void => {
    const before = watch.distrustMs
    const untold = suspects.filter(({ id, readAt }) => (watch.toldAt.get(id) ?? -Infinity) < readAt)
    for (const { kind } of untold) count(name, kind)
    if (untold.some(({ kind }) => kind !== 'used')) {
      watch.distrustMs = Math.min(
        LONGEST_DISTRUST_MS,
        Math.max(FIRST_DISTRUST_MS, 2 * watch.distrustMs),
      )
      watch.trustFrom = clock.now() + watch.distrustMs
      remembered.keep(name, watch)
      onChange(name)
    } else if (isWhole) {
      const half = watch.distrustMs / 2
      watch.distrustMs = half < FIRST_DISTRUST_MS ? 0 : half
      if (watch.distrustMs !== before) remembered.keep(name, watch)
    }
  }

  const followableSince: Trust['followableSince'] = name => {
    const watch = watchOf(name)
    return watch && Math.max(watch.trustFrom, remembered.doubtedByOthers(name))
  }

  const holds: Trust['holds'] = (name, wholeReadAt) => {
    const since = followableSince(name)
    return since !== undefined && wholeReadAt !== undefined && wholeReadAt >= since
  }

  return {
    resume: from => {
      remembered.resume(from)
      settledAt = from.settledAt
    },
    settledAt: () => settledAt,
    knownUntil: () => {
      const now = clock.now()
      return now < settledAt ? Math.min(now, settledAt - UNSETTLED_MS) : now
    },
    told: (name, id) => {
      const now = clock.now()
      // A clock that was set back has left moments in the future.
      if (now < latest) missed()
      latest = now
      let watch = watchOf(name)
      if (watch === undefined) {
        watch = newWatch({ trustFrom: now, distrustMs: 0 })
        watches.set(name, watch)
        remembered.keep(name, watch)
      }
      if (id !== undefined) setBounded(watch.toldAt, id, now)
    },
    missed,
    holds,
    followableSince,
    followedRead: remembered.followedRead,
    count,
    renewed: (name, read) => {
      const watch = watchOf(name)
      // When the first event came, nobody may have known yet where to keep it.
      if (watch !== undefined && remembered.get(name) === undefined) remembered.keep(name, watch)
      if (watch !== undefined) remembered.keepRead(name, read)
      onChange(name)
    },
    listen: listener => {
      onChange = listener
    },
    drift: name => watches.get(name)?.drift ?? new Map<DriftKind, number>(),
    compare: (name, wholeReadAt) => {
      const watch = watchOf(name)
      if (watch === undefined || !holds(name, wholeReadAt)) return undefined
      const suspects: Suspect[] = []
      return {
        saw: (id, old, now, readAt) => {
          const kind = kindOf(old, now)
          if (kind !== undefined) suspects.push({ id, kind, readAt })
        },
        end: isWhole => {
          const graceMs = GRACE_MS + Math.max(0, settledAt - clock.now())
          if (suspects.length === 0) judge(name, watch, suspects, isWhole)
          else
            clock.after(graceMs, () => {
              judge(name, watch, suspects, isWhole)
            })
        },
      }
    },
  }
}

const newWatch = (terms: TrustTerms): Watch => ({ ...terms, drift: new Map(), toldAt: new Map() })

const TIMES_OF_USE: ReadonlySet<string> = new Set([
  'lastUsedAt',
  'lastPasswordLoginAt',
  'lastOnlineAt',
  'lastActivityAt',
])

/** What lists may leave out is no difference. */
const LEFT_OUT: ReadonlySet<string> = new Set(['events'])

const kindOf = (old: Row | undefined, now: Row | undefined): DriftKind | undefined => {
  if (old === undefined) return now === undefined ? undefined : 'created'
  if (now === undefined) return 'deleted'
  let kind: DriftKind | undefined
  const before = old as unknown as Readonly<Record<string, unknown>>
  for (const [name, value] of Object.entries(now)) {
    if (LEFT_OUT.has(name) || isSameValue(value, before[name])) continue
    if (!TIMES_OF_USE.has(name)) return 'changed'
    kind = 'used'
  }
  return kind
}
