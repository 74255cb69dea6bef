/** How callers prove who they are, as the settings say. */
import { resolve } from 'node:path'
import type { AuthSettings } from '../model/callers.ts'
import { readJwtIssuers } from './jwt-issuers.ts'
import type { Env } from './slips.ts'
import { readTokensFile } from './tokens-file.ts'
import { asksCallers, waysOf } from './ways.ts'

/** The alias of the demo tenant, which tokens may name where no connector is configured. */
export const DEMO_ALIAS = 'demo'

export interface ReadAuth {
  /** Undefined where nobody is asked who it is. */
  readonly auth: AuthSettings | undefined
  /** The files that it stands in. */
  readonly files: readonly string[]
  readonly problems: readonly string[]
}

/**
 * Reads the files of the ways that PUSHGRAPH_AUTH names. `aliases`: the connectors that there are; undefined where nobody
 * knows.
 */
export const readAuth = (
  env: Env,
  directory: string,
  aliases: readonly string[] | undefined,
): ReadAuth => {
  const ways = waysOf(env.PUSHGRAPH_AUTH)
  const fileOf = (way: string, name: string): string | undefined => {
    const path = ways.has(way) ? env[name] : undefined
    return path === undefined ? undefined : resolve(directory, path)
  }
  const tokensFile = fileOf('tokens', 'PUSHGRAPH_TOKENS_FILE')
  const jwtFile = fileOf('jwt', 'PUSHGRAPH_JWT_FILE')
  const known = aliases && new Set(aliases.length === 0 ? [DEMO_ALIAS] : aliases)
  const tokens = tokensFile === undefined ? undefined : readTokensFile(tokensFile, known)
  const jwt = ways.has('jwt') ? readJwtIssuers(env, jwtFile) : undefined
  const isOn = asksCallers(env.PUSHGRAPH_AUTH)
  return {
    auth: isOn ? Object.freeze({ tokens: tokens?.tokens, issuers: jwt?.issuers }) : undefined,
    files: [tokensFile, jwtFile].filter(file => file !== undefined),
    problems: [...(tokens?.problems ?? []), ...(jwt?.problems ?? [])],
  }
}
