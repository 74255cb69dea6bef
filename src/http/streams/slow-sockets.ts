/** WebSockets whose reader is slow, takes nothing, or is gone: nothing piles up for it. */
import type { Socket } from 'node:net'
import { promisify } from 'node:util'
import type { WebSocket } from 'ws'
import type { Admission } from '../admission/admission.ts'
import type { Text } from '../../graphql/compiled/text.ts'
import type { Caller } from '../admission/caller.ts'
import { LARGE_BYTES } from '../answering/with-places.ts'

/** What a reader leaves unread before no more of its messages are read. */
const MAX_UNREAD_BYTES = 1_048_576

/** A connection that does not answer a ping within this time is gone. */
const PING_MS = 12_000

/** Sends a text; resolves when it has left: the next answer is taken only then, which holds back a reader that is slow. */
export const createSend = (
  connected: WebSocket,
  { unread }: Pick<Admission, 'unread'>,
  callerNow: () => Caller,
  /** Called before anything else where it could not be sent: its reader is gone. */
  onFailure: () => void,
): ((text: Text) => Promise<void>) => {
  const send = promisify((text: Text, done: (error?: Error | null) => void) => {
    if (typeof text === 'string') {
      connected.send(text, done)
      return
    }
    // One message in several frames.
    for (const [index, piece] of text.pieces.entries()) {
      const fin = index === text.pieces.length - 1
      connected.send(piece, { binary: false, fin }, fin ? done : undefined)
    }
  })
  return async text => {
    if (connected.readyState !== connected.OPEN) return
    const caller = callerNow()
    const refused = text.length < LARGE_BYTES ? undefined : unread.refusal(caller, text.length)
    if (refused !== undefined) {
      connected.close(4429, String(refused.fields['limit']))
      return
    }
    const sent = send(text)
    const bytes = connected.bufferedAmount === 0 ? 0 : text.length
    if (bytes > 0) unread.add(caller, bytes)
    try {
      await sent
    } catch (error) {
      onFailure()
      throw error
    } finally {
      if (bytes > 0) unread.give(caller, bytes)
    }
  }
}

/** Reads no more messages while much waits that was not taken: each would be answered by more of it. */
export const readAsTaken = (connected: WebSocket, socket: Socket): void => {
  const hold = (): void => {
    if (connected.bufferedAmount > MAX_UNREAD_BYTES) connected.pause()
  }
  connected.on('message', hold).on('ping', hold)
  socket.on('drain', () => connected.resume())
}

/** Ends a connection that does not answer a ping before the next one is due. */
export const endWhenSilent = (socket: WebSocket): void => {
  let answered = true
  const ping = setInterval(() => {
    // What was sent before is not taken yet: who takes nothing of it at all is found out otherwise.
    if (socket.bufferedAmount > 0) return
    if (answered) socket.ping()
    else socket.terminate()
    answered = false
  }, PING_MS)
  socket.on('pong', () => {
    answered = true
  })
  socket.once('close', () => clearInterval(ping))
}
