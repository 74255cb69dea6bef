/** How answers leave: past Fastify's reply, whose way to the socket takes 7 % of the shortest of them. */
import type { OutgoingHttpHeaders } from 'node:http'
import { pipeline, Readable } from 'node:stream'
import type { FastifyReply } from 'fastify'
import type { Text } from '../../graphql/compiled/text.ts'
import { andThen, type Maybe } from '../../model/maybe.ts'
import { acceptedCoding } from '../packing/accepted-coding.ts'
import { type Coding, packingStream, packWhole } from '../packing/codings.ts'
import { bytesOf, type WholeBody } from '../packing/packed-bodies.ts'
import { securityHeaders } from '../refusals/security-headers.ts'
import type { Answer, Exchange, Sendable } from './answerer.ts'
import { namesTag, tagOfAnswer } from './entity-tag.ts'

/** A text of fewer letters is sent as it is; what is longer takes less time as bytes. */
const SHORT = 16_384
/** The same for what is sent again and again, whose bytes are made but once. */
export const SHORT_KEPT = 2_048

export const sendable = (text: Text, short = SHORT): Sendable => {
  if (typeof text !== 'string')
    return {
      body: text.pieces,
      length: text.pieces.reduce((sum, piece) => sum + piece.length, 0),
    }
  if (text.length < short) {
    const length = Buffer.byteLength(text)
    // Letters of one byte each, as nearly all answers have, are copied and not looked at: 8 % of a short answer's time.
    return { body: text, length, encoding: length === text.length ? 'latin1' : 'utf8' }
  }
  const body = Buffer.from(text)
  return { body, length: body.length }
}

/** Of what is shorter, packing saves less than it takes. */
const SHORTEST_PACKED = 1_024

type Replied = Pick<Exchange<unknown>, 'request' | 'reply'>

/**
 * Sends it with the headers that every answer has, in the coding that its caller takes best; resolves to the bytes that
 * wait to be taken then.
 */
export const sendAnswer = (
  exchange: Replied,
  answer: Answer,
  isStopping: () => boolean,
): Maybe<number> => {
  const { headers, method } = exchange.request
  const tag = method === 'GET' ? tagOfAnswer(answer) : undefined
  if (tag !== undefined) {
    if (namesTag(headers['if-none-match'], tag))
      return sendUnmodified(exchange, answer, tag, isStopping)
    answer = { ...answer, headers: { ...answer.headers, etag: tag } }
  }
  const accepted = acceptedCoding(headers['accept-encoding'])
  return accepted === undefined || (answer.length < SHORTEST_PACKED && !accepted.always)
    ? send(exchange, answer, isStopping)
    : sendPacked(exchange, answer, accepted.coding, isStopping)
}

const sendPacked = (
  exchange: Replied,
  answer: Answer,
  coding: Coding,
  isStopping: () => boolean,
): Maybe<number> => {
  const headers = { ...answer.headers, 'content-encoding': coding }
  const { body, packed } = answer
  // What is long and sent but once is packed while it is sent.
  if (packed === undefined && isInPieces(body)) {
    const { raw } = open(exchange, { ...answer, headers, length: undefined }, isStopping)
    pipeline(Readable.from(body), packingStream(coding), raw, () => undefined)
    return answer.length
  }
  return andThen(packed?.in(coding) ?? packWhole(coding, bytesOf(body)), bytes => {
    const { length } = bytes
    const { raw } = open(exchange, { status: answer.status, headers, length }, isStopping)
    // As text that has a letter for each byte, it leaves in one piece with the headers before it.
    if (length < SHORT_KEPT) raw.end(bytes.toString('latin1'), 'latin1')
    else raw.end(bytes)
    return raw.writableLength
  })
}

/** The caller has it already. */
const sendUnmodified = (
  exchange: Replied,
  { headers }: Answer,
  etag: string,
  isStopping: () => boolean,
): number => {
  const kept = { etag, 'cache-control': headers['cache-control'] }
  open(exchange, { status: 304, headers: kept, length: undefined }, isStopping).raw.end()
  return 0
}

const send = (exchange: Replied, answer: Answer, isStopping: () => boolean): number => {
  const { raw } = open(exchange, answer, isStopping)
  const { body, encoding } = answer
  if (typeof body === 'string') raw.end(body, encoding ?? 'utf8')
  else if (isInPieces(body)) {
    for (const piece of body) raw.write(piece)
    raw.end()
  } else raw.end(body)
  return raw.writableLength
}

interface Head extends Pick<Answer, 'status' | 'headers'> {
  /** Undefined where there is no body, or one that comes in parts. */
  readonly length: number | undefined
}

/** The reply once its headers are written. */
const open = (
  { request, reply }: Replied,
  { status, headers, length }: Head,
  isStopping: () => boolean,
): FastifyReply => {
  reply.hijack()
  const all: OutgoingHttpHeaders = { ...securityHeaders(request.id), ...headers, vary: VARY }
  if (length !== undefined) all['content-length'] = length
  // A connection that outlives its last answer would hold up a stop.
  if (isStopping()) all.connection = 'close'
  reply.raw.writeHead(status, all)
  return reply
}

const isInPieces = (body: WholeBody): body is readonly Buffer[] => Array.isArray(body)

/** JSON of which kind, or a stream, packed how, for whom, and for pages of which site: caches keep them apart. */
export const VARY = 'accept, accept-encoding, authorization, origin'
