/** What the reading thread is asked for: plain data, so that it can be sent there. */
import type { Filter } from '../filter/filter.ts'
import type { OrderKey } from '../filter/order.ts'
import type { Dimension } from '../model/dimensions.ts'
import type { StoredName } from '../model/stored.ts'

/** The rows of those connectors that pass; links within the filter have been followed. */
export interface ConnectorFilter {
  readonly connectors: readonly string[]
  readonly filter: Filter
}

/** A list: what passes in one of the parts. */
export interface Selection {
  readonly list: StoredName
  readonly parts: readonly ConnectorFilter[]
}

/** `newest`: what happened last comes first. `arrival`: in the order in which it came. Ties are broken by arrival. */
export type Ordering = 'newest' | 'arrival' | readonly OrderKey[]

export type Value = string | number | null

/** A place in an ordered list: the values that it is ordered by, and the row's sequence. */
export interface EventSortKey {
  readonly keys: readonly Value[]
  readonly sequence: number
}

export interface PageQuery extends Selection {
  readonly ordering: Ordering
  /** Only what comes after this place; before it where `backward`. */
  readonly from: EventSortKey | undefined
  /** Only what comes before this place; after it where `backward`. */
  readonly until: EventSortKey | undefined
  /** From the end: the last rows, still in the order of the list. */
  readonly backward: boolean
  readonly limit: number
}

export interface FoundRow {
  readonly connector: string
  readonly row: object
  readonly place: EventSortKey
}

export interface CountQuery extends Selection {
  readonly by: readonly Dimension[]
  /** Groups at most, the most frequent first; undefined for all. */
  readonly first: number | undefined
}

/** A group: a value for each dimension, a time bucket by the second at which it begins. */
export interface Counted {
  readonly keys: readonly Value[]
  readonly count: number
}

/** On whose account a question is asked, and what ends it. */
export interface QuestionTerms {
  /** Questions of one caller share its turns. */
  readonly caller: string
  /** Those of one operation share its processor time. */
  readonly operation: string
  /** By which all that is told of the operation is found; nobody's where absent. */
  readonly madeFor?: string
  /** Milliseconds of processor time that are left to it by now. @throws what refuses it where none are */
  readonly leftMs: () => number
  /** The moment (milliseconds) after which nobody waits for the answer, and how long they then have waited. */
  readonly deadline: number | undefined
  readonly maxWaitMs: number
  /** Aborts when nobody waits any more. */
  readonly signal: AbortSignal | undefined
  /** Hears how much processor time it took. */
  readonly took: ((ms: number) => void) | undefined
}
