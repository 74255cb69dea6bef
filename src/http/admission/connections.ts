/**
 * The connections of a server: how many there are, what goes on over each, and which is ended where there are too many
 * or where nobody takes what was sent.
 */
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { stopReading } from '../stop-reading.ts'
import type { Caller, Callers } from './caller.ts'
import { FewAtOnce } from './few-at-once.ts'
import { type DoorLimits, settingOf } from './limits.ts'
import { OwnConnections, type ReadConnection, ReadingTurns } from './reading-turns.ts'

/** What ends when the answer has left, or its reader has. */
export interface Leaving {
  leave(): void
}

// On the response itself: a table beside it would be asked for every answer.
const leavings = Symbol('leavings')

interface Answering extends ServerResponse {
  [leavings]?: Leaving[] | undefined
}

/** A request that is told over what it comes, and behind which: the last of that connection, if that is not answered yet. */
interface ComingRequest extends IncomingMessage {
  comes?(over: { came(): void }, response: ServerResponse, behind?: IncomingMessage): void
}

export interface Connections {
  /** Whether all is taken that was sent: called once, at once where the answer has left before. */
  whenLeft(response: ServerResponse, leaving: Leaving): void
  /** From now on something else says whether anything goes on over that connection. */
  upgraded(socket: Socket, isBusy: () => boolean): void
  count(): number
}

/** The event loop, as those see it who come to it. */
export interface Loop {
  /** Whether it has worked for so long in this pass that what comes now waits for the next. */
  isLate(): boolean
  /** A connection has come, and more may wait. */
  giveWay(): void
}

export interface ConnectionOptions {
  readonly callers: Pick<Callers, 'ofConnection'>
  readonly limits: Pick<DoorLimits, 'sockets' | 'unreadTimeoutMs'>
  readonly loop: Loop
  /** Counts a connection that was ended by that limit. */
  readonly onCutOff: (limit: string) => void
}

/** Requests of one connection that may be under way: nobody sends more without reading an answer. */
export const MAX_PIPELINED = 100

/** Hundreds may come in one piece: of those behind others that are not answered, so many are begun in one pass. */
const FEW_BEHIND = { most: 16, ms: 3 }

/** How often it is looked for what nobody takes, within the time after which its connection is ended. */
const LOOKS = 8

/** Whose connections those of proxies are, behind which many callers may be. */
const PROXIES = 'proxies'

class Connection implements ReadConnection {
  readonly socket: Socket
  readonly caller: Caller
  /** All that come from where it comes from. */
  readonly own: OwnConnections<Connection>
  readonly #reading: ReadingTurns<Connection>
  /** The moment of `performance.now()` from which on nothing happened over it. */
  quietSince = performance.now()
  /** Requests that are not answered yet, and the last of them. */
  running = 0
  request: IncomingMessage | undefined
  isBusy: (() => boolean) | undefined
  /** The pass of the event loop in which the last of them came, and how many did in it. */
  #pass = 0
  #inPass = 0

  constructor(
    socket: Socket,
    caller: Caller,
    own: OwnConnections<Connection>,
    reading: ReadingTurns<Connection>,
  ) {
    this.socket = socket
    this.caller = caller
    this.own = own
    this.#reading = reading
  }

  /** Something came over it that is worked on at once. */
  came(): void {
    this.#reading.came(this.own)
  }

  /** Counts a request: whether it was sent before the one before it was answered. */
  cameBehind(): boolean {
    const { pass } = this.own
    this.#inPass = this.#pass === pass ? this.#inPass + 1 : 1
    this.#pass = pass
    // Small ones are answered while the next of the same piece are read.
    return this.running > 1 || this.#inPass > 1
  }

  /** Who waits for an answer, or has a stream, may leave at any time, and that is heard by reading. */
  mayWait(): boolean {
    return this.isBusy === undefined && (this.running === 0 || this.request?.complete === false)
  }
}

/** A request that is sent before the one before it on the same connection is answered. */
interface BehindOthers {
  readonly caller: Caller
  readonly request: IncomingMessage
  readonly response: ServerResponse
}

