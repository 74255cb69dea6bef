/** What goes between a thread and those who ask it. */

/** A message to the thread. */
export type ToThread<Ask extends object> =
  | ({ readonly kind: 'ask'; readonly id: number } & Ask)
  /** Nobody waits for that answer any more. */
  | { readonly kind: 'end'; readonly id: number }
  /** Nobody waits for any answer any more: the thread ends. */
  | { readonly kind: 'close'; readonly id: number }

/** Its answer: a result, or in its place what `Failure` tells. */
export type FromThread<Failure extends object> =
  | { readonly id: number; readonly result: unknown; readonly tookMs: number }
  | ({ readonly id: number; readonly tookMs: number } & Failure)

/** The id of the answer to having been started. */
export const STARTED = 0
