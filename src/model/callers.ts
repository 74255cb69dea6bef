/**
 * What is known of those who ask: who forwards their requests, how they prove who they are, and what one of them, and all
 * together, may have.
 */
import type { CallerScope } from './rights.ts'

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

/** A token that the settings know: never its text. */
export interface TokenEntry {
  /** What logs and limits call its caller. */
  readonly name: string
  /** Of the token's text, in small hexadecimal digits. */
  readonly sha256: string
  readonly scopes: readonly CallerScope[]
  /** The aliases that its caller sees; all where undefined. */
  readonly connectors: readonly string[] | undefined
  /** Milliseconds since 1970 from which on it is refused; undefined where it never is. */
  readonly expiresAt: number | undefined
}

/** Who signs JWTs that are taken, and for whom they must be meant. */
export interface JwtIssuer {
  /** As it stands in `iss`. */
  readonly issuer: string
  /** A JWT must name one of them in `aud`. */
  readonly audiences: readonly string[]
  readonly jwksUrl: string
  readonly algorithms: readonly string[]
  /** The claim that lists the aliases its caller sees; undefined where every caller sees all. */
  readonly connectorsClaim: string | undefined
}

/** How callers prove who they are: by tokens, by JWTs, or by either; undefined is what is not taken. */
export interface AuthSettings {
  readonly tokens: readonly TokenEntry[] | undefined
  readonly issuers: readonly JwtIssuer[] | undefined
}

/** What is left of the requests of each caller to all servers that share the limit. */
export interface CallerTokens {
  /**
   * Counts what each caller, by name or address, has asked here of late, and what is left to them then, in the same order:
   * below none where several servers together let through more. Rejects where that cannot be known now.
   */
  use(asked: readonly (readonly [caller: string, requests: number])[]): Promise<readonly number[]>
}
