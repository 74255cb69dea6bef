/** Routes that know what they do not serve: every refusal is JSON of the shape that GraphQL's own errors have. */
import { METHODS } from 'node:http'
import type {
  FastifyError,
  FastifyInstance,
  FastifyReply,
  FastifyRequest,
  HTTPMethods,
  RouteHandlerMethod,
} from 'fastify'
import { BadInputError, CallerLimitError } from '../../errors.ts'
import { noteCode } from '../logging/operation-notes.ts'
import { urlPathOf } from '../logging/url-path.ts'

/** What a request is answered with that no route is asked for. */
export interface RefusedRequest {
  readonly status: number
  readonly code: string
  readonly message: string
  /** Beside the code, and beside the headers of every refusal. */
  readonly fields?: Readonly<Record<string, unknown>>
  readonly headers?: Readonly<Record<string, string>>
}

/**
 * The body of a refusal; `code` is a word for programs, `message` a sentence for people, `fields` what programs are told
 * beside the code.
 */
export const toRefusal = (
  code: string,
  message: string,
  fields: Readonly<Record<string, unknown>> = {},
) => ({
  errors: [{ message, extensions: { code, ...fields } }],
})

/** The same for a refusal by one of the limits at the door. */
export const toLimitRefusal = (error: CallerLimitError) =>
  toRefusal(error.code, error.message, error.fields)

/** The header that says when to come back, in whole seconds. */
export const retryAfter = ({ retryAfterMs }: CallerLimitError): Record<string, string> => ({
  'retry-after': String(Math.max(1, Math.ceil(retryAfterMs / 1_000))),
})

export const refusedByLimit = (error: CallerLimitError): RefusedRequest => ({
  status: 429,
  code: error.code,
  message: error.message,
  fields: error.fields,
  headers: retryAfter(error),
})

/** A request that cannot be read; the message is for whoever sent it. */
export class RequestRefusal extends Error {
  readonly statusCode: number
  readonly headers: Readonly<Record<string, string>>

  constructor(statusCode: number, message: string, headers: Readonly<Record<string, string>> = {}) {
    super(message)
    this.name = 'RequestRefusal'
    this.statusCode = statusCode
    this.headers = headers
  }
}

/** Node reads them all. What Fastify does not know by itself would be an unknown path. */
const knowEveryMethod = (app: FastifyInstance): void => {
  // Nobody asks for a path by it.
  const missing = METHODS.filter(name => name !== 'CONNECT' && !app.supportedMethods.includes(name))
  for (const method of missing) app.addHttpMethod(method)
}

/**
 * Who is served where callers are asked who they are: everybody; everybody, but those who prove it are known; those who
 * prove it; those whose token has the scope `metrics`.
 */
export type RouteAccess = 'everybody' | 'known where proved' | 'proved' | 'metrics'

declare module 'fastify' {
  interface FastifyContextConfig {
    readonly access?: RouteAccess
  }
}

/**
 * Serves `url` for these methods to those whom `access` names; every other method gets a 405 that says which there are.
 */
export const addRoute = (
  app: FastifyInstance,
  methods: readonly HTTPMethods[],
  url: string,
  handler: RouteHandlerMethod,
  access: RouteAccess = 'proved',
): void => {
  knowEveryMethod(app)
  const refused = app.supportedMethods.filter(method => !methods.includes(method))
  const config = { access }
  app.route({ method: [...methods], url, handler, config, exposeHeadRoute: false })
  app.route({
    method: refused,
    url,
    config,
    exposeHeadRoute: false,
    handler: async (request, reply) =>
      reply
        .code(405)
        .header('allow', methods.join(', '))
        .send(
          toRefusal(
            'METHOD_NOT_ALLOWED',
            `${urlPathOf(request.url)} answers ${methods.join(' and ')}`,
          ),
        ),
  })
}

/** Answers unknown paths, requests that cannot be read, and bugs. */
export const refuseTheRest = (app: FastifyInstance, bodyLimitBytes: number): void => {
  app.setNotFoundHandler(async (request, reply) =>
    reply
      .code(404)
      .send(toRefusal('NOT_FOUND', `There is nothing at ${urlPathOf(request.url).slice(0, 200)}`)),
  )

  app.setErrorHandler(async (error: FastifyError, request: FastifyRequest, reply: FastifyReply) => {
    noteCode(request.notes, codeOf(error))
    if (error instanceof BadInputError)
      return reply.code(400).send(toRefusal(error.code, error.message))
    if (error instanceof CallerLimitError)
      return reply.code(429).headers(retryAfter(error)).send(toLimitRefusal(error))
    if (error instanceof RequestRefusal)
      return reply
        .code(error.statusCode)
        .headers(error.headers)
        .send(toRefusal('BAD_REQUEST', error.message))
    const status = error.statusCode ?? 500
    if (status >= 500) {
      request.log.error({ err: error }, 'a request failed')
      return reply.code(500).send(toRefusal('INTERNAL_SERVER_ERROR', 'Internal error'))
    }
    return reply.code(status).send(toRefusal('BAD_REQUEST', sentence(status, bodyLimitBytes)))
  })
}

const codeOf = (error: FastifyError): string => {
  if (error instanceof BadInputError || error instanceof CallerLimitError) return error.code
  return error instanceof RequestRefusal || (error.statusCode ?? 500) < 500
    ? 'BAD_REQUEST'
    : 'INTERNAL_SERVER_ERROR'
}

/** Never the error's own message: that of a JSON parser repeats the body. */
const sentence = (status: number, bodyLimitBytes: number): string => {
  if (status === 413) return `The body is larger than the ${bodyLimitBytes} bytes allowed`
  if (status === 415) return 'The body must be JSON, with the header content-type: application/json'
  return 'The request cannot be read: its body must be JSON, its path well formed'
}
