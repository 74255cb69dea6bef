/** What is refused before any route is asked, the headers on every answer, and those that let pages of other sites ask. */
import type { IncomingMessage } from 'node:http'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { CallerLimitError } from '../../errors.ts'
import type { Admission } from '../admission/admission.ts'
import { urlPathOf } from '../logging/url-path.ts'
import type { Reach } from './reach.ts'
import { retryAfter, toRefusal } from './refuse.ts'
import { securityHeaders } from './security-headers.ts'

export interface GuardOptions {
  readonly reach: Reach
  readonly admission: Pick<Admission, 'callerOf' | 'knock'>
  readonly isStopping: () => boolean
}

export interface RefusedRequest {
  readonly status: number
  readonly code: string
  readonly message: string
  /** Beside the code, and beside the headers of every refusal. */
  readonly fields?: Readonly<Record<string, unknown>>
  readonly headers?: Readonly<Record<string, string>>
}

const flaws: Readonly<Record<'unreadable' | 'foreign', RefusedRequest>> = {
  unreadable: {
    status: 400,
    code: 'BAD_REQUEST',
    message: 'The Host header is missing or cannot be read',
  },
  foreign: {
    status: 421,
    code: 'MISDIRECTED_REQUEST',
    message: 'This server does not answer under that name; name it in PUSHGRAPH_HOSTS',
  },
}

const stopping: RefusedRequest = {
  status: 503,
  code: 'UNAVAILABLE',
  message: 'The server is stopping; ask again',
}

/** They are never refused for being many: how the server fares, and what Push sends. */
const EXEMPT = /^\/(livez|readyz|metrics|webhooks\/)/

/**
 * Turns away requests under a foreign host name, those that come too fast, and all of them once the server stops; sets
 * the headers that every answer of Fastify's has.
 */
export const guard = (
  app: FastifyInstance,
  { reach, admission, isStopping }: GuardOptions,
): void => {
  const refused = (request: FastifyRequest): RefusedRequest | undefined => {
    if (isStopping()) return stopping
    // Push reaches its webhooks under a public name, and no browser can sign what it sends there.
    if (request.url.startsWith('/webhooks/') && request.headers.host !== undefined) return undefined
    const flaw = reach.hostFlaw(request.raw)
    return flaw && flaws[flaw]
  }

  app.addHook('onRequest', (request, reply, done) => {
    const refusal = refused(request)
    const tooMany =
      refusal !== undefined || EXEMPT.test(request.url)
        ? undefined
        : refusedKnock(admission, request.raw)
    if (refusal !== undefined)
      reply.code(refusal.status).send(toRefusal(refusal.code, refusal.message))
    else if (tooMany !== undefined) done(tooMany)
    else if (isAnsweredByCors(request, reply, reach)) reply.code(204).send()
    else done()
  })

  // As late as this: what is sent past Fastify has set them already.
  app.addHook('onSend', (request, reply, _payload, done) => {
    const policy = reply.getHeader('content-security-policy')
    reply.headers(securityHeaders(request.id, policy?.toString()))
    // A connection that outlives its last answer would hold up a stop.
    if (isStopping()) reply.header('connection', 'close')
    done()
  })
}

/** Why a request comes too soon; undefined where it does not. */
const refusedKnock = (
  admission: GuardOptions['admission'],
  request: IncomingMessage,
): CallerLimitError | undefined => {
  try {
    admission.knock(admission.callerOf(request))
    return undefined
  } catch (error) {
    if (error instanceof CallerLimitError) return error
    throw error
  }
}

/**
 * Lets pages of named origins ask the graph and read its answers; true for the question of a browser whether they may.
 * The headers go onto Node's response, since most answers leave past Fastify's.
 *
 * @see https://fetch.spec.whatwg.org/#http-cors-protocol
 */
const isAnsweredByCors = (
  { method, url, headers }: FastifyRequest,
  { raw }: FastifyReply,
  reach: Reach,
): boolean => {
  const { origin } = headers
  if (!reach.isNamedOrigin(origin) || !/^\/graphql\/?$/.test(urlPathOf(url))) return false
  raw.setHeader('access-control-allow-origin', origin)
  raw.setHeader('access-control-expose-headers', 'x-request-id, retry-after')
  if (method !== 'OPTIONS' || headers['access-control-request-method'] === undefined) return false
  raw.setHeader('access-control-allow-methods', 'GET, POST')
  raw.setHeader('access-control-allow-headers', ALLOWED_HEADERS)
  raw.setHeader('access-control-max-age', '600')
  raw.setHeader('vary', 'origin')
  return true
}

/** What clients of GraphQL send, and what an answer heeds. */
const ALLOWED_HEADERS = [
  'accept',
  'apollo-require-preflight',
  'authorization',
  'cache-control',
  'content-type',
  'traceparent',
  'tracestate',
  'x-pushgraph-plan',
  'x-request-id',
].join(', ')

/** Why a WebSocket may not be opened; undefined where it may. */
export const refusedSocket = (
  request: IncomingMessage,
  { reach, admission, isStopping }: GuardOptions,
): RefusedRequest | undefined => {
  if (isStopping()) return stopping
  const flaw = reach.hostFlaw(request)
  if (flaw !== undefined) return flaws[flaw]
  if (reach.mayAsk(request.headers)) {
    const tooMany = refusedKnock(admission, request)
    return tooMany && refusedByLimit(tooMany)
  }
  return {
    status: 403,
    code: 'FORBIDDEN',
    message:
      'A page of another site may not open a WebSocket; name its origin in PUSHGRAPH_ORIGINS',
  }
}

const refusedByLimit = (error: CallerLimitError): RefusedRequest => ({
  status: 429,
  code: error.code,
  message: error.message,
  fields: error.fields,
  headers: retryAfter(error),
})
