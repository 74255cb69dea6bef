/**
 * The environment variables that Pushgraph reads: what each may hold, what stands in when it is left out, and what
 * it means. A message never repeats a value, which could be a secret pasted into the wrong place.
 */
import { isIP } from 'node:net'
import { z } from 'zod'
import type { TrustedProxies } from '../model/callers.ts'
import { DOCUMENTS_MODES } from '../model/documents.ts'
import { isLoopback } from '../model/loopback.ts'
import { agentVariables } from './agents.ts'
import { auditPlace } from './audit.ts'
import { databaseUrl } from './database.ts'
import { tracingVariables } from './tracing.ts'
import { anyText, decimal, listed, onOff, oneOf, whole, wholeElse } from './kinds.ts'

/** An API key or a secret as it may stand in an HTTP header. */
export const secret = z
  .string()
  .regex(/^[\x21-\x7e]+$/, 'must be one line of printable letters without blanks')

/** How many proxies stand before this server, or their addresses and networks; undefined where neither. */
const readProxies = (text: string): TrustedProxies | undefined => {
  if (text.toLowerCase() === 'off') return { kind: 'none' }
  if (/^[1-9]\d?$/.test(text)) return { kind: 'hops', hops: Number(text) }
  const addresses = text.split(',').map(part => part.trim())
  return addresses.every(isNetwork) ? { kind: 'addresses', addresses } : undefined
}

const isNetwork = (text: string): boolean => {
  const [address = '', bits, ...more] = text.split('/')
  const most = { 0: -1, 4: 32, 6: 128 }[isIP(address)] ?? -1
  if (address.includes('%') || more.length > 0 || most < 0) return false
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= most)
}

const trustedProxies = z
  .string()
  .default('off')
  .transform((text, context) => {
    const read = readProxies(text)
    if (read !== undefined) return read
    context.addIssue(
      'must be off, the number of proxies (1 to 99) before this server, or their addresses or networks, parted by commas, such as 10.0.0.0/8',
    )
    return z.NEVER
  })

const host = z
  .string()
  .default('127.0.0.1')
  .transform((value, context) => {
    const bare = value.replace(/^\[(.*)\]$/, '$1')
    if (isIP(bare) > 0 || /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/i.test(bare)) return bare
    context.addIssue('must be an IP address or a host name; leave it out for 127.0.0.1')
    return z.NEVER
  })

/** The base address of Push's API, without a slash at its end. */
export const apiUrl = z.string().transform((value, context) => {
  const url = URL.parse(value)
  const problem = url === null ? 'must be an address such as https://host/v1' : flaw(url)
  if (url !== null && problem === undefined) return url.href.replace(/\/+$/, '')
  context.addIssue(problem ?? '')
  return z.NEVER
})

const flaw = (url: URL): string | undefined => {
  if (url.username !== '' || url.password !== '')
    return 'must not hold a user name or password: the key belongs in PUSH_API_KEY'
  if (url.search !== '' || url.hash !== '') return 'must not hold a query or a fragment'
  if (url.protocol === 'https:') return undefined
  if (url.protocol === 'http:' && isLoopback(url.hostname)) return undefined
  return 'must begin with https:// (http:// only for this machine itself), since the key travels with every request'
}

const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const

