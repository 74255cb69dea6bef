/** What is refused before any route is asked, the headers on every answer, and those that let pages of other sites ask. */
import type { IncomingMessage } from 'node:http'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { CallerLimitError } from '../../errors.ts'
import { andThen, type Maybe } from '../../model/maybe.ts'
import type { Admission } from '../admission/admission.ts'
import type { Recognition } from '../callers/recognition.ts'
import { isMetadataPath } from '../callers/protected-resource.ts'
import { noteCode } from '../logging/operation-notes.ts'
import { urlPathOf } from '../logging/url-path.ts'
import type { Reach } from './reach.ts'
import { type RefusedRequest, refusedByLimit, toRefusal } from './refuse.ts'
import { securityHeaders } from './security-headers.ts'

export interface GuardOptions {
  readonly reach: Reach
  readonly admission: Pick<Admission, 'callerOf' | 'knock'>
  /** Asks callers who they are; undefined where nobody is asked. */
  readonly recognition?: Pick<Recognition, 'admit' | 'lacks'> | undefined
  readonly isStopping: () => boolean
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
 * Turns away requests under a foreign host name, those of callers who do not prove who they are, those that come too fast,
 * and all of them once the server stops; sets the headers that every answer of Fastify's has.
 */
export const guard = (
  app: FastifyInstance,
  { reach, admission, recognition, isStopping }: GuardOptions,
): void => {
  const refused = (request: FastifyRequest): RefusedRequest | undefined => {
    if (isStopping()) return stopping
    // Push reaches its webhooks under a public name, and no browser can sign what it sends there.
    if (request.url.startsWith('/webhooks/') && request.headers.host !== undefined) return undefined
    const flaw = reach.hostFlaw(request.raw)
    return flaw && flaws[flaw]
  }

  /** Goes on with who may, once it is known who that is. */
  const letIn = (
    request: FastifyRequest,
    reply: FastifyReply,
    done: (error?: Error) => void,
    refusal: RefusedRequest | undefined,
  ): void => {
    if (refusal !== undefined) {
      refuse(reply, refusal)
      return
    }
    const tooMany = EXEMPT.test(request.url) ? undefined : refusedKnock(admission, request.raw)
    if (tooMany === undefined) done()
    else done(tooMany)
  }

  app.addHook('onRequest', (request, reply, done) => {
    const refusal = refused(request)
    if (refusal !== undefined) {
      refuse(reply, refusal)
      return
    }
    if (isAnsweredByCors(request, reply, reach)) {
      // Browsers show nothing when they ask whether a page may.
      const answer = (tooMany?: Error): void => {
        if (tooMany === undefined) reply.code(204).send()
        else done(tooMany)
      }
      letIn(request, reply, answer, undefined)
      return
    }
    const unproved = recognition && refusedAccess(request, recognition)
    if (unproved instanceof Promise)
      unproved.then(found => letIn(request, reply, done, found), done)
    else letIn(request, reply, done, unproved)
  })

  // As late as this: what is sent past Fastify has set them already.
  app.addHook('onSend', (request, reply, _payload, done) => {
    const policy = reply.getHeader('content-security-policy')
    reply.headers(securityHeaders(request.id, policy?.toString()))
    // A connection that outlives its last answer would hold up a stop; on one whose body nobody took, all of that comes.
    if (isStopping() || isLongUntaken(request.raw)) reply.header('connection', 'close')
    done()
  })
}

/** A body of fewer bytes is there already, or nearly. */
const SHORT_BODY = 65_536

/** Whether much of the request is still to come, or nobody knows how much. */
const isLongUntaken = ({ complete, headers }: IncomingMessage): boolean =>
  !complete &&
  (headers['transfer-encoding'] !== undefined || Number(headers['content-length']) > SHORT_BODY)

const refuse = (
  reply: FastifyReply,
  { status, code, message, fields, headers }: RefusedRequest,
) => {
  noteCode(reply.request.notes, code)
  return reply
    .code(status)
    .headers(headers ?? {})
    .send(toRefusal(code, message, fields))
}

/** Why a route does not serve who asks; undefined where it does. */
const refusedAccess = (
  request: FastifyRequest,
  recognition: Pick<Recognition, 'admit' | 'lacks'>,
): Maybe<RefusedRequest | undefined> => {
  // Where nothing is served, there is nothing to see.
  if (request.is404) return undefined
  const { raw, headers, routeOptions } = request
  const access = routeOptions.config.access ?? 'proved'
  switch (access) {
    case 'everybody':
      return undefined
    case 'known where proved':
      return headers.authorization === undefined
        ? undefined
        : andThen(recognition.admit(raw, headers.authorization), () => undefined)
    case 'proved':
      return recognition.admit(raw, headers.authorization)
    case 'metrics':
      return andThen(
        recognition.admit(raw, headers.authorization),
        refusal => refusal ?? recognition.lacks(raw, access),
      )
    default:
      return access satisfies never
  }
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
  const path = urlPathOf(url).replace(/\/$/, '')
  const isForPages = path === '/graphql' || path === '/mcp' || isMetadataPath(path)
  if (!reach.isNamedOrigin(origin) || !isForPages) return false
  raw.setHeader('access-control-allow-origin', origin)
  raw.setHeader(
    'access-control-expose-headers',
    'etag, x-request-id, retry-after, www-authenticate',
  )
  if (method !== 'OPTIONS' || headers['access-control-request-method'] === undefined) return false
  raw.setHeader('access-control-allow-methods', 'GET, POST')
  raw.setHeader('access-control-allow-headers', ALLOWED_HEADERS)
  raw.setHeader('access-control-max-age', '600')
  raw.setHeader('vary', 'origin')
  return true
}

/** What clients of GraphQL and agents send, and what an answer heeds. */
const ALLOWED_HEADERS = [
  'accept',
  'apollo-require-preflight',
  'authorization',
  'cache-control',
  'content-type',
  'if-none-match',
  'mcp-method',
  'mcp-name',
  'mcp-protocol-version',
  'traceparent',
  'tracestate',
  'x-pushgraph-plan',
  'x-request-id',
].join(', ')

/**
 * Why a WebSocket may not be opened; undefined where it may. Who shows nothing yet may show it over the WebSocket: browsers
 * let pages send no headers there.
 */
export const refusedSocket = (
  request: IncomingMessage,
  { reach, admission, recognition, isStopping }: GuardOptions,
): Maybe<RefusedRequest | undefined> => {
  if (isStopping()) return stopping
  const flaw = reach.hostFlaw(request)
  if (flaw !== undefined) return flaws[flaw]
  if (!reach.mayAsk(request.headers)) return foreignPage
  const { authorization } = request.headers
  const unproved =
    authorization === undefined ? undefined : recognition?.admit(request, authorization)
  return andThen(unproved, refusal => {
    if (refusal !== undefined) return refusal
    const tooMany = refusedKnock(admission, request)
    return tooMany && refusedByLimit(tooMany)
  })
}

const foreignPage: RefusedRequest = {
  status: 403,
  code: 'FORBIDDEN',
  message: 'A page of another site may not open a WebSocket; name its origin in PUSHGRAPH_ORIGINS',
}
