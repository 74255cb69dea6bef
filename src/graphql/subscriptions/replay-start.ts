/** Where the replay of a subscription starts, as callers say it: the `cursor` of an event or a change, or a moment. */
import { BadInputError } from '../../errors.ts'
import type { GivenPlace, StreamedList } from '../../loaders/loaders.ts'
import { readDateTime } from '../schema/date-time.ts'

/** The `cursor` of what stands at that place; its store and its arrival tell whether that store still has it. */
export const placeCursor = (
  list: StreamedList,
  { store, sequence, receivedAt }: GivenPlace,
): string => Buffer.from(`${words[list]} ${store} ${sequence} ${receivedAt}`).toString('base64url')

const words: Readonly<Record<StreamedList, string>> = { events: 'event', changes: 'change' }

/** Right after that place, or with what arrived at or after a moment (UNIX seconds). */
export type ReplayStart = GivenPlace | { readonly since: number }

/** @throws {BadInputError} when it is neither a cursor of that list nor a date-time */
export const readReplayStart = (list: StreamedList, text: string): ReplayStart => {
  const decoded = Buffer.from(text, 'base64url').toString('utf8')
  const [, word, store, sequence, receivedAt] =
    /^(\w+) (\w{1,64}) (\d{1,15}) (-?\d{1,15}(?:\.\d{1,9})?)$/.exec(decoded) ?? []
  if (store !== undefined && word === words[list])
    return { store, sequence: Number(sequence), receivedAt: Number(receivedAt) }
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
