/** Where upstream a page begins. */
export type PageOrigin = PagePlace & {
  /** A page before it was read by a token that may have shifted, which only the count at the end of the list shows. */
  readonly isUnchecked?: true
}

/** At its token, behind so many rows (`sent`), or else at an offset. */
type PagePlace = { readonly token: string; readonly sent: number } | { readonly offset: number }

/** Rows before it. */
export const rowsBefore = (origin: PageOrigin): number =>
  'token' in origin ? origin.sent : origin.offset
