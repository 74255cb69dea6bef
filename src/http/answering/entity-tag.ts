/** What tells one version of an answer from another, for callers who ask whether theirs is still the one. */
import { createHash } from 'node:crypto'
import type { WholeBody } from '../packing/packed-bodies.ts'
import type { Answer } from './answerer.ts'

/** Bytes of the hash that are told: nobody meets two answers with the same. */
const TOLD_BYTES = 18

/** The tag of a body, whichever way it is packed: a weak one, therefore. */
export const entityTagOf = (body: WholeBody): string => {
  const sum = createHash('sha256')
  for (const piece of typeof body === 'string' || Buffer.isBuffer(body) ? [body] : body)
    sum.update(piece)
  return `W/"${sum.digest().subarray(0, TOLD_BYTES).toString('base64url')}"`
}

/** Undefined where a caller may not keep the answer, and so has nothing to ask about. */
export const tagOfAnswer = ({ status, headers, body, entityTag }: Answer): string | undefined => {
  if (status !== 200 || String(headers['cache-control']).includes('no-store')) return undefined
  return entityTag ?? entityTagOf(body)
}

/**
 * Whether the header names the tag, among others or by `*`; weak or strong makes no difference to one who reads.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9110#section-13.1.2
 */
export const namesTag = (ifNoneMatch: string | undefined, tag: string): boolean => {
  if (ifNoneMatch === undefined) return false
  if (ifNoneMatch.trim() === '*') return true
  const opaque = tag.replace(/^W\//, '')
  return ifNoneMatch.match(TAGS)?.includes(opaque) === true
}

const TAGS = /"[^"]*"/g
