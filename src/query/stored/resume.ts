/** Places in the order of arrival that a reader goes on from, and whether nothing after them is missing. */
import { GatewayError } from '../../errors.ts'
import type { EventPlace } from '../../model/events.ts'
import type { Standing } from '../../events/events.ts'

/** A place as a cursor names it, with the store that gave it. */
export interface GivenPlace extends EventPlace {
  readonly store: string
}

/** What is stored in an order, as far as a place in it is concerned. */
export interface StoredOrder {
  /** What is stored, in words: `event` where absent. */
  readonly what?: 'event' | 'change'
  readonly identity: string
  standing(sequence: number): Promise<Standing>
}

/**
 * The place in this store.
 *
 * @throws GatewayError BAD_USER_INPUT where the store never gave it, or what is after it has gone: to go on from there
 * would leave some out in silence
 */
export const resumeFrom = async (
  { store, sequence, receivedAt }: GivenPlace,
  { what = 'event', identity, standing: standingOf }: StoredOrder,
): Promise<EventPlace> => {
  if (store !== identity)
    throw lost(
      'UNKNOWN',
      `The cursor in "since" is of another ${what} store: this one was begun anew`,
      what,
    )
  const standing = await standingOf(sequence)
  if (sequence < standing.purged)
    throw lost(
      'TOO_OLD',
      `The cursor in "since" is too old: ${what}s after it have been deleted`,
      what,
    )
  // Some are erased one by one, as those that name a person: no other can have their numbers.
  const isErased = standing.receivedAt === null && sequence <= standing.given
  const isGone = sequence === standing.purged || isErased
  if (!isGone && standing.receivedAt !== receivedAt)
    throw lost(
      'UNKNOWN',
      `The ${what} store lacks the ${what} of the cursor in "since": it was restored from a copy`,
      what,
    )
  return { sequence, receivedAt }
}

const lost = (cursor: 'UNKNOWN' | 'TOO_OLD', how: string, what: string): GatewayError =>
  new GatewayError(
    'BAD_USER_INPUT',
    `${how}. Give the time of the last ${what} that you have as "since" to go on with what is stored, or leave it out for what arrives from now on`,
    { path: 'since', cursor },
  )
