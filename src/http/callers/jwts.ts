/** Callers who show a JWT of one of the issuers of the settings. What was verified is remembered for a minute. */
import { hash } from 'node:crypto'
import { decodeJwt, errors, type JWTPayload, jwtVerify, type JWTVerifyGetKey } from 'jose'
import { LRUCache } from 'lru-cache'
import type { Clock } from '../../model/clock.ts'
import type { JwtIssuer } from '../../model/callers.ts'
import type { Maybe } from '../../model/maybe.ts'
import { CALLER_SCOPES, type CallerScope, createRights } from '../../model/rights.ts'
import { type Identity, type Verdict, WRONG } from './identity.ts'
import { createKeySet, type FetchKeys, fetchKeysOverHttp, KeysUnavailable } from './key-set.ts'

export interface JwtOptions {
  readonly clock: Pick<Clock, 'now'>
  readonly fetchKeys?: FetchKeys | undefined
  /** Hears which issuer's keys could not be read, and why. */
  readonly onFailure: (issuer: string, error: unknown) => void
}

export interface Jwts {
  /** What is known of it already, or being found out; undefined where it has to be verified first. */
  known(text: string): Maybe<Verdict> | undefined
  verify(text: string): Promise<Verdict>
  /** These are the issuers from now on; those that stay as they were keep their keys, and their callers their rights. */
  replace(issuers: readonly JwtIssuer[]): void
}

/** Seconds by which the clocks of issuers may differ from ours. */
const TOLERANCE_S = 5
/** For so long a JWT is not verified again. */
const REMEMBERED_MS = 60_000
const MAX_REMEMBERED = 10_000
/** Letters: as many as a header may have. */
const MAX_LENGTH = 16_384
/** Of a subject: it becomes part of a name in logs. */
const MAX_SUBJECT = 255

interface Verifier {
  readonly settings: JwtIssuer
  readonly keys: JWTVerifyGetKey
}

interface Remembered {
  readonly identity: Identity
  readonly verifiedAt: number
}

export const createJwts = (
  issuers: readonly JwtIssuer[],
  { clock, fetchKeys = fetchKeysOverHttp, onFailure }: JwtOptions,
): Jwts => {
  let verifiers: ReadonlyMap<string, Verifier> = new Map()
  // By hashes: nothing that could be shown again is kept.
  const remembered = new LRUCache<string, Remembered>({ max: MAX_REMEMBERED })
  const underWay = new Map<string, Promise<Verdict>>()

  const createVerifier = (settings: JwtIssuer): Verifier => {
    const { issuer } = settings
    const before = verifiers.get(issuer)
    if (before !== undefined && isSame(before.settings, settings)) return before
    const keys = createKeySet({
      url: settings.jwksUrl,
      clock,
      fetchKeys,
      onFailure: error => onFailure(issuer, error),
    })
    return { settings, keys }
  }

  const replace: Jwts['replace'] = next => {
    verifiers = new Map(next.map(settings => [settings.issuer, createVerifier(settings)]))
  }
  replace(issuers)

  const toIdentity = (verifier: Verifier, payload: JWTPayload): Identity | undefined => {
    const { issuer, connectorsClaim } = verifier.settings
    const { sub, exp = 0 } = payload
    if (!isSubject(sub)) return undefined
    const name = `${issuer}|${sub}`
    const connectors = connectorsClaim === undefined ? undefined : wordsOf(payload, connectorsClaim)
    const endsAt = (exp + TOLERANCE_S) * 1_000
    return {
      rights: { ...createRights(name, scopesOf(payload), connectors), name },
      endsAt,
      holds: () => verifiers.get(issuer) === verifier && clock.now() < endsAt,
    }
  }

  const verifyNow = async (text: string, key: string): Promise<Verdict> => {
    const verifier = verifierOf(text, verifiers)
    if (verifier === undefined) return WRONG
    try {
      const payload = await verified(text, verifier, clock.now())
      const before = remembered.get(key)?.identity
      const identity = before?.holds() === true ? before : toIdentity(verifier, payload)
      if (identity?.holds() !== true) return WRONG
      remembered.set(key, { identity, verifiedAt: clock.now() })
      return { identity }
    } catch (error) {
      if (error instanceof KeysUnavailable) return { retryAfterMs: error.retryAfterMs }
      return WRONG
    }
  }

  return {
    known: text => {
      if (text.length > MAX_LENGTH) return WRONG
      const key = hash('sha256', text)
      const known = remembered.get(key)
      if (known === undefined) return underWay.get(key)
      const isFresh = clock.now() - known.verifiedAt < REMEMBERED_MS
      return isFresh && known.identity.holds() ? { identity: known.identity } : underWay.get(key)
    },
    verify: text => {
      const key = hash('sha256', text)
      const verifying =
        underWay.get(key) ?? verifyNow(text, key).finally(() => underWay.delete(key))
      underWay.set(key, verifying)
      return verifying
    },
    replace,
  }
}

/** That of the issuer it names, whose keys alone can have signed it. */
const verifierOf = (
  text: string,
  verifiers: ReadonlyMap<string, Verifier>,
): Verifier | undefined => {
  try {
    return verifiers.get(decodeJwt(text).iss ?? '')
  } catch {
    return undefined
  }
}

/** What it says. @throws {KeysUnavailable} or an error of the library where it is not right, or not now */
const verified = async (
  text: string,
  { settings, keys }: Verifier,
  now: number,
): Promise<JWTPayload> => {
  const options = {
    issuer: settings.issuer,
    audience: [...settings.audiences],
    algorithms: [...settings.algorithms],
    clockTolerance: TOLERANCE_S,
    currentDate: new Date(now),
    requiredClaims: ['exp', 'sub'],
  }
  try {
    return (await jwtVerify(text, keys, options)).payload
  } catch (error) {
    if (!(error instanceof errors.JWKSMultipleMatchingKeys)) throw error
    // It does not say which of them: the one that fits.
    for await (const key of error)
      try {
        return (await jwtVerify(text, key, options)).payload
      } catch (failure) {
        if (!(failure instanceof errors.JWSSignatureVerificationFailed)) throw failure
      }
    throw error
  }
}

const isSubject = (sub: unknown): sub is string =>
  typeof sub === 'string' && sub !== '' && sub.length <= MAX_SUBJECT && !/\p{Cc}/u.test(sub)

/** Those we know of `scope` and `scp`, whichever an issuer writes. */
const scopesOf = (payload: JWTPayload): readonly CallerScope[] => {
  const given = new Set([...wordsOf(payload, 'scope'), ...wordsOf(payload, 'scp')])
  return CALLER_SCOPES.filter(scope => given.has(scope))
}

/** The words of a claim that is a list, or a text in which blanks or commas part them; none where it is missing. */
const wordsOf = (payload: JWTPayload, claim: string): readonly string[] => {
  const value = Object.hasOwn(payload, claim) ? payload[claim] : undefined
  if (typeof value === 'string') return value.split(/[\s,]+/).filter(word => word !== '')
  return Array.isArray(value) ? value.filter(word => typeof word === 'string') : []
}

const isSame = (one: JwtIssuer, other: JwtIssuer): boolean =>
  JSON.stringify(one) === JSON.stringify(other)
