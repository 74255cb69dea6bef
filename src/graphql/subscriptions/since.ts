/** Places in the order in which events arrived, as callers hold them: the `cursor` of an event. */
import { BadInputError } from '../../errors.ts'
import { readDateTime } from '../schema/date-time.ts'

export const writeSince = (sequence: number): string =>
  Buffer.from(`event ${sequence}`).toString('base64url')

/** From where to go on: right after an event, or with what arrived at or after a moment (UNIX seconds). */
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