/** What one caller may have, and what all may have together. */
const callerLimits = {
  PUSHGRAPH_MAX_OPERATIONS: whole(1, 100_000, 50).describe(
    'operations of one caller that run at once (default 50)',
  ),
  PUSHGRAPH_MAX_OPERATIONS_ALL: whole(1, 100_000, 200).describe(
    'operations of all callers that run at once (default 200)',
  ),
  PUSHGRAPH_MAX_WAITING: whole(0, 100_000, 200).describe(
    'operations of one caller that wait for their turn (default 200)',
  ),
  PUSHGRAPH_MAX_WAITING_ALL: whole(0, 100_000, 1_000).describe(
    'operations of all callers that wait for their turn (default 1000)',
  ),
  PUSHGRAPH_MAX_CALLER_RATE: decimal(0.1, 1_000_000, 200).describe(
    'requests per second of one caller, twice as many at once after a pause (default 200)',
  ),
  PUSHGRAPH_MAX_CALLER_RATE_ALL: decimal(0.1, 1_000_000, 2_000).describe(
    'requests per second of all callers (default 2000)',
  ),
  PUSHGRAPH_MAX_SUBSCRIPTIONS: whole(0, 100_000, 100).describe(
    'open subscriptions of one caller (default 100)',
  ),
  PUSHGRAPH_MAX_SUBSCRIPTIONS_ALL: whole(0, 100_000, 1_000).describe(
    'open subscriptions of all callers (default 1000)',
  ),
  PUSHGRAPH_MAX_SOCKETS: whole(1, 1_000_000, 512).describe(
    'open connections from one address (default 512)',
  ),
  PUSHGRAPH_MAX_SOCKETS_ALL: whole(1, 1_000_000, 4_096).describe(
    'open connections from all addresses (default 4096)',
  ),
  PUSHGRAPH_MAX_UNREAD_MB: whole(1, 1_048_576, 64).describe(
    'megabytes of answers that are made for one caller or that it leaves unread (default 64)',
  ),
  PUSHGRAPH_MAX_UNREAD_MB_ALL: whole(1, 1_048_576, 256).describe(
    'megabytes of answers that are made for all callers or left unread by them (default 256)',
  ),
  PUSHGRAPH_MAX_BODIES_MB: whole(1, 1_048_576, 16).describe(
    'megabytes of bodies of one caller that did not come whole (default 16)',
  ),
  PUSHGRAPH_MAX_BODIES_MB_ALL: whole(1, 1_048_576, 64).describe(
    'megabytes of bodies of all callers that did not come whole (default 64)',
  ),
}

