/** The way to Push and back: one HTTP request, one answer, whatever its status. */
import type { IncomingHttpHeaders } from 'node:http'
import { type Dispatcher, Pool, errors } from 'undici'
import {
  GatewayError,
  UpstreamInvalidError,
  UpstreamTimeoutError,
  UpstreamUnavailableError,
} from '../../errors.ts'
import type { Clock } from '../../model/clock.ts'
import { readCodings, unpackBody } from '../../model/http/content-coding.ts'
import { readRetryAfter } from '../../model/http/retry-after.ts'

export interface UpstreamRequest {
  /** Path below the base URL, with its query. */
  readonly path: string
  readonly key: string
  readonly timeoutMs: number
  /** Where it is to change something; reads where absent. */
  readonly write?: TransportWrite | undefined
  /** Asked when there is a connection, before the first byte leaves: where not, nothing is sent. */
  readonly mayLeave?: (() => boolean) | undefined
}

export interface TransportWrite {
  readonly method: 'PATCH' | 'DELETE'
  /** JSON. */
  readonly body: string | undefined
  /** Called before the first byte of it leaves. */
  readonly onSent: () => void
}

export interface UpstreamResponse {
  readonly status: number
  readonly body: string
  /** What a `Retry-After` header says. */
  readonly retryAfterMs: number | undefined
  /** What a `Date` header says of a write, in UNIX seconds. */
  readonly dateSeconds?: number | undefined
}

/** Nobody is there: no such name, no way to it, or nobody who listens. */
export class UnreachableError extends UpstreamUnavailableError {}

/** By the time there was a connection, it was too late to send anything. */
export class NotSentError extends UpstreamUnavailableError {
  constructor() {
    super('The request waited too long for a connection to Push, and was not sent.')
  }
}

/** What says so, of the codes of the system. */
const UNREACHABLE: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
])

/**
 * @throws {UpstreamTimeoutError} when the whole answer is not there after `timeoutMs`
 * @throws {UnreachableError} when nobody is there
 * @throws {NotSentError} when `mayLeave` says no
 * @throws {UpstreamUnavailableError} when there is no connection, or it breaks
 * @throws {UpstreamInvalidError} when the body is too large or cannot be unpacked
 */
export type Transport = (request: UpstreamRequest) => Promise<UpstreamResponse>

export interface HttpTransport {
  readonly send: Transport
  /** Ends the connections; requests on their way fail. */
  close(): Promise<void>
}

const CONNECT_TIMEOUT_MS = 5000
/** A page of 1,000 rows is about a megabyte. */
const MAX_BODY_BYTES = 32 * 1024 * 1024

/** A transport over kept-alive connections to `url`; redirects are answers like others, never followed. */
export const createTransport = ({ url, clock }: { url: string; clock: Clock }): HttpTransport => {
  const { origin, pathname } = new URL(url)
  const base = pathname.replace(/\/+$/, '')
  const options = {
    allowH2: false,
    connect: { timeout: CONNECT_TIMEOUT_MS },
    // The whole answer has its own limit, `timeoutMs`, which may be longer than any silence that undici allows.
    headersTimeout: 0,
    bodyTimeout: 0,
    maxResponseSize: MAX_BODY_BYTES,
  }
  // At most a burst of requests is ever on its way, so no limit of connections of its own is needed.
  const pool = new Pool(origin, { ...options, pipelining: 1 })
  // A write has a connection of its own: one that Push closes just then would leave open whether it was made.
  const forWrites = new Pool(origin, { ...options, pipelining: 0 })

  const read = async (answer: Answer): Promise<UpstreamResponse> => {
    const body = (await unpack(answer)).toString('utf8')
    return {
      status: answer.status,
      // Some servers begin with a byte order mark, which JSON does not know.
      body: body.startsWith('\ufeff') ? body.slice(1) : body,
      retryAfterMs: readRetryAfter(answer.headers, clock.now()),
    }
  }

  return {
    send: async ({ path, key, timeoutMs, write, mayLeave }) => {
      const { method = 'GET', body } = write ?? {}
      const request = {
        method,
        path: base + path,
        headers: {
          'x-api-key': key,
          accept: 'application/json',
          'accept-encoding': 'gzip',
          'user-agent': 'pushgraph',
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(body === undefined ? {} : { body }),
      }
      const { answer, giveUp } = exchange(write === undefined ? pool : forWrites, request, {
        onSent: write?.onSent,
        mayLeave,
      })
      const stop = clock.after(timeoutMs, () => {
        giveUp(new UpstreamTimeoutError(`Push gave no answer within ${timeoutMs} ms.`, timeoutMs))
      })
      try {
        const given = await answer
        const response = await read(given)
        return write === undefined
          ? response
          : { ...response, dateSeconds: readDate(given.headers) }
      } catch (error) {
        throw error instanceof GatewayError ? error : explain(error, origin)
      } finally {
        stop()
      }
    },
    close: async () => {
      await Promise.all([pool.destroy(), forWrites.destroy()])
    },
  }
}

interface Answer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly bytes: Buffer
}

