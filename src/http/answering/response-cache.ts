/**
 * Whole answers as they were sent: dashboards ask the same again and again. An answer is sent once more only while it
 * is known that answering anew would give the same text.
 */
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { LRUCache } from 'lru-cache'
import { andThen, type Maybe } from '../../model/maybe.ts'
import { createMetBefore } from '../met-before.ts'
import type { Sendable } from './raw-reply.ts'

export interface KeptAnswer extends Sendable {
  readonly contentType: string
  /** Its header so many milliseconds after it was sent the first time, at that moment of `performance.now()`. */
  readonly cacheControl: (ms: number) => string
  readonly sentAt: number
  readonly operationName?: string | undefined
  /** Whether the answer would be given again now. */
  readonly validator: () => boolean
}

export interface KeptAnswers {
  /** Keeps an answer from the second time on that the same is asked; what is asked once is not worth the memory. */
  keep(request: FastifyRequest, make: () => KeptAnswer | undefined): void
}

declare module 'fastify' {
  interface FastifyRequest {
    /** What an answer to it is kept under. */
    answerKey?: string
    /** The answer to this very request, if it still stands and the caller is let in; then its body is not read. */
    answeredBefore?: KeptAnswer
  }
}

const MAX_BYTES = 16_777_216
/** Far more than dashboards have questions. */
const MAX_ANSWERS = 1_000
/** A larger answer would drive out too many others. */
const MAX_ANSWER_BYTES = 2_097_152
const MAX_REQUEST_LENGTH = 16_384

export interface KeptAnswersOptions {
  readonly app: FastifyInstance
  /** The path whose answers are kept. */
  readonly path: string
  /** Whether the caller is let in, who may have been an hour ago and not be now. */
  readonly isAdmitted: (request: FastifyRequest) => Maybe<boolean>
}

/** Reads JSON bodies, where no answer to the same text is kept; nothing of it outlives the server. */
export const keepAnswers = ({ app, path, isAdmitted }: KeptAnswersOptions): KeptAnswers => {
  const answers = new LRUCache<string, KeptAnswer>({
    max: MAX_ANSWERS,
    maxSize: MAX_BYTES,
    sizeCalculation: ({ length }, key) => 2 * key.length + length,
  })
  const metBefore = createMetBefore()

  const keyOf = (request: FastifyRequest, text: string): string | undefined => {
    const isAsked = request.method === 'POST' && request.routeOptions.url === path
    if (!isAsked || text.length > MAX_REQUEST_LENGTH) return undefined
    const { headers } = request
    let key = text
    for (const name in headers) {
      if (isNeutral(name)) continue
      if (narrowing.has(name)) return undefined
      key += `\n${name}: ${String(headers[name])}`
    }
    return key
  }

  const find = (key: string): KeptAnswer | undefined => {
    const answer = answers.get(key)
    if (answer === undefined || answer.validator()) return answer
    answers.delete(key)
    return undefined
  }

  app.decorateRequest('answerKey')
  app.decorateRequest('answeredBefore')
  const parse = app.getDefaultJsonParser('error', 'error')
  app.removeContentTypeParser('application/json')
  app.addContentTypeParser<string>(
    'application/json',
    { parseAs: 'string' },
    (request, text, done) => {
      const key = keyOf(request, text)
      const answer = key === undefined ? undefined : find(key)
      if (key !== undefined) request.answerKey = key
      if (answer === undefined) {
        void parse(request, text, done)
        return
      }
      void andThen(isAdmitted(request), isIn => {
        if (!isIn) {
          void parse(request, text, done)
          return
        }
        request.answeredBefore = answer
        done(null)
      })
    },
  )

  return {
    keep: ({ answerKey: key }, make) => {
      if (key === undefined) return
      if (!metBefore(key)) return
      const answer = make()
      if (answer !== undefined && answer.length <= MAX_ANSWER_BYTES) answers.set(key, answer)
    },
  }
}

/** With one of them a caller asks for an answer of its own. */
const narrowing: ReadonlySet<string> = new Set(['cache-control', 'pragma', 'x-pushgraph-plan'])

/** They say nothing that an answer could depend on. Requests that differ in any other header are different ones. */
const neutral: ReadonlySet<string> = new Set([
  'accept-encoding',
  'accept-language',
  'connection',
  'content-length',
  // Of any kind that is read as JSON here.
  'content-type',
  'date',
  'dnt',
  'expect',
  'host',
  'keep-alive',
  'origin',
  'referer',
  'traceparent',
  'tracestate',
  'user-agent',
  'x-request-id',
])

const isNeutral = (name: string): boolean => neutral.has(name) || name.startsWith('sec-')
