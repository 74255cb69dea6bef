/**
 * Operations over WebSocket, in the protocol `graphql-transport-ws`. The loop of `graphql-ws/use/ws` writes to the
 * console whatever fails, and any caller can make a message fail; here that goes to the log.
 */
import type { IncomingMessage, Server } from 'node:http'
import type { Duplex } from 'node:stream'
import { promisify } from 'node:util'
import { type ExecutionArgs, GraphQLError, type GraphQLSchema, print } from 'graphql'
import {
  CloseCode,
  handleProtocols,
  makeServer,
  MessageType,
  parseMessage,
  type Server as Protocol,
} from 'graphql-ws'
import { type WebSocket, WebSocketServer } from 'ws'
import { BadInputError } from '../../errors.ts'
import { checkJson } from '../json-size.ts'
import type { AppLog } from '../logging/log.ts'
import type { RefusedRequest } from '../refusals/guard.ts'
import { refuseOnSocket } from '../refusals/malformed-requests.ts'
import { urlPathOf } from '../logging/url-path.ts'
import type { StreamedOperation, Streams } from './streams.ts'

export interface SocketOptions {
  readonly schema: GraphQLSchema
  readonly streams: Streams
  /** Why a request may not open one; undefined where it may. */
  readonly refused: (request: IncomingMessage) => RefusedRequest | undefined
  readonly maxBytes: number
  readonly log: AppLog
}

export interface Sockets {
  /** Ends all connections. */
  close(): void
}

/** A connection that does not answer a ping within this time is gone. */
const PING_MS = 12_000

/**
 * Whether a request goes over to WebSocket. Any other offer, such as that of HTTP/2 which Java's client makes with its
 * first request, is ignored, as HTTP allows: the request is answered like all others.
 */
export const opensSocket = ({ method, headers, url = '' }: IncomingMessage): boolean =>
  method === 'GET' && headers.upgrade?.toLowerCase() === 'websocket' && isGraphql(url)

const isGraphql = (url: string): boolean => /^\/graphql\/?$/.test(urlPathOf(url))

/** Answers WebSocket requests for /graphql at that server. */
export const serveSockets = (server: Server, options: SocketOptions): Sockets => {
  const { streams, log } = options
  const sockets = new WebSocketServer({
    noServer: true,
    handleProtocols,
    maxPayload: options.maxBytes,
  })
  const protocol = makeServer({
    // Thrown by the parser, an error would end the connection and all that goes on over it.
    onSubscribe: (_context, _id, { query, operationName, variables }) => {
      const operation = streams.read({
        query,
        operationName: operationName ?? undefined,
        variables: variables ?? undefined,
      })
      if (operation instanceof GraphQLError) return [operation]
      const errors = streams.check(operation)
      return errors.length > 0 ? errors : toArguments(options.schema, operation)
    },
    execute: args => streams.execute(toOperation(args)),
    subscribe: args => streams.subscribe(toOperation(args)),
    onError: (_context, _id, _payload, errors) => [...(streams.format({ errors }).errors ?? [])],
    onNext: (_context, _id, _payload, _args, result) =>
      streams.format(result as Parameters<Streams['format']>[0]),
  })

  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    const refused = isGraphql(request.url ?? '') ? options.refused(request) : nothingThere
    if (refused !== undefined) {
      refuseOnSocket(socket, refused)
      return
    }
    sockets.handleUpgrade(request, socket, head, connected => {
      serveOne(connected, protocol, log)
    })
  })

  sockets.on('wsClientError', (_error, socket) => {
    refuseOnSocket(socket, notWebSocket, { 'sec-websocket-version': '13' })
  })

  return {
    close: () => {
      for (const socket of sockets.clients) socket.close(1001, 'Going away')
      sockets.close()
    },
  }
}

const nothingThere: RefusedRequest = {
  status: 404,
  code: 'NOT_FOUND',
  message: 'A WebSocket is opened at /graphql alone',
}

const notWebSocket: RefusedRequest = {
  status: 400,
  code: 'BAD_REQUEST',
  message:
    'This is no request for a WebSocket: its key, version and protocols must be as RFC 6455 has them',
}

const serveOne = (socket: WebSocket, protocol: Protocol, log: AppLog): void => {
  endWhenSilent(socket)
  const send = promisify((data: string, done: (error?: Error | null) => void) => {
    socket.send(data, done)
  })
  socket.on('error', error => {
    log.debug({ err: error }, 'a WebSocket failed')
  })
  const closed = protocol.opened(
    {
      protocol: socket.protocol,
      // Resolves when it has left: the next answer is taken only then, which holds back a reader that is slow.
      send: data => (socket.readyState === socket.OPEN ? send(data) : Promise.resolve()),
      close: (code, reason) => socket.close(code, reason),
      onMessage: take => {
        socket.on('message', (data: Buffer) => {
          const text = data.toString('utf8')
          const flaw = flawOf(text)
          if (flaw !== undefined) {
            socket.close(CloseCode.BadRequest, flaw)
            return
          }
          if (isOfServer(text)) {
            socket.close(CloseCode.BadRequest, 'Invalid message received')
            return
          }
          take(text).catch((error: unknown) => {
            log.debug({ err: error }, 'a message over WebSocket failed')
            socket.close(CloseCode.InternalServerError, 'Internal error')
          })
        })
      },
    },
    undefined,
  )
  socket.once('close', (code, reason) => {
    closed(code, String(reason)).catch((error: unknown) => {
      log.warn({ err: error }, 'a WebSocket did not end well')
    })
  })
}

/** Why a message is not even read. */
const flawOf = (text: string): string | undefined => {
  try {
    checkJson(text)
    return undefined
  } catch (error) {
    if (error instanceof BadInputError) return error.message
    throw error
  }
}

/** Whether it is a message that only a server sends. What is none is told by the protocol. */
const isOfServer = (text: string): boolean => {
  try {
    return serverMessages.has(parseMessage(text).type)
  } catch {
    return false
  }
}

const serverMessages: ReadonlySet<MessageType> = new Set([
  MessageType.ConnectionAck,
  MessageType.Next,
  MessageType.Error,
])

/** Ends a connection that does not answer a ping before the next one is due. */
const endWhenSilent = (socket: WebSocket): void => {
  let answered = true
  const ping = setInterval(() => {
    if (answered) socket.ping()
    else socket.terminate()
    answered = false
  }, PING_MS)
  socket.on('pong', () => {
    answered = true
  })
  socket.once('close', () => clearInterval(ping))
}

const toArguments = (
  schema: GraphQLSchema,
  { document, operationName, variables }: StreamedOperation,
): ExecutionArgs => ({
  schema,
  document,
  operationName: operationName ?? null,
  variableValues: variables ?? null,
})

const toOperation = ({ document, operationName, variableValues }: ExecutionArgs) => ({
  document,
  query: print(document),
  operationName: operationName ?? undefined,
  variables: variableValues as Record<string, unknown> | undefined,
})