export const variables = z.object({
  PORT: whole(0, 65_535, 4000).describe('port to listen on; 0 takes a free one (default 4000)'),
  HOST: host.describe('address to listen on (default 127.0.0.1)'),
  PUSH_API_KEY: secret
    .optional()
    .describe("Push's API key; without any key the demo tenant is served"),
  PUSH_API_KEY_FILE: anyText.describe('file that holds the API key, instead of PUSH_API_KEY'),
  PUSH_API_URL: apiUrl
    .optional()
    .describe('base address of the API (default https://api.pushsecurity.com/v1)'),
  PUSH_WEBHOOK_SECRET: secret.optional().describe("secret of the tenant's webhook"),
  PUSHGRAPH_CONFIG: anyText.describe('JSON or YAML file with several connectors, instead of a key'),
  PUSHGRAPH_RATE: decimal(0.1, 1000, 10).describe(
    'requests per second to Push, per connector (default 10)',
  ),
  PUSHGRAPH_BURST: whole(1, 1000, 10).describe(
    'requests that may go out at once after a pause (default 10)',
  ),
  PUSHGRAPH_MAX_REQUESTS: whole(1, 1_000_000, 250).describe(
    'requests to Push that one operation may cost (default 250)',
  ),
  PUSHGRAPH_MAX_WAIT_MS: whole(100, 3_600_000, 25_000).describe(
    'milliseconds that one operation may take (default 25000)',
  ),
  PUSHGRAPH_MAX_DEPTH: whole(1, 1_000, 30).describe(
    'fields within fields that an operation may have (default 30)',
  ),
  PUSHGRAPH_MAX_ALIASES: whole(0, 1_000_000, 500).describe(
    'aliases that an operation may have (default 500)',
  ),
  PUSHGRAPH_MAX_TOKENS: whole(10, 1_000_000, 20_000).describe(
    'tokens that a document may have (default 20000)',
  ),
  PUSHGRAPH_MAX_COST: whole(1, 1_000_000_000_000, 5_000_000).describe(
    'microseconds of processor time that an operation may be estimated at (default 5000000)',
  ),
  PUSHGRAPH_MAX_CPU_MS: whole(10, 3_600_000, 5_000).describe(
    'milliseconds of processor time that one operation may take (default 5000)',
  ),
  PUSHGRAPH_MAX_ANSWER_MB: whole(1, 256, 32).describe(
    'megabytes that one answer may have (default 32)',
  ),
  PUSHGRAPH_MAX_AGE_S: whole(0, 31_536_000, 60).describe(
    'seconds for which rows are served as they are (default 60)',
  ),
  PUSHGRAPH_STALE_S: whole(0, 31_536_000, 900).describe(
    'seconds for which rows are served while a refresh runs (default 900)',
  ),
  PUSHGRAPH_RECONCILE_S: whole(0, 31_536_000, 21_600).describe(
    'seconds after which a collection that webhooks keep up to date is read to check; 0: none is followed (default 21600)',
  ),
  PUSHGRAPH_MAX_MEMORY_MB: whole(1, 1_048_576, 256).describe(
    'megabytes that rows read from Push may take; rows of the past may take a quarter of it beside (default 256)',
  ),
  PUSHGRAPH_REFRESH: onOff('on').describe(
    'on or off: refresh in the background what was asked lately (default on)',
  ),
  PUSHGRAPH_DATA_DIR: anyText.describe('folder for what survives a restart (default ./data)'),
  PUSHGRAPH_DATABASE_URL: databaseUrl
    .optional()
    .describe(
      'PostgreSQL database that several replicas share, instead of files in the data folder: postgres://user:password@host/name',
    ),
  PUSHGRAPH_DATABASE_LISTEN_URL: databaseUrl
    .optional()
    .describe(
      'the same database past a pooler that gives connections for a transaction only: replicas hear each other there (default PUSHGRAPH_DATABASE_URL)',
    ),
  PUSHGRAPH_DRAIN_S: whole(0, 3_600, 0).describe(
    'seconds for which requests are taken after a stop was asked for, while /readyz says 503 (default 0)',
  ),
  PUSHGRAPH_KEEP_S: wholeElse(0, 31_536_000, 'what PUSHGRAPH_STALE_S says').describe(
    "seconds for which Push's answers are kept in the data folder; 0 keeps none (default PUSHGRAPH_STALE_S)",
  ),
  PUSHGRAPH_MAX_KEPT_MB: whole(1, 1_048_576, 1_024).describe(
    "megabytes on disk that Push's kept answers may take (default 1024)",
  ),
  PUSHGRAPH_DATA_KEY_FILE: anyText.describe(
    "file that holds the key which seals Push's kept answers, or the new and the old one (default: not sealed)",
  ),
  PUSHGRAPH_RETENTION_DAYS: whole(1, 36_500, 90).describe(
    'days for which webhook events and changes are kept (default 90)',
  ),
  PUSHGRAPH_MAX_HISTORY_MB: whole(1, 1_048_576, 1_024).describe(
    'megabytes that known rows and changes may take; beyond, the oldest changes go (default 1024)',
  ),
  PUSHGRAPH_AUTH: z
    .string()
    .toLowerCase()
    .regex(
      /^(none|(tokens|jwt)|tokens\s*,\s*jwt|jwt\s*,\s*tokens)$/,
      'must be none, tokens, jwt, or tokens,jwt',
    )
    .optional()
    .describe(
      'who may ask: callers with tokens, jwt or tokens,jwt; none: everyone (default none, on a loopback HOST)',
    ),
  PUSHGRAPH_TOKENS_FILE: anyText.describe('JSON or YAML file that lists the tokens'),
  PUSHGRAPH_JWT_ISSUER: anyText.describe('issuer whose JWTs are taken, as it stands in iss'),
  PUSHGRAPH_JWT_AUDIENCE: anyText.describe('whom they must be meant for; several parted by commas'),
  PUSHGRAPH_JWT_JWKS_URL: anyText.describe("address of the issuer's keys (a JSON Web Key Set)"),
  PUSHGRAPH_JWT_ALGORITHMS: anyText.describe(
    'how they may be signed, parted by commas (default RS256,ES256,EdDSA,PS256)',
  ),
  PUSHGRAPH_JWT_CONNECTORS_CLAIM: anyText.describe(
    'claim that lists the connectors a caller sees (default: every caller sees all)',
  ),
  PUSHGRAPH_JWT_FILE: anyText.describe('JSON or YAML file that lists several issuers'),
  PUSHGRAPH_HOSTS: listed(name => {
    const host = URL.parse(`http://${name}/`)
    return host !== null && host.host === host.hostname && !/[/?#@\\*]/.test(name)
      ? host.hostname
      : undefined
  }, 'must be host names without a port, parted by commas, such as graph.example').describe(
    'names under which the server may be asked, beside loopback names (default none)',
  ),
  PUSHGRAPH_ORIGINS: listed(origin => {
    const url = URL.parse(origin)
    const isPlain = url !== null && /^https?:$/.test(url.protocol) && url.href === `${url.origin}/`
    return isPlain ? url.origin : undefined
  }, 'must be origins, parted by commas, such as https://app.example').describe(
    'origins of other sites whose pages may ask (default none)',
  ),
  PUSHGRAPH_TRUST_PROXY: trustedProxies.describe(
    'off, the number of proxies before this server, or their addresses: whose X-Forwarded-For tells callers apart (default off)',
  ),
  ...callerLimits,
  PUSHGRAPH_PREFIX: z
    .string()
    .regex(
      /^[A-Z][A-Za-z0-9]{0,30}$/,
      'must be up to 31 letters and digits that begin with a capital, such as Push; leave it out for no prefix',
    )
    .default('')
    .describe('begins the names of types and root fields, for supergraphs (default none)'),
  PUSHGRAPH_MUTATIONS: onOff('off').describe(
    'on or off: whether callers with the scope write may change something in Push (default off)',
  ),
  PUSHGRAPH_DOCUMENTS: anyText.describe(
    'folder of .graphql files, or manifest of Apollo, Relay or Hive: documents that callers ask for by hash',
  ),
  PUSHGRAPH_DOCUMENTS_MODE: oneOf(DOCUMENTS_MODES, 'prefer').describe(
    'allow: any other text, by its hash too once it was asked; prefer: any other text; only: no other (default prefer)',
  ),
  ...agentVariables,
  PUSHGRAPH_INTROSPECTION: onOff('on').describe(
    'on or off: whether the schema can be asked for (default on)',
  ),
  PUSHGRAPH_AUDIT: auditPlace.describe(
    'where each operation leaves a line: log, off, or a file (default log)',
  ),
  ...tracingVariables,
  LOG_LEVEL: oneOf(logLevels, 'info').describe(`${logLevels.join(', ')} (default info)`),
  PUSHGRAPH_DEMO_SEED: whole(0, 2_147_483_647, 1).describe(
    "seed of the demo tenant's data (default 1)",
  ),
  PUSHGRAPH_DEMO_SCALE: decimal(0.01, 100, 1).describe(
    'size of the demo tenant; 1 is about 1,000 employees (default 1)',
  ),
  PUSHGRAPH_DEMO_LATENCY_MS: whole(0, 60_000, 120).describe(
    'milliseconds the demo tenant takes for an answer (default 120)',
  ),
  PUSHGRAPH_DEMO_CHANGES_PER_MINUTE: decimal(0, 6_000, 6).describe(
    'objects of the demo tenant that are created, changed or deleted a minute; 0: none (default 6)',
  ),
})

/** Every variable with its meaning, in the order a reader wants them. */
export const variableHelp: readonly (readonly [name: string, meaning: string])[] = Object.entries(
  variables.shape,
).map(([name, shape]) => [name, shape.description ?? ''])
