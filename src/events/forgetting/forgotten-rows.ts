/** How rows of one table are looked through when something is to be forgotten. */

/** What became of some rows in the order of their sequences. */
export interface ForgottenRows {
  /** How many were deleted. */
  readonly gone: number
  /** The sequence of the last one looked at; undefined where there are no more. */
  readonly last: number | undefined
}

/** Whether something is meant that is kept of that connector, and stands in one of those texts. */
export type IsMeant = (connector: string, ...texts: readonly unknown[]) => boolean
