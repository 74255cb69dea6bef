/**
 * The first answerer: whole answers as they were sent, since dashboards ask the same again and again. An answer is sent
 * once more only while it is known that answering anew would give the same text.
 */
import type { IncomingMessage } from 'node:http'
import type { FastifyRequest } from 'fastify'
import { LRUCache } from 'lru-cache'
import { andThen, type Maybe } from '../../model/maybe.ts'
import type { Rights } from '../../model/rights.ts'
import { type KeptNotes, keptNotesOf } from '../logging/operation-notes.ts'
import { PackedBodies } from '../packing/packed-bodies.ts'
import type { Answer, Exchange, GiveAnswer, Sendable } from './answerer.ts'
import { aging } from './cache-control.ts'
import { entityTagOf } from './entity-tag.ts'
import { sendable, SHORT_KEPT } from './raw-reply.ts'

/** Whether a complete answer would be given again now. */
export interface Validity {
  isStillValid(): boolean
  /** It is given again: that counts as an answer from the store. */
  givenAgain(): void
}

export interface ResponseCacheOptions<Context> {
  /** What the answer of that context rests on. */
  readonly validityOf: (context: Context) => Validity
  /** What the caller may see and do; undefined where nobody is asked who it is. */
  readonly rightsOf?: ((request: IncomingMessage) => Rights | undefined) | undefined
  /** Counts a query that was answered since that moment of `performance.now()`. */
  readonly count: (from: number) => void
}

interface KeptAnswer extends Sendable {
  readonly packed: PackedBodies
  readonly contentType: string
  /** Its header so many milliseconds after it was sent the first time, at that moment of `performance.now()`. */
  readonly cacheControl: (ms: number) => string
  readonly sentAt: number
  readonly notes: KeptNotes
  readonly validity: Validity
  /** Made once somebody asks by GET. */
  entityTag?: string
}

const MAX_BYTES = 16_777_216
/** Far more than dashboards have questions. */
const MAX_ANSWERS = 1_000
/** A larger answer would drive out too many others. */
const MAX_ANSWER_BYTES = 2_097_152
const MAX_REQUEST_LENGTH = 16_384

export interface CachedAnswers<Context> {
  readonly answer: GiveAnswer<Context>
  /** Keeps none of those that were given until now, nor of those that are being made. */
  forget(): void
}

/** Keeps answers from the second time on that the same is asked: what is asked once is not worth the memory. */
export const withResponseCache = <Context>(
  { validityOf, rightsOf, count }: ResponseCacheOptions<Context>,
  next: GiveAnswer<Context>,
): CachedAnswers<Context> => {
  const answers = new LRUCache<string, KeptAnswer>({
    max: MAX_ANSWERS,
    maxSize: MAX_BYTES,
    sizeCalculation: ({ length, packed }, key) => 2 * key.length + length + packed.bytes,
  })
  const metBefore = createMetBefore()
  let forgotten = 0

  const find = (key: string): KeptAnswer | undefined => {
    const answer = answers.get(key)
    if (answer === undefined || answer.validity.isStillValid()) return answer
    answers.delete(key)
    return undefined
  }

  const giveAgain = (exchange: Exchange<Context>, kept: KeptAnswer): Answer => {
    const { notes, contentType, cacheControl, sentAt, validity } = kept
    Object.assign(exchange.notes, notes)
    validity.givenAgain()
    count(exchange.receivedAt)
    const headers = {
      'content-type': contentType,
      'cache-control': cacheControl(exchange.receivedAt - sentAt),
    }
    const { body, length, encoding, packed } = kept
    const entityTag =
      exchange.request.method === 'GET' ? (kept.entityTag ??= entityTagOf(body)) : undefined
    return { status: 200, headers, body, length, encoding, entityTag, packed }
  }

  const keep = (key: string, exchange: Exchange<Context>, answer: Answer): void => {
    const context = answer.status === 200 && metBefore(key) ? exchange.opened() : undefined
    if (context === undefined || answer.length > MAX_ANSWER_BYTES) return
    const validity = validityOf(context)
    if (!validity.isStillValid()) return
    const { headers } = answer
    const sent = typeof answer.body === 'string' ? sendable(answer.body, SHORT_KEPT) : answer
    const { body, length, encoding } = sent
    const packed = new PackedBodies(body, () => {
      const kept = answers.peek(key)
      // It takes more room from now on.
      if (kept?.packed === packed) answers.set(key, { ...kept })
    })
    answers.set(key, {
      body,
      length,
      encoding,
      packed,
      contentType: String(headers['content-type']),
      cacheControl: aging(String(headers['cache-control'])),
      sentAt: performance.now(),
      notes: keptNotesOf(exchange.notes),
      validity,
    })
  }

  const anew = (exchange: Exchange<Context>, key: string): Maybe<Answer> => {
    const since = forgotten
    return andThen(next(exchange), answer => {
      if (since === forgotten) keep(key, exchange, answer)
      return answer
    })
  }

  return {
    answer: exchange => {
      const key = keyOf(exchange, rightsOf?.(exchange.request.raw))
      if (key === undefined) return next(exchange)
      const kept = find(key)
      return kept === undefined ? anew(exchange, key) : giveAgain(exchange, kept)
    },
    forget: () => {
      forgotten += 1
      answers.clear()
    },
  }
}

