/** What of the work is told to a collector of traces. Where there is none, nothing of it is made. */

/** Headers by which a caller says what its request is a part of. */
export type TraceHeaders = Readonly<Record<string, string | string[] | undefined>>

/** How an operation ended, in words that may be told. */
export interface TracedOperation {
  readonly type?: string | undefined
  readonly operationName?: string | undefined
  readonly documentHash?: string | undefined
  readonly connectors?: readonly string[] | undefined
  readonly rowsReturned?: number | undefined
  readonly requests?: number | undefined
  /** The code of its first error; undefined where it had none. */
  readonly failure: string | undefined
}

export interface OperationTrace {
  /** 32 hexadecimal digits. */
  readonly traceId: string
  /** A step of it begins; the returned function is called when it is over. */
  step(name: string): () => void
  /** It is over, or goes on for longer than anybody waits; from the second time on, nothing is told. */
  end(told: TracedOperation): void
}

/** A request to Push that is over. */
export interface TracedRequest {
  readonly connector: string
  /** The base address of the API. */
  readonly url: string
  readonly method: string
  /** Without ids, such as `/accounts/{id}`. */
  readonly path: string
  /** Its status, or the code of the error where no status came. */
  readonly outcome: number | string
  /** How often it was sent before. */
  readonly resent: number
  readonly waitedMs: number
  readonly latencyMs: number
  /** The operation, or other work, that it was made for. */
  readonly madeFor: string
}

/** A question to the shared database that is over. */
export interface TracedQuestion {
  readonly ms: number
  /** What kind of failure it was, if it was one. */
  readonly failure: string | undefined
  /** The operation that it was asked for. */
  readonly madeFor: string
}

/** A webhook that was answered. */
export interface TracedDelivery {
  readonly headers: TraceHeaders
  /** Undefined where there is no connector of that name. */
  readonly connector: string | undefined
  /** What became of it, such as `stored`. */
  readonly result: string
  readonly status: number
  readonly ms: number
}

export interface Tracing {
  /** An operation begins, as a part of what its caller's headers name. Requests to Push that are made for that id are parts of it. */
  operation(id: string, headers: TraceHeaders): OperationTrace
  /** Other work begins; the returned function is told whether it failed. */
  work(name: string, id: string): (failed: boolean) => void
  request(request: TracedRequest): void
  question(question: TracedQuestion): void
  delivery(delivery: TracedDelivery): void
  /** Sends what was not sent yet, as far as that takes no longer than a moment. */
  close(): Promise<void>
}
