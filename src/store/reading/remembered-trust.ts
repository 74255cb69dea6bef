/** What was learnt of trust outlives the process, as far as the next one may go on with it. */
import type { Clock } from '../../model/clock.ts'
import type { CollectionName } from '../../model/rows.ts'
import type { Measures } from '../../upstream/state/sizes.ts'

/** What who begins to take deliveries is to know of those that were sent before (milliseconds). */
export interface Resumption {
  /** Of those before that moment some may be missing for good, or for longer than anybody waits. */
  readonly missedAt: number
  /** Those since then that were sent while nobody took any are here by that moment. */
  readonly settledAt: number
}

/** What was sent so long before it is settled, or longer, was here when that began: see webhooks/taking.ts. */
export const UNSETTLED_MS = 135_000

/** A read of a whole collection: when its first page was asked for, and its last was in (milliseconds). */
export interface WholeRead {
  readonly from: number
  readonly until: number
}

/** How far a collection is trusted. */
export interface TrustTerms {
  /** A whole read that began then or later can be followed. */
  trustFrom: number
  /** How long trust was ended for the last time. */
  distrustMs: number
}

export interface RememberedTrust {
  /** Deliveries are taken from now on. Before, nothing is remembered, and nothing written over what others remember. */
  resume(from: Resumption): void
  get(name: CollectionName): TrustTerms | undefined
  keep(name: CollectionName, terms: TrustTerms): void
  /** The newest read of all of it. */
  keepRead(name: CollectionName, read: WholeRead): void
  /** The newest read of all of it, if events have told of all that changed since, whoever takes them. */
  followedRead(name: CollectionName): WholeRead | undefined
  /** Deliveries may be missing from now on, of whatever collection. */
  missed(): void
  /**
   * From when on another process on the same memory trusts that collection again, as it missed deliveries or found what none
   * had told (milliseconds); -Infinity where none did.
   */
  doubtedByOthers(name: CollectionName): number
}

export type TrustMemory = Pick<Measures, 'get' | 'set'>

/** Where nothing outlives the process. */
export const noTrustMemory: TrustMemory = { get: () => undefined, set: () => undefined }

/** Whoever sends wrong signatures all the time has this written once in that time. */
const MISSED_FOR_MS = 10_000
const MISSED = 'missed deliveries until'

export const createRememberedTrust = (clock: Clock, memory: TrustMemory): RememberedTrust => {
  let resumed: Resumption | undefined
  let written: number | undefined
  const kept = new Map<CollectionName, number>()
  const fromName = (name: CollectionName): string => `trusted from ${name}`
  const forName = (name: CollectionName): string => `distrusted for ${name}`
  const readFrom = (name: CollectionName): string => `read whole from ${name}`
  const readUntil = (name: CollectionName): string => `read whole until ${name}`
  const valueOf = (name: string): number | undefined => memory.get(name)?.value

  return {
    resume: from => {
      resumed = from
    },
    get: name => {
      const trustFrom = valueOf(fromName(name))
      if (resumed === undefined || trustFrom === undefined) return undefined
      const distrustMs = valueOf(forName(name)) ?? 0
      const now = clock.now()
      const missedUntil = Math.min(valueOf(MISSED) ?? -Infinity, now + MISSED_FOR_MS)
      // A clock that was set back has left moments in the future.
      const from = Math.min(trustFrom, now + distrustMs)
      return { trustFrom: Math.max(from, resumed.missedAt, missedUntil), distrustMs }
    },
    keep: (name, { trustFrom, distrustMs }) => {
      if (resumed === undefined) return
      kept.set(name, trustFrom)
      if (valueOf(fromName(name)) !== trustFrom) memory.set(fromName(name), trustFrom)
      if ((valueOf(forName(name)) ?? 0) !== distrustMs) memory.set(forName(name), distrustMs)
    },
    keepRead: (name, { from, until }) => {
      if (resumed === undefined || from <= (valueOf(readFrom(name)) ?? -Infinity)) return
      memory.set(readFrom(name), from)
      memory.set(readUntil(name), until)
    },
    followedRead: name => {
      const [from, until] = [valueOf(readFrom(name)), valueOf(readUntil(name))]
      const trustFrom = valueOf(fromName(name))
      if (from === undefined || until === undefined || trustFrom === undefined) return undefined
      const missedAt = Math.max(valueOf(MISSED) ?? -Infinity, resumed?.missedAt ?? -Infinity)
      return from >= Math.max(trustFrom, missedAt) ? { from, until } : undefined
    },
    missed: () => {
      if (resumed === undefined) return
      const now = clock.now()
      const until = valueOf(MISSED) ?? -Infinity
      if (until >= now && until <= now + MISSED_FOR_MS) return
      written = now + MISSED_FOR_MS
      memory.set(MISSED, written)
    },
    doubtedByOthers: name => {
      const now = clock.now()
      const until = valueOf(MISSED)
      const missedAt = until === undefined || until === written ? -Infinity : Math.min(until, now)
      const from = valueOf(fromName(name))
      if (resumed === undefined || from === undefined || from === kept.get(name)) return missedAt
      return Math.max(missedAt, Math.min(from, now + (valueOf(forName(name)) ?? 0)))
    },
  }
}
