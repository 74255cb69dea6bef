/** The way to Push and back: one HTTP request, one answer, whatever its status. */
import { promisify } from 'node:util'
import { gunzip } from 'node:zlib'
import { Pool, errors } from 'undici'
import { UpstreamInvalidError, UpstreamTimeoutError, UpstreamUnavailableError } from '../errors.ts'
import type { Clock } from '../model/clock.ts'
import { readRetryAfter } from './retry-after.ts'

export interface UpstreamRequest {
  /** Path below the base URL, with its query. */
  readonly path: string
  readonly key: string
  readonly timeoutMs: number
}

export interface UpstreamResponse {
  readonly status: number
  readonly body: string
  /** What a `Retry-After` header says. */
  readonly retryAfterMs: number | undefined
}

/**
 * @throws {UpstreamTimeoutError} when the whole answer is not there after `timeoutMs`
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
/** The longest silence of a connection. The whole answer has its own, shorter, limit in `timeoutMs`. */
const SILENCE_MS = 15_000
/** A page of 1,000 rows is about a megabyte. */
const MAX_BODY_BYTES = 32 * 1024 * 1024

const unpack = promisify(gunzip)

/** A transport over kept-alive connections to `url`; redirects are answers like others, never followed. */
export const createTransport = ({ url, clock }: { url: string; clock: Clock }): HttpTransport => {
  const { origin, pathname } = new URL(url)
  const base = pathname.replace(/\/+$/, '')
  const pool = new Pool(origin, {
    // At most a burst of requests is ever on its way, so no limit of connections of its own is needed.
    pipelining: 1,
    allowH2: false,
    connect: { timeout: CONNECT_TIMEOUT_MS },
    headersTimeout: SILENCE_MS,
    bodyTimeout: SILENCE_MS,
    maxResponseSize: MAX_BODY_BYTES,
  })

  const exchange = async (
    { path, key }: UpstreamRequest,
    signal: AbortSignal,
  ): Promise<UpstreamResponse> => {
    const { statusCode, headers, body } = await pool.request({
      method: 'GET',
      path: base + path,
      headers: {
        'x-api-key': key,
        accept: 'application/json',
        'accept-encoding': 'gzip',
        'user-agent': 'pushgraph',
      },
      signal,
    })
    const bytes = Buffer.from(await body.arrayBuffer())
    const packed = headers['content-encoding'] === 'gzip' && bytes.length > 0
    const text = packed ? await unpack(bytes, { maxOutputLength: MAX_BODY_BYTES }) : bytes
    return {
      status: statusCode,
      body: text.toString('utf8'),
      retryAfterMs: readRetryAfter(headers, clock.now()),
    }
  }

  return {
    send: async request => {
      const giveUp = new AbortController()
      const stop = clock.after(request.timeoutMs, () => {
        giveUp.abort()
      })
      try {
        return await exchange(request, giveUp.signal)
      } catch (error) {
        if (giveUp.signal.aborted)
          throw new UpstreamTimeoutError(
            `Push gave no answer within ${request.timeoutMs} ms.`,
            request.timeoutMs,
          )
        throw explain(error, origin)
      } finally {
        stop()
      }
    },
    close: () => pool.destroy(),
  }
}

const explain = (error: unknown, origin: string): Error => {
  if (error instanceof errors.ConnectTimeoutError)
    return new UpstreamTimeoutError(
      `No connection to ${origin} within ${CONNECT_TIMEOUT_MS} ms.`,
      CONNECT_TIMEOUT_MS,
      error,
    )
  if (error instanceof errors.HeadersTimeoutError || error instanceof errors.BodyTimeoutError)
    return new UpstreamTimeoutError(`Push fell silent for ${SILENCE_MS} ms.`, SILENCE_MS, error)
  if (error instanceof errors.ResponseExceededMaxSizeError)
    return new UpstreamInvalidError(
      `Push's answer is larger than ${MAX_BODY_BYTES} bytes.`,
      '',
      error,
    )
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'no code'
  if (code.startsWith('Z_') || code === 'ERR_BUFFER_TOO_LARGE')
    return new UpstreamInvalidError("Push's answer cannot be unpacked.", '', error)
  return new UpstreamUnavailableError(
    `The connection to ${origin} failed (${code}).`,
    undefined,
    error,
  )
}
