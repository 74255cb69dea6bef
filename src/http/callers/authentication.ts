/** Who callers are, by what they show in `Authorization: Bearer ...`: a token of the settings, or a JWT. */
import type { Clock } from '../../model/clock.ts'
import type { AuthSettings } from '../../model/callers.ts'
import type { Maybe } from '../../model/maybe.ts'
import { MISSING, type Verdict, WRONG } from './identity.ts'
import { createJwts, type JwtOptions, type Jwts } from './jwts.ts'
import { createOpenStreams, type OpenStreams } from './open-streams.ts'
import { createTokens, type Tokens } from './tokens.ts'

export interface Authentication {
  /** Who shows this header, where that is at hand or being found out; undefined where it has to be verified first. */
  known(authorization: string | undefined): Maybe<Verdict> | undefined
  /** The same, found out. */
  verify(authorization: string): Promise<Verdict>
  /** These hold from now on. What is open of callers whose rights end by it is ended. */
  replace(settings: AuthSettings): void
  /** Whose JWTs are taken, as they stand in `iss`; empty where none are. */
  issuers(): readonly string[]
  readonly streams: OpenStreams
}

export interface AuthenticationOptions extends Omit<JwtOptions, 'clock'> {
  readonly clock: Clock
}

export const createAuthentication = (
  settings: AuthSettings,
  options: AuthenticationOptions,
): Authentication => {
  const { clock } = options
  const streams = createOpenStreams(clock)
  let tokens: Tokens | undefined
  let jwts: Jwts | undefined
  let issuers: readonly string[] = []

  const replace = (next: AuthSettings): void => {
    if (tokens === undefined) tokens = next.tokens && createTokens(next.tokens, clock)
    else tokens.replace(next.tokens ?? [])
    if (jwts === undefined) jwts = next.issuers && createJwts(next.issuers, options)
    else jwts.replace(next.issuers ?? [])
    issuers = next.issuers?.map(({ issuer }) => issuer) ?? []
    streams.review()
  }
  replace(settings)

  /** Who checks it, where both ways are open. */
  const jwtsFor = (text: string): Jwts | undefined =>
    tokens === undefined || looksLikeJwt.test(text) ? jwts : undefined

  return {
    known: authorization => {
      if (authorization === undefined) return MISSING
      const text = readBearer(authorization)
      if (text === undefined) return WRONG
      const byJwt = jwtsFor(text)
      if (byJwt !== undefined) return byJwt.known(text)
      const identity = tokens?.of(text)
      return identity === undefined ? WRONG : { identity }
    },
    verify: async authorization => {
      const text = readBearer(authorization)
      const byJwt = text === undefined ? undefined : jwtsFor(text)
      return text === undefined || byJwt === undefined ? WRONG : byJwt.verify(text)
    },
    replace,
    issuers: () => issuers,
    streams,
  }
}

/** Three parts in base64url, the first of which is a JSON object. */
const looksLikeJwt = /^e[wy][\w-]*\.[\w-]+\.[\w-]*$/

/** @see https://www.rfc-editor.org/rfc/rfc6750#section-2.1 */
const readBearer = (authorization: string): string | undefined =>
  /^Bearer +([\w.~+/-]+=*)$/i.exec(authorization)?.[1]
