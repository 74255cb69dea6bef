/** The connections: bodies read, replies written late, cut short or never, and all of it ended at once. */
import { type IncomingMessage, type ServerResponse, createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Clock } from '../model/clock.ts'
import type { Reply } from './faults.ts'

/** A request as read from the connection. */
export interface Incoming {
  readonly method: string
  readonly url: URL
  readonly key: string | undefined
  /** The whole body; undefined where it is too large or the connection ended. */
  readonly readBody: () => Promise<Buffer | undefined>
}

export interface Outgoing {
  readonly reply: Reply
  /** Milliseconds from now until it goes out. */
  readonly afterMs: number
  /** Told when it goes out; never for a connection that is reset or gets no reply. */
  readonly onSent: (status: number) => void
}

export interface Server {
  readonly port: number
  readonly close: () => Promise<void>
}

const MAX_BODY_BYTES = 1_048_576

/**
 * Listens on 127.0.0.1; port 0 takes a free one.
 *
 * @throws {Error} EADDRINUSE where somebody else has the port
 */
export const listen = async (
  port: number,
  clock: Clock,
  handle: (incoming: Incoming) => Promise<Outgoing>,
): Promise<Server> => {
  const pending = new Set<() => void>()
  const later = (ms: number, send: () => void): void => {
    if (ms <= 0) {
      send()
      return
    }
    const cancel = clock.after(ms, () => {
      pending.delete(cancel)
      send()
    })
    pending.add(cancel)
  }

  // The server's own time limits would be faults that nobody asked for.
  const options = { keepAliveTimeout: 600_000, requestTimeout: 0, headersTimeout: 0 }
  const server = createServer(options, (request, response) => {
    void handle(toIncoming(request)).then(
      ({ reply, afterMs, onSent }) => {
        later(afterMs, () => {
          write(reply, request, response, onSent)
        })
      },
      (error: unknown) => {
        // A mistake of the stand-in itself must not look like a fault that was asked for.
        response.writeHead(500, { 'content-type': 'text/plain' })
        response.end(`The stand-in failed: ${error instanceof Error ? error.stack : String(error)}`)
      },
    )
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', resolve)
  })

  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise(resolve => {
        for (const cancel of pending) cancel()
        server.close(() => {
          resolve()
        })
        server.closeAllConnections()
      }),
  }
}

const toIncoming = (request: IncomingMessage): Incoming => {
  const key = request.headers['x-api-key']
  return {
    method: request.method ?? 'GET',
    url: URL.parse(`http://127.0.0.1${request.url ?? '/'}`) ?? new URL('http://127.0.0.1/'),
    key: Array.isArray(key) ? key[0] : key,
    readBody: async () => {
      const chunks: Buffer[] = []
      let length = 0
      try {
        for await (const chunk of request as AsyncIterable<Buffer>) {
          length += chunk.length
          if (length <= MAX_BODY_BYTES) chunks.push(chunk)
        }
      } catch {
        return undefined
      }
      return length > MAX_BODY_BYTES ? undefined : Buffer.concat(chunks)
    },
  }
}

const write = (
  { status, headers, body, cut, silent }: Reply,
  request: IncomingMessage,
  response: ServerResponse,
  onSent: (status: number) => void,
): void => {
  if (silent) return
  if (status === null) {
    request.socket.resetAndDestroy()
    return
  }
  onSent(status)
  // Unread bytes of a body would be taken for the next request on this connection.
  request.resume()
  response.writeHead(status, {
    ...headers,
    ...(status === 204 ? {} : { 'content-length': body.length }),
  })
  if (cut) response.write(body.subarray(0, body.length >> 1), () => request.socket.destroy())
  else response.end(body)
}
