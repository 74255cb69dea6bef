/** Where the replay of a subscription starts, as callers say it: the `cursor` of an event, or a moment. */
import { BadInputError } from '../../errors.ts'
import { readDateTime } from '../schema/date-time.ts'

/** The `cursor` of the event with that number in the order of arrival. */
export const eventCursor = (sequence: number): string =>
  Buffer.from(`event ${sequence}`).toString('base64url')

/** Right after an event, or with what arrived at or after a moment (UNIX seconds). */
export type ReplayStart = { readonly sequence: number } | { readonly receivedAt: number }

/** @throws {BadInputError} when it is neither the cursor of an event nor a date-time */
export const readReplayStart = (text: string): ReplayStart => {
  const decoded = Buffer.from(text, 'base64url').toString('utf8')
  const sequence = /^event (\d{1,15})$/.exec(decoded)?.[1]
  if (sequence !== undefined) return { sequence: Number(sequence) }
  try {
    return { receivedAt: readDateTime(text) }
  } catch (cause) {
    if (!(cause instanceof BadInputError)) throw cause
    throw new BadInputError(
      '"since" must be the cursor of an event, or a date-time such as 2024-05-01T12:00:00Z',
      'since',
    )
  }
}
