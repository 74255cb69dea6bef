/** Bodies piece by piece: each takes as long as some hundred bytes, so that of more than a few the mean must not be small. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { FastifyInstance } from 'fastify'
import { refuseOnSocket } from './refusals/malformed-requests.ts'
import type { RefusedRequest } from './refusals/refuse.ts'

const [FEW_PIECES, SMALL_BYTES] = [1_000, 64]

/** Whether a body of so many bytes comes in too many pieces. */
export const isInCrumbs = (pieces: number, bytes: number): boolean =>
  pieces > FEW_PIECES + bytes / SMALL_BYTES

/** Ends the connection at once: while an answer took its usual way, thousands of pieces more would come. */
export const cutOffCrumbs = (request: IncomingMessage): void => {
  request.on('data', drop)
  refuseOnSocket(request.socket, inCrumbs)
  request.socket.destroy()
}

/** Takes a piece for nothing. */
export const drop = (): void => undefined

/**
 * Has the bodies of requests dropped that nobody reads, such as one that comes with a GET: what is not taken would be held,
 * piece by piece, for as long as the request goes on.
 */
export const dropUnreadBodies = (app: FastifyInstance): void => {
  app.addHook('onRequest', ({ raw }, reply, done) => {
    if (!READ.has(raw.method) && hasBody(raw)) takeForNothing(raw, reply.raw)
    done()
  })
}

/** Methods whose bodies Fastify has read, or refuses. */
const READ: ReadonlySet<string | undefined> = new Set(['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])

const hasBody = ({ headers }: IncomingMessage): boolean =>
  headers['transfer-encoding'] !== undefined || Number(headers['content-length']) > 0

const takeForNothing = (request: IncomingMessage, response: ServerResponse): void => {
  let [pieces, bytes] = [0, 0]
  const take = ({ length }: Buffer): void => {
    pieces += 1
    bytes += length
    if (!isInCrumbs(pieces, bytes)) return
    request.off('data', take)
    // Whoever reads its answer already is not to take a refusal for the rest of it.
    if (response.headersSent) request.on('data', drop).socket.destroy()
    else cutOffCrumbs(request)
  }
  // That it breaks off is heard of by who answers.
  request.on('data', take).on('error', drop)
}

const inCrumbs: RefusedRequest = {
  status: 400,
  code: 'BAD_REQUEST',
  message: `The body comes in too small pieces: they must have ${SMALL_BYTES} bytes on average`,
}
