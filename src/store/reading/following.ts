/**
 * Collections whose changes come by webhook: in place of reading them again and again, a probe a minute asks Push what is
 * new, and has to find nothing that the events had not told. Now and then all of it is read to check.
 */
import { hash } from 'node:crypto'
import type { Clock } from '../../model/clock.ts'
import { collectionNames, collections } from '../../model/collections.ts'
import type { CollectionName } from '../../model/rows.ts'
import type { Call, Client } from '../../upstream/contract/contract.ts'
import { wholeReadAt } from '../table/coverage.ts'
import type { Change, Follow } from '../table/follow.ts'
import type { Table } from '../table/table.ts'
import { probeOf, readProbe } from './probe.ts'
import type { ByIdReader } from './read-one.ts'
import type { Refresher } from './refresh.ts'
import type { Resumption, WholeRead } from './remembered-trust.ts'
import type { ScanAccess } from './scans.ts'
import type { DriftKind, Trust } from './trust.ts'

export interface Following {
  /** Takes in a change that Push sent by webhook. */
  follow(change: Change): void
  /** Deliveries are taken from now on: collections that others followed before are followed as far as that may be. */
  resume(from: Resumption): void
  /** Deliveries may be missing: they were refused, or could not be stored. */
  missed(): void
  /** Whoever was served a followed collection that no probe has looked at for a minute asks for one. */
  probeSoon(name: CollectionName): void
  /**
   * Goes on with the collection where events have told of all that changed since it was read, be it that it is here, or kept of
   * an earlier read: a probe has to agree at or after `since` (milliseconds), for which the caller asks. Whether it was tried;
   * undefined where there is nothing to go on from.
   */
  goOnFollowed(name: CollectionName, since: number, call: Call): Promise<unknown> | undefined
  /** The whole reads that somebody could go on from: what is kept of them is needed. */
  followedReads(): readonly FollowedRead[]
  /** What reads found that no event had told, by kind, since the start. */
  drift(name: CollectionName): ReadonlyMap<DriftKind, number>
}

/** A whole read of that collection. */
export interface FollowedRead extends WholeRead {
  readonly name: CollectionName
}

export interface FollowingOptions {
  readonly alias: string
  readonly client: Client
  readonly clock: Clock
  readonly trust: Trust
  readonly refresher: Refresher
  /** What takes a change into the rows. */
  readonly follow: Follow
  readonly peek: (name: CollectionName) => Table | undefined
  /** When that collection was last used (milliseconds). */
  readonly usedAt: (name: CollectionName) => number | undefined
  readonly scan: ScanAccess['scan']
  readonly recall: ScanAccess['recall']
  readonly readOne: ByIdReader['readOne']
  /** After so long a followed collection is read whole again (milliseconds); 0: none is followed. */
  readonly reconcileMs: number
}

/**
 * At most one probe of a collection in that time. All who share the kept answers probe at the same moments and ask the
 * same, so that one of them asks Push, and the others have its answer.
 */
export const PROBE_MS = 60_000
/** In place of probes, what no probe can look at is read whole so often. */
const BLIND_MS = 600_000
/** A collection that nobody has used for so long is probed no more. */
const IDLE_MS = 900_000
/** Push tries to deliver for so long: who sleeps longer has missed events. */
const RETRIES_MS = 960_000
/** Asked for beyond what was agreed on: clocks differ. */
const OVERLAP_S = 60
/** What is new since long ago may take so many of the pages of the whole; where it takes more, the whole is read. */
const PROBED_PART = 0.25

