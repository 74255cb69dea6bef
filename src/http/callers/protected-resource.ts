/**
 * Where clients learn who issues the tokens that this server takes, so that they can get one by themselves: metadata of a
 * protected resource. @see https://www.rfc-editor.org/rfc/rfc9728
 */
import type { IncomingMessage } from 'node:http'
import type { FastifyInstance } from 'fastify'
import type { CallerScope } from '../../model/rights.ts'
import { isLoopback } from '../../model/loopback.ts'
import { urlPathOf } from '../logging/url-path.ts'
import { addRoute } from '../refusals/refuse.ts'
import type { Authentication } from './authentication.ts'

/**
 * What callers ask with a token, and the scopes to ask an issuer for. Clients ask for all that are named: an assistant shall
 * not have more than reading takes, unless somebody gives it more.
 */
const scopesOf = {
  '/graphql': ['read', 'events', 'write', 'pii'],
  '/mcp': ['read', 'events'],
} as const satisfies Readonly<Record<string, readonly CallerScope[]>>
type ProtectedPath = keyof typeof scopesOf

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
          scopes_supported: scopesOf[path],
          bearer_methods_supported: ['header'],
          resource_name: 'Pushgraph',
        })
      },
      'everybody',
    )
}

/** What a caller without a token is told beside `Bearer`: where the metadata stands, and what to ask for; empty where nothing is. */
export const challengeOf = (request: IncomingMessage, authentication: Issuers): string => {
  const path = urlPathOf(request.url ?? '')
  if (!isProtected(path) || serversOf(authentication).length === 0) return ''
  const address = addressOf(request, `${WELL_KNOWN}${path}`)
  return address === undefined ? '' : ` resource_metadata="${address}", scope="${LEAST}"`
}

/** What is worth a token at all. */
const LEAST = 'read events'

const isProtected = (path: string): path is ProtectedPath => Object.hasOwn(scopesOf, path)

/** Whether the metadata of a resource stands at that path. */
export const isMetadataPath = (path: string): boolean =>
  path.startsWith(WELL_KNOWN) && isProtected(path.slice(WELL_KNOWN.length))

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