/** Watches the connections of that server from now on. */
export const watchConnections = (
  server: Server,
  { callers, limits, loop, onCutOff }: ConnectionOptions,
): Connections => {
  const open = new Map<Socket, Connection>()
  const byCaller = new Map<Caller, OwnConnections<Connection>>()
  const reading = new ReadingTurns<Connection>(loop)

  const forget = (connection: Connection): void => {
    const { socket, caller, own } = connection
    if (!open.delete(socket)) return
    reading.closed(connection)
    own.delete(connection)
    if (own.size === 0) byCaller.delete(caller)
  }

  /** Ends a connection over which nothing goes on, so that the newest is let in; if there is none, the newest. */
  const makeRoom = (among: Iterable<Connection>, limit: string, newest: Connection): void => {
    const ended = longestQuiet(among, newest) ?? newest
    onCutOff(limit)
    // Before its close is told of: else others would be ended in its place.
    forget(ended)
    ended.socket.destroy()
  }

  server.on('connection', (socket: Socket) => {
    loop.giveWay()
    const known = callers.ofConnection(socket.remoteAddress)
    const caller = known ?? PROXIES
    const own = byCaller.get(caller) ?? new OwnConnections<Connection>()
    byCaller.set(caller, own)
    const connection = new Connection(socket, caller, own, reading)
    own.add(connection)
    open.set(socket, connection)
    // Until its first answer; then Node waits for the next request.
    socket.setTimeout(limits.unreadTimeoutMs)
    socket.once('close', () => forget(connection))
    reading.opened(connection, own)
    if (known !== undefined && own.size > limits.sockets.perCaller)
      makeRoom(own, settingOf('sockets', 'perCaller'), connection)
    if (open.size > limits.sockets.inAll)
      makeRoom(open.values(), settingOf('sockets', 'inAll'), connection)
  })

  const leave = (response: ServerResponse): void => {
    const connection = open.get(response.req.socket)
    if (connection !== undefined) {
      connection.running -= 1
      connection.quietSince = performance.now()
    }
    const leaving = (response as Answering)[leavings]
    if (leaving === undefined) return
    ;(response as Answering)[leavings] = undefined
    for (const each of leaving) each.leave()
  }
  // One for all, not one for each answer: it is called for every one of them.
  const onClose = function (this: ServerResponse): void {
    leave(this)
  }

  /** Undefined where it is not to be answered. */
  const came = (request: ComingRequest, response: ServerResponse): Connection | undefined => {
    const connection = open.get(request.socket)
    if (connection === undefined) return undefined
    connection.running += 1
    request.comes?.(connection, response, connection.running > 1 ? connection.request : undefined)
    connection.request = request
    connection.came()
    connection.quietSince = performance.now()
    response.on('close', onClose)
    if (connection.running <= MAX_PIPELINED) return connection
    onCutOff('pipelined')
    request.socket.destroy()
    return undefined
  }
  const answerers = server.listeners('request')
  server.removeAllListeners('request')
  const answer = (request: IncomingMessage, response: ServerResponse): void => {
    for (const each of answerers) each.call(server, request, response)
  }
  const behind = new FewAtOnce<BehindOthers>(FEW_BEHIND, ({ request, response }) => {
    if (!request.socket.destroyed) answer(request, response)
  })
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    // Thousands may have come in one piece with the one that its connection was ended for.
    if (request.socket.destroyed) {
      stopReading(request.socket)
      return
    }
    // Before it is answered, which may happen at once.
    const connection = came(request, response)
    if (connection === undefined) return
    if (connection.cameBehind()) behind.soon({ caller: connection.caller, request, response })
    else answer(request, response)
  })

  // Only where something waits: to set and renew a timer for each answer takes longer than all else that is done here.
  const looking = setInterval(() => {
    for (const socket of open.keys())
      if (socket.writableLength > 0 && socket.timeout !== limits.unreadTimeoutMs)
        socket.setTimeout(limits.unreadTimeoutMs)
  }, limits.unreadTimeoutMs / LOOKS)
  looking.unref()
  server.on('close', () => clearInterval(looking))

  server.on('timeout', (socket: Socket) => {
    if ((open.get(socket)?.running ?? 0) > 0 && socket.writableLength === 0) {
      // An answer is worked on, or a body is on its way.
      socket.setTimeout(0)
      return
    }
    if (socket.writableLength > 0) onCutOff('unread')
    socket.destroy()
  })

  return {
    whenLeft: (response, leaving) => {
      if (response.destroyed) {
        leaving.leave()
        return
      }
      const others = (response as Answering)[leavings]
      if (others === undefined) (response as Answering)[leavings] = [leaving]
      else others.push(leaving)
    },
    upgraded: (socket, isBusy) => {
      const connection = open.get(socket)
      if (connection !== undefined) {
        connection.came()
        connection.isBusy = isBusy
      }
      // As over HTTP: whoever takes nothing of what waits for it is gone.
      socket.setTimeout(limits.unreadTimeoutMs, () => {
        if (socket.writableLength === 0) return
        onCutOff('unread')
        socket.destroy()
      })
    },
    count: () => open.size,
  }
}

/** The connection that has been quiet for longest, of those whose end harms no answer: no one but the newest is spared. */
const longestQuiet = (among: Iterable<Connection>, newest: Connection): Connection | undefined => {
  let found: Connection | undefined
  for (const connection of among)
    if (
      connection !== newest &&
      isQuiet(connection) &&
      (found === undefined || connection.quietSince < found.quietSince)
    )
      found = connection
  return found
}

/** Whether nobody waits for an answer over it: none was asked for whole, or it is there and not taken. */
const isQuiet = ({ socket, running, request, isBusy }: Connection): boolean => {
  if (socket.writableLength > 0) return true
  if (isBusy !== undefined) return !isBusy()
  return running === 0 || request?.complete === false
}
