/** Who asks over a WebSocket: proved by a header as it is opened, or by the first message, since pages can send no header. */
import type { IncomingMessage } from 'node:http'
import type { Maybe } from '../../model/maybe.ts'
import type { WebSocket } from 'ws'
import { identityOf } from '../callers/identity.ts'
import type { OpenStreams } from '../callers/open-streams.ts'
import type { Recognition } from '../callers/recognition.ts'
import type { RefusedRequest } from '../refusals/refuse.ts'

export interface AskedCallers extends Pick<OpenStreams, 'follow'>, Pick<Recognition, 'admit'> {}

/** Closes a WebSocket whose caller's rights have ended, or never were. */
const FORBIDDEN = 4403

/** Of those codes that clients come back after: now, or when they may. */
const closeCodes: Readonly<Record<number, number>> = { 401: FORBIDDEN, 429: 4429, 503: 1013 }

/**
 * Whether the first message of a WebSocket lets it be used; where not, it is closed. From then on it ends with its
 * caller's rights, for which `onEnd` is called.
 */
export const proveBySocket = async (
  connected: WebSocket,
  request: IncomingMessage,
  payload: Readonly<Record<string, unknown>> | undefined,
  { admit, follow }: AskedCallers,
  onEnd: () => void,
): Promise<boolean> => {
  const authorization = authorizationIn(payload)
  const isProved = authorization === undefined && identityOf(request) !== undefined
  const refused: Maybe<RefusedRequest | undefined> = isProved
    ? undefined
    : await admit(request, authorization)
  const identity = identityOf(request)
  if (connected.readyState !== connected.OPEN) return false
  if (refused !== undefined || identity === undefined) {
    connected.close(closeCodes[refused?.status ?? 401] ?? FORBIDDEN, refused?.code)
    return false
  }
  const unfollow = follow(identity, () => {
    connected.close(FORBIDDEN, 'UNAUTHENTICATED')
    onEnd()
  })
  connected.once('close', unfollow)
  return true
}

/** As clients write it: the payload's own member, or one of its `headers`. */
const authorizationIn = (
  payload: Readonly<Record<string, unknown>> | undefined,
): string | undefined => {
  const headers = payload?.['headers']
  const own = authorizationOf(payload ?? {})
  return own ?? (typeof headers === 'object' ? authorizationOf(headers ?? {}) : undefined)
}

const authorizationOf = (members: object): string | undefined => {
  for (const [name, value] of Object.entries(members))
    if (name.toLowerCase() === 'authorization' && typeof value === 'string') return value
  return undefined
}
