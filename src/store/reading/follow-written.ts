/** Rows that follow what another replica had Push change: without a request where it was told all of it. */
import type { Clock } from '../../model/clock.ts'
import type { CollectionName } from '../../model/rows.ts'
import type { Change, Follow } from '../table/follow.ts'
import type { TableAccess } from '../table/tables.ts'
import type { Client } from '../../upstream/contract/contract.ts'
import { createLookAgain } from './look-again.ts'
import type { AnewReader } from './read-anew.ts'
import type { ByIdReader } from './read-one.ts'
import type { Refresher } from './refresh.ts'

/** An object that Push changed, or may have changed, since it was asked to. */
export interface Written {
  readonly collection: CollectionName
  readonly id: string
  /** When Push had answered, or nobody waited any more (milliseconds). */
  readonly at: number
  /** What rows follow; undefined where nobody knows what it is now. */
  readonly change: Change | undefined
  /** Whether that is all of it. `later`: it may be made yet. */
  readonly isWhole: boolean | 'later'
}

export interface WrittenFollower {
  /** Takes in what another replica had changed; what is in memory of it is read again where it has to be. */
  written(written: Written): void
}

export interface WrittenOptions
  extends AnewReader, Pick<ByIdReader, 'readOne'>, Pick<TableAccess, 'peek'> {
  readonly client: Pick<Client, 'outdate'>
  readonly clock: Clock
  readonly follow: Follow
  readonly refresher: Refresher
}

export const createWrittenFollower = (options: WrittenOptions): WrittenFollower => {
  const { client, clock, follow, peek, readOne, readAnew, refresher } = options
  const lookAgain = createLookAgain(options, clock)

  /** One answer does for all replicas, where answers are shared. */
  const read = async ({ collection, id, at }: Written): Promise<void> => {
    const rows = peek(collection)
    await readOne(collection, id, { ...refresher.call, notBefore: at })
    const isNew = Math.max(rows?.readAt(id) ?? 0, rows?.absent(id) ?? 0) >= at
    if (!isNew) await readAnew(collection, id, at, refresher.call)
  }

  return {
    written: written => {
      const { collection, id, at, change, isWhole } = written
      client.outdate?.(collection, at)
      const rows = peek(collection)
      if (rows === undefined) return
      const isHere = rows.get(id) !== undefined
      if (change !== undefined) follow(change)
      if (change?.type === 'DELETE') rows.missing(id, change.at)
      if (isWhole === true || !isHere) return
      refresher.carryOn(`written ${collection} ${id} ${at}`, () => read(written))
      if (isWhole === 'later') lookAgain(collection, id)
    },
  }
}
