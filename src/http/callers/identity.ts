/** Who a caller is, as it has proved; the request that it proved it with carries it from the door on. */
import type { IncomingMessage } from 'node:http'
import type { Rights } from '../../model/rights.ts'

/** One for all requests and streams of the caller that show the same. */
export interface Identity {
  readonly rights: Rights & { readonly name: string }
  /** When its rights end by themselves, in milliseconds since 1970; Infinity where they do not. */
  readonly endsAt: number
  /** Whether it would be recognized as the same one still, with the same rights. */
  holds(): boolean
}

/** What becomes of one who shows something, or nothing. */
export type Verdict =
  | { readonly identity: Identity }
  | { readonly refused: 'missing' | 'wrong' }
  /** Nobody can say now: asking again makes sense after so long. */
  | { readonly retryAfterMs: number }

export const MISSING: Verdict = { refused: 'missing' }
export const WRONG: Verdict = { refused: 'wrong' }

// On the request itself: a table beside it would be asked for every answer.
const proved = Symbol('identity')

interface Proving {
  [proved]?: Identity
}

/** Who sent the request; undefined where nobody was asked. */
export const identityOf = (request: object): Identity | undefined => (request as Proving)[proved]

/** From now on the request is that caller's. */
export const identifyAs = (request: IncomingMessage, identity: Identity): void => {
  ;(request as Proving)[proved] = identity
}
