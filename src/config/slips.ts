/** Variables that do not go together, do nothing, or have a name that is almost one of ours. */
import { nearest } from './nearest.ts'
import { isLoopback } from '../model/loopback.ts'
import { variables } from './variables.ts'
import { waysOf } from './ways.ts'

/** The variables that are set. */
export type Env = Readonly<Partial<Record<string, string>>>

/** What each variable may hold alone, but not together. `isInFile`: the connectors stand in the file of PUSHGRAPH_CONFIG. */
export const contradictions = (env: Env, isInFile: boolean): readonly string[] => {
  const problems: string[] = []
  const hasKey = env.PUSH_API_KEY !== undefined || env.PUSH_API_KEY_FILE !== undefined
  if (env.PUSH_API_KEY !== undefined && env.PUSH_API_KEY_FILE !== undefined)
    problems.push('PUSH_API_KEY and PUSH_API_KEY_FILE are both set; leave one of them out')
  if (hasKey && isInFile)
    problems.push(
      'PUSHGRAPH_CONFIG is set beside PUSH_API_KEY or PUSH_API_KEY_FILE; move the key into the file, or leave the file out',
    )
  if (env.PUSH_WEBHOOK_SECRET !== undefined && isInFile)
    problems.push('PUSH_WEBHOOK_SECRET is set beside PUSHGRAPH_CONFIG; move it into the file')
  if (env.PUSH_API_URL !== undefined && !hasKey && !isInFile)
    problems.push(
      'PUSH_API_URL is set, but no key; set PUSH_API_KEY too, or leave both out for the demo tenant',
    )
  if (env.HOST !== undefined && !isLoopback(env.HOST) && env.PUSHGRAPH_AUTH === undefined)
    problems.push(
      'HOST is not an address of this machine alone, so everyone who reaches it could read all that Push knows; leave it out, ask callers for tokens (PUSHGRAPH_AUTH=tokens or jwt, see docs/auth.md), or put a proxy that authenticates its callers in front and write PUSHGRAPH_AUTH=none',
    )
  if (
    env.PUSHGRAPH_DOCUMENTS_MODE?.toLowerCase() === 'only' &&
    env.PUSHGRAPH_DOCUMENTS === undefined
  )
    problems.push(
      'PUSHGRAPH_DOCUMENTS is needed for PUSHGRAPH_DOCUMENTS_MODE=only: without it nothing could be asked',
    )
  if (
    env.PUSHGRAPH_DOCUMENTS_MODE?.toLowerCase() === 'only' &&
    env.PUSHGRAPH_MCP?.toLowerCase() === 'explore'
  )
    problems.push(
      'PUSHGRAPH_MCP=explore lets agents ask queries of their own, and PUSHGRAPH_DOCUMENTS_MODE=only refuses whatever is not listed; write PUSHGRAPH_MCP=documents',
    )
  return [...problems, ...authContradictions(env)]
}

const authContradictions = (env: Env): readonly string[] => {
  const ways = waysOf(env.PUSHGRAPH_AUTH)
  const problems: string[] = []
  if (ways.has('tokens') && env.PUSHGRAPH_TOKENS_FILE === undefined)
    problems.push('PUSHGRAPH_TOKENS_FILE is needed for PUSHGRAPH_AUTH=tokens')
  if (ways.has('jwt') && env.PUSHGRAPH_JWT_FILE !== undefined)
    for (const name of jwtVariables)
      if (env[name] !== undefined)
        problems.push(`${name} is set beside PUSHGRAPH_JWT_FILE; move it into the file`)
  // Who sets one of them believes that callers are asked for something.
  if (env.PUSHGRAPH_AUTH === undefined)
    for (const [name, way] of [
      ['PUSHGRAPH_TOKENS_FILE', 'tokens'],
      ['PUSHGRAPH_JWT_FILE', 'jwt'],
      ['PUSHGRAPH_JWT_ISSUER', 'jwt'],
    ] as const)
      if (env[name] !== undefined)
        problems.push(
          `${name} is set, but not PUSHGRAPH_AUTH; write PUSHGRAPH_AUTH=${way}, or leave it out`,
        )
  return problems
}

const jwtVariables = [
  'PUSHGRAPH_JWT_ISSUER',
  'PUSHGRAPH_JWT_AUDIENCE',
  'PUSHGRAPH_JWT_JWKS_URL',
  'PUSHGRAPH_JWT_ALGORITHMS',
  'PUSHGRAPH_JWT_CONNECTORS_CLAIM',
] as const

/** What is set and does nothing, since what it would belong to is missing. */
export const idle = (env: Env, isInFile: boolean): readonly string[] => [
  ...(env.PUSH_WEBHOOK_SECRET !== undefined &&
  env.PUSH_API_KEY === undefined &&
  env.PUSH_API_KEY_FILE === undefined
    ? [
        'PUSH_WEBHOOK_SECRET has no effect without a key: set PUSH_API_KEY beside it. The demo tenant takes the webhooks that it sends itself, and no others',
      ]
    : []),
  ...(env.PUSHGRAPH_DATABASE_URL !== undefined &&
  env.PUSH_API_KEY === undefined &&
  env.PUSH_API_KEY_FILE === undefined &&
  !isInFile
    ? [
        'PUSHGRAPH_DATABASE_URL has no effect without a key: the demo tenant is another one in each process, and is kept there',
      ]
    : []),
  ...(env.PUSHGRAPH_DATABASE_LISTEN_URL !== undefined && env.PUSHGRAPH_DATABASE_URL === undefined
    ? ['PUSHGRAPH_DATABASE_LISTEN_URL has no effect without PUSHGRAPH_DATABASE_URL']
    : []),
  ...idleAuth(env),
  ...(env.PUSHGRAPH_DOCUMENTS_MODE?.toLowerCase() === 'prefer' &&
  env.PUSHGRAPH_DOCUMENTS === undefined
    ? ['PUSHGRAPH_DOCUMENTS_MODE=prefer has no effect without PUSHGRAPH_DOCUMENTS']
    : []),
]

const idleAuth = (env: Env): readonly string[] => {
  if (env.PUSHGRAPH_AUTH === undefined) return []
  const ways = waysOf(env.PUSHGRAPH_AUTH)
  const idleNames = [
    ...(ways.has('tokens') ? [] : ['PUSHGRAPH_TOKENS_FILE']),
    ...(ways.has('jwt') ? [] : ['PUSHGRAPH_JWT_FILE', ...jwtVariables]),
  ]
  return idleNames
    .filter(name => env[name] !== undefined)
    .map(name => `${name} has no effect: PUSHGRAPH_AUTH does not name what it is for`)
}

/** The setting that has that name but for what it begins with, as PORT has for PUSHGRAPH_PORT. */
const byBareName = (name: string, known: ReadonlySet<string>): string | undefined => {
  const bare = (full: string): string => full.replace(/^PUSH(GRAPH)?_/, '')
  return [...known].find(each => bare(each) === bare(name))
}

/** Names that look like ours and are not. Foreign names that merely begin with PUSH_ are left alone. */
export const slips = (env: Env): readonly string[] => {
  const known = new Set(Object.keys(variables.shape))
  return Object.keys(env)
    .filter(name => /^PUSH(GRAPH)?_/.test(name) && !known.has(name))
    .flatMap(name => {
      const meant = byBareName(name, known) ?? nearest(name, known)
      if (meant !== undefined) return [`${name} is not a setting; did you mean ${meant}?`]
      return name.startsWith('PUSHGRAPH_')
        ? [`${name} is not a setting of this version and has no effect`]
        : []
    })
}
