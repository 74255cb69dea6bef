/** What stands between the engine, which knows what is to be sent, and those who hand it to one receiver. */

/** One thing to be sent. */
export interface SinkItem {
  /** The same whenever the same is sent again. */
  readonly id: string
  readonly connector: string
  /** UNIX milliseconds. */
  readonly time: number
  /** Its JSON, without a line break. */
  readonly line: string
  /** `severity_id` of OCSF, 0 to 6. */
  readonly severity?: number
  /** The class of OCSF; the kind of event, or the collection, where it is sent plain. */
  readonly className?: string
}

/** Hands items to one receiver. */
export interface Sender {
  /**
   * Resolves once the receiver has taken responsibility for all of them.
   *
   * @throws {RefusedError} where it refuses them for good, be it for one of them
   * @throws {NotNowError} where it says that it cannot take them now, or does not answer
   * @throws {SetupError} where what was set up does not fit
   * @throws any other error where nobody knows whether it has them
   */
  send(items: readonly SinkItem[], signal: AbortSignal): Promise<void>
  /**
   * Another one sends from now on: lets go of what only one can have, once nothing is on its way. Nothing where there is none; it may be
   * asked to send again.
   */
  release?(): Promise<void>
  /** Ends its connections; what is on its way fails. */
  close(): Promise<void>
}

/** The receiver will never take them. The message shows neither a row nor a secret. */
export class RefusedError extends Error {
  override readonly name = 'RefusedError'
}

/** The receiver does not take them now. */
export class NotNowError extends Error {
  override readonly name = 'NotNowError'
  /** When to try again makes sense, in milliseconds from now; undefined where nobody said. */
  readonly retryAfterMs: number | undefined

  constructor(message: string, retryAfterMs?: number, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.retryAfterMs = retryAfterMs
    // Foreseen: where it came about helps nobody.
    Object.assign(this, { stack: undefined })
  }
}

/**
 * What was set up, here or there, does not fit: a token, a path, an index. Nothing is wrong with the items, which are sent
 * again until somebody has mended it.
 */
export class SetupError extends Error {
  override readonly name = 'SetupError'

  constructor(message: string, options?: ErrorOptions) {
    super(message, options)
    // Foreseen: where it came about helps nobody.
    Object.assign(this, { stack: undefined })
  }
}
