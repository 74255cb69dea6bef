/**
 * The public keys of an issuer, from its JSON Web Key Set. They are read when the first of its JWTs comes, and again for
 * a key that is not among them, which is how issuers rotate; where they cannot be read, those before go on for a while.
 */
import { createLocalJWKSet, errors, type JWTVerifyGetKey, type JSONWebKeySet } from 'jose'
import type { Clock } from '../../model/clock.ts'

/** The keys cannot be read now: nobody can say whether a JWT is right. */
export class KeysUnavailable extends Error {
  readonly retryAfterMs: number

  constructor(retryAfterMs: number, cause?: unknown) {
    super("The issuer's keys cannot be read", { cause })
    this.name = 'KeysUnavailable'
    this.retryAfterMs = retryAfterMs
  }
}

/** Reads a key set. @throws whatever goes wrong */
export type FetchKeys = (url: string) => Promise<JSONWebKeySet>

export interface KeySetOptions {
  readonly url: string
  readonly clock: Pick<Clock, 'now'>
  readonly fetchKeys: FetchKeys
  /** Hears why they could not be read. */
  readonly onFailure: (error: unknown) => void
}

/** Keys older than this are read again beside their use; a key that was taken back is good for so long at most. */
const MAX_AGE_MS = 600_000
/** Keys that could not be read again for so long are used no more. */
const MAX_STALE_MS = 86_400_000
/** How soon they are read again for a key that is unknown, or after a failure: anybody can make up a key's name. */
const COOLDOWN_MS = 10_000

/** The key that a JWT names. It throws KeysUnavailable, or an error of the library where there is no such key. */
export const createKeySet = ({
  url,
  clock,
  fetchKeys,
  onFailure,
}: KeySetOptions): JWTVerifyGetKey => {
  let keys: ReturnType<typeof createLocalJWKSet> | undefined
  let readAt = -Infinity
  let failedAt = -Infinity
  let reading: Promise<typeof keys> | undefined

  const fetchAll = async (): Promise<typeof keys> => {
    try {
      keys = createLocalJWKSet(await fetchKeys(url))
      readAt = clock.now()
      return keys
    } catch (cause) {
      failedAt = clock.now()
      onFailure(cause)
      throw new KeysUnavailable(COOLDOWN_MS, cause)
    } finally {
      reading = undefined
    }
  }

  const read = async (): Promise<typeof keys> => {
    const restMs = COOLDOWN_MS - (clock.now() - failedAt)
    if (reading === undefined && restMs > 0) throw new KeysUnavailable(restMs)
    reading ??= fetchAll()
    return reading
  }

  /** Those at hand, while they may be used. */
  const current = async (): Promise<typeof keys> => {
    const ageMs = clock.now() - readAt
    if (keys === undefined || ageMs > MAX_STALE_MS) return read()
    if (ageMs > MAX_AGE_MS) read().catch(() => undefined)
    return keys
  }

  return async (header, token) => {
    const among = await current()
    try {
      return await keyOf(among, header, token)
    } catch (error) {
      const isUnknown = error instanceof errors.JWKSNoMatchingKey
      if (!isUnknown || clock.now() - readAt < COOLDOWN_MS) throw error
    }
    return keyOf(await read(), header, token)
  }
}

const keyOf = async (
  keys: ReturnType<typeof createLocalJWKSet> | undefined,
  ...asked: Parameters<JWTVerifyGetKey>
) => {
  if (keys === undefined) throw new errors.JWKSNoMatchingKey()
  return keys(...asked)
}

/** How long a key set may take, and how many bytes it may have. */
const FETCH_MS = 5_000
const MAX_BYTES = 1_048_576

/** Over HTTP; who sends elsewhere, sends too much or takes too long fails. */
export const fetchKeysOverHttp: FetchKeys = async url => {
  const response = await fetch(url, {
    headers: { accept: 'application/jwk-set+json, application/json' },
    redirect: 'manual',
    signal: AbortSignal.timeout(FETCH_MS),
  })
  if (response.status !== 200) {
    await response.body?.cancel()
    throw new Error(`The key set came with status ${response.status}`)
  }
  const pieces: Uint8Array[] = []
  let length = 0
  for await (const piece of response.body ?? []) {
    length += piece.length
    if (length > MAX_BYTES) throw new Error('The key set is too large')
    pieces.push(piece)
  }
  return JSON.parse(Buffer.concat(pieces).toString('utf8')) as JSONWebKeySet
}
