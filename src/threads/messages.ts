/** What goes between a thread and those who ask it. */

/** A message to the thread. */
export type ToThread<Ask extends object> =
  | ({ readonly kind: 'ask'; readonly id: number } & Ask)
  /** A part of that long answer is read, and its next or another's may come. */
  | { readonly kind: 'more'; readonly id: number }
  /** Nobody waits for that answer any more. */
  | { readonly kind: 'end'; readonly id: number }
  /** Nobody waits for any answer any more: the thread ends. */
  | { readonly kind: 'close'; readonly id: number }

export interface Result {
  readonly id: number
  readonly result: unknown
  readonly tookMs: number
}

/** What comes next of a list that is too long to be read in one go. */
export interface PartOfAnswer {
  readonly id: number
  readonly part: readonly unknown[]
  /** Where it is the last one. */
  readonly tookMs?: number
}

/** Its answer: a result, whole or in parts, or in its place what `Failure` tells. */
export type FromThread<Failure extends object> =
  Result | PartOfAnswer | ({ readonly id: number; readonly tookMs: number } & Failure)

/** The id of the answer to having been started. */
export const STARTED = 0
