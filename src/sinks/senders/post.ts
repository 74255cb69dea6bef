/** One HTTP request with a body, and what the receiver answers; all that senders over HTTP have in common. */
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import { Pool } from 'undici'
import type { Clock } from '../../model/clock.ts'
import { readRetryAfter } from '../../model/http/retry-after.ts'
import type { TlsSettings } from '../../model/sinks/receiver.ts'
import { NotNowError, SetupError } from '../sender.ts'
import { withDeadline } from '../deadline.ts'
import { toTlsOptions } from './tls-options.ts'
import { systemCode } from '../../model/system/system-code.ts'

/** How long what may take. */
export interface HttpDeadlines {
  readonly connectMs: number
  /** From the first byte of the request to the last one of the answer, the connection included. */
  readonly answerMs: number
}

const usualHttpDeadlines: HttpDeadlines = { connectMs: 10_000, answerMs: 60_000 }

export interface PostOptions {
  readonly url: string
  readonly tls?: TlsSettings | undefined
  readonly clock: Clock
  readonly deadlines?: HttpDeadlines | undefined
}

export interface Posting {
  /** Appended to the path of the URL. */
  readonly path?: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: Buffer
  /** Packs the body on its way. */
  readonly gzip?: boolean | undefined
}

export interface Reply {
  readonly status: number
  /** The first bytes of it: nobody has to tell us more. */
  readonly body: string
  readonly retryAfterMs: number | undefined
}

export interface Poster {
  /**
   * The answer, whatever its status, once it is whole. Redirects are answers like others, and never followed.
   *
   * @throws {NotNowError} where there is no connection, it breaks, or the answer is not there in time
   * @throws the signal's reason where that aborts
   */
  post(posting: Posting, signal: AbortSignal): Promise<Reply>
  /** Who receives it, fit to be shown: no user, no path, no query. */
  readonly origin: string
  close(): Promise<void>
}

/** More than any answer that means something, such as one that has a word about each item. */
const MAX_REPLY_BYTES = 1024 * 1024

const pack = promisify(gzip)

/** Posts to one receiver over connections that are kept. */
export const createPoster = (options: PostOptions): Poster => {
  const { clock, tls, deadlines = usualHttpDeadlines } = options
  const { origin, pathname, search } = new URL(options.url)
  const pool = new Pool(origin, {
    allowH2: false,
    pipelining: 1,
    connections: 1,
    connect: {
      timeout: deadlines.connectMs,
      ...toTlsOptions(tls),
    },
    // The whole answer has its own limit.
    headersTimeout: 0,
    bodyTimeout: 0,
  })
  const exchange = async (
    { path = '', headers, body, gzip: packs = false }: Posting,
    signal: AbortSignal,
  ): Promise<Reply> => {
    const packed = packs ? await pack(body) : body
    const answer = await pool.request({
      method: 'POST',
      path: `${path === '' ? pathname : pathname.replace(/\/+$/, '')}${path}${search}`,
      headers: {
        'user-agent': 'pushgraph',
        accept: 'application/json',
        ...(packs ? { 'content-encoding': 'gzip' } : {}),
        ...headers,
      },
      body: packed,
      signal,
    })
    return {
      status: answer.statusCode,
      body: await readStart(answer.body),
      retryAfterMs: readRetryAfter(answer.headers, clock.now()),
    }
  }

  return {
    origin,
    post: async (posting, signal) => {
      const { answerMs } = deadlines
      const message = `${origin} gave no answer within ${answerMs} ms`
      try {
        return await withDeadline({ ms: answerMs, message, clock }, signal, inTime =>
          exchange(posting, inTime),
        )
      } catch (error) {
        if (signal.aborted) throw signal.reason as Error
        if (error instanceof NotNowError) throw error
        throw new NotNowError(`The connection to ${origin} failed (${connectionCode(error)})`)
      }
    },
    close: () => pool.destroy(),
  }
}

/**
 * What an answer means that is neither an acceptance nor a refusal of what was sent.
 *
 * @param statement Who answered what, as `Splunk answered 503 with code 9`.
 */
export const otherAnswer = (reply: Reply, statement: string): Error => {
  const { status, retryAfterMs } = reply
  if (status === 408 || status === 429 || status >= 500)
    return new NotNowError(statement, retryAfterMs)
  const hint = status >= 300 && status < 400 ? '; redirects are not followed' : ''
  return new SetupError(`${statement}${hint}`)
}

/** What the system or TLS call the failure: never its message, which may quote what was sent. */
export const connectionCode = (error: unknown): string => systemCode(error) ?? 'no code'

const readStart = async (body: AsyncIterable<Buffer>): Promise<string> => {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of body) {
    chunks.push(chunk)
    size += chunk.length
    // The rest goes with the connection.
    if (size >= MAX_REPLY_BYTES) break
  }
  return Buffer.concat(chunks).subarray(0, MAX_REPLY_BYTES).toString('utf8')
}
