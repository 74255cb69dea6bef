/** The tenants that the settings name: out of a file with several, or the one that the environment describes. */
import { createHash } from 'node:crypto'
import { dirname, resolve } from 'node:path'
import type { z } from 'zod'
import { readConnectorsFile, type ListedConnector } from './connectors-file.ts'
import type { ListedSink } from './sinks-file.ts'
import { fixedKey, keyFileFlaw, keyFromCommand, keyFromFile, type ReadKey } from './key.ts'
import type { Env } from './slips.ts'
import type { variables } from './variables.ts'

/** One configured Push tenant. Its secrets are behind functions, so that no log of the settings can show them. */
export interface ConnectorConfig {
  readonly alias: string
  /** The API's base address, without a slash at its end. */
  readonly url: string
  /** Requests per second. */
  readonly rate: number
  readonly burst: number
  readonly key: ReadKey
  /** Another one where the key is another, or the file or command that gives it. It tells nothing of them. */
  readonly keyId: string
  readonly webhookSecrets: () => readonly string[]
}

type Settings = z.infer<typeof variables>

const defaultUrl = 'https://api.pushsecurity.com/v1'

/** What is configured, before its defaults. */
export interface Configured {
  /** As the file states them, with key files as absolute paths. */
  readonly connectors: readonly ListedConnector[]
  /** Undefined where the connectors cannot be read: nobody knows then whom tokens and sinks may name. */
  readonly aliases: readonly string[] | undefined
  readonly sinks: readonly ListedSink[]
  /** Where relative paths of sinks begin. */
  readonly folder: string
  /** Whether the connectors stand in the file. */
  readonly isInFile: boolean
  readonly problems: readonly string[]
}

/** The connectors and sinks that are configured. */
export const listConfigured = (env: Env, directory: string): Configured => {
  const path = env.PUSHGRAPH_CONFIG && resolve(directory, env.PUSHGRAPH_CONFIG)
  const file = path === undefined ? undefined : readConnectorsFile(path)
  const problems = [...(file?.problems ?? [])]
  const folder = path === undefined ? directory : dirname(path)
  const inFile = (file?.listed ?? []).map(each =>
    withKeyFile(each, folder, `PUSHGRAPH_CONFIG: apiKeyFile of ${each.alias}`, problems),
  )
  const isInFile = file?.namesConnectors === true
  const connectors = isInFile ? inFile : listOne(env, directory, problems)
  const aliases = problems.length > 0 ? undefined : connectors.map(({ alias }) => alias)
  return { connectors, aliases, sinks: file?.sinks ?? [], folder, isInFile, problems }
}

/** The one that the environment describes. */
const listOne = (env: Env, directory: string, problems: string[]): readonly ListedConnector[] => {
  if (env.PUSH_API_KEY === undefined && env.PUSH_API_KEY_FILE === undefined) return []
  const only = {
    alias: 'default',
    apiKey: env.PUSH_API_KEY,
    apiKeyFile: env.PUSH_API_KEY_FILE,
    webhookSecret: env.PUSH_WEBHOOK_SECRET,
  }
  return [withKeyFile(only, directory, 'PUSH_API_KEY_FILE', problems)]
}

const withKeyFile = (
  connector: ListedConnector,
  directory: string,
  where: string,
  problems: string[],
): ListedConnector => {
  if (connector.apiKeyFile === undefined) return connector
  const path = resolve(directory, connector.apiKeyFile)
  const flaw = keyFileFlaw(path)
  if (flaw !== undefined) problems.push(`${where} ${flaw}`)
  return { ...connector, apiKeyFile: path }
}

/** The same with what the settings say for all. */
export const toConnector = (listed: ListedConnector, settings: Settings): ConnectorConfig => {
  const secrets = Object.freeze([
    ...(listed.webhookSecret === undefined ? [] : [listed.webhookSecret]),
    ...(listed.webhookSecrets ?? []),
  ])
  return Object.freeze({
    alias: listed.alias,
    url: listed.url ?? settings.PUSH_API_URL ?? defaultUrl,
    rate: listed.rate ?? settings.PUSHGRAPH_RATE,
    burst: listed.burst ?? settings.PUSHGRAPH_BURST,
    ...keyOf(listed),
    webhookSecrets: () => secrets,
  })
}

const keyOf = ({
  alias,
  apiKey = '',
  apiKeyFile,
  apiKeyCommand,
}: ListedConnector): Pick<ConnectorConfig, 'key' | 'keyId'> => {
  if (apiKeyFile !== undefined)
    return { key: keyFromFile(alias, apiKeyFile), keyId: keyIdOf('file', apiKeyFile) }
  if (apiKeyCommand !== undefined)
    return { key: keyFromCommand(alias, apiKeyCommand), keyId: keyIdOf('command', apiKeyCommand) }
  return { key: fixedKey(apiKey), keyId: keyIdOf('key', apiKey) }
}

const keyIdOf = (kind: string, source: string | readonly string[]): string =>
  createHash('sha256')
    .update(JSON.stringify([kind, source]))
    .digest('hex')
