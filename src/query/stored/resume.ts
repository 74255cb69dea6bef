/** Places in the order of arrival that a reader goes on from, and whether nothing after them is missing. */
import { GatewayError } from '../../errors.ts'
import type { EventPlace } from '../../model/events.ts'
import type { StoredSource } from './list.ts'

/** A place as a cursor names it, with the store that gave it. */
export interface GivenPlace extends EventPlace {
  readonly store: string
}

/**
 * The place in this store.
 *
 * @throws GatewayError BAD_USER_INPUT where the store never gave it, or events after it have gone: to go on from there
 * would leave events out in silence
 */
export const resumeFrom = async (
  { store, sequence, receivedAt }: GivenPlace,
  source: Pick<StoredSource, 'identity' | 'standing'>,
): Promise<EventPlace> => {
  if (store !== source.identity)
    throw lost(
      'UNKNOWN',
      'The cursor in "since" is of another event store: this one was begun anew',
    )
  const standing = await source.standing(sequence)
  if (sequence < standing.purged)
    throw lost('TOO_OLD', 'The cursor in "since" is too old: events after it have been deleted')
  const isGone = sequence === standing.purged
  if (!isGone && standing.receivedAt !== receivedAt)
    throw lost(
      'UNKNOWN',
      'The event store lacks the event of the cursor in "since": it was restored from a copy',
    )
  return { sequence, receivedAt }
}

const lost = (cursor: 'UNKNOWN' | 'TOO_OLD', what: string): GatewayError =>
  new GatewayError(
    'BAD_USER_INPUT',
    `${what}. Give the time of the last event that you have as "since" to go on with what is stored, or leave it out for what arrives from now on`,
    { path: 'since', cursor },
  )
