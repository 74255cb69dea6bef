/**
 * Rows that cannot be read may be so for good, or because one answer came damaged. Nobody can tell from one answer, so
 * it is asked for again; what stays unreadable is remembered, and costs no further requests for a while.
 */
import { UpstreamInvalidError } from '../../errors.ts'
import type { Clock } from '../../model/clock.ts'
import type { Unreadable } from '../contract/contract.ts'

/** An answer that reads well as JSON, with rows that do not. */
export class UnreadableRowsError extends UpstreamInvalidError {
  /** Whether asking again would bring the same. */
  readonly confirmed: boolean

  constructor(message: string, path: string, confirmed: boolean) {
    super(message, path)
    this.confirmed = confirmed
  }
}

export interface UnreadableRows {
  /** Whether all of this has been found to stay unreadable. */
  confirmed(collection: string, unreadable: readonly Unreadable[]): boolean
  /** It was asked for several times and stayed unreadable. */
  confirm(collection: string, unreadable: readonly Unreadable[]): void
}

/** For how long nothing is asked for again on account of what has been confirmed. */
const REMEMBERED_MS = 600_000
const MOST_REMEMBERED = 1000

/** Nothing confirmed yet. */
export const createUnreadableRows = (clock: Clock): UnreadableRows => {
  const confirmedAt = new Map<string, number>()

  return {
    confirmed: (collection, unreadable) =>
      unreadable.every(row => {
        const at = confirmedAt.get(describe(collection, row))
        return at !== undefined && clock.now() - at < REMEMBERED_MS
      }),
    confirm: (collection, unreadable) => {
      if (confirmedAt.size > MOST_REMEMBERED) confirmedAt.clear()
      for (const row of unreadable) confirmedAt.set(describe(collection, row), clock.now())
    },
  }
}

/** The member and what is wrong with it, in whichever row. */
const describe = (collection: string, { path, reason }: Unreadable): string =>
  `${collection} ${path.replaceAll(/\[\d+\]/g, '[]')} ${reason}`
