/** The file that PUSHGRAPH_TOKENS_FILE names: who may ask with which token, and what each of them may do and see. */
import { z } from 'zod'
import type { TokenEntry } from '../model/callers.ts'
import { CALLER_SCOPES } from '../model/rights.ts'
import { alias } from './kinds.ts'
import { issueSentence, readStructured } from './structured-file.ts'

/** What tokens that we make begin with, so that those who look for secrets find them. */
export const TOKEN_PREFIX = 'pushgraph_'

/** No address and no JWT's caller is called so, and no token that was put there by mistake. */
export const callerName = z
  .string()
  .regex(
    /^[A-Za-z][\w.@-]{0,62}$/,
    'must be 1 to 63 letters, digits, dots, @, - or _, beginning with a letter',
  )
  .refine(name => !name.startsWith(TOKEN_PREFIX), 'must be a name, not the token itself')

export const scope = z.enum(CALLER_SCOPES, {
  error: `must be one of ${CALLER_SCOPES.join(', ')}`,
})

/** Milliseconds since 1970; a day is its first moment in UTC. */
export const expiry = z
  .union([z.iso.date(), z.iso.datetime({ offset: true })], {
    error: 'must be a day such as 2030-01-31, or a time such as 2030-01-31T12:00:00Z',
  })
  .transform(text => Date.parse(text))

const token = z.strictObject({
  name: callerName,
  sha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/i, "must be the SHA-256 of the token's text, in 64 hexadecimal digits")
    .transform(text => text.toLowerCase()),
  scopes: z.array(scope),
  connectors: z.array(alias).min(1, 'must name a connector; leave it out for all').optional(),
  expires: expiry.optional(),
})

const file = z.array(token).max(10_000, 'must hold at most 10,000 tokens')

/**
 * The tokens of a file, and everything that is wrong with it: names and places, never a value. `aliases` are those of the
 * connectors that there are; where it is undefined, nobody knows.
 */
export const readTokensFile = (
  path: string,
  aliases: ReadonlySet<string> | undefined,
): { readonly tokens: readonly TokenEntry[]; readonly problems: readonly string[] } => {
  const read = readStructured(path)
  if ('problem' in read) return { tokens: [], problems: [`PUSHGRAPH_TOKENS_FILE: ${read.problem}`] }
  const parsed = file.safeParse(read.stated)
  const each = entriesOf(read.stated)
  const problems = [
    ...(parsed.error?.issues.map(issue => issueSentence(issue, WHOLE)) ?? []),
    ...takenTwice(each, 'name'),
    ...takenTwice(each, 'sha256'),
    ...each.flatMap(({ connectors }, index) =>
      (connectors ?? []).flatMap((one, at) =>
        aliases === undefined || aliases.has(one) || !alias.safeParse(one).success
          ? []
          : [`[${index}].connectors[${at}] is no connector of these settings`],
      ),
    ),
  ]
  return {
    tokens: (parsed.data ?? []).map(({ expires, connectors, ...rest }) => ({
      ...rest,
      connectors,
      expiresAt: expires,
    })),
    problems: problems.map(problem => `PUSHGRAPH_TOKENS_FILE: ${path}: ${problem}`),
  }
}

const WHOLE = 'a list of tokens, each with name, sha256 and scopes'

type Entry = Readonly<{ name?: string; sha256?: string; connectors?: readonly string[] }>

/** The entries as the file states them, right or wrong, in their places; of each, the members that can be compared. */
const entriesOf = (stated: unknown): readonly Entry[] => {
  const entry = z.object({
    name: z.string().optional().catch(undefined),
    sha256: z.string().toLowerCase().optional().catch(undefined),
    connectors: z.array(z.string()).optional().catch(undefined),
  })
  return (z.array(entry.catch({})).safeParse(stated).data ?? []) as readonly Entry[]
}

const takenTwice = (each: readonly Entry[], member: 'name' | 'sha256'): readonly string[] => {
  const first = new Map<string, number>()
  return each.flatMap((entry, index) => {
    const value = entry[member]
    if (value === undefined) return []
    const before = first.get(value)
    if (before === undefined) first.set(value, index)
    return before === undefined ? [] : [`[${index}].${member} is that of [${before}] already`]
  })
}
