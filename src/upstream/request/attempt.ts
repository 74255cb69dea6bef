/**
 * One attempt to get an answer from Push: a token of the bucket, the request, and what its status means. The bucket, the
 * latency, the circuit and whoever counts learn of it.
 */
import { GatewayError, RateLimitedError, UpstreamTimeoutError } from '../../errors.ts'
import type { Clock } from '../../model/clock.ts'
import { readAnswer, readWriteAnswer } from './answer.ts'
import type { Circuit } from './circuit.ts'
import type { OnEvent } from '../contract/events.ts'
import type { Latency } from '../state/latency.ts'
import type { Grant, Limiter } from '../limiter/limiter.ts'
import { attemptTimeout, isTransient, pauseAfter, retryPolicy } from './retry.ts'
import type { Flight } from './single-flight.ts'
import { NotSentError, type Transport, type TransportWrite, UnreachableError } from './transport.ts'

export interface RequestPath {
  /** Path below the base URL, with its query. */
  readonly path: string
  /** What it asks for whatever the size of a page is by now: by this its answer is kept. The path where absent. */
  readonly question?: string
  /** The path without ids, such as `/accounts/{id}`: for metrics and logs. */
  readonly template: string
  /** Where it is to change something; reads where absent. */
  readonly write?: TransportWrite
}

export interface PushAnswer {
  /** The body as it came, and parsed. */
  readonly body: string
  readonly json: unknown
  /** When the request was sent, in milliseconds: what the answer says is no older. */
  readonly readAt: number
  /** When it was answered, by Push's clock (UNIX seconds); undefined where Push does not say. */
  readonly dateSeconds: number | undefined
}

/** What one attempt passes through. */
export interface AttemptOptions {
  readonly alias: string
  readonly clock: Clock
  readonly limiter: Limiter
  readonly latency: Latency
  readonly circuit: Circuit
  /** Whether Push has never answered, and others are asked the same who need not wait for it. */
  readonly isStrange: () => boolean
  readonly send: Transport
  readonly onEvent: OnEvent
}

/** So long a stranger may take to answer, in milliseconds: else none of those beside it could be answered in time. */
export const GREETING_MS = 3_000

/**
 * One attempt with `key`, the `number`-th (from 1) at this request. A request on its way is never called back: Push
 * counts it either way, and its connection serves the next one.
 *
 * @throws {CircuitOpenError} {NoTurnError} before anything is sent; see `readAnswer` and `Transport` for the rest
 */
export const attempt = async (
  options: AttemptOptions,
  requestPath: RequestPath,
  key: string,
  { urgency, onRequest }: Flight,
  number: number,
): Promise<PushAnswer> => {
  const { circuit, limiter, latency } = options
  circuit.check()
  const grant = await limiter.acquire(urgency, latency.averageMs())
  const verdict = beginOr(options, urgency.signal, grant)
  onRequest(grant.waitedMs)

  const readAt = options.clock.now()
  const report = (outcome: number | GatewayError): void => {
    const latencyMs = options.clock.now() - readAt
    options.onEvent({
      kind: 'request',
      path: requestPath.template,
      outcome: typeof outcome === 'number' ? outcome : outcome.code,
      priority: urgency.priority,
      waitedMs: grant.waitedMs,
      latencyMs,
      madeFor: urgency.madeFor,
      method: requestPath.write?.method ?? 'GET',
      resent: number - 1,
    })
  }
  const { path, write } = requestPath
  const isGreeting = write === undefined && options.isStrange()
  const patienceMs = attemptTimeout(
    retryPolicy,
    // What may have been changed by a write that was given up too soon, nobody knows.
    write === undefined ? number : retryPolicy.patientFrom,
    latency.timeoutMs(),
    urgency.deadline - readAt,
  )
  const timeoutMs = isGreeting ? Math.min(GREETING_MS, patienceMs) : patienceMs
  let status: number | undefined
  urgency.underWay = true
  try {
    const mayLeave = (): boolean => !grant.isStale()
    const response = await options.send({ path, key, timeoutMs, write, mayLeave })
    status = response.status
    grant.settle()
    if (status < 500 && status !== 429) latency.record(options.clock.now() - readAt)
    const json =
      write === undefined
        ? readAnswer(options.alias, response)
        : readWriteAnswer(options.alias, response, key)
    verdict.worked()
    report(status)
    return { body: response.body, json, readAt, dateSeconds: response.dateSeconds }
  } catch (error) {
    if (status === undefined) lost(error, grant, latency, timeoutMs)
    if (error instanceof RateLimitedError) await paused(options, readAt, error)
    const pauseMs = pauseAfter(error)
    if (pauseMs > 0) limiter.pause(pauseMs)
    if (isTransient(error))
      verdict.failed(
        error instanceof UnreachableError ||
          (isGreeting && (error instanceof UpstreamTimeoutError || number > 1)),
      )
    else verdict.worked()
    if (error instanceof GatewayError) report(status ?? error)
    throw error
  } finally {
    urgency.underWay = false
  }
}

/** The last look before sending: whoever waited may have left, and Push may have begun to fail. */
const beginOr = ({ circuit }: AttemptOptions, signal: AbortSignal, grant: Grant) => {
  try {
    signal.throwIfAborted()
    return circuit.begin()
  } catch (error) {
    grant.giveBack()
    throw error
  }
}

/** No answer came. What timed out may reach Push yet; a broken connection brings nothing there any more. */
const lost = (error: unknown, grant: Grant, latency: Latency, timeoutMs: number): void => {
  if (error instanceof NotSentError) {
    grant.giveBack()
    return
  }
  if (!(error instanceof UpstreamTimeoutError)) {
    grant.settle()
    return
  }
  grant.overdue()
  latency.record(timeoutMs)
}

const paused = async (
  { limiter, onEvent }: AttemptOptions,
  sentAt: number,
  error: RateLimitedError,
): Promise<void> =>
  onEvent({ kind: 'pause', pauseMs: await limiter.refused(sentAt, error.retryAfterMs) })
