/**
 * Whether a delivery comes from Push: `X-Signature: t=SECONDS,v1=HEX`, where HEX is the HMAC-SHA256 of `t`, a dot
 * and the body's bytes under the secret of the webhook.
 */
import { createHmac, timingSafeEqual } from 'node:crypto'
import { TOLERANCE_SECONDS } from '../model/events.ts'

export interface SignedDelivery {
  /** The header as it arrived; undefined where there is none. */
  readonly header: string | undefined
  /** The bytes as they arrived: what is parsed and written again has other bytes. */
  readonly body: Uint8Array
  /** Each of them may have signed, so that a secret can be replaced without a gap. */
  readonly secrets: readonly string[]
  readonly nowSeconds: number
}

export type SignatureVerdict =
  | { readonly ok: true; readonly signedAt: number }
  | { readonly ok: false; readonly reason: Refusal }

/** Why a signature is refused. */
export type Refusal =
  | 'no secret'
  | 'no header'
  | 'unreadable header'
  /** No secret of ours signed these bytes at that time. */
  | 'mismatch'
  /** Genuine, but signed too long ago: perhaps a recorded delivery that is played again. */
  | 'too old'
  /** Genuine, but signed in the future: a clock is wrong. */
  | 'too new'

/** Says whether one of the secrets signed these bytes, not longer than the tolerance ago. */
export const verify = ({ header, body, secrets, nowSeconds }: SignedDelivery): SignatureVerdict => {
  if (secrets.length === 0) return refuse('no secret')
  if (header === undefined) return refuse('no header')
  const claim = readHeader(header)
  if (claim === undefined) return refuse('unreadable header')

  const genuine = secrets.filter(secret => {
    const expected = mac(secret, claim.t, body)
    // Each is compared, so that how long it takes does not tell which of them was right.
    return claim.macs.filter(claimed => timingSafeEqual(expected, claimed)).length > 0
  })
  if (genuine.length === 0) return refuse('mismatch')

  const signedAt = Number(claim.t)
  const ageSeconds = Math.floor(nowSeconds) - signedAt
  if (ageSeconds > TOLERANCE_SECONDS) return refuse('too old')
  if (ageSeconds < -TOLERANCE_SECONDS) return refuse('too new')
  return { ok: true, signedAt }
}

/** The header that Push would send with these bytes at that time (whole UNIX seconds). */
export const sign = (secret: string, signedAt: number, body: Uint8Array): string =>
  `t=${signedAt},v1=${mac(secret, String(signedAt), body).toString('hex').toUpperCase()}`

const refuse = (reason: Refusal): SignatureVerdict => ({ ok: false, reason })

const mac = (secret: string, t: string, body: Uint8Array): Buffer =>
  createHmac('sha256', secret).update(`${t}.`).update(body).digest()

interface Claim {
  /** As it stands in the header: that text was signed. */
  readonly t: string
  /** Any of them suffices: while Push replaces a secret it may sign with both. */
  readonly macs: readonly Buffer[]
}

/** `t` once and `v1` at least once, in any order; parts of other names are left for what Push may add. */
const readHeader = (header: string): Claim | undefined => {
  const parts = header.split(',').map(part => part.trim())
  const valuesOf = (name: string): string[] =>
    parts.flatMap(part => (part.startsWith(`${name}=`) ? [part.slice(name.length + 1)] : []))
  const [t = '', ...others] = valuesOf('t')
  const macs = valuesOf('v1').filter(hex => /^[0-9a-f]{64}$/i.test(hex))
  if (!/^\d{1,12}$/.test(t) || others.length > 0 || macs.length === 0) return undefined
  return { t, macs: macs.map(hex => Buffer.from(hex, 'hex')) }
}
