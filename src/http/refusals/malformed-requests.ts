/** Requests that no route is found for, since they cannot be read: refused like all others, but before any hook runs. */
import { randomUUID } from 'node:crypto'
import { maxHeaderSize, STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import type { AppLog } from '../logging/log.ts'
import { toRefusal } from './refuse.ts'
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
    if (socket.writable) socket.write(answerTo(error.code, requestId))
    socket.destroy(error)
  }

const answerTo = (code: string | undefined, requestId: string): string => {
  const { status, message } = refusals.get(code) ?? notHttp
  const body = JSON.stringify(toRefusal('BAD_REQUEST', message))
  const headers = Object.entries({
    ...securityHeaders(requestId),
    'content-type': 'application/json; charset=utf-8',
    'content-length': Buffer.byteLength(body),
    connection: 'close',
  })
  return [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`,
    ...headers.map(([name, value]) => `${name}: ${value}`),
    '',
    body,
  ].join('\r\n')
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
