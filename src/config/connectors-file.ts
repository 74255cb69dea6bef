/** The file that PUSHGRAPH_CONFIG names: several connectors, each with its own key and limits. */
import { z } from 'zod'
import { issueSentence, readStructured } from './structured-file.ts'
import { apiUrl, secret } from './variables.ts'

/** The alias of a connector. */
export const alias = z
  .string()
  .regex(
    /^[a-z0-9][a-z0-9_-]{0,62}$/,
    'must be 1 to 63 small letters, digits, - or _, beginning with a letter or digit',
  )

const connector = z.strictObject({
  alias,
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
  const read = readStructured(path)
  if ('problem' in read) return { listed: [], problems: [`PUSHGRAPH_CONFIG: ${read.problem}`] }
  const { stated = {} } = read
  const parsed = file.safeParse(stated)
  const each = connectorsOf(stated)
  const problems = [
    ...(parsed.error?.issues.map(issue => issueSentence(issue, WHOLE)) ?? []),
    ...each.flatMap((one, index) => {
      const at = `connectors[${index}]`
      const ways = keyWays.filter(way => one[way] !== undefined).length
      const isTaken =
        one['alias'] !== undefined &&
        each.findIndex(other => other['alias'] === one['alias']) !== index
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

const WHOLE = 'an object with the member connectors'
