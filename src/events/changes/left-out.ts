/**
 * Lists of which the history has no row, and no room for one: what is read of them is not told for a while. To write each row
 * down, hand it over and look for room costs more than to read it, and all of that in vain.
 */
import type { Clock } from '../../model/clock.ts'
import type { FullList } from '../known/noting.ts'
import type { WaitingNotice } from './waiting-lines.ts'

/** After so long it is tried again: what was kept of others may have gone by then. */
const TRIED_AGAIN_MS = 600_000

/** None is left out yet. */
export const createLeftOut = (clock: Clock) => {
  /** When each was, by connector and collection. */
  const since = new Map<string, Map<string, number>>()

  return {
    add: ({ connector, collection }: FullList): void => {
      const own = since.get(connector) ?? new Map<string, number>()
      since.set(connector, own.set(collection, clock.now()))
    },
    /** Whether that need not be told. What events tell is, and that a table is no more. */
    has: ({ connector, notice }: Pick<WaitingNotice, 'connector' | 'notice'>): boolean => {
      const own = since.get(connector)
      const at = own?.get(notice.collection)
      if (own === undefined || at === undefined) return false
      const ageMs = clock.now() - at
      if (ageMs < 0 || ageMs >= TRIED_AGAIN_MS) {
        own.delete(notice.collection)
        return false
      }
      // A table that has not told all is asked for it when it says that it is whole, once that is heard again.
      return notice.kind === 'row' ? notice.learntFrom === 'READ' : notice.kind !== 'left'
    },
  }
}
