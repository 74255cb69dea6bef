/** Where the replay of a subscription starts, as callers say it: the `cursor` of an event or a change, or a moment. */
import { BadInputError } from '../../errors.ts'
import { type GivenPlace, readPlaceCursor, type StreamedList } from '../../loaders/loaders.ts'
import { readDateTime } from '../schema/date-time.ts'

/** Right after that place, or with what arrived at or after a moment (UNIX seconds). */
export type ReplayStart = GivenPlace | { readonly since: number }

/** @throws {BadInputError} when it is neither a cursor of that list nor a date-time */
export const readReplayStart = (list: StreamedList, text: string): ReplayStart => {
  const place = readPlaceCursor(list, text)
  if (place !== undefined) return place
  try {
    return { since: readDateTime(text) }
  } catch (cause) {
    if (!(cause instanceof BadInputError)) throw cause
    throw new BadInputError(
      `"since" must be the cursor of ${list === 'events' ? 'an event' : 'a change'}, or a date-time such as 2024-05-01T12:00:00Z`,
      'since',
    )
  }
}
