/**
 * The operations of one WebSocket: each is let in at the door, and told when its caller does not wait for it any longer.
 */
import type { Rights } from '../../model/rights.ts'
import type { Caller } from '../admission/caller.ts'
import { type OperationSurroundings, RunningOperation } from './running-operation.ts'

export interface SocketOperations {
  /** Begins with an operation of that id; the returned function ends it. */
  begin(id: string): () => void
  of(id: string): RunningOperation | undefined
  /** Its caller does not wait for it any longer. */
  abort(id: string): void
  abortAll(): void
  isBusy(): boolean
}

/** Who asks over a WebSocket: it may prove who it is only once that is open. */
export interface SocketCaller {
  readonly caller: () => Caller
  /** @throws where it has not proved it */
  readonly rights: () => Rights | undefined
}

export interface SocketOperationOptions
  extends SocketCaller, Pick<OperationSurroundings, 'admission' | 'audit' | 'log' | 'trace'> {
  /** Of the request that the WebSocket was opened by: those of operations begin with it. */
  readonly requestId: string
}

export const createSocketOperations = (options: SocketOperationOptions): SocketOperations => {
  const running = new Map<string, RunningOperation>()
  let begun = 0

  return {
    begin: id => {
      begun += 1
      const operation = new RunningOperation(
        { ...options, caller: options.caller(), transport: 'websocket' },
        `${options.requestId}/${begun}`,
      )
      running.set(id, operation)
      return () => {
        operation.end()
        // The id may be another operation's by now.
        if (running.get(id) === operation) running.delete(id)
      }
    },
    of: id => running.get(id),
    abort: id => {
      running.get(id)?.abort()
      // Its id is free from now on.
      running.delete(id)
    },
    abortAll: () => {
      for (const operation of running.values()) operation.abort()
    },
    isBusy: () => running.size > 0,
  }
}
