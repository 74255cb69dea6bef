/** One line per request, and the id that its lines share. */
import { randomUUID } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Tracing } from '../../model/tracing.ts'
import { identityOf } from '../callers/identity.ts'
import { noteCode, type OperationNotes, shownName, tracedOf } from './operation-notes.ts'
import type { AuditLog } from './audit.ts'
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

export interface RequestLogOptions {
  readonly log: AppLog
  readonly audit: AuditLog | undefined
  readonly tracing?: Pick<Tracing, 'operation'> | undefined
  /** Who asks, as limits know it. */
  readonly callerOf: (request: IncomingMessage) => string
}

/**
 * Tells of each request when its answer has left or its caller has: pages, health checks and metrics at debug, the rest at
 * info; and of an operation in the audit log. Where that is this log, one line is both.
 */
export const logRequests = (
  app: FastifyInstance,
  { log, audit, tracing, callerOf }: RequestLogOptions,
): void => {
  app.decorateRequest('notes')
  app.addHook('onRequest', (request, reply, done) => {
    const notes: OperationNotes = { requestId: request.id, log: request.log }
    Object.assign(request, { notes })
    const path = urlPathOf(request.url)
    const level = isQuiet(path) ? 'debug' : 'info'
    const isLogged = log.isLevelEnabled(level)
    const isAudited = audit !== undefined && (isLogged || !audit.isInLog)
    const isOfOperation = (isAudited || tracing !== undefined) && isOperation(request)
    const audited = isAudited && isOfOperation ? audit : undefined
    if (isOfOperation && tracing !== undefined) {
      notes.trace = tracing.operation(request.id, request.headers)
      notes.log = request.log.child({ traceId: notes.trace.traceId })
    }
    if (isLogged || isOfOperation) {
      const from = performance.now()
      reply.raw.once('close', () => {
        const ms = performance.now() - from
        const isAborted = !reply.raw.writableFinished
        if (isOfOperation) noteStatus(notes, reply.statusCode)
        notes.trace?.end(tracedOf(notes, isAborted))
        const entry = audited?.entryOf(notes, { caller: callerOf(request.raw), ms, isAborted })
        if (entry !== undefined && audited?.isInLog === false) audited.tell(entry)
        // Not by the request's own log: to make that one takes longer than to write the line.
        if (isLogged)
          log[level](
            { ...lineOf(request, reply, path, ms), ...(audited?.isInLog === true ? entry : {}) },
            'request',
          )
      })
    }
    done()
  })
}

const lineOf = (request: FastifyRequest, reply: FastifyReply, path: string, ms: number) => {
  const { notes } = request
  const operationName = shownName(notes)
  return {
    requestId: request.id,
    method: request.method,
    path: request.is404 || reply.statusCode === 404 ? firstPartOf(path) : path,
    status: reply.statusCode,
    ...provedCallerOf(request.raw),
    ms: Math.round(ms),
    ...(operationName === undefined ? {} : { operationName }),
    ...(notes.codes === undefined ? {} : { codes: [...notes.codes] }),
    ...(reply.raw.writableFinished ? {} : { aborted: true }),
    ...(notes.trace === undefined ? {} : { traceId: notes.trace.traceId }),
  }
}

/** What is refused before anybody reads it has no code of its own. */
const noteStatus = (notes: OperationNotes, status: number): void => {
  if (status >= 400 && notes.codes === undefined)
    noteCode(notes, status >= 500 ? 'INTERNAL_SERVER_ERROR' : 'BAD_REQUEST')
}

/** Whether it asks for an operation, or means to; a path may be written in many ways. */
const isOperation = (request: FastifyRequest): boolean =>
  (request.method === 'POST' || request.method === 'GET') &&
  (isPlainlyGraphql(request.url) || request.routeOptions.url === '/graphql')

const isPlainlyGraphql = (url: string): boolean => url === '/graphql' || url.startsWith('/graphql?')

/** The name alone, never what it was proved by. */
const provedCallerOf = (request: IncomingMessage): { readonly caller?: string } => {
  const identity = identityOf(request)
  return identity === undefined ? {} : { caller: identity.rights.name }
}

/** What follows in a path that leads nowhere may be anything: a secret that belongs elsewhere, or a name. */
const firstPartOf = (path: string): string =>
  path.replace(/^(\/[^/]{0,100})[^]*$/, (whole, part: string) =>
    whole === part || whole === `${part}/` ? part : `${part}/...`,
  )

const isQuiet = (path: string): boolean => /^\/(livez|readyz|metrics|graphiql|$)/.test(path)
