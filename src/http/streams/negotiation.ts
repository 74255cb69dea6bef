/** Whether a caller takes JSON, a stream of server-sent events, or either, by its `Accept` header. */
import { LRUCache } from 'lru-cache'
import Negotiator from 'negotiator'

/** `either` also where nothing is said; `json` where nothing that there is would do: Apollo tells that. */
export type AcceptedAnswer = 'json' | 'stream' | 'either'

const STREAM = 'text/event-stream; charset=utf-8'
const JSONS = [
  'application/json; charset=utf-8',
  'application/graphql-response+json; charset=utf-8',
]

/** Headers remembered: each kind of client has its own. */
const MAX_REMEMBERED = 100
const MAX_LENGTH = 1_000

/** Reads `Accept` headers; what was read is remembered, since most callers send the same again and again. */
export const createNegotiation = (): ((accept: string | undefined) => AcceptedAnswer) => {
  const remembered = new LRUCache<string, AcceptedAnswer>({ max: MAX_REMEMBERED })
  return accept => {
    if (accept === undefined) return 'either'
    const known = remembered.get(accept)
    if (known !== undefined) return known
    const accepted = readAccept(accept)
    if (accept.length <= MAX_LENGTH) remembered.set(accept, accepted)
    return accepted
  }
}

/** @see https://www.rfc-editor.org/rfc/rfc9110#section-12.5.1, where a quality of 0 means: never */
const readAccept = (accept: string): AcceptedAnswer => {
  const accepted = new Negotiator({ headers: { accept } }).mediaTypes([...JSONS, STREAM])
  if (!accepted.includes(STREAM)) return 'json'
  return JSONS.some(type => accepted.includes(type)) ? 'either' : 'stream'
}
