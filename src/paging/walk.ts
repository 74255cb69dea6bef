/** What a walk through the pages of a list is told by whoever wants it, and what each page brings. */
import type { CollectionName } from '../model/rows.ts'
import type { Client, CollectionSize, Page, PageRequest } from '../upstream/contract/contract.ts'
import type { PagingGap } from './gap.ts'
import type { PageOrigin } from './page-origin.ts'
import type { ResumePoint } from './resume-point.ts'

export interface Walk<Name extends CollectionName> {
  readonly collection: Name
  readonly client: Pick<Client, 'facts' | 'pageSize'>
  /**
   * Asks for a page, again where need be. The signal aborts once the page is of no use any more. `notBefore`: an answer that
   * was asked for then (milliseconds) or later will do too; where undefined, Push is asked anew.
   */
  readonly ask: (
    request: PageRequest,
    signal: AbortSignal,
    notBefore?: number,
  ) => Promise<Page<Name>>
  /**
   * The moment (milliseconds) at or after which the first page must have been asked for; each later one, not before the one
   * before it. Where absent, all of them are asked for anew.
   */
  readonly notBefore?: (() => number) | undefined
  /** Pages that are kept of an earlier reading; where absent, all are asked for. */
  readonly kept?: KeptPages<Name> | undefined
  /** Pages that may be under way at once from here on, by offset where that works; 0: one after another by token. */
  readonly width: (stand: WalkStand) => number
  /** How many rows the whole list is thought to have; undefined where nobody knows. */
  readonly expected?: CollectionSize | undefined
  /** Whether rows that were there before have not come, with that last page either; undefined where nobody knows. */
  readonly misses?: (last: Page) => boolean | undefined
  /** Whether a page by offset that is not full, and has no token, is taken for the last; else the end is asked for. */
  readonly shortIsLast: boolean
  /** Whether the ids of all rows are remembered, by which pages are known that bring nothing new. */
  readonly remembersRows: boolean
  /** Whether a refused token sends the walk back, if need be to the start; else the refusal is thrown. */
  readonly goesBack: boolean
  /** Whether the list is read from its start again where rows have moved; else they count as passed by. */
  readonly beginsAgain: boolean
}

/** Pages that need not be asked for. */
export interface KeptPages<Name extends CollectionName> {
  /**
   * A list of which only the beginning is kept is read on from there where its first page was asked for at or after this
   * moment; else it is to be read from its start, by another walk.
   */
  readonly goOnSince: () => number
  /** That page, without asking Push; undefined where it is not kept, or is too old. */
  readonly find: (
    request: PageRequest,
    notBefore: number,
    signal: AbortSignal,
  ) => Promise<Page<Name> | undefined>
  /** From here on Push is asked. */
  readonly onEnd?: () => void
}

/** What is kept of a list breaks off, and is too old to be gone on with. */
export class KeptTooOldError extends Error {
  constructor() {
    super('What is kept of the list is too old to be gone on with')
    this.name = 'KeptTooOldError'
  }
}

/** How far a walk has come. */
export interface WalkStand {
  /** Where the next page begins. */
  readonly point: ResumePoint
  /** Pages read so far, those that came again included. */
  readonly pages: number
  /** Pages by offset that came last, one behind another, each as long as it could be. */
  readonly inARow: number
}

export interface PageRead<Name extends CollectionName> extends Page<Name> {
  /** Where this page begins, and where the next one does; undefined behind the last. */
  readonly from: ResumePoint
  readonly next: ResumePoint | undefined
  /** What it was asked for by. */
  readonly origin: PageOrigin
  /** Of the last page: why rows may be missing from what all of them brought. */
  readonly gap?: PagingGap
  /** Of the last page of a list that was read from its start, where none may be missing: how large the list is. */
  readonly size?: ListSize
}

/** Why rows may be missing from what was read up to that page. */
export const gapOf = ({ gap, next }: PageRead<CollectionName>): PagingGap | undefined =>
  gap ?? (next?.doubtful === undefined ? undefined : 'shifted')

export interface ListSize {
  readonly rows: number
  /** When the newest of them was created (UNIX seconds); undefined where they do not tell. */
  readonly newest: number | undefined
}
