/** What goes between a thread and those who ask it. */

/** A message to the thread. */
export type ToThread<Ask extends object> =
  | ({ readonly kind: 'ask'; readonly id: number } & Ask)
  /** That part of a long answer is read: the next one may come. */
  | { readonly kind: 'more'; readonly id: number }
  /** Nobody waits for that answer any more. */
  | { readonly kind: 'end'; readonly id: number }
  /** Nobody waits for any answer any more: the thread ends. */
  | { readonly kind: 'close'; readonly id: number }

/** Its answer: a result, or in its place what `Failure` tells. */
export type FromThread<Failure extends object> =
  /** What a list begins with that is too long to be read in one go; its last part is the result. */
  | { readonly id: number; readonly part: readonly unknown[] }
  | { readonly id: number; readonly result: unknown; readonly tookMs: number }
  | ({ readonly id: number; readonly tookMs: number } & Failure)

/** The id of the answer to having been started. */
export const STARTED = 0
