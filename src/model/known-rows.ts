/**
 * What is known of rows for good, beside what changes of them: each one as it is now, and since when its list is known as a
 * whole. What a row was at a moment of the past follows from what it is and what changed since.
 */
import type { LearntBy } from './row-changes.ts'
import type { CollectionName, Row } from './rows.ts'

/** The tenant that a connector is of, as those take it who tell of its rows. */
export interface TenantOfRows {
  /** The same for all keys that are known to have taken each other's place: a hash. */
  readonly id: string
  /** Since when the connector is taken for that tenant's there (UNIX seconds): of two, the later one is right. */
  readonly sinceSeconds: number
}

/** How a list was known at a moment. */
export interface ListThen {
  /**
   * Start of the newest whole read that agreed and was over by that moment (UNIX seconds): the rows then are no older.
   * Undefined where the list was not known as a whole then, or what changed since has been deleted.
   */
  readonly asOf: number | undefined
  /** Up to when what changed has been deleted (UNIX seconds): before that nothing can be told; undefined where nothing was. */
  readonly cutAt: number | undefined
  /** Since when the list is known as a whole without a break (UNIX seconds); undefined where it is not. */
  readonly wholeSince: number | undefined
}

/** Rows of a list at a moment, a page of them. */
export interface RowsThen {
  /** Each as JSON. */
  readonly rows: readonly string[]
  /** Behind which id the next page begins; undefined after the last one. */
  readonly next: string | undefined
}

/** What a table of rows learns, in the order in which it does; moments are in milliseconds. */
export type Notice =
  | {
      readonly kind: 'row'
      readonly collection: CollectionName
      /** What tells the table from any other, also of other processes. */
      readonly table: string
      readonly id: string
      /** Undefined where there is none. */
      readonly row: Row | undefined
      readonly at: number
      /** Of a row that a list lacks which was begun at `at`: when that was read to its end. Before, nobody knew. */
      readonly overAt?: number | undefined
      readonly learntFrom: LearntBy
    }
  | (WholeTold & { readonly answered: (answer: WholeAnswer) => void })
  /** What the table has told counts no more: it tells of all its rows once more. */
  | { readonly kind: 'again'; readonly collection: CollectionName; readonly table: string }
  /** The table is no more, and its rows may be what they are told to be. */
  | { readonly kind: 'left'; readonly collection: CollectionName; readonly table: string }

/** What the table has told agrees with Push. */
export interface WholeTold {
  readonly kind: 'whole'
  readonly collection: CollectionName
  readonly table: string
  /** Start of the read of the whole list, or the moment of the probe. */
  readonly at: number
  /** When the last of it was asked for, or a row that it brought became known. */
  readonly until: number
  /** Whether all rows were read: others that are known have gone. */
  readonly isRead: boolean
  /** Of how many rows the table has told, each as often as it did, since it began or began again. */
  readonly told: number
  /** It is a read that has been told of before, and so are its rows: they are not told once more. */
  readonly isKnown?: true
}

/** A read of a whole list that is known, with all that had been told of the list by then; moments are in milliseconds. */
export interface KnownRead {
  readonly connector: string
  readonly collection: CollectionName
  readonly at: number
  readonly until: number
}

/**
 * What comes of it. `unsure`: not all that was told has come; the table is to tell it again. `more`: it is not done yet, and
 * goes on when it is told again. Ids: others have told of those rows meanwhile; what does the table know?
 */
export type WholeAnswer = 'known' | 'unsure' | 'more' | readonly string[]

/** The same on its way into the file, with the row as JSON; moments are UNIX seconds. */
export type Told = {
  readonly connector: string
  readonly collection: CollectionName
  /** Undefined where that is not known yet. */
  readonly tenant?: TenantOfRows | undefined
} & (
  | {
      readonly kind: 'row'
      readonly table: string
      readonly id: string
      /** Null where there is none. */
      readonly row: string | null
      readonly at: number
      readonly overAt?: number | undefined
      readonly learntFrom: LearntBy
    }
  | WholeTold
  | { readonly kind: 'again'; readonly table: string }
  | { readonly kind: 'left'; readonly table: string }
  /** Something of that list could not be told. */
  | { readonly kind: 'missed' }
)
