/** What a known row was at a moment: what it is now, with what changed since undone. */
import { GatewayError } from '../../errors.ts'
import type { KnownRead } from '../../model/known-rows.ts'
import { detailsOf, fieldAt, isTimeOfUse } from '../../model/row-changes.ts'
import type { CollectionName } from '../../model/rows.ts'

/** A known row as it is kept; moments are UNIX seconds. */
export interface RowNow {
  readonly id: string
  readonly first_at: number
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

/** Whether the change tells of something after that moment: one of a time of use may be later than its own. */
export const isAfter =
  (collection: CollectionName, at: number) =>
  (of: Undone): boolean =>
    of.at > at ||
    (of.field !== null && isTimeOfUse(collection, of.field) && Number(of.new_value) > at)

/** The row before those changes, the newest of which comes first; undefined where there was none. */
export const asItWas = (
  collection: CollectionName,
  { row, details_at: detailsAt }: RowNow,
  changes: readonly Undone[],
  at: number,
): string | undefined => {
  const hasNewDetails = detailsAt !== null && detailsAt > at
  if (changes.length === 0 && !hasNewDetails) return row ?? undefined
  let then = row === null ? undefined : members(row)
  for (const { kind, field, old_value: old } of changes) {
    if (kind === 'CREATED') then = undefined
    else if (kind === 'DELETED') then = old === null ? undefined : members(old)
    else if (field !== null && then !== undefined)
      then[fieldAt(field)] = old === null ? null : (JSON.parse(old) as unknown)
  }
  if (then === undefined) return undefined
  if (hasNewDetails) for (const name of detailsOf(collection)) then[name] = null
  return JSON.stringify(then)
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
