/** How Node is kept from telling of requests that nobody is to answer. */
import type { Socket } from 'node:net'

/** What reads requests from a connection, as Node has it on each without a word in its documentation. */
interface Parser {
  onIncoming?: unknown
  readonly constructor: { readonly kOnBody?: number }
  [slot: number]: unknown
}

/**
 * Has no more read from what came over a connection with the request, or piece of a body, that is told of just now: 64 KB may
 * hold 3,000 requests, each of which takes 10 µs though nobody answers it, or 11,000 pieces. At most one more is told of.
 */
export const stopReading = (socket: Socket): void => {
  const { parser } = socket as Socket & { readonly parser?: Parser | null }
  if (!parser || parser.onIncoming === noHttp) return
  parser.onIncoming = noHttp
  const slot = parser.constructor.kOnBody
  if (slot === undefined) return
  const onBody = parser[slot]
  parser[slot] = undefined
  // Before it reads another connection, which it does once this one is closed.
  setImmediate(() => (parser[slot] = onBody))
}

/** By this, what follows is something else than HTTP. Where Node has it otherwise, they are told of as before. */
const noHttp = (): number => 2
