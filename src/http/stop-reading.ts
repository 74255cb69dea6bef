/** How Node is kept from telling of requests that nobody is to answer. */
import type { Socket } from 'node:net'

/** What reads requests from a connection, as Node has it on each without a word in its documentation. */
interface ReadByParser extends Socket {
  readonly parser?: { onIncoming?: unknown } | null
}

/**
 * Has no more requests read from what came over a connection with the one that is told of just now: a piece of 64 KB may
 * hold 3,000 of them, each of which takes 10 µs though nobody answers it. The next one is not even told of.
 */
export const stopReading = (socket: Socket): void => {
  const { parser } = socket as ReadByParser
  if (parser) parser.onIncoming = noHttp
}

/** By this, what follows is something else than HTTP. Where Node has it otherwise, they are told of as before. */
const noHttp = (): number => 2
