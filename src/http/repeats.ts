/** Answers sent once more: to whom they are, and how they look by then. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import { aging } from './answering/cache-control.ts'
import { keepAnswers, type KeptAnswersOptions } from './answering/response-cache.ts'
import { sendable, type SendStraight, SHORT_KEPT } from './answering/raw-reply.ts'

export interface Repeats {
  /** Sends the answer that this request got before, if it still stands and the caller is let in; false where not. */
  answer(request: FastifyRequest, reply: FastifyReply): boolean
  /** Keeps an answer that has just been made, where it may stand for a while. */
  keep(
    request: FastifyRequest,
    answer: {
      readonly body: string
      readonly contentType: string
      readonly cacheControl: string
    },
  ): void
}

export interface RepeatsOptions extends KeptAnswersOptions {
  readonly send: SendStraight
}

export const createRepeats = ({ send, ...options }: RepeatsOptions): Repeats => {
  const kept = keepAnswers(options)
  return {
    answer: (request, reply) => {
      const from = performance.now()
      const again = request.answeredBefore
      if (again === undefined) return false
      const { operationName, contentType, cacheControl, sentAt, body, length } = again
      request.notes = { log: request.log, operationName }
      const straight = { body, length, contentType, cacheControl: cacheControl(from - sentAt) }
      send(request, reply, straight, from)
      return true
    },

    keep: (request, { body, contentType, cacheControl }) => {
      kept.keep(request, () => {
        const about = request.notes
        const validator = about?.validator?.()
        if (validator === undefined) return undefined
        return {
          ...sendable(body, SHORT_KEPT),
          contentType,
          cacheControl: aging(cacheControl),
          sentAt: performance.now(),
          operationName: about?.operationName,
          validator,
        }
      })
    },
  }
}
