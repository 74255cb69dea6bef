/** Where the reading of a list can go on: what leads to its next page, and what stands before it. */
import type { CollectionName } from '../model/rows.ts'
import type { Page, PageRequest } from '../upstream/contract/contract.ts'

/** Where to read on, as the one who gave it understands it; kept as JSON while an export rests. */
export type Position = Readonly<Record<string, string | number | undefined>>

/** Between two pages. Without a token, only the offset of its rows leads there, unless it is the start. */
export interface ResumePoint extends Position {
  readonly token?: string
  /** Rows before it. */
  readonly sent: number
  /** The row right before it; absent where it could not be read. */
  readonly last?: string
  /** There where rows may have been passed by before it. */
  readonly doubtful?: number
}

export const START: ResumePoint = { sent: 0 }

/** Whether only the offset of its rows leads on from there. */
export const isByOffset = ({ token, sent }: ResumePoint): boolean => token === undefined && sent > 0

/** What the page at that token is asked for by, the first one without. */
export const requestFor = (token: string | undefined): PageRequest =>
  token === undefined ? {} : { nextToken: token }

/** Where to read on behind a page that began at `from` and brought `sent` rows. */
export const pointAfter = <Name extends CollectionName>(
  page: Page<Name>,
  from: ResumePoint,
  sent: number,
): ResumePoint => ({
  ...(page.nextToken === undefined ? {} : { token: page.nextToken }),
  sent: from.sent + sent,
  ...lastOf(page, from),
})

/** The last row of a page, where it is known which it was. */
export const lastOf = <Name extends CollectionName>(
  page: Page<Name>,
  before: ResumePoint,
): Pick<ResumePoint, 'last'> => {
  if (page.unreadable.length > 0) return {}
  const last = page.rows.at(-1)?.id ?? before.last
  return last === undefined ? {} : { last }
}
