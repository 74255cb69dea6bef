/** Where known rows are kept: a file, or a database. What one of them is asked within one noting is asked in a transaction. */
import type { TenantOfRows } from '../../model/known-rows.ts'
import type { Later } from './later.ts'

export interface KnownList {
  readonly id: number
  readonly connector: string
  readonly collection: string
  /** Since when it is known as a whole without a break (UNIX seconds). */
  wholeSince: number | null
  /** Start of the newest read of all of it. */
  readAt: number | null
  /** The newest moment that was told of it. */
  toldAt: number
  /** Another one with every row that differs. */
  version: number
  /** Whose it is; null where nobody said. */
  tenant: TenantOfRows | null
  /** When it took the place of another tenant's list (UNIX seconds). */
  readonly beganAt: number | null
}

/** When what is known of a list agreed with Push, or did no more. */
export interface KnownMoment {
  readonly over_at: number
  readonly at: number
  /** 1 or 0. */
  readonly agreed: number
}

export interface KnownRow {
  readonly at: number
  readonly details_at: number | null
  readonly gone_at: number | null
  /** As JSON; null where it has gone. */
  readonly row: string | null
}

/** A known row that is looked at, whatever it holds. */
export interface LookedRow {
  readonly id: string
  readonly at: number
  readonly gone_at: number | null
}

/** The lists, and the moments at which each was known as a whole. */
export interface ListStorage {
  /** The list as it is kept, that of now; made where it is not there. */
  list(connector: string, collection: string): Later<KnownList>
  saveList(list: KnownList): Later<void>
  /** An empty list of that tenant that takes the place of that one, which ends `now` (UNIX seconds), with all it was. */
  replaceList(list: KnownList, tenant: TenantOfRows, now: number): Later<KnownList>
  /** The newest two, the newest first; of those over at once, the one that did not agree first. */
  moments(list: number): Later<readonly KnownMoment[]>
  /** Puts it in the place of one that is over at the same time and says the same. */
  addMoment(list: number, moment: KnownMoment): Later<void>
  /** Deletes the one that agreed and is over then. */
  removeMoment(list: number, overAt: number): Later<void>
  removeMomentsAfter(list: number, overAt: number): Later<void>
}

export interface KnownStorage extends ListStorage {
  row(list: number, id: string): Later<KnownRow | undefined>
  addRow(list: number, id: string, at: number, row: string): Later<void>
  putRow(list: number, id: string, row: KnownRow): Later<void>
  /** Those that stand as of a later moment stand as of that one (UNIX seconds), and were known by then. */
  rowsNotAfter(list: number, moment: number): Later<void>
  /** The next known rows in the order of their ids. */
  rowsBehind(list: number, after: string, most: number): Later<readonly LookedRow[]>
  /** Those that stand as of that moment or later. */
  rowsSince(list: number, since: number, most: number): Later<readonly LookedRow[]>
  /** What known rows take, and by how much they have grown. */
  rowsBytes(): Later<number>
  growRows(bytes: number): Later<void>
  /** Deletes up to `most` rows of the list that ended first; what they took, 0 where no list that ended has any. */
  dropEnded(most: number): Later<number>
}
