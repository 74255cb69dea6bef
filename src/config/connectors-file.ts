/** The file that PUSHGRAPH_CONFIG names: several connectors, each with its own key and limits. */
import { readFileSync } from 'node:fs'
import { LineCounter, parseDocument } from 'yaml'
import { z } from 'zod'
import { errorCode } from './key.ts'
import { apiUrl, secret } from './variables.ts'

const connector = z.strictObject({
  alias: z
    .string()
    .regex(
      /^[a-z0-9][a-z0-9_-]{0,62}$/,
      'must be 1 to 63 small letters, digits, - or _, beginning with a letter or digit',
    ),
  apiKey: secret.optional(),
  apiKeyFile: z.string().min(1).optional(),
  apiKeyCommand: z
    .union([z.string().min(1), z.array(z.string()).min(1)], {
      error: 'must be a command, or a list of a program and its arguments',
    })
    .optional(),
  webhookSecret: secret.optional(),
  webhookSecrets: z.array(secret).optional(),
  url: apiUrl.optional(),
  rate: z.number().min(0.1).max(1000).optional(),
  burst: z.int().min(1).max(1000).optional(),
})

const file = z.strictObject({
  connectors: z.array(connector).min(1, 'must hold at least one connector'),
})

/** One connector as the file states it. */
export type ListedConnector = z.infer<typeof connector>

/** The connectors of a file, and everything that is wrong with it: names and places, never a value. */
export const readConnectorsFile = (
  path: string,
): { readonly listed: readonly ListedConnector[]; readonly problems: readonly string[] } => {
  const broken = (...problems: readonly string[]) => ({
    listed: [],
    problems: problems.map(problem => `PUSHGRAPH_CONFIG: ${problem}`),
  })
  let content: string
  try {
    content = readFileSync(path, 'utf8')
  } catch (cause) {
    return broken(`${path} cannot be read (${errorCode(cause)})`)
  }

  // JSON is YAML. A parse error's own message quotes the line, which may hold a key.
  const lines = new LineCounter()
  const document = parseDocument(content, { prettyErrors: false, lineCounter: lines })
  const [error] = document.errors
  if (error !== undefined) {
    const { line, col } = lines.linePos(error.pos[0])
    return broken(`${path} is neither JSON nor YAML at line ${line}, column ${col} (${error.code})`)
  }

  let stated: unknown
  try {
    stated = content.trim() === '' ? {} : document.toJS()
  } catch {
    // It names the alias, which may be a secret without quotes.
    return broken(
      `${path} has a YAML alias (a text that begins with *) that stands for nothing, or too many; put such a text in quotes`,
    )
  }
  const parsed = file.safeParse(stated)
  const each = connectorsOf(stated)
  const problems = [
    ...(parsed.error?.issues.map(sentence) ?? []),
    ...each.flatMap((one, index) => {
      const at = `connectors[${index}]`
      const ways = keyWays.filter(way => one[way] !== undefined).length
      const isTaken =
        one['alias'] !== undefined &&
        each.findIndex(({ alias }) => alias === one['alias']) !== index
      return [
        ...(ways === 1 ? [] : [`${at} must have one of ${keyWays.join(', ')}`]),
        ...(isTaken ? [`${at}.alias is taken by another connector; give each its own`] : []),
      ]
    }),
  ]
  return {
    // Also beside what cannot be used, so that their key files are looked at too.
    listed: each.flatMap(one => connector.safeParse(one).data ?? []),
    problems: problems.map(problem => `PUSHGRAPH_CONFIG: ${path}: ${problem}`),
  }
}

const keyWays = ['apiKey', 'apiKeyFile', 'apiKeyCommand'] as const

/** The connectors as the file states them, right or wrong, in their places. */
const connectorsOf = (stated: unknown): readonly Readonly<Record<string, unknown>>[] => {
  const { data } = z
    .object({ connectors: z.array(z.record(z.string(), z.unknown()).catch({})) })
    .safeParse(stated)
  return data?.connectors ?? []
}

const sentence = (issue: z.core.$ZodIssue): string => {
  const at = issue.path
    .map(part => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`))
    .join('')
    .slice(1)
  if (issue.code === 'unrecognized_keys')
    return `${at === '' ? 'the file' : at} has unknown members: ${issue.keys.join(', ')}`
  if (issue.code === 'invalid_type')
    return at === ''
      ? 'the file must be an object with the member connectors'
      : `${at} must be ${kinds[issue.expected] ?? issue.expected}`
  return `${at} ${/^(must|can)/.test(issue.message) ? issue.message : `must be valid (${issue.message})`}`
}

const kinds: Readonly<Record<string, string>> = {
  string: 'text (put a number in quotes)',
  array: 'a list',
  object: 'an object',
  number: 'a number',
  int: 'a whole number',
}
