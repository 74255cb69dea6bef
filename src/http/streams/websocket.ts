/**
 * Operations over WebSocket, in the protocol `graphql-transport-ws`. The loop of `graphql-ws/use/ws` writes to the
 * console whatever fails, and any caller can make a message fail; here that goes to the log.
 */
import type { IncomingMessage, Server } from 'node:http'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import type { GraphQLSchema } from 'graphql'
import {
  CloseCode,
  handleProtocols,
  type Message,
  MessageType,
  type Server as Protocol,
} from 'graphql-ws'
import { type WebSocket, WebSocketServer } from 'ws'
import type { Connections } from '../admission/connections.ts'
import type { Admission } from '../admission/admission.ts'
import type { AuditLog } from '../logging/audit.ts'
import type { BodyOptions } from '../bodies.ts'
import type { AppLog } from '../logging/log.ts'
import { withLazyChildren } from '../logging/lazy-log.ts'
import { requestId } from '../logging/log-requests.ts'
import { andThen, type Maybe } from '../../model/maybe.ts'
import type { Rights } from '../../model/rights.ts'
import type { Tracing } from '../../model/tracing.ts'
import type { RefusedRequest } from '../refusals/refuse.ts'
import { refuseOnSocket } from '../refusals/malformed-requests.ts'
import { urlPathOf } from '../logging/url-path.ts'
import { createSocketOperations, type SocketOperations } from './socket-operations.ts'
import { type AskedCallers, proveBySocket } from './socket-caller.ts'
import { AnswerPlaces } from './answer-places.ts'
import { takeMessages } from './coming-messages.ts'
import { flawOf, readMessage, withQuery, wrongWith } from './socket-messages.ts'
import { createSend, endWhenSilent, readAsTaken } from './slow-sockets.ts'
import type { Streams } from './streams.ts'
import { type Extra, speak } from './socket-protocol.ts'

export interface SocketOptions {
  readonly schema: GraphQLSchema
  readonly streams: Streams
  readonly door: {
    readonly admission: Admission
    readonly connections: Pick<Connections, 'upgraded'>
  }
  /** Why a request may not open one; undefined where it may. */
  readonly refused: (request: IncomingMessage) => Maybe<RefusedRequest | undefined>
  /** Asks callers who they are; undefined where nobody is asked. */
  readonly callers?: AskedCallers | undefined
  /** What the caller may see and do; undefined where nobody is asked who it is. */
  readonly rightsOf?: (request: IncomingMessage) => Rights | undefined
  /** What is asked, with the text of its document. @throws {GatewayError} where that may not be asked for */
  readonly admit: (asked: unknown, request: IncomingMessage) => Maybe<unknown>
  readonly bodies: Pick<BodyOptions, 'maxBytes' | 'turns'>
  /** Is told of each operation; nobody is where undefined. */
  readonly audit?: Pick<AuditLog, 'operation'> | undefined
  readonly tracing?: Pick<Tracing, 'operation'> | undefined
  readonly log: AppLog
}

export interface Sockets {
  /** Ends all connections. */
  close(): void
}

/**
 * Whether a request goes over to WebSocket. Any other offer, such as that of HTTP/2 which Java's client makes with its
 * first request, is ignored, as HTTP allows: the request is answered like all others.
 */
export const opensSocket = ({ method, headers, url = '' }: IncomingMessage): boolean =>
  method === 'GET' && headers.upgrade?.toLowerCase() === 'websocket' && isGraphql(url)

const isGraphql = (url: string): boolean => /^\/graphql\/?$/.test(urlPathOf(url))

/** Of one message; each is held by itself until all have come, and nobody sends it in more. */
const MAX_FRAMES = 1_024

