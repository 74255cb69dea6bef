/** Headers on every answer, and the host names that a server for this machine alone goes by. */
import { isIP } from 'node:net'
import type { FastifyInstance } from 'fastify'
import { rememberLast } from '../../model/remember-last.ts'
import { toRefusal } from './refuse.ts'
import { securityHeaders } from './security-headers.ts'

export interface GuardOptions {
  /** Answers under any host name. */
  readonly openToAll: boolean
  readonly isStopping: () => boolean
}

/**
 * Turns away requests under a foreign host name unless the server is open to all, and sets the headers that every answer
 * of Fastify's has.
 */
export const guard = (app: FastifyInstance, { openToAll, isStopping }: GuardOptions): void => {
  const nameOf = rememberLast(hostName)

  app.addHook('onRequest', (request, reply, done) => {
    const name = nameOf(request.headers.host)
    if (name === undefined)
      reply.code(400).send(toRefusal('BAD_REQUEST', 'The Host header cannot be read'))
    // A page of another site can make its own name lead to this machine, and would then read answers as its own.
    // Push reaches its webhooks under a public name, and no browser can sign what it sends there.
    else if (!openToAll && !isLocal(name) && !request.url.startsWith('/webhooks/'))
      reply
        .code(421)
        .send(
          toRefusal(
            'MISDIRECTED_REQUEST',
            'This server answers under localhost and loopback addresses alone; write PUSHGRAPH_AUTH=none where a proxy stands before it',
          ),
        )
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

/**
 * Whether a WebSocket may be opened: under a host name that the server answers to, and by no page of another site,
 * since browsers let any page open one and read along.
 */
export const mayOpenSocket = (
  headers: { readonly host?: string | undefined; readonly origin?: string | undefined },
  openToAll: boolean,
): boolean => {
  const name = hostName(headers.host)
  if (name === undefined) return false
  if (openToAll) return true
  const isOwnPage = headers.origin === undefined || URL.parse(headers.origin)?.host === headers.host
  return isLocal(name) && isOwnPage
}

const hostName = (header: string | undefined): string | undefined =>
  URL.parse(`http://${header ?? ''}/`)?.hostname

const isLocal = (name: string): boolean =>
  name === 'localhost' ||
  name.endsWith('.localhost') ||
  name === '[::1]' ||
  (isIP(name) === 4 && name.startsWith('127.'))