/** What the answer to a request is kept under; undefined where it is to have one of its own. */
const keyOf = (
  { request, text = addressOf(request) }: Exchange<unknown>,
  rights: Rights | undefined,
): string | undefined => {
  if (text === undefined || text.length > MAX_REQUEST_LENGTH) return undefined
  const { headers } = request
  let key = text
  for (const name in headers) {
    if (isNeutral(name)) continue
    // It has said by what rights the answer is given, and callers of the same are given the same.
    if (name === 'authorization' && rights !== undefined) continue
    if (narrowing.has(name)) return undefined
    key += `\n${name}: ${String(headers[name])}`
  }
  return rights === undefined ? key : `${key}\n${rights.key}`
}

/**
 * What a GET asks for, in letters with which no body begins. With the type of its body, though it has none: that shows
 * whether a page of another site may have sent it, which is looked at before an answer is made.
 */
const addressOf = ({ method, url, headers }: FastifyRequest): string | undefined =>
  method === 'GET' ? `GET ${url} ${headers['content-type'] ?? ''}` : undefined

/** With one of them a caller asks for an answer of its own. */
const narrowing: ReadonlySet<string> = new Set(['cache-control', 'pragma', 'x-pushgraph-plan'])

/** They say nothing that an answer could depend on. Requests that differ in any other header are different ones. */
const neutral: ReadonlySet<string> = new Set([
  'accept-encoding',
  'accept-language',
  'connection',
  // Its text is what was unpacked.
  'content-encoding',
  'content-length',
  // Of any kind that is read as JSON here.
  'content-type',
  'date',
  'dnt',
  'expect',
  'host',
  // With an offer of HTTP/2, which is ignored.
  'http2-settings',
  // It asks for the same answer, or none.
  'if-none-match',
  'keep-alive',
  'origin',
  'referer',
  'traceparent',
  'tracestate',
  'upgrade',
  'user-agent',
  'x-request-id',
])

const isNeutral = (name: string): boolean => neutral.has(name) || name.startsWith('sec-')

/** Numbers remembered: far more than the questions of dashboards. */
const SLOTS = 4_096
/** Letters at either end of a text that its number is made of: variables stand before the document or behind it. */
const ENDS = 512

/**
 * Tells whether the text came before, and remembers it without keeping it: most never come again, and each would be kept
 * for long in vain. Another text with the same number is rare, and forgotten is what came long ago: whoever asks must
 * bear both.
 */
export const createMetBefore = (): ((text: string) => boolean) => {
  const met = new Uint32Array(SLOTS)
  return text => {
    const number = numberOf(text)
    const slot = number % SLOTS
    if (met[slot] === number) return true
    met[slot] = number
    return false
  }
}

/** FNV-1a, never 0; of what is long, the middle counts by its length alone. */
const numberOf = (text: string): number => {
  const { length } = text
  let number = 0x811c9dc5 ^ length
  for (let at = 0; at < length; at += 1) {
    if (at === ENDS && length > 2 * ENDS) at = length - ENDS
    number = Math.imul(number ^ text.charCodeAt(at), 0x01000193)
  }
  return number >>> 0 || 1
}
