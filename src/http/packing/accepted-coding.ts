/** In which coding a caller takes a body best, by its `Accept-Encoding` header. */
import { LRUCache } from 'lru-cache'
import Negotiator from 'negotiator'
import { type Coding, CODINGS } from './codings.ts'

export interface AcceptedCoding {
  readonly coding: Coding
  /** It takes no plain body, however short. */
  readonly always: boolean
}

/** Headers remembered: each kind of client has its own. */
const MAX_REMEMBERED = 100
const MAX_LENGTH = 1_000

const remembered = new LRUCache<string, AcceptedCoding | typeof PLAIN>({ max: MAX_REMEMBERED })
const PLAIN = 'plain'

/**
 * Undefined where it is to be sent as it is: also to those who take no coding that there is, and to those who say nothing.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9110#section-12.5.3, where a quality of 0 means: never
 */
export const acceptedCoding = (header: string | undefined): AcceptedCoding | undefined => {
  // What is longer takes its time to be read.
  if (header === undefined || header.length > MAX_LENGTH) return undefined
  let known = remembered.get(header)
  if (known === undefined) remembered.set(header, (known = readHeader(header) ?? PLAIN))
  return known === PLAIN ? undefined : known
}

/** Its types leave out the second argument. */
interface Encodings {
  encodings(
    available: readonly string[],
    options: { readonly preferred: readonly string[] },
  ): readonly string[]
}

const readHeader = (header: string): AcceptedCoding | undefined => {
  const negotiator = new Negotiator({
    headers: { 'accept-encoding': header },
  }) as unknown as Encodings
  const accepted = negotiator.encodings([...CODINGS, PLAIN_CODING], { preferred: CODINGS })
  const coding = CODINGS.find(each => each === accepted[0])
  return coding && { coding, always: !accepted.includes(PLAIN_CODING) }
}

const PLAIN_CODING = 'identity'
