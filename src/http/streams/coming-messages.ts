/**
 * What comes over a WebSocket: as long as it is no whole message, it is counted for its caller and has a deadline, like a
 * body over HTTP; whole messages are taken in turns with all that others send.
 */
import type { Socket } from 'node:net'
import type { WebSocket } from 'ws'
import { CallerLimitError } from '../../errors.ts'
import type { HeldBytes } from '../admission/admission.ts'
import type { Caller } from '../admission/caller.ts'
import type { BodyTurns } from '../bodies.ts'

export interface ComingOptions {
  readonly callerNow: () => Caller
  /** Counts what has come and is not taken yet. */
  readonly held: HeldBytes
  readonly turns: BodyTurns
  /** How long a message may take to come whole. */
  readonly messageTimeoutMs: number
}

/** What a frame has at least beside what it holds, as clients send it. */
const FRAME_BYTES = 6
/** What is shorter is read in no time, as long as not many come over as many connections. */
const LONG_BYTES = 16_384
/** What one that waits takes beside its bytes. */
const WAITING_BYTES = 1_024
const TOO_LATE = 4408
const TOO_MUCH = 4429
/** How long one who is cut off has to read why. */
const READ_WHY_MS = 1_000

/** Gives the text of each message to `take`. */
export const takeMessages = (
  connected: WebSocket,
  socket: Socket,
  options: ComingOptions,
  take: (text: string) => void,
): void => {
  const coming = new ComingMessage(connected, socket, options)
  const onFrame = (data: Buffer): void => coming.add(-FRAME_BYTES - data.length)
  socket.on('data', (chunk: Buffer) => coming.add(chunk.length))
  connected.on('ping', onFrame).on('pong', onFrame)
  connected.on('message', (data: Buffer) => {
    coming.isWhole()
    // One that was cut off has thousands in hand, maybe: each would be refused and counted anew.
    if (connected.readyState !== connected.OPEN) return
    coming.wait(data.length, () => {
      // What came before the end is read after it, and nobody waits for an answer.
      if (connected.readyState === connected.OPEN) take(data.toString('utf8'))
    })
  })
  connected.once('close', () => coming.end())
}

/** A whole message that waits for its turn, and what is counted for it. */
interface WaitingMessage {
  readonly caller: Caller
  readonly bytes: number
  readonly go: () => void
}

class ComingMessage {
  readonly #connected: WebSocket
  readonly #socket: Socket
  readonly #options: ComingOptions
  /** Bytes since the last whole message, and how many of them are counted, for whom. */
  #came = 0
  #counted = 0
  #caller: Caller = ''
  readonly #waiting = new Set<WaitingMessage>()
  #isLooking = false
  #deadline: NodeJS.Timeout | undefined

  constructor(connected: WebSocket, socket: Socket, options: ComingOptions) {
    this.#connected = connected
    this.#socket = socket
    this.#options = options
  }

  /** So many bytes more of it have come; less than none where they were of something else. */
  add(bytes: number): void {
    this.#came = Math.max(0, this.#came + bytes)
    if (this.#isLooking || bytes <= 0) return
    this.#isLooking = true
    // Most messages come in one piece: by then they are told of.
    setImmediate(this.#look)
  }

  /** It was told of, or never will be. */
  isWhole(): void {
    clearTimeout(this.#deadline)
    this.#deadline = undefined
    if (this.#counted > 0) this.#options.held.give(this.#caller, this.#counted)
    this.#came = this.#counted = 0
  }

  /** Goes on when it is its caller's turn: with what is short and has nothing before it at once, where few come. */
  wait(bytes: number, go: () => void): void {
    if (bytes < LONG_BYTES && this.#waiting.size === 0 && this.#options.turns.takesOne()) {
      go()
      return
    }
    const caller = this.#options.callerNow()
    const held = bytes + WAITING_BYTES
    if (!this.#take(caller, held)) return
    const waiter: WaitingMessage = {
      caller,
      bytes: held,
      go: () => {
        this.#leave(waiter)
        go()
      },
    }
    this.#waiting.add(waiter)
    this.#options.turns.soon(waiter)
  }

  /** Nothing of it is waited for any more. */
  end(): void {
    this.isWhole()
    for (const waiter of this.#waiting) {
      this.#options.turns.delete(waiter)
      this.#leave(waiter)
    }
  }

  #leave(waiter: WaitingMessage): void {
    this.#waiting.delete(waiter)
    this.#options.held.give(waiter.caller, waiter.bytes)
  }

  readonly #look = (): void => {
    this.#isLooking = false
    const more = this.#came - this.#counted
    if (more <= 0 || this.#connected.readyState !== this.#connected.OPEN) return
    if (this.#counted === 0) this.#caller = this.#options.callerNow()
    this.#deadline ??= setTimeout(this.#endLate, this.#options.messageTimeoutMs)
    if (this.#take(this.#caller, more)) this.#counted += more
  }

  readonly #endLate = (): void => {
    // Who does not take what was sent is not heard meanwhile.
    if (this.#connected.isPaused) this.#deadline?.refresh()
    else this.#end(TOO_LATE, 'A message did not come whole in time')
  }

  #take(caller: Caller, bytes: number): boolean {
    try {
      this.#options.held.take(caller, bytes)
      return true
    } catch (error) {
      if (!(error instanceof CallerLimitError)) throw error
      this.#end(TOO_MUCH, String(error.fields['limit']))
      return false
    }
  }

  #end(code: number, why: string): void {
    if (this.#connected.readyState !== this.#connected.OPEN) return
    this.#connected.close(code, why)
    this.#socket.pause()
    setTimeout(() => this.#connected.terminate(), READ_WHY_MS)
  }
}