/** Answers WebSocket requests for /graphql at that server. */
export const serveSockets = (server: Server, options: SocketOptions): Sockets => {
  const sockets = new WebSocketServer({
    noServer: true,
    handleProtocols,
    maxPayload: options.bodies.maxBytes,
    maxFragments: MAX_FRAMES,
    // Thousands of messages may come in one piece: others have their turn after each.
    allowSynchronousEvents: false,
  })
  const protocol = speak(options)
  const lazyLog = withLazyChildren(options.log)

  const open = (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    sockets.handleUpgrade(request, socket, head, connected => {
      const { audit, tracing } = options
      const { admission } = options.door
      const operations = createSocketOperations({
        admission,
        caller: () => admission.callerOf(request),
        rights: () => options.rightsOf?.(request),
        audit,
        log: lazyLog,
        trace: tracing && (id => tracing.operation(id, request.headers)),
        requestId: requestId(request),
      })
      options.door.connections.upgraded(socket as Socket, operations.isBusy)
      serveOne(connected, { ...options, socket: socket as Socket, request, protocol, operations })
    })
  }

  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    const refused = isGraphql(request.url ?? '') ? options.refused(request) : nothingThere
    // Who leaves while it is found out who that is, is not told.
    if (refused instanceof Promise) socket.on('error', () => undefined)
    const decided = andThen(refused, refusal => {
      if (refusal !== undefined) refuseOnSocket(socket, refusal)
      else if (!socket.destroyed) open(request, socket, head)
    })
    if (decided instanceof Promise)
      decided.catch((error: unknown) => {
        options.log.error({ err: error }, 'a WebSocket could not be opened')
        socket.destroy()
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

interface Connected extends Pick<SocketOptions, 'door' | 'callers' | 'admit' | 'bodies' | 'log'> {
  readonly request: IncomingMessage
  readonly socket: Socket
  readonly protocol: Protocol<Extra>
  readonly operations: SocketOperations
}

const serveOne = (
  connected: WebSocket,
  { socket, request, protocol, operations, door, callers, admit, bodies, log }: Connected,
): void => {
  endWhenSilent(connected)
  readAsTaken(connected, socket)
  connected.on('error', error => {
    log.debug({ err: error }, 'a WebSocket failed')
  })
  const places = new AnswerPlaces()
  // Else those that wait would have the places of those that fail.
  const callerNow = (): string => door.admission.callerOf(request)
  const send = createSend(connected, door.admission, callerNow, operations.abortAll)
  const connect: Extra['connect'] = payload =>
    callers === undefined ||
    proveBySocket(connected, request, payload, callers, operations.abortAll)
  const { bodies: held, limits } = door.admission
  const { turns } = bodies
  const coming = { callerNow, held, turns, messageTimeoutMs: limits.requestTimeoutMs }
  const closed = protocol.opened(
    {
      protocol: connected.protocol,
      send: message => send(places.fill(message)),
      close: (code, reason) => connected.close(code, reason),
      onMessage: take => {
        takeMessages(connected, socket, coming, text => {
          const flaw = flawOf(text)
          if (flaw !== undefined) {
            connected.close(CloseCode.BadRequest, flaw)
            return
          }
          const asked = withQuery(text)
          const message = readMessage(asked)
          const wrong = message && wrongWith(message, text.length)
          if (wrong !== undefined) {
            connected.close(CloseCode.BadRequest, wrong)
            return
          }
          const end = begin(operations, message)
          take(asked)
            .catch((error: unknown) => {
              log.debug({ err: error }, 'a message over WebSocket failed')
              connected.close(CloseCode.InternalServerError, 'Internal error')
            })
            .finally(end)
        })
      },
    },
    { operations, log, places, connect, admit: asked => admit(asked, request) },
  )
  connected.once('close', (code, reason) => {
    operations.abortAll()
    closed(code, String(reason)).catch((error: unknown) => {
      log.warn({ err: error }, 'a WebSocket did not end well')
    })
  })
}

const nothing = (): void => undefined

/** What a message does to the operations; the returned function is called when the protocol is done with it. */
const begin = (operations: SocketOperations, message: Message | undefined): (() => void) => {
  // A second one of an id ends the connection: what the first does is told to the first.
  if (message?.type === MessageType.Subscribe && operations.of(message.id) === undefined)
    return operations.begin(message.id)
  if (message?.type === MessageType.Complete) operations.abort(message.id)
  return nothing
}
