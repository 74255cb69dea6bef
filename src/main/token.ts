/** `pushgraph token new`: a token, shown once, and what the server is to know of it. */
import { createHash, randomBytes } from 'node:crypto'
import { InvalidArgumentError } from 'commander'
import type { z } from 'zod'
import { alias } from '../config/kinds.ts'
import { callerName, expiry, scope, TOKEN_PREFIX } from '../config/tokens-file.ts'
import type { CallerScope } from '../model/rights.ts'
import { say, type Terminal } from './terminal.ts'

export interface TokenOptions {
  readonly name: string
  readonly scopes: readonly CallerScope[]
  readonly connectors?: readonly string[]
  readonly expires?: string
}

/** As many that nobody can guess them. */
const TOKEN_BYTES = 32

/** Prints the token and the entry for PUSHGRAPH_TOKENS_FILE, a line each; what they are goes to the other stream. */
export const newToken = (terminal: Terminal, options: TokenOptions): void => {
  const { name, scopes, connectors, expires } = options
  const token = `${TOKEN_PREFIX}${randomBytes(TOKEN_BYTES).toString('base64url')}`
  const sha256 = createHash('sha256').update(token).digest('hex')
  say(terminal.errors, 'The token, for its caller alone; it is shown this once:')
  say(terminal.output, token)
  say(
    terminal.errors,
    'Its entry in the list of PUSHGRAPH_TOKENS_FILE (in YAML, with "- " before it):',
  )
  say(terminal.output, JSON.stringify({ name, sha256, scopes, connectors, expires }))
}

/** Reads options by the rules of the file. */
export const readTokenName = (text: string): string => read(callerName, text)

export const readScopes = (text: string): readonly CallerScope[] =>
  words(text).map(word => read(scope, word))

export const readAliases = (text: string): readonly string[] =>
  words(text).map(word => read(alias, word))

/** As it was written: the file reads it again. */
export const readExpiry = (text: string): string => {
  if (read(expiry, text) > Date.now()) return text
  throw new InvalidArgumentError('It must be in the future.')
}

const words = (text: string): readonly string[] => [
  ...new Set(
    text
      .split(',')
      .map(word => word.trim())
      .filter(word => word !== ''),
  ),
]

const read = <Schema extends z.ZodType>(schema: Schema, text: string): z.infer<Schema> => {
  const { success, data, error } = schema.safeParse(text)
  if (success) return data
  throw new InvalidArgumentError(`It ${error.issues[0]?.message ?? 'cannot be read'}.`)
}
