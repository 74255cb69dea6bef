/** Callers with tokens, for tests of what they are let do. */
import { createHash } from 'node:crypto'
import { type Authentication, createAuthentication } from '../../src/http/callers/authentication.ts'
import type { TokenEntry } from '../../src/model/callers.ts'
import { type Clock, systemClock } from '../../src/model/clock.ts'

/** The entry of the token whose text is `secret-of-NAME`. */
export const tokenOf = (name: string, entry: Partial<TokenEntry> = {}): TokenEntry => ({
  name,
  sha256: createHash('sha256').update(`secret-of-${name}`).digest('hex'),
  scopes: ['read'],
  connectors: undefined,
  expiresAt: undefined,
  ...entry,
})

/** The header of that caller. */
export const bearer = (name: string): { readonly authorization: string } => ({
  authorization: `Bearer secret-of-${name}`,
})

export const authenticationOf = (
  tokens: readonly TokenEntry[],
  clock: Clock = systemClock,
): Authentication =>
  createAuthentication({ tokens, issuers: undefined }, { clock, onFailure: () => undefined })
