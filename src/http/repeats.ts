/** Answers sent once more: to whom they are, and how they look by then. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { aged } from './cache-control.ts'
import { keepAnswers } from './kept-answers.ts'
import type { Log } from './log.ts'
import type { Metering } from './metrics.ts'

export interface Repeats {
  /** Sends the answer that this request got before, if it still stands and the caller is let in; false where not. */
  answer(request: FastifyRequest, reply: FastifyReply): Promise<boolean>
  /** Keeps an answer that has just been made, where it may stand for a while. */
  keep(request: FastifyRequest, reply: FastifyReply, body: unknown): void
}

export interface RepeatsOptions {
  readonly app: FastifyInstance
  /** Whether the caller is let in, who may have been an hour ago and not be now. */
  readonly isAdmitted: (request: FastifyRequest) => Promise<boolean>
  readonly metering: Metering | undefined
}

export const createRepeats = ({ app, isAdmitted, metering }: RepeatsOptions): Repeats => {
  const kept = keepAnswers(app)
  return {
    answer: async (request, reply) => {
      const from = performance.now()
      const again = kept.find(request)
      if (again === undefined || !(await isAdmitted(request))) return false
      metering?.operation('query', 'ok', performance.now() - from)
      metering?.answeredAgain()
      const { operationName } = again
      request.notes = {
        log: request.log as Log,
        codes: new Set(),
        ...(operationName === undefined ? {} : { operationName }),
      }
      void reply
        .header('content-type', again.contentType)
        .header('cache-control', aged(again.cacheControl, performance.now() - again.sentAt))
        .send(again.body)
      return true
    },

    keep: (request, reply, body) => {
      kept.keep(request, () => {
        const about = request.notes
        const stands = about?.stands?.()
        if (stands === undefined || typeof body !== 'string' || reply.statusCode !== 200)
          return undefined
        return {
          body: Buffer.from(body),
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
