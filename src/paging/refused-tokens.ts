/** Tokens that Push gave, and does not take: now and then one has aged, again and again it is Push's fault. */
import { UpstreamInvalidError } from '../errors.ts'
import type { CollectionName } from '../model/rows.ts'

/** How often in a row a token may be refused before it is Push's fault and not that of our resting. */
const MAX_REFUSALS = 3

export interface RefusedTokens {
  /** The walk has come so many rows far. */
  reached(sent: number): void
  /** @throws {UpstreamInvalidError} when too many were refused since the walk last got further than it ever was */
  count(): void
}

/** None was refused yet. */
export const createRefusedTokens = (collection: CollectionName): RefusedTokens => {
  let refusals = 0
  let furthest = 0
  return {
    reached: sent => {
      if (sent <= furthest) return
      furthest = sent
      refusals = 0
    },
    count: () => {
      refusals += 1
      if (refusals <= MAX_REFUSALS) return
      refusals = 0
      throw new UpstreamInvalidError(
        `Push refuses the place in ${collection} that it gave itself`,
        'paging.nextToken',
      )
    },
  }
}
