/** One operation that does not come as a request of its own: let in at the door, and told of when it is over. */
import type { FastifyBaseLogger } from 'fastify'
import type { Rights } from '../../model/rights.ts'
import type { OperationTrace } from '../../model/tracing.ts'
import type { Admission } from '../admission/admission.ts'
import type { Caller } from '../admission/caller.ts'
import type { OperationPlace } from '../admission/places.ts'
import { waited } from '../answering/with-places.ts'
import type { AuditLog } from '../logging/audit.ts'
import {
  type OperationNotes,
  type OperationTransport,
  tracedOf,
} from '../logging/operation-notes.ts'

/** What lets operations in, and is told of them. */
export interface OperationSurroundings {
  readonly admission: Pick<Admission, 'knock' | 'enter' | 'subscribe' | 'bodies'>
  readonly audit: Pick<AuditLog, 'operation'> | undefined
  /** Its children are made when they have something to say. */
  readonly log: Pick<FastifyBaseLogger, 'error' | 'child'>
  /** Begins a trace; undefined where there are none. */
  readonly trace: ((requestId: string) => OperationTrace) | undefined
  readonly caller: Caller
  /** What its caller may see and do; everything where undefined. @throws where it has not proved who it is */
  readonly rights: () => Rights | undefined
  readonly transport: OperationTransport
  /** Whether it is the request that it came by, which is counted already. */
  readonly isCounted?: boolean
}

/** One for all: to make one takes far longer than to abort. */
const gone = new DOMException('Nobody waits for it any longer', 'AbortError')

export class RunningOperation {
  readonly #options: OperationSurroundings
  readonly caller: Caller
  /** What is told of it later. */
  readonly notes: OperationNotes
  readonly #from = performance.now()
  readonly #controller = new AbortController()
  #place: OperationPlace | undefined
  #isAsked = false
  #isIn = false
  #subscription: { leave(): void } | undefined

  constructor(options: OperationSurroundings, requestId: string) {
    const { caller, log, transport } = options
    this.#options = options
    this.caller = caller
    this.notes = { requestId, log: log.child({ requestId }), transport }
  }

  /** What its caller may see and do; everything where undefined. */
  get rights(): Rights | undefined {
    return this.#options.rights()
  }

  /** Aborted when nobody waits for it any longer. */
  get signal(): AbortSignal {
    return this.#controller.signal
  }

  /**
   * Resolves when it may run; false where nobody waits for it any longer. Its text has so many bytes.
   *
   * @throws {CallerLimitError} where its caller has too much under way
   */
  async enter(bytes: number): Promise<boolean> {
    this.#isAsked = true
    this.#beginTrace()
    const { admission, isCounted = false } = this.#options
    if (!isCounted) admission.knock(this.caller)
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

  /** Counts it as so many subscriptions. @throws {CallerLimitError} */
  subscribe(count: number): void {
    this.#subscription = this.#options.admission.subscribe(this.caller, count)
  }

  /** It needs no place any longer: a subscription that has begun waits for events. */
  hasBegun(): void {
    this.#place?.leave()
  }

  /** Its work goes on until it notices: so long it keeps its place. */
  abort(): void {
    if (this.signal.aborted) return
    this.#controller.abort(gone)
    if (!this.#isIn) this.#place?.leave()
  }

  /** It is over: its place is another's, and what became of it is told. */
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
