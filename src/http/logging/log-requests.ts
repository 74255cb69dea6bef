/** One line per request, and the id that its lines share. */
import { randomUUID } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { FastifyInstance } from 'fastify'
import { identityOf } from '../callers/identity.ts'
import type { OperationNotes } from './operation-notes.ts'
import type { AppLog } from './log.ts'
import { urlPathOf } from './url-path.ts'

/** The caller's own id where it can stand in a log line as it is. */
export const requestId = (request: {
  readonly headers: NodeJS.Dict<string | string[]>
}): string => {
  const given = request.headers['x-request-id']
  return typeof given === 'string' && /^[\w.:+/=-]{1,128}$/.test(given) ? given : randomUUID()
}

declare module 'fastify' {
  interface FastifyRequest {
    /** What its line in the log will say of the operation that it asks for: made once, before anything answers. */
    readonly notes: OperationNotes
  }
}

/** Logs each request when its answer has left or its caller has: pages, health checks and metrics at debug, the rest at info. */
export const logRequests = (app: FastifyInstance, log: AppLog): void => {
  app.decorateRequest('notes')
  app.addHook('onRequest', (request, reply, done) => {
    const notes: OperationNotes = { log: request.log }
    Object.assign(request, { notes })
    if (!log.isLevelEnabled('info')) {
      done()
      return
    }
    const path = urlPathOf(request.url)
    const level = isQuiet(path) ? 'debug' : 'info'
    if (log.isLevelEnabled(level)) {
      const from = performance.now()
      reply.raw.once('close', () => {
        // Not by the request's own log: to make that one takes longer than to write the line.
        log[level](
          {
            requestId: request.id,
            method: request.method,
            path: request.is404 || reply.statusCode === 404 ? firstPartOf(path) : path,
            status: reply.statusCode,
            ...callerOf(request.raw),
            ms: Math.round(performance.now() - from),
            ...(notes.operationName === undefined ? {} : { operationName: notes.operationName }),
            ...(notes.codes === undefined ? {} : { codes: [...notes.codes] }),
            ...(reply.raw.writableFinished ? {} : { aborted: true }),
          },
          'request',
        )
      })
    }
    done()
  })
}

/** The name alone, never what it was proved by. */
const callerOf = (request: IncomingMessage): { readonly caller?: string } => {
  const identity = identityOf(request)
  return identity === undefined ? {} : { caller: identity.rights.name }
}

/** What follows in a path that leads nowhere may be anything: a secret that belongs elsewhere, or a name. */
const firstPartOf = (path: string): string =>
  path.replace(/^(\/[^/]{0,100})[^]*$/, (whole, part: string) =>
    whole === part || whole === `${part}/` ? part : `${part}/...`,
  )

const isQuiet = (path: string): boolean => /^\/(livez|readyz|metrics|graphiql|$)/.test(path)
