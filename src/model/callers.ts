/** What is known of those who ask: who forwards their requests, and what one of them, and all together, may have. */

/** Whose word on where a request came from is taken: that of the proxies at these addresses, or of so many before us. */
export type TrustedProxies =
  | { readonly kind: 'none' }
  | { readonly kind: 'hops'; readonly hops: number }
  | { readonly kind: 'addresses'; readonly addresses: readonly string[] }

/** What one caller may have, and what all may have together. */
export interface Bounds {
  readonly perCaller: number
  readonly inAll: number
}

export interface CallerLimits {
  /** Operations that run at once. */
  readonly operations: Bounds
  /** Operations that wait for their turn. */
  readonly waiting: Bounds
  /** Requests a second; after a pause twice as many may come at once. */
  readonly rate: Bounds
  readonly subscriptions: Bounds
  /** Open connections; one caller is here an address. */
  readonly sockets: Bounds
  /** Bytes of answers that were not taken yet. */
  readonly unreadBytes: Bounds
  /** Bytes of bodies that did not come whole yet, or whose operation waits. Webhooks have as many of their own. */
  readonly bodyBytes: Bounds
}