export const createFollowing = (options: FollowingOptions): Following => {
  const { alias, client, clock, trust, refresher, peek, scan, reconcileMs } = options
  const timers = new Set<CollectionName>()
  const probedAt = new Map<CollectionName, number>()
  const goingOn = new Map<CollectionName, Promise<void>>()
  const canFollow = reconcileMs > 0 && refresher.enabled

  /** Whether it is followed from now on. */
  const isFollowed = (name: CollectionName): boolean => {
    const table = peek(name)
    if (table === undefined) return false
    table.followed = canFollow && trust.holds(name, wholeReadAt(table))
    return table.followed
  }

  const renew = (name: CollectionName): void => {
    if (isFollowed(name)) arm(name)
  }

  const arm = (name: CollectionName): void => {
    if (timers.has(name)) return
    timers.add(name)
    const now = clock.now()
    // What is on its way again would be taken for missing.
    const due = Math.max(trust.settledAt(), now, dueAt(name, now))
    clock.after(due - now, () => {
      timers.delete(name)
      if (clock.now() - due > RETRIES_MS) trust.missed()
      look(name)
    })
  }

  const isBlind = (name: CollectionName): boolean => probeOf(name, client) === undefined
  const everyMs = (name: CollectionName): number =>
    isBlind(name) ? Math.min(BLIND_MS, reconcileMs) : PROBE_MS
  /** The last turn of that collection at or before that moment. */
  const turnOf = (name: CollectionName, at: number): number =>
    lastTurn(`${alias} ${name}`, everyMs(name), at)

  const dueAt = (name: CollectionName, now: number): number => {
    const last = Math.min(now, Math.max(peek(name)?.whole ?? 0, probedAt.get(name) ?? 0))
    const turn = turnOf(name, now)
    return last < turn ? now : turn + everyMs(name)
  }

  const look = (name: CollectionName): void => {
    const table = peek(name)
    const now = clock.now()
    // Another process on the same data folder may have missed deliveries.
    if (table === undefined || !isFollowed(name) || refresher.call.signal?.aborted === true) return
    if (now - (options.usedAt(name) ?? 0) > IDLE_MS) return
    if (isBlind(name) || now - (wholeReadAt(table) ?? 0) >= reconcileMs) readWhole(name)
    else refresher.ask(`probe ${name}`, () => probe(name, table))
    probedAt.set(name, now)
    arm(name)
  }

  /** What others have read since, who share what is kept, is not asked for again; they have compared it, and so it is here. */
  const readWhole = (name: CollectionName): void => {
    const now = clock.now()
    const turn = turnOf(name, now)
    const table = peek(name)
    const ownAt = table && wholeReadAt(table)
    const since = Math.max((ownAt ?? now) + 1, isBlind(name) ? turn : 0)
    const kept = { since, goOnSince: since }
    refresher.ask(`whole ${name}`, async () => {
      await scan(name, now, kept).until(() => false, refresher.call)
      // What others read may be older than what a probe would say.
      if (table?.followed === true && (table.whole ?? 0) < turn) await probe(name, table)
    })
  }

  const probe = async (
    name: CollectionName,
    table: Table,
    terms: Call = refresher.call,
    notBefore = -Infinity,
    mostPages = 1,
  ): Promise<void> => {
    const by = probeOf(name, client)
    const comparison = trust.compare(name, wholeReadAt(table))
    if (by === undefined || comparison === undefined) return
    const turn = turnOf(name, clock.now())
    const call = { ...terms, notBefore: Math.max(turn, notBefore) }
    // By the turn, so that all who agreed at the last one ask the same.
    const since = Math.floor(turnOf(name, table.whole ?? 0) / 1_000) - OVERLAP_S
    const rows = await readProbe(client, name, by, { since, mostPages }, call)
    if (rows === 'unavailable') return
    for (const row of rows.rows) {
      const old = table.get(row.id)
      table.put(row, rows.readAt)
      const now = table.get(row.id)
      // As what an event creates: no scan will meet it any more.
      if (old === undefined && now !== undefined) table.place(row.id)
      comparison.saw(row.id, old, now, rows.readAt)
    }
    comparison.end(false)
    // A delivery was missed meanwhile: nobody knows any more whether that was all.
    if (!table.followed) return
    // One short page has to say it all.
    if (rows.isAll) table.agree(Math.min(rows.readAt, trust.knownUntil()))
    else if (terms === refresher.call) readWhole(name)
  }

  /** Takes in what is kept of it where it is not here, and probes. */
  const goOn = async (name: CollectionName, since: number, call: Call): Promise<void> => {
    if (peek(name)?.whole === undefined) {
      await options.recall(name, call, followableSince(name) ?? Infinity)
    }
    const table = peek(name)
    if (table?.followed !== true || (table.whole ?? 0) >= since) return
    const pages = Math.ceil(table.size / Math.max(1, client.pageSize()))
    await probe(name, table, call, since, Math.max(1, Math.floor(pages * PROBED_PART)))
  }

  /** What was read before is too old, whatever events have told since. */
  const followableSince = (name: CollectionName): number | undefined => {
    const from = trust.followableSince(name)
    return from === undefined ? undefined : Math.max(from, clock.now() - reconcileMs)
  }

  /** An event that tells of a whole object has brought it; of the others it is read. */
  const readUnknown = (name: CollectionName, id: string): void => {
    trust.count(name, 'unknown')
    if (peek(name)?.get(id) !== undefined) return
    refresher.carryOn(`one ${name} ${id}`, () => options.readOne(name, id, refresher.call))
  }

  trust.listen(renew)

  return {
    follow: change => {
      const { collection, type } = change
      const id = idOf(change)
      const table = peek(collection)
      const isUnknown =
        table?.followed === true &&
        type === 'UPDATE' &&
        id !== undefined &&
        table.get(id) === undefined &&
        table.absent(id) === undefined
      options.follow(change)
      trust.told(collection, id)
      if (isUnknown) readUnknown(collection, id)
    },
    resume: trust.resume,
    missed: trust.missed,
    probeSoon: name => {
      if (refresher.isRefreshing(`probe ${name}`)) return
      arm(name)
    },
    goOnFollowed: (name, since, call) => {
      const table = peek(name)
      const isHere = table?.whole !== undefined
      if (!canFollow || isBlind(name) || (isHere && !table.followed)) return undefined
      // What was read since then will do as it is.
      const isKept = client.kept !== undefined && (followableSince(name) ?? Infinity) < since
      if (!isHere && !isKept) return undefined
      const found = goingOn.get(name)
      if (found !== undefined) return found
      const going = goOn(name, since, call).finally(() => goingOn.delete(name))
      goingOn.set(name, going)
      return going
    },
    followedReads: () =>
      !canFollow
        ? []
        : collectionNames.flatMap(name => {
            const read = trust.followedRead(name)
            const isOld = read === undefined || read.from < clock.now() - reconcileMs
            return isOld ? [] : [{ name, ...read }]
          }),
    drift: trust.drift,
  }
}

/** The id by which rows know the object; undefined where webhooks name it otherwise. */
const idOf = ({ collection, object }: Change): string | undefined => {
  if (collections[collection].webhook.namedBy !== undefined) return undefined
  const { id } = Object(object) as { readonly id?: unknown }
  return typeof id === 'string' ? id : undefined
}

/** The last moment at or before that one at which it is the turn of `what`: others have theirs at other moments. */
const lastTurn = (what: string, everyMs: number, at: number): number => {
  const offset = parseInt(hash('sha256', what).slice(0, 8), 16) % everyMs
  return Math.floor((at - offset) / everyMs) * everyMs + offset
}
