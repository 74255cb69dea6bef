/** What a known row was at a moment: what it is now, with what changed since undone. */
import { GatewayError } from '../../errors.ts'
import type { KnownRead } from '../../model/known-rows.ts'
import { detailsOf, fieldAt, isTimeOfUse } from '../../model/row-changes.ts'
import type { CollectionName } from '../../model/rows.ts'

/** A known row as it is kept; moments are UNIX seconds. */
export interface RowNow {
  readonly id: string
  readonly first_at: number
  /** As of when it stands: nothing was known of it later than that, whatever a clock said that was set back since. */
  readonly at: number
  /** When it became known that it went: a list that lacks it was read to its end by then. */
  readonly gone_at: number | null
  readonly details_at: number | null
  readonly row: string | null
}

/** A change that may be undone. */
export interface Undone {
  readonly id: string
  readonly kind: string
  readonly field: string | null
  readonly old_value: string | null
  readonly new_value: string | null
  readonly at: number
}

/**
 * The row at that moment; undefined where there was none. `changes`: at least those since the day of the moment began, the
 * last one that was stored first.
 */
export const asItWas = (
  collection: CollectionName,
  { row, at: readAt, gone_at: goneAt, details_at: detailsAt }: RowNow,
  changes: readonly Undone[],
  at: number,
): string | undefined => {
  const standsAt = goneAt ?? readAt
  const hasNewDetails = detailsAt !== null && Math.min(detailsAt, standsAt) > at
  const since = changes.filter(isAfter(collection, at, standsAt))
  if (since.length === 0 && !hasNewDetails) return row ?? undefined
  let then = row === null ? undefined : members(row)
  for (const { kind, field, old_value: old } of since) {
    if (kind === 'CREATED') then = undefined
    else if (kind === 'DELETED') then = old === null ? undefined : members(old)
    else if (field !== null && then !== undefined)
      then[fieldAt(field)] = old === null ? null : (JSON.parse(old) as unknown)
  }
  if (then === undefined) return undefined
  if (hasNewDetails) for (const name of detailsOf(collection)) then[name] = null
  return JSON.stringify(then)
}

/**
 * Whether a change tells of something after that moment, asked of one after the other, the last one first: one of a time of
 * use may be later than its own moment, and none was known later than the next.
 */
const isAfter = (
  collection: CollectionName,
  at: number,
  standsAt: number,
): ((change: Undone) => boolean) => {
  let knownAt = standsAt
  return change => {
    const { field, new_value: now } = change
    knownAt = Math.min(knownAt, change.at)
    return knownAt > at || (field !== null && isTimeOfUse(collection, field) && Number(now) > at)
  }
}

const members = (row: string): Record<string, unknown> => JSON.parse(row) as Record<string, unknown>

/** The newest read of a list that is known as a whole, from its columns. */
export const toKnownRead = (list: Readonly<Record<string, unknown>>): KnownRead => ({
  connector: String(list['connector']),
  collection: list['collection'] as CollectionName,
  at: Math.round(Number(list['read_at']) * 1_000),
  until: Math.round(Number(list['told_at']) * 1_000),
})

/** Between two pages, what is needed for the next one went. */
export const goneMeanwhile = (): GatewayError =>
  new GatewayError(
    'BAD_USER_INPUT',
    'What changed since that moment was deleted while it was read: what was there then is not known any more.',
  )
