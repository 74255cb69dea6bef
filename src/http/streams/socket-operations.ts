/**
 * The operations of one WebSocket: each is let in at the door, and told when its caller does not wait for it any longer.
 */
import type { Rights } from '../../model/rights.ts'
import type { OperationTrace } from '../../model/tracing.ts'
import type { Admission } from '../admission/admission.ts'
import type { Caller } from '../admission/caller.ts'
import type { FastifyBaseLogger } from 'fastify'
import type { OperationPlace } from '../admission/places.ts'
import { waited } from '../answering/with-places.ts'
import type { AuditLog } from '../logging/audit.ts'
import { type OperationNotes, tracedOf } from '../logging/operation-notes.ts'

export interface SocketOperation {
  readonly caller: Caller
  /** What its caller may see and do; everything where undefined. */
  readonly rights: Rights | undefined
  /** Aborted when the caller completes it, or the connection is closed. */
  readonly signal: AbortSignal
  /** What is told of it later. */
  readonly notes: OperationNotes
  /**
   * Resolves when it may run; false where nobody waits for it any longer. Its text has so many bytes.
   *
   * @throws {CallerLimitError} where its caller has too much under way
   */
  enter(bytes: number): Promise<boolean>
  /** Counts it as so many subscriptions. @throws {CallerLimitError} */
  subscribe(count: number): void
  /** It needs no place any longer: a subscription that has begun waits for events. */
  hasBegun(): void
}

export interface SocketOperations {
  /** Begins with an operation of that id; the returned function ends it. */
  begin(id: string): () => void
  of(id: string): SocketOperation | undefined
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

export interface SocketOperationOptions extends SocketCaller {
  readonly admission: Admission
  readonly audit: Pick<AuditLog, 'operation'> | undefined
  /** Its children are made when they have something to say. */
  readonly log: Pick<FastifyBaseLogger, 'error' | 'child'>
  /** Begins a trace; undefined where there are none. */
  readonly trace: ((requestId: string) => OperationTrace) | undefined
  /** Of the request that the WebSocket was opened by: those of operations begin with it. */
  readonly requestId: string
}

export const createSocketOperations = (options: SocketOperationOptions): SocketOperations => {
  const running = new Map<string, RunningOperation>()
  let begun = 0

  return {
    begin: id => {
      begun += 1
      const operation = new RunningOperation(options, `${options.requestId}/${begun}`)
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

/** One for all: to make one takes far longer than to abort. */
const gone = new DOMException('Nobody waits for it any longer', 'AbortError')

class RunningOperation implements SocketOperation {
  readonly #options: SocketOperationOptions
  readonly caller: Caller
  readonly notes: OperationNotes
  readonly #from = performance.now()
  readonly #controller = new AbortController()
  #place: OperationPlace | undefined
  #isAsked = false
  #isIn = false
  #subscription: { leave(): void } | undefined

  constructor(options: SocketOperationOptions, requestId: string) {
    this.#options = options
    this.caller = options.caller()
    this.notes = { requestId, log: options.log.child({ requestId }), transport: 'websocket' }
  }

  get rights(): Rights | undefined {
    return this.#options.rights()
  }

  get signal(): AbortSignal {
    return this.#controller.signal
  }

  async enter(bytes: number): Promise<boolean> {
    this.#isAsked = true
    this.#beginTrace()
    const { admission } = this.#options
    admission.knock(this.caller)
    this.#place = admission.enter(this.caller)
    this.#isIn = await waited(admission, this.caller, this.#place, bytes)
    return this.#isIn
  }

  #beginTrace(): void {
    const { notes } = this
    const { trace, log } = this.#options
    if (trace === undefined) return
    notes.trace = trace(notes.requestId)
    notes.log = log.child({ requestId: notes.requestId, traceId: notes.trace.traceId })
  }

  subscribe(count: number): void {
    this.#subscription = this.#options.admission.subscribe(this.caller, count)
  }

  hasBegun(): void {
    this.#place?.leave()
  }

  /** Its work goes on until it notices: so long it keeps its place. */
  abort(): void {
    if (this.signal.aborted) return
    this.#controller.abort(gone)
    if (!this.#isIn) this.#place?.leave()
  }

  end(): void {
    this.#place?.leave()
    this.#subscription?.leave()
    // What came before anybody knew who asks was never taken for an operation.
    if (!this.#isAsked) return
    const ms = performance.now() - this.#from
    const isAborted = this.signal.aborted
    this.notes.trace?.end(tracedOf(this.notes, isAborted))
    this.#options.audit?.operation(this.notes, { caller: this.caller, ms, isAborted })
  }
}
