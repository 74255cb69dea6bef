/** How answers leave: past Fastify's reply, whose way to the socket takes 7 % of the shortest of them. */
import type { OutgoingHttpHeaders } from 'node:http'
import type { Text } from '../../graphql/compiled/text.ts'
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

/** Sends it with the headers that every answer has. */
export const sendAnswer = (
  { request, reply }: Pick<Exchange<unknown>, 'request' | 'reply'>,
  answer: Answer,
  isStopping: boolean,
): void => {
  const tag = request.method === 'GET' ? tagOfAnswer(answer) : undefined
  const isKnown = tag !== undefined && namesTag(request.headers['if-none-match'], tag)
  const { status, headers, body, length, encoding } = isKnown ? unmodified(answer) : answer
  reply.hijack()
  const { raw } = reply
  const all: OutgoingHttpHeaders = { ...securityHeaders(request.id), ...headers, vary: VARY }
  if (tag !== undefined) all.etag = tag
  if (!isKnown) all['content-length'] = length
  // A connection that outlives its last answer would hold up a stop.
  if (isStopping) all.connection = 'close'
  raw.writeHead(status, all)
  if (typeof body === 'string') {
    raw.end(body, encoding ?? 'utf8')
    return
  }
  if (Buffer.isBuffer(body)) {
    raw.end(body)
    return
  }
  for (const piece of body) raw.write(piece)
  raw.end()
}

/** JSON of which kind, or a stream, for whom, and for pages of which site: caches keep them apart. */
export const VARY = 'accept, authorization, origin'

/** The caller has it already. */
const unmodified = ({ headers }: Answer): Answer => ({
  status: 304,
  headers: { 'cache-control': headers['cache-control'] },
  body: '',
  length: 0,
})
