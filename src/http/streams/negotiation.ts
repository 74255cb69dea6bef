/** Whether a caller takes JSON, a stream of server-sent events, or either, by its `Accept` header. */
import { LRUCache } from 'lru-cache'
import Negotiator from 'negotiator'

/**
 * `json` where both would do, but no stream is spoken of: who reads what comes as a whole would wait for ever. So, too,
 * where neither would do, which is Apollo's to tell.
 */
export type AcceptedAnswer = 'json' | 'stream' | 'either'

const STREAM = 'text/event-stream; charset=utf-8'
const JSONS = [
  'application/json; charset=utf-8',
  'application/graphql-response+json; charset=utf-8',
]

/** Headers remembered: each kind of client has its own. */
const MAX_REMEMBERED = 100
const MAX_LENGTH = 1_000

/** Whether their `Accept` is read, or there is none: a longer one is no client's, takes milliseconds, and stands for any type. */
export const hasReadableAccept = ({
  accept = '',
}: {
  readonly accept?: string | undefined
}): boolean => accept.length <= MAX_LENGTH

/** Reads `Accept` headers; what was read is remembered, since most callers send the same again and again. */
export const createNegotiation = (): ((accept: string | undefined) => AcceptedAnswer) => {
  const remembered = new LRUCache<string, AcceptedAnswer>({ max: MAX_REMEMBERED })
  return accept => {
    if (accept === undefined || !hasReadableAccept({ accept })) return 'json'
    const known = remembered.get(accept)
    if (known !== undefined) return known
    const accepted = readAccept(accept)
    remembered.set(accept, accepted)
    return accepted
  }
}

/** @see https://www.rfc-editor.org/rfc/rfc9110#section-12.5.1, where a quality of 0 means: never */
const readAccept = (accept: string): AcceptedAnswer => {
  const negotiator = new Negotiator({ headers: { accept } })
  const accepted = negotiator.mediaTypes([...JSONS, STREAM])
  if (!accepted.includes(STREAM)) return 'json'
  if (!JSONS.some(type => accepted.includes(type))) return 'stream'
  return negotiator.mediaTypes().some(type => /^text\/(event-stream|\*)$/i.test(type))
    ? 'either'
    : 'json'
}
