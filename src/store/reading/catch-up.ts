/**
 * Answers that are kept are older than the table that takes them in, which follows the events since it is there. What
 * happened in between is told by the stored events: they are followed before such an answer is given.
 */
import type { Clock } from '../../model/clock.ts'
import { collections } from '../../model/collections.ts'
import type { CollectionName } from '../../model/rows.ts'
import type { Client } from '../../upstream/contract/contract.ts'
import type { Change, Follow } from '../table/follow.ts'
import type { Table } from '../table/table.ts'

/**
 * Tells of each change that a stored event tells of, in the order of arrival, that arrived at or after `since`
 * (milliseconds). False where there are too many of them, or they cannot be read now.
 */
export type ChangesSince = (since: number, each: (change: Change) => void) => Promise<boolean>

export interface CatchUpOptions {
  readonly client: Client
  readonly table: (name: CollectionName) => Table
  readonly clock: Clock
  readonly changesSince: ChangesSince
  readonly follow: Follow
}

export interface CaughtUp {
  /** The client, whose answers are given when the table knows of all events since they were asked for. */
  readonly client: Client
  /** A table is whole: changes are followed again that name their objects by rows which were not there before. */
  readonly whole: (table: Table) => void
}

/** What is known of the events of one table. */
interface Followed {
  /** All events since then are followed (milliseconds). */
  since: number
  /** While events are read. */
  reading: Promise<boolean> | undefined
  /** Those that may have named no row that was there. */
  readonly again: Change[]
}

export const createCatchUp = (options: CatchUpOptions): CaughtUp => {
  const { client, table, clock, follow } = options
  const known = new WeakMap<Table, Followed>()

  /** What is known of the table of that collection, which follows all from now on. */
  const followedOf = (name: CollectionName): Followed => {
    const rows = table(name)
    const found = known.get(rows) ?? { since: clock.now(), reading: undefined, again: [] }
    known.set(rows, found)
    return found
  }

  const read = async (
    name: CollectionName,
    followed: Followed,
    since: number,
  ): Promise<boolean> => {
    const isNamedByRows = collections[name].webhook.namedBy !== undefined
    const isAll = await options
      .changesSince(since, change => {
        if (change.collection !== name) return
        follow(change)
        if (isNamedByRows) followed.again.push(change)
      })
      .catch(() => false)
    if (isAll) followed.since = Math.min(followed.since, since)
    return isAll
  }

  /** Whether the table has followed all since then. */
  const catchUp = async (
    name: CollectionName,
    followed: Followed,
    since: number,
  ): Promise<boolean> => {
    while (followed.since > since) {
      if (followed.reading === undefined) {
        const reading = read(name, followed, since)
        followed.reading = reading
        void reading.then(() => (followed.reading = undefined))
      }
      if (!(await followed.reading)) return false
    }
    return true
  }

  const { kept } = client
  return {
    client: {
      ...client,
      page: async (name, request, call) => {
        const followed = followedOf(name)
        const page = await client.page(name, request, call)
        if (page.readAt >= followed.since) return page
        if (await catchUp(name, followed, page.readAt)) return page
        return client.page(name, request, { ...call, notBefore: undefined })
      },
      one: async (name, id, call) => {
        const followed = followedOf(name)
        const found = await client.one(name, id, call)
        if (found.readAt >= followed.since) return found
        if (await catchUp(name, followed, found.readAt)) return found
        return client.one(name, id, { ...call, notBefore: undefined })
      },
      kept:
        kept &&
        (async (name, request, look) => {
          const followed = followedOf(name)
          const page = await kept(name, request, look)
          if (page === undefined || page.readAt >= followed.since) return page
          return (await catchUp(name, followed, page.readAt)) ? page : undefined
        }),
    },
    whole: rows => {
      for (const change of known.get(rows)?.again.splice(0) ?? []) follow(change)
    },
  }
}
