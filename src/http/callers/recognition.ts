/** Lets in those who prove who they are, and says to all others why not. Failed attempts are counted by address. */
import type { IncomingMessage } from 'node:http'
import { CallerLimitError } from '../../errors.ts'
import type { Maybe } from '../../model/maybe.ts'
import type { CallerScope, Rights } from '../../model/rights.ts'
import type { Admission } from '../admission/admission.ts'
import { type RefusedRequest, refusedByLimit } from '../refusals/refuse.ts'
import type { Authentication } from './authentication.ts'
import { challengeOf } from './protected-resource.ts'
import { identifyAs, identityOf, type Verdict, WRONG } from './identity.ts'

export interface Recognition {
  /** Why the one who shows that header may not go on; undefined where it may: then the request is its own. */
  admit(
    request: IncomingMessage,
    authorization: string | undefined,
  ): Maybe<RefusedRequest | undefined>
  /** Why who sent the request may not have what needs that scope; undefined where it may. */
  lacks(request: IncomingMessage, scope: CallerScope): RefusedRequest | undefined
  /** How many were refused so far, by why. */
  counts(): ReadonlyMap<RefusedFor, number>
}

export type RefusedFor = 'missing' | 'wrong' | 'scope' | 'limit' | 'unavailable'

export const createRecognition = (
  authentication: Pick<Authentication, 'known' | 'verify' | 'issuers'>,
  { attempt }: Pick<Admission, 'attempt'>,
): Recognition => {
  const refused = new Map<RefusedFor, number>()
  const count = (why: RefusedFor): void => {
    refused.set(why, (refused.get(why) ?? 0) + 1)
  }

  const unauthenticated = (request: IncomingMessage): RefusedRequest => {
    const challenge = `Bearer${challengeOf(request, authentication)}`
    return { ...UNAUTHENTICATED, headers: { ...NO_STORE, 'www-authenticate': challenge } }
  }

  const take = (request: IncomingMessage, verdict: Verdict): RefusedRequest | undefined => {
    if ('identity' in verdict) {
      identifyAs(request, verdict.identity)
      return undefined
    }
    if ('retryAfterMs' in verdict) {
      count('unavailable')
      return unavailable(verdict.retryAfterMs)
    }
    count(verdict.refused)
    return unauthenticated(request)
  }

  /** Counts an attempt, unless there were too many from that address. */
  const begin = (request: IncomingMessage): RefusedRequest | ((succeeded: boolean) => void) => {
    try {
      return attempt(request)
    } catch (error) {
      if (!(error instanceof CallerLimitError)) throw error
      count('limit')
      return refusedByLimit(error)
    }
  }

  const takeWrong = (request: IncomingMessage): RefusedRequest => {
    const end = begin(request)
    if (typeof end !== 'function') return end
    end(false)
    count('wrong')
    return unauthenticated(request)
  }

  const verify = async (
    request: IncomingMessage,
    authorization: string,
  ): Promise<RefusedRequest | undefined> => {
    const end = begin(request)
    if (typeof end !== 'function') return end
    const verdict = await authentication.verify(authorization)
    end(!('refused' in verdict))
    return take(request, verdict)
  }

  return {
    admit: (request, authorization) => {
      const known = authentication.known(authorization)
      if (known instanceof Promise) return known.then(verdict => take(request, verdict))
      if (known === WRONG) return takeWrong(request)
      if (known !== undefined) return take(request, known)
      return verify(request, authorization ?? '')
    },
    lacks: (request, scope) => {
      const identity = identityOf(request)
      if (identity?.rights.scopes.has(scope) === true) return undefined
      count('scope')
      return lacking(scope)
    },
    counts: () => refused,
  }
}

/**
 * The rights of who sent the request, for a server that asks callers who they are.
 *
 * @throws {Error} where nobody proved anything: then it was let in by mistake
 */
export const provedRightsOf = (request: IncomingMessage): Rights => {
  const identity = identityOf(request)
  if (identity === undefined) throw new Error('An operation of nobody')
  return identity.rights
}

const NO_STORE = { 'cache-control': 'no-store' }

/** The same text whatever is wrong: whether a token is unknown or was once known is nobody's who cannot show one. */
export const UNAUTHENTICATED: RefusedRequest = {
  status: 401,
  code: 'UNAUTHENTICATED',
  message:
    'This server asks callers for a valid token, in the header "Authorization: Bearer TOKEN"; never in the address',
  headers: { ...NO_STORE, 'www-authenticate': 'Bearer' },
}

const lacking = (scope: CallerScope): RefusedRequest => ({
  status: 403,
  code: 'FORBIDDEN',
  message: `This needs a token with the scope ${scope}`,
  fields: { scope },
  headers: { 'www-authenticate': `Bearer error="insufficient_scope", scope="${scope}"` },
})

const unavailable = (retryAfterMs: number): RefusedRequest => ({
  status: 503,
  code: 'UNAVAILABLE',
  message: "The token cannot be checked now, since its issuer's keys cannot be read; ask again",
  fields: { retryAfterMs: Math.ceil(retryAfterMs) },
  headers: {
    'retry-after': String(Math.max(1, Math.ceil(retryAfterMs / 1_000))),
    ...NO_STORE,
  },
})
