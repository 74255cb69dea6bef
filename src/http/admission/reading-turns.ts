/**
 * Whose connections are read. In one pass the event loop takes what has come over all connections, however many: where one
 * caller sends over many at the same moment, those are read a few at a time from then on, callers in turn, so that no pass
 * takes long. What is not read waits at the sender.
 */
import type { Caller } from './caller.ts'
import { CallerTurns } from './caller-turns.ts'

/** One connection as far as it is read. */
export interface ReadConnection {
  readonly caller: Caller
  readonly socket: { pause(): unknown; resume(): unknown }
  /** False where it must be heard at once, such as that its reader has left. */
  mayWait(): boolean
}

/** The connections of one caller. */
export class OwnConnections<Connection extends ReadConnection> extends Set<Connection> {
  /** The pass of the event loop in which something came last, and how much: requests, or what takes as long. */
  pass = 0
  came = 0
  /** The pass in which they began to wait. */
  waitSince = 0
}

/** So many requests, or what takes as long, one caller may send in one pass without waiting, however long they take. */
const FEW = 8
/** So many connections it may have open without waiting for their turn from the beginning. */
const MANY_OPEN = 32
/** How many are read in one pass of those that wait, at most. */
const MOST_IN_PASS = 64

export class ReadingTurns<Connection extends ReadConnection> {
  readonly #loop: { isLate(): boolean }
  readonly #waiting = new CallerTurns<Connection>()
  #pass = 1
  #isCounting = false
  /** Whether what came in this pass took longer than a turn, and how many were let go on before it. */
  #isLate = false
  #few = FEW

  constructor(loop: { isLate(): boolean }) {
    this.#loop = loop
  }

  /** A connection was opened. */
  opened(connection: Connection, own: OwnConnections<Connection>): void {
    if (own.size > MANY_OPEN) this.#wait(connection)
  }

  /** Something came over one of a caller's connections that is worked on at once. */
  came(own: OwnConnections<Connection>): void {
    this.#count()
    if (own.pass !== this.#pass) {
      own.pass = this.#pass
      own.came = 0
      // By this look at the time it begins, where nobody else has looked.
      this.#loop.isLate()
    }
    own.came += 1
    if (own.came < FEW && this.#waiting.size === 0) return
    this.#isLate ||= this.#loop.isLate()
    if (own.came < FEW || !this.#isLate || own.waitSince === this.#pass) return
    own.waitSince = this.#pass
    for (const connection of own) if (connection.mayWait()) this.#wait(connection)
  }

  /** A connection was closed. */
  closed(connection: Connection): void {
    this.#waiting.delete(connection)
  }

  #wait(connection: Connection): void {
    connection.socket.pause()
    this.#waiting.add(connection)
    this.#count()
  }

  #count(): void {
    if (this.#isCounting) return
    this.#isCounting = true
    setImmediate(this.#endPass)
  }

  /** As many go on as the pass before had time for. */
  readonly #endPass = (): void => {
    this.#isCounting = false
    this.#pass += 1
    this.#few = this.#isLate ? Math.ceil(this.#few / 2) : Math.min(MOST_IN_PASS, this.#few * 2)
    this.#isLate = false
    for (let some = 0; some < this.#few; some += 1) {
      const next = this.#waiting.next()
      if (next === undefined) return
      next.socket.resume()
    }
    if (this.#waiting.size > 0) this.#count()
  }
}
