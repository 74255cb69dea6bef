/** Pages of an earlier reading that a scan takes in place of asking Push. */
import type { CollectionName } from '../../model/rows.ts'
import type { KeptPages } from '../../paging/walk.ts'
import type { Client } from '../../upstream/contract/contract.ts'
import type { Waiters } from './scan-waiters.ts'

/** On which terms pages will do that are kept of an earlier reading. */
export interface KeptReading {
  /** The first of them must have been asked for at this moment (milliseconds) or later. */
  readonly since: number
  /** Where only the beginning is kept, it is read on from there if that was asked for at this moment or later. */
  readonly goOnSince: number
}

export interface KeptReadingOptions<Name extends CollectionName> {
  readonly table: { readonly collection: Name }
  readonly client: Pick<Client, 'kept'>
  readonly kept?: KeptReading | undefined
}

/**
 * The pages that are kept, for a scan that takes them; undefined where none are kept or wanted. `since`: when the first must
 * have been asked for, at least, as those need it who wait just now (milliseconds).
 */
export const keptPages = <Name extends CollectionName>(
  { table: { collection }, client, kept }: KeptReadingOptions<Name>,
  waiters: Waiters,
  since: () => number,
): KeptPages<Name> | undefined => {
  const { kept: find } = client
  if (find === undefined || kept === undefined) return undefined
  return {
    goOnSince: () => Math.max(kept.goOnSince, since()),
    find: (request, notBefore, signal) => {
      const onKept = waiters.mostUrgent()?.onKept
      return find(collection, request, { notBefore, signal, onKept })
    },
    // Whoever wants no more than what is kept has it.
    onEnd: () => waiters.settle(false),
  }
}
