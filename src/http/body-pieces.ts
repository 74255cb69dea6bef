/** Bodies piece by piece: each takes as long as some hundred bytes, so that of more than a few the mean must not be small. */
import { IncomingMessage, type ServerResponse } from 'node:http'
import type { FastifyInstance } from 'fastify'
import { refuseOnSocket } from './refusals/malformed-requests.ts'
import type { RefusedRequest } from './refusals/refuse.ts'
import { stopReading } from './stop-reading.ts'

const [FEW_PIECES, SMALL_BYTES] = [1_000, 64]
/** Take as long as a request without a body. */
const AS_A_REQUEST = 125

/** What has come of bodies: of one, and of those that are sent behind it before it is answered. */
interface Pieces {
  count: number
  bytes: number
}

/**
 * A request whose connection is ended where its body comes in crumbs: as soon as Node tells of one too many, not when
 * somebody takes it, since all that came with it, 11,000 pieces in 64 KB, would be held by then.
 */
export class PiecewiseRequest extends IncomingMessage {
  #pieces: Pieces = { count: 0, bytes: 0 }
  /** The next piece does not count. */
  #isFree = false
  /** It is refused: nothing is to be made of what has come of it. */
  #isEnded = false
  #over: { came(): void } | undefined
  /** Where it may be refused; undefined where another answer may be on its way. */
  #response: ServerResponse | undefined

  /** It comes over that connection; behind another one, where that is not answered yet. */
  comes(over: { came(): void }, response: ServerResponse, behind?: IncomingMessage): void {
    this.#over = over
    if (behind instanceof PiecewiseRequest) {
      this.#pieces = behind.#pieces
      // Short bodies in one piece each are no crumbs, however many come without a pause.
      this.#isFree = true
    } else this.#response = response
  }

  override push(chunk: Buffer | null, encoding?: BufferEncoding): boolean {
    // Its end may stand behind the piece that it was refused for.
    if (this.#isEnded) return false
    if (chunk === null) return super.push(chunk)
    const pieces = this.#pieces
    pieces.bytes += chunk.length
    if (!this.#isFree) {
      pieces.count += 1
      if (pieces.count % AS_A_REQUEST === 0) this.#over?.came()
    }
    this.#isFree = false
    if (this.socket.destroyed) return false
    if (pieces.count <= FEW_PIECES + pieces.bytes / SMALL_BYTES) return super.push(chunk, encoding)
    this.#end()
    return false
  }

  #end(): void {
    this.#isEnded = true
    // Whoever reads an answer already is not to take a refusal for the rest of it.
    if (this.#response?.headersSent === false) refuseOnSocket(this.socket, inCrumbs)
    stopReading(this.socket)
    this.socket.destroy()
  }
}

/**
 * Has the bodies of requests dropped that nobody reads, such as one that comes with a GET: what is not taken would be held,
 * piece by piece, for as long as the request goes on.
 */
export const dropUnreadBodies = (app: FastifyInstance): void => {
  app.addHook('onRequest', ({ raw }, _reply, done) => {
    // That it breaks off is heard of by who answers.
    if (!READ.has(raw.method) && hasBody(raw)) raw.on('data', drop).on('error', drop)
    done()
  })
}

/** Takes a piece for nothing. */
export const drop = (): void => undefined

/** Methods whose bodies Fastify has read, or refuses. */
const READ: ReadonlySet<string | undefined> = new Set(['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])

const hasBody = ({ headers }: IncomingMessage): boolean =>
  headers['transfer-encoding'] !== undefined || Number(headers['content-length']) > 0

const inCrumbs: RefusedRequest = {
  status: 400,
  code: 'BAD_REQUEST',
  message: `The body comes in too small pieces: they must have ${SMALL_BYTES} bytes on average`,
}