interface Exchange {
  /** Rejects with what broke the connection, or with what it was given up for. */
  readonly answer: Promise<Answer>
  readonly giveUp: (reason: Error) => void
}

/**
 * One request, and its whole answer. Not by way of a stream, as `pool.request` would have it: what that makes of each
 * answer lives long enough to need full collections, and the bodies with it. Measured with 320 answers of 650 kB: 2 to 5
 * full collections instead of 10 to 12, and half the time in all collections.
 */
const exchange = (
  pool: Pool,
  request: Dispatcher.DispatchOptions,
  {
    onSent,
    mayLeave,
  }: { readonly onSent?: (() => void) | undefined } & Pick<UpstreamRequest, 'mayLeave'>,
): Exchange => {
  const { promise, resolve, reject } = Promise.withResolvers<Answer>()
  const chunks: Buffer[] = []
  let status = 0
  let headers: IncomingHttpHeaders = {}
  let givenUp: Error | undefined
  let abort: ((reason: Error) => void) | undefined

  pool.dispatch(request, {
    onRequestStart: controller => {
      if (givenUp === undefined && mayLeave?.() === false) givenUp = new NotSentError()
      if (givenUp !== undefined) controller.abort(givenUp)
      else onSent?.()
      abort = reason => controller.abort(reason)
    },
    onResponseStart: (_controller, code, sent) => {
      status = code
      headers = sent
    },
    onResponseData: (_controller, chunk) => {
      chunks.push(chunk)
    },
    onResponseEnd: () => {
      // From here on the connection may be at work for another request.
      abort = undefined
      resolve({ status, headers, bytes: Buffer.concat(chunks) })
    },
    onResponseError: (_controller, error) => reject(error),
  })

  return {
    answer: promise,
    giveUp: reason => {
      givenUp = reason
      reject(reason)
      abort?.(reason)
    },
  }
}

const readDate = ({ date }: IncomingHttpHeaders): number | undefined => {
  const ms = date === undefined ? NaN : Date.parse(date)
  return Number.isNaN(ms) ? undefined : Math.floor(ms / 1_000)
}

/** The body as it was before it was packed: more than gzip is not asked for, but servers on the way may send it. */
const unpack = async ({ headers, bytes }: Answer): Promise<Buffer> => {
  if (bytes.length === 0) return bytes
  const codings = readCodings(headers['content-encoding']?.toString())
  if (codings === undefined)
    throw new UpstreamInvalidError("Push's answer is packed in a way that was not asked for.", '')
  return codings.length === 0 ? bytes : unpackBody(codings, bytes, MAX_BODY_BYTES)
}

const explain = (error: unknown, origin: string): Error => {
  if (error instanceof errors.ConnectTimeoutError)
    return new UpstreamTimeoutError(
      `No connection to ${origin} within ${CONNECT_TIMEOUT_MS} ms.`,
      CONNECT_TIMEOUT_MS,
      error,
    )
  if (error instanceof errors.ResponseExceededMaxSizeError)
    return new UpstreamInvalidError(
      `Push's answer is larger than ${MAX_BODY_BYTES} bytes.`,
      '',
      error,
    )
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'no code'
  if (/^Z_|^ERR__?(?:ERROR|BROTLI)_/.test(code) || code === 'ERR_BUFFER_TOO_LARGE')
    return new UpstreamInvalidError("Push's answer cannot be unpacked.", '', error)
  const message = `The connection to ${origin} failed (${code}).`
  return UNREACHABLE.has(code)
    ? new UnreachableError(message, undefined, error)
    : new UpstreamUnavailableError(message, undefined, error)
}
