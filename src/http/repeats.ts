/** Answers sent once more: to whom they are, and how they look by then. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import { aged } from './cache-control.ts'
import { keepAnswers, type KeptAnswersOptions } from './kept-answers.ts'
import type { Metering } from './metrics.ts'

export interface Repeats {
  /** Sends the answer that this request got before, if it still stands and the caller is let in; false where not. */
  answer(request: FastifyRequest, reply: FastifyReply): boolean
  /** Keeps an answer that has just been made, where it may stand for a while. */
  keep(request: FastifyRequest, reply: FastifyReply, body: unknown): void
}

export interface RepeatsOptions extends KeptAnswersOptions {
  readonly metering: Metering | undefined
}

/** Beyond this, to copy a text behind its headers takes longer than to send them one after the other. */
const SHORT = 16_384

export const createRepeats = ({ metering, ...options }: RepeatsOptions): Repeats => {
  const kept = keepAnswers(options)
  return {
    answer: (request, reply) => {
      const from = performance.now()
      const again = request.answeredBefore
      if (again === undefined) return false
      const { operationName, contentType, cacheControl, sentAt, body } = again
      request.notes = {
        log: request.log,
        codes: new Set(),
        ...(operationName === undefined ? {} : { operationName }),
      }
      void reply
        .header('content-type', contentType)
        .header('cache-control', aged(cacheControl, from - sentAt))
        .send(body)
      metering?.operation('query', 'ok', performance.now() - from)
      metering?.answeredAgain()
      return true
    },

    keep: (request, reply, body) => {
      kept.keep(request, () => {
        const about = request.notes
        const stands = about?.stands?.()
        if (stands === undefined || typeof body !== 'string' || reply.statusCode !== 200)
          return undefined
        return {
          body: body.length < SHORT ? body : Buffer.from(body),
          contentType: String(reply.getHeader('content-type')),
          cacheControl: String(reply.getHeader('cache-control')),
          sentAt: performance.now(),
          operationName: about?.operationName,
          stands,
        }
      })
    },
  }
}
