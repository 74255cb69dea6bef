/** Answers that go to the socket past Fastify's reply, whose way there takes 7 % of the shortest of them. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Metering } from '../apollo/metering.ts'
import { securityHeaders } from '../refusals/security-headers.ts'

/** A body as it is sent. */
export interface Sendable {
  /** Text goes out in one piece with the headers before it. */
  readonly body: string | Buffer
  /** In bytes. */
  readonly length: number
}

export interface Straight extends Sendable {
  readonly contentType: string
  readonly cacheControl: string
}

/** A text of fewer letters is sent as it is; what is longer takes less time as bytes. */
const SHORT = 16_384
/** The same for what is sent again and again, whose bytes are made but once. */
export const SHORT_KEPT = 2_048

export const sendable = (text: string, short = SHORT): Sendable => {
  if (text.length < short) return { body: text, length: Buffer.byteLength(text) }
  const body = Buffer.from(text)
  return { body, length: body.length }
}

/** Sends it with the status 200 and the headers that every answer has, and counts it as a query answered since `from`. */
export type SendStraight = (
  request: FastifyRequest,
  reply: FastifyReply,
  answer: Straight,
  from: number,
) => void

export interface SendStraightOptions {
  readonly metering: Metering | undefined
  readonly isStopping: () => boolean
}

export const createSendStraight =
  ({ metering, isStopping }: SendStraightOptions): SendStraight =>
  (request, reply, { body, length, contentType, cacheControl }, from) => {
    reply.hijack()
    reply.raw
      .writeHead(200, {
        ...securityHeaders(request.id),
        'content-type': contentType,
        'content-length': length,
        'cache-control': cacheControl,
        // A connection that outlives its last answer would hold up a stop.
        ...(isStopping() ? { connection: 'close' } : undefined),
      })
      .end(body)
    metering?.operation('query', 'ok', performance.now() - from)
  }
