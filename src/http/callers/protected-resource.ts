/**
 * Where clients learn who issues the tokens that this server takes, so that they can get one by themselves: metadata of a
 * protected resource. @see https://www.rfc-editor.org/rfc/rfc9728
 */
import type { IncomingMessage } from 'node:http'
import type { FastifyInstance } from 'fastify'
import { CALLER_SCOPES } from '../../model/rights.ts'
import { isLoopback } from '../../model/loopback.ts'
import { urlPathOf } from '../logging/url-path.ts'
import { addRoute } from '../refusals/refuse.ts'
import type { Authentication } from './authentication.ts'

/** What callers ask with a token. */
const RESOURCES = ['/graphql', '/mcp'] as const
type ProtectedPath = (typeof RESOURCES)[number]

const WELL_KNOWN = '/.well-known/oauth-protected-resource'

type Issuers = Pick<Authentication, 'issuers'>

/** Tells of each of them which issuers clients may ask for a token; nothing where none can be asked. */
export const serveProtectedResources = (
  app: FastifyInstance,
  paths: readonly ProtectedPath[],
  authentication: Issuers,
): void => {
  for (const path of paths)
    addRoute(
      app,
      ['GET', 'HEAD'],
      `${WELL_KNOWN}${path}`,
      async ({ raw }, reply) => {
        const resource = addressOf(raw, path)
        const issuers = serversOf(authentication)
        if (resource === undefined || issuers.length === 0) {
          reply.callNotFound()
          return reply
        }
        return reply.header('cache-control', 'no-cache').send({
          resource,
          authorization_servers: issuers,
          scopes_supported: CALLER_SCOPES,
          bearer_methods_supported: ['header'],
          resource_name: 'Pushgraph',
        })
      },
      'everybody',
    )
}

/** Where the metadata of what was asked for stands; undefined where there is none. */
export const metadataAddress = (
  request: IncomingMessage,
  authentication: Issuers,
): string | undefined => {
  const path = urlPathOf(request.url ?? '')
  const isKnown = RESOURCES.some(each => each === path) && serversOf(authentication).length > 0
  return isKnown ? addressOf(request, `${WELL_KNOWN}${path}`) : undefined
}

/** Whoever signs JWTs has any name; who can be asked for them has an address. */
const serversOf = ({ issuers }: Issuers): readonly string[] =>
  issuers().filter(issuer => URL.parse(issuer)?.protocol === 'https:')

/**
 * The address that callers know it by: their Host, which was checked before. TLS ends before this server, and is there
 * wherever a token comes from another machine.
 */
const addressOf = (
  { headers: { host = '' } }: IncomingMessage,
  path: string,
): string | undefined => {
  const name = URL.parse(`http://${host}/`)?.hostname
  if (name === undefined) return undefined
  return URL.parse(path, `${isLoopback(name) ? 'http' : 'https'}://${host}`)?.href
}
