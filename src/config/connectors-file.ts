/** The file that PUSHGRAPH_CONFIG names: several connectors, each with its own key and limits. */
import { dirname } from 'node:path'
import { z } from 'zod'
import { alias } from './kinds.ts'
import { sink, sinkSlips, type ListedSink } from './sinks-file.ts'
import { issueSentence, readStructured } from './structured-file.ts'
import { apiUrl, secret } from './variables.ts'

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

const connectors = z.array(connector).min(1, 'must hold at least one connector')
const sinks = z.array(sink).max(50, 'must hold at most 50 sinks')

/** Where sinks are all that it states, the connectors come from elsewhere. */
const fileOf = (stated: unknown) =>
  isStated(stated, 'sinks') && !isStated(stated, 'connectors')
    ? z.strictObject({ sinks })
    : z.strictObject({ connectors, sinks: sinks.optional() })

/** One connector as the file states it. */
export type ListedConnector = z.infer<typeof connector>

export interface ReadConnectorsFile {
  readonly listed: readonly ListedConnector[]
  readonly sinks: readonly ListedSink[]
  /** Whether connectors stand in it, be they right or wrong, or nobody can say. */
  readonly namesConnectors: boolean
  readonly problems: readonly string[]
}

/** The connectors and sinks of a file, and everything that is wrong with it: names and places, never a value. */
export const readConnectorsFile = (path: string): ReadConnectorsFile => {
  const read = readStructured(path)
  if ('problem' in read)
    return {
      ...{ listed: [], sinks: [], namesConnectors: true },
      problems: [`PUSHGRAPH_CONFIG: ${read.problem}`],
    }
  const { stated = {} } = read
  const parsed = fileOf(stated).safeParse(stated)
  const each = membersOf(stated, 'connectors')
  const eachSink = membersOf(stated, 'sinks')
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
    ...sinkSlips(eachSink, dirname(path)),
  ]
  return {
    // Also beside what cannot be used, so that their key files are looked at too.
    listed: each.flatMap(one => connector.safeParse(one).data ?? []),
    sinks: eachSink.flatMap(one => sink.safeParse(one).data ?? []),
    namesConnectors: isStated(stated, 'connectors') || !isStated(stated, 'sinks'),
    problems: problems.map(problem => `PUSHGRAPH_CONFIG: ${path}: ${problem}`),
  }
}

const keyWays = ['apiKey', 'apiKeyFile', 'apiKeyCommand'] as const

const isStated = (stated: unknown, member: 'connectors' | 'sinks'): boolean =>
  typeof stated === 'object' && stated !== null && Object.hasOwn(stated, member)

/** The connectors or sinks as the file states them, right or wrong, in their places. */
const membersOf = (
  stated: unknown,
  member: 'connectors' | 'sinks',
): readonly Readonly<Record<string, unknown>>[] =>
  z
    .looseObject({ [member]: z.array(z.record(z.string(), z.unknown()).catch({})) })
    .safeParse(stated).data?.[member] ?? []

const WHOLE = 'an object with the members connectors, sinks or both'
