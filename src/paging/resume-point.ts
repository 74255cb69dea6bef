/** Places in a list, and what a step from one to the next brings. */
import type { CollectionName, Rows } from '../model/rows.ts'
import type { Position } from '../export/part.ts'
import type { Page, PageRequest, Source } from '../export/source.ts'

export interface PageRead<Name extends CollectionName> {
  readonly rows: readonly Rows[Name][]
  /** Rows that came, also those that could not be read. */
  readonly sent: number
  readonly unreadable: Page<Name>['unreadable']
  /** Where this page begins, and where the next one does; undefined behind the last. */
  readonly place: ResumePoint
  readonly next: ResumePoint | undefined
}

/** A place in a list: what leads there, and what stands before it. */
export interface ResumePoint extends Position {
  readonly token?: string
  /** Rows before it. */
  readonly sent: number
  /** The row right before it; absent where it could not be read. */
  readonly last?: string
}

export interface Walk<Name extends CollectionName> {
  readonly name: Name
  readonly source: Source
  readonly parameters: Readonly<Record<string, string>>
  /** Asks, again where need be. */
  readonly ask: (request: PageRequest, signal: AbortSignal) => Promise<Page<Name>>
  readonly signal: AbortSignal
}

export const START: ResumePoint = { sent: 0 }

/** The last row of a page, where it is known which it was. */
export const lastOf = <Name extends CollectionName>(
  page: Page<Name>,
  before: ResumePoint,
): Pick<ResumePoint, 'last'> => {
  if (page.unreadable.length > 0) return {}
  const last = page.rows.at(-1)?.id ?? before.last
  return last === undefined ? {} : { last }
}
