/** Requests that no route is found for, since they cannot be read: refused like all others, but before any hook runs. */
import { randomUUID } from 'node:crypto'
import {
  type IncomingMessage,
  maxHeaderSize,
  type Server,
  type ServerResponse,
  STATUS_CODES,
} from 'node:http'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import type { AppLog } from '../logging/log.ts'
import { stopReading } from '../stop-reading.ts'
import { type RefusedRequest, toRefusal } from './refuse.ts'
import { securityHeaders } from './security-headers.ts'

/** Refuses a path that cannot be read; what it is, nobody is told again. */
export const refusePath = (
  error: FastifyError,
  request: FastifyRequest,
  reply: FastifyReply,
): void => {
  const status = error.statusCode ?? 400
  reply
    .code(status)
    .headers(securityHeaders(request.id))
    .send(
      toRefusal(
        'BAD_REQUEST',
        status === 414
          ? 'A part of the path is too long'
          : 'The path cannot be read: what stands behind a % in it must be UTF-8, two digits for each byte',
      ),
    )
}

/** Refuses what is no request, on the connection that it came by, and ends that. */
export const refuseConnection =
  (log: Pick<AppLog, 'debug'>) =>
  (error: Error & { readonly code?: string }, socket: Socket): void => {
    if (error.code === 'ECONNRESET' || socket.destroyed) return
    const requestId = randomUUID()
    // Never the error itself: it holds the bytes that came.
    log.debug({ requestId, code: error.code }, 'no request')
    const { status, message } = refusals.get(error.code) ?? notHttp
    if (socket.writable)
      socket.write(toAnswer({ status, code: 'BAD_REQUEST', message }, {}, requestId))
    socket.destroy(error)
  }

/** Refuses what Node would answer by itself, without a body: a proxy asked for, an expectation that nobody meets. */
export const refuseWhatNodeWould = (server: Server): void => {
  server.on('connect', (_request: IncomingMessage, socket: Duplex) => {
    const headers = { allow: 'GET, HEAD, POST' }
    const message = 'This server is no proxy: CONNECT leads nowhere'
    refuseOnSocket(socket, { status: 405, code: 'METHOD_NOT_ALLOWED', message }, headers)
  })
  const refused = new WeakSet<Socket>()
  server.on('checkExpectation', ({ socket }: IncomingMessage, response: ServerResponse) => {
    // The connection ends with the first of them, behind which thousands may have come in one piece.
    if (refused.has(socket)) {
      stopReading(socket)
      return
    }
    refused.add(socket)
    const message = 'Nothing can be expected but 100-continue'
    const { headers, body } = partsOf({ status: 417, code: 'BAD_REQUEST', message }, randomUUID())
    response.writeHead(417, headers).end(body)
  })
}

/** Refuses a request on the bare connection that it came by, and ends that. */
export const refuseOnSocket = (
  socket: Duplex,
  refused: RefusedRequest,
  headers: Readonly<Record<string, string>> = {},
): void => {
  // Who leaves meanwhile is not told.
  socket.on('error', () => undefined)
  socket.end(toAnswer(refused, headers, randomUUID()))
}

const toAnswer = (
  refused: RefusedRequest,
  more: Readonly<Record<string, string>>,
  requestId: string,
): string => {
  const { status } = refused
  const { headers, body } = partsOf(refused, requestId)
  return [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`,
    ...Object.entries({ ...headers, ...more }).map(([name, value]) => `${name}: ${value}`),
    '',
    body,
  ].join('\r\n')
}

const partsOf = ({ code, message, fields, headers: more }: RefusedRequest, requestId: string) => {
  const body = JSON.stringify(toRefusal(code, message, fields))
  const headers = {
    ...securityHeaders(requestId),
    ...more,
    'content-type': 'application/json; charset=utf-8',
    'content-length': Buffer.byteLength(body),
    connection: 'close',
  }
  return { headers, body }
}

const notHttp = { status: 400, message: 'The request cannot be read: it is not HTTP/1.1' }

/** By the code of Node's error. */
const refusals: ReadonlyMap<string | undefined, typeof notHttp> = new Map([
  [
    'HPE_HEADER_OVERFLOW',
    {
      status: 431,
      message: `The path and the headers are longer than the ${maxHeaderSize} bytes allowed`,
    },
  ],
  ['ERR_HTTP_REQUEST_TIMEOUT', { status: 408, message: 'The request did not come whole in time' }],
])
