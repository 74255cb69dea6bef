/**
 * The failures we foresaw. Each is told apart by its type and its literal `code`, never by its message;
 * a message is fit for the caller and never holds a key, a body or a customer's row.
 */

/** Where an error may be shown to a caller, every code of `extensions.code` that is our own. */
export type ErrorCode =
  | 'BAD_USER_INPUT'
  | 'UNAUTHENTICATED'
  | 'FORBIDDEN'
  | 'CONFLICT'
  | 'OUTCOME_UNKNOWN'
  | 'NOT_RECORDED'
  | 'RATE_LIMITED'
  | 'BUDGET_EXCEEDED'
  | 'PERSISTED_QUERY_NOT_FOUND'
  | 'PERSISTED_QUERY_NOT_SUPPORTED'
  | 'QUERY_NOT_IN_SAFELIST'
  | 'TOO_SLOW'
  | 'UPSTREAM_TIMEOUT'
  | 'UPSTREAM_UNAVAILABLE'
  | 'UPSTREAM_INVALID'

const ofCallers: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'BAD_USER_INPUT',
  'RATE_LIMITED',
  'PERSISTED_QUERY_NOT_FOUND',
  'PERSISTED_QUERY_NOT_SUPPORTED',
  'QUERY_NOT_IN_SAFELIST',
])

/** A failure we foresaw; `fields` become members of `extensions` beside `code`. */
export class GatewayError extends Error {
  readonly code: ErrorCode
  readonly fields: Readonly<Record<string, unknown>>

  constructor(
    code: ErrorCode,
    message: string,
    fields: Readonly<Record<string, unknown>> = {},
    cause?: unknown,
  ) {
    // Of these there can be thousands a second. Nobody looks for them in our code, and the trace is what takes the time.
    const limit = Error.stackTraceLimit
    if (ofCallers.has(code)) Error.stackTraceLimit = 0
    super(message, cause === undefined ? undefined : { cause })
    Error.stackTraceLimit = limit
    this.name = new.target.name
    this.code = code
    this.fields = fields
  }
}

/** The caller asks what cannot be asked; `path` leads to the argument, or is the setting that allows no more than `max`. */
export class BadInputError extends GatewayError {
  constructor(message: string, path?: string, max?: number) {
    super('BAD_USER_INPUT', message, {
      ...(path === undefined ? {} : { path }),
      ...(max === undefined ? {} : { limit: path, max }),
    })
  }
}

/** Push refused with 429, or our own queue is longer than the caller can wait. */
export class RateLimitedError extends GatewayError {
  /** When asking again makes sense, in milliseconds from now; undefined where nobody said. */
  readonly retryAfterMs: number | undefined

  constructor(message: string, retryAfterMs?: number, cause?: unknown) {
    super('RATE_LIMITED', message, retryAfterMs === undefined ? {} : { retryAfterMs }, cause)
    this.retryAfterMs = retryAfterMs
  }
}

/** The caller, or all callers together, have as much as `limit` allows, a setting whose value is `max`. */
export class CallerLimitError extends GatewayError {
  readonly retryAfterMs: number

  constructor(
    message: string,
    fields: { readonly limit: string; readonly max: number; readonly retryAfterMs: number },
  ) {
    super('RATE_LIMITED', message, fields)
    this.retryAfterMs = fields.retryAfterMs
  }
}

/** The settings that say what an operation may spend on requests to Push. */
export type BudgetLimit = 'PUSHGRAPH_MAX_REQUESTS' | 'PUSHGRAPH_MAX_WAIT_MS'

/** The operation's budget of requests or time does not suffice for an answer that cannot be partial; `limit` says which. */
export class BudgetError extends GatewayError {
  constructor(
    message: string,
    requestsNeeded: number,
    retryAfterMs: number,
    limit: BudgetLimit = 'PUSHGRAPH_MAX_REQUESTS',
  ) {
    // Estimates have fractions; who waits needs none.
    super('BUDGET_EXCEEDED', message, {
      limit,
      requestsNeeded,
      retryAfterMs: Math.ceil(retryAfterMs),
    })
  }
}

/** The operation goes beyond what one may cost: `limit` is the setting that says so, `max` what it allows. */
export class LimitError extends GatewayError {
  constructor(
    message: string,
    { limit, value, max }: { readonly limit: string; readonly value: number; readonly max: number },
  ) {
    super('BUDGET_EXCEEDED', message, { limit, value, max })
  }
}

/** Push gave no answer in time. */
export class UpstreamTimeoutError extends GatewayError {
  constructor(message: string, timeoutMs: number, cause?: unknown) {
    super('UPSTREAM_TIMEOUT', message, { timeoutMs }, cause)
  }
}

/** No connection to Push, or an answer by which it says that it cannot answer now: 5xx, 408, 425. */
export class UpstreamUnavailableError extends GatewayError {
  /** When asking again makes sense, in milliseconds from now; undefined where nobody said. */
  readonly retryAfterMs: number | undefined

  constructor(message: string, status?: number, cause?: unknown, retryAfterMs?: number) {
    const fields = {
      ...(status === undefined ? {} : { status }),
      ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    }
    super('UPSTREAM_UNAVAILABLE', message, fields, cause)
    this.retryAfterMs = retryAfterMs
  }
}

/** An answer of Push that cannot be read; `path` leads to the part of it, never to its value. */
export class UpstreamInvalidError extends GatewayError {
  constructor(message: string, path: string, cause?: unknown) {
    super('UPSTREAM_INVALID', message, { path }, cause)
  }
}

/**
 * Push refused the request itself: 400, 403 and the like; or it, or whoever stands before it, answered with something
 * that is no answer to such a request, as a redirect is none. Never retried.
 */
export class UpstreamRefusedError extends GatewayError {
  readonly status: number

  constructor(message: string, status: number) {
    super(refusalCode(status), message, { status })
    this.status = status
  }
}

/** A change was sent, and nobody can say whether Push made it: it may have. `because` is what became of the answer. */
export class OutcomeUnknownError extends GatewayError {
  constructor(message: string, fields: Readonly<Record<string, unknown>>, because?: GatewayError) {
    super(
      'OUTCOME_UNKNOWN',
      message,
      because === undefined ? fields : { reason: because.code, ...fields },
      because,
    )
  }
}

/** Whether Push would not have this key. */
export const isKeyRefusal = (error: unknown): boolean =>
  error instanceof UpstreamRefusedError && (error.status === 401 || error.status === 403)

const refusalCode = (status: number): ErrorCode => {
  if (status === 400 || status === 422) return 'BAD_USER_INPUT'
  return status === 401 || status === 403 || status === 404 ? 'FORBIDDEN' : 'UPSTREAM_INVALID'
}

/** Settings that cannot be used: every problem at once, never with a value. Ends the process with exit code 2. */
export class ConfigError extends Error {
  readonly problems: readonly string[]

  constructor(problems: readonly string[]) {
    super(`The settings cannot be used:\n${problems.map(problem => `  - ${problem}`).join('\n')}`)
    this.name = 'ConfigError'
    this.problems = problems
  }
}

/** What was thrown, as an Error; whatever else it was becomes the cause. */
export const toError = (thrown: unknown): Error =>
  thrown instanceof Error ? thrown : new Error('The reading was given up', { cause: thrown })
