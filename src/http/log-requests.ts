/** One line per request, and the id that its lines share. */
import { randomUUID } from 'node:crypto'
import type { FastifyInstance } from 'fastify'
import type { OperationNotes } from './graphql.ts'
import { pathOf } from './refuse.ts'

/** The caller's own id where it can stand in a log line as it is. */
export const requestId = (request: {
  readonly headers: NodeJS.Dict<string | string[]>
}): string => {
  const given = request.headers['x-request-id']
  return typeof given === 'string' && /^[\w.:+/=-]{1,128}$/.test(given) ? given : randomUUID()
}

/** Logs each request when its answer has left or its caller has: pages, health checks and metrics at debug, the rest at info. */
declare module 'fastify' {
  interface FastifyRequest {
    /** What is known of the operation that it asks for, for the line that tells of it. */
    notes?: OperationNotes
  }
}

export const logRequests = (app: FastifyInstance): void => {
  app.decorateRequest('notes')
  app.addHook('onRequest', async (request, reply) => {
    const from = performance.now()
    reply.raw.once('close', () => {
      const about = request.notes
      const path = pathOf(request.url)
      const line = {
        method: request.method,
        path,
        status: reply.statusCode,
        ms: Math.round(performance.now() - from),
        ...(about?.operationName === undefined ? {} : { operationName: about.operationName }),
        ...(about === undefined || about.codes.size === 0 ? {} : { codes: [...about.codes] }),
        ...(reply.raw.writableFinished ? {} : { aborted: true }),
      }
      if (/^\/(livez|readyz|metrics|graphiql|$)/.test(path)) request.log.debug(line, 'request')
      else request.log.info(line, 'request')
    })
  })
}
