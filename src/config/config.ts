/** The settings: environment, `.env` and connectors file read once into one frozen `Config`, all problems at once. */
import { accessSync, constants, existsSync, statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { isIP } from 'node:net'
import type { z } from 'zod'
import { auditFlaws, auditPlaceIn, type AuditPlace } from './audit.ts'
import { readAuth } from './auth.ts'
import { readCallerLimits } from './caller-limits.ts'
import { contradictions, type Env, idle, slips } from './slips.ts'
import { idleTracing, readTracing, type TracingSettings } from './tracing.ts'
import { isLoopback } from '../model/loopback.ts'
import { readSinks } from './sinks.ts'
import { variables } from './variables.ts'
import { asksCallers } from './ways.ts'
import { readDocuments, type ReadDocuments } from './documents-files.ts'
import { ConfigError } from '../errors.ts'
import type { AuthSettings, CallerLimits, TrustedProxies } from '../model/callers.ts'
import type { DocumentSettings, McpMode } from '../model/documents.ts'
import type { SinkSettings } from '../model/sinks/sink.ts'
import { readDataKeys } from './data-keys.ts'
import { type ConnectorConfig, listConfigured, toConnector } from './connectors.ts'
import { filled, readDotEnv } from './environment.ts'

export { variableHelp } from './variables.ts'

export interface Config {
  readonly host: string
  /** 0 takes a free port. */
  readonly port: number
  /** Names under which the server may be asked beside those of this machine, in small letters. */
  readonly hosts: readonly string[]
  /** Origins of other sites whose pages may ask, as browsers write them. */
  readonly origins: readonly string[]
  /** None: the demo tenant is served. */
  readonly connectors: readonly ConnectorConfig[]
  /** Receivers outside that what is stored is sent on to. */
  readonly sinks: readonly SinkSettings[]
  /** Upstream requests and milliseconds that one operation may cost. */
  readonly maxRequests: number
  readonly maxWaitMs: number
  /** Milliseconds of processor time that one operation may take. */
  readonly maxCpuMs: number
  /** Bytes that one answer may have. */
  readonly maxAnswerBytes: number
  /** What one operation may be at most, by its text. */
  readonly limits: {
    readonly maxDepth: number
    readonly maxAliases: number
    readonly maxTokens: number
    readonly maxCost: number
  }
  /** How callers prove who they are; undefined where nobody is asked. */
  readonly auth: AuthSettings | undefined
  /** Whose word on where requests come from is taken. */
  readonly trustedProxies: TrustedProxies
  /** What one caller may have at once, and all callers together. */
  readonly callers: CallerLimits
  /** Rows younger than this are served as they are; younger than `staleMs`, while a refresh runs. */
  readonly maxAgeMs: number
  readonly staleMs: number
  /** After so long a collection that webhooks keep up to date is read whole to check; 0: none is followed. */
  readonly reconcileMs: number
  readonly maxMemoryBytes: number
  readonly refresh: boolean
  /** How Push's answers are kept beyond the process. */
  readonly answers: AnswerSettings
  /** For how long requests are taken after a stop was asked for, in milliseconds, while `/readyz` says that it is not ready. */
  readonly drainMs: number
  /** The address of the database that replicas share; undefined where files of the data folder serve. Behind a function, so that no log of the settings can show its password. */
  readonly databaseUrl: (() => string) | undefined
  /** Another way to it for who listens; undefined where it is the same. */
  readonly databaseListenUrl: (() => string) | undefined
  /** An absolute path; it need not exist yet. */
  readonly dataDirectory: string
  /** Webhook events and changes of rows older than this are deleted. */
  readonly retentionDays: number
  /** What changes of rows may take: beyond, the oldest go. */
  readonly maxHistoryBytes: number
  readonly introspection: boolean
  /** What callers may ask for by an id, not yet checked against the schema. */
  readonly documents: DocumentSettings
  /** What agents are served, and how much one answer may hold. */
  readonly mcp: { readonly mode: McpMode; readonly maxBytes: number }
  /** Whether mutations are served. */
  readonly mutations: boolean
  /** Begins the names of types and root fields; '' where they have their own. */
  readonly prefix: string
  /** The files that settings stand in, whether they are there or not. */
  readonly files: readonly string[]
  /** Where each operation leaves a line; a file by its absolute path. */
  readonly audit: AuditPlace
  /** Where traces are collected; undefined where they are not. */
  readonly tracing: TracingSettings | undefined
  readonly logLevel: 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace' | 'silent'
  readonly demo: DemoConfig
  /** What looks like a slip but does not keep the server from starting. */
  readonly warnings: readonly string[]
}

/** How Push's answers are kept in the data folder. */
export interface AnswerSettings {
  /** How long, in milliseconds; 0 where none are kept. */
  readonly keepMs: number
  /** How much they may take on disk. */
  readonly maxBytes: number
  /** The keys that seal them, the one in use first; none where they are not sealed. Behind a function, so that no log of the settings can show them. */
  readonly dataKeys: () => readonly Uint8Array[]
}

/** The tenant that is served where no connector is configured. */
export interface DemoConfig {
  readonly seed: number
  readonly scale: number
  readonly latencyMs: number
  /** Objects that are created, changed or deleted; 0 keeps its data as it is. */
  readonly changesPerMinute: number
  /** Requests per second, and how many at once. */
  readonly rate: number
  readonly burst: number
}

const hidden = (text: string | undefined): (() => string) | undefined =>
  text === undefined ? undefined : () => text

/**
 * The settings of this environment, where a variable set to nothing counts as left out. Relative paths, and `.env`,
 * are sought in `directory`; a variable of the environment wins over its line in `.env`.
 *
 * @throws {ConfigError} naming every problem at once, never with a value
 */
export const readConfig = (
  environment: Readonly<Record<string, string | undefined>>,
  directory: string,
): Config => {
  const problems: string[] = []
  const env = filled({ ...readDotEnv(directory, problems), ...filled(environment) })

  const parsed = variables.safeParse(env)
  if (!parsed.success) problems.push(...parsed.error.issues.map(toProblem))
  const listed = listConfigured(env, directory)
  problems.push(...contradictions(env, listed.isInFile))

  const dataDirectory = resolve(directory, env.PUSHGRAPH_DATA_DIR ?? './data')
  problems.push(...folderFlaws(dataDirectory))
  if (parsed.success)
    problems.push(...auditFlaws(auditPlaceIn(parsed.data.PUSHGRAPH_AUDIT, directory)))

  const { PUSHGRAPH_DATA_KEY_FILE: keyFile } = env
  const dataKeys = keyFile === undefined ? undefined : readDataKeys(resolve(directory, keyFile))
  problems.push(...(dataKeys?.problems ?? []))

  const { aliases } = listed
  const sinks = readSinks(listed.sinks, listed.folder, aliases)
  problems.push(...listed.problems, ...sinks.problems)
  const auth = readAuth(env, directory, aliases)
  problems.push(...auth.problems)
  const documents = readListed(env, directory)
  problems.push(...documents.problems)
  if (!parsed.success || problems.length > 0) throw new ConfigError(problems)

  const settings = parsed.data
  return Object.freeze({
    host: settings.HOST,
    port: settings.PORT,
    hosts: Object.freeze([...settings.PUSHGRAPH_HOSTS, ...ownName(settings.HOST)]),
    origins: Object.freeze(settings.PUSHGRAPH_ORIGINS),
    connectors: Object.freeze(listed.connectors.map(each => toConnector(each, settings))),
    sinks: Object.freeze(sinks.sinks),
    maxRequests: settings.PUSHGRAPH_MAX_REQUESTS,
    maxWaitMs: settings.PUSHGRAPH_MAX_WAIT_MS,
    maxCpuMs: settings.PUSHGRAPH_MAX_CPU_MS,
    maxAnswerBytes: settings.PUSHGRAPH_MAX_ANSWER_MB * 1_048_576,
    limits: Object.freeze({
      maxDepth: settings.PUSHGRAPH_MAX_DEPTH,
      maxAliases: settings.PUSHGRAPH_MAX_ALIASES,
      maxTokens: settings.PUSHGRAPH_MAX_TOKENS,
      maxCost: settings.PUSHGRAPH_MAX_COST,
    }),
    auth: auth.auth,
    trustedProxies: settings.PUSHGRAPH_TRUST_PROXY,
    callers: readCallerLimits(settings),
    maxAgeMs: settings.PUSHGRAPH_MAX_AGE_S * 1000,
    staleMs: settings.PUSHGRAPH_STALE_S * 1000,
    reconcileMs: settings.PUSHGRAPH_RECONCILE_S * 1000,
    maxMemoryBytes: settings.PUSHGRAPH_MAX_MEMORY_MB * 1_048_576,
    refresh: settings.PUSHGRAPH_REFRESH,
    answers: Object.freeze({
      keepMs: (settings.PUSHGRAPH_KEEP_S ?? settings.PUSHGRAPH_STALE_S) * 1000,
      maxBytes: settings.PUSHGRAPH_MAX_KEPT_MB * 1_048_576,
      dataKeys: () => dataKeys?.keys ?? [],
    }),
    drainMs: settings.PUSHGRAPH_DRAIN_S * 1000,
    databaseUrl: hidden(settings.PUSHGRAPH_DATABASE_URL),
    databaseListenUrl: hidden(settings.PUSHGRAPH_DATABASE_LISTEN_URL),
    dataDirectory,
    retentionDays: settings.PUSHGRAPH_RETENTION_DAYS,
    maxHistoryBytes: settings.PUSHGRAPH_MAX_HISTORY_MB * 1_048_576,
    introspection: settings.PUSHGRAPH_INTROSPECTION,
    documents: Object.freeze({
      mode: settings.PUSHGRAPH_DOCUMENTS_MODE,
      sources: documents.sources,
    }),
    mcp: Object.freeze({
      mode: settings.PUSHGRAPH_MCP,
      maxBytes: settings.PUSHGRAPH_MCP_MAX_KB * 1_024,
    }),
    mutations: settings.PUSHGRAPH_MUTATIONS,
    prefix: settings.PUSHGRAPH_PREFIX,
    files: Object.freeze(
      ['.env', env.PUSHGRAPH_CONFIG, ...sinks.files, ...auth.files, ...documents.files].flatMap(
        file => (file === undefined ? [] : resolve(directory, file)),
      ),
    ),
    audit: auditPlaceIn(settings.PUSHGRAPH_AUDIT, directory),
    tracing: readTracing(settings),
    logLevel: settings.LOG_LEVEL,
    demo: Object.freeze({
      seed: settings.PUSHGRAPH_DEMO_SEED,
      scale: settings.PUSHGRAPH_DEMO_SCALE,
      latencyMs: settings.PUSHGRAPH_DEMO_LATENCY_MS,
      changesPerMinute: settings.PUSHGRAPH_DEMO_CHANGES_PER_MINUTE,
      rate: settings.PUSHGRAPH_RATE,
      burst: settings.PUSHGRAPH_BURST,
    }),
    warnings: Object.freeze([...slips(env), ...idle(env, listed.isInFile), ...idleTracing(env)]),
  })
}

/** What decides on the schema. */
export interface SchemaSettings {
  readonly prefix: string
  readonly introspection: boolean
  /** Tokens that a document may have. */
  readonly maxTokens: number
  /** The folder or manifest of listed documents, as it is written. */
  readonly documents: string | undefined
  readonly mutations: boolean
  /** Callers are told apart. */
  readonly auth: boolean
}

/**
 * What these settings say of the schema, whatever the others are.
 *
 * @throws {ConfigError} when that cannot be used
 */
export const readSchemaSettings = (
  environment: Readonly<Record<string, string | undefined>>,
  directory: string,
): SchemaSettings => {
  const env = filled({ ...readDotEnv(directory, []), ...filled(environment) })
  const parsed = variables
    .pick({
      PUSHGRAPH_PREFIX: true,
      PUSHGRAPH_MUTATIONS: true,
      PUSHGRAPH_AUTH: true,
      PUSHGRAPH_INTROSPECTION: true,
      PUSHGRAPH_MAX_TOKENS: true,
      PUSHGRAPH_DOCUMENTS: true,
    })
    .safeParse(env)
  if (!parsed.success) throw new ConfigError(parsed.error.issues.map(toProblem))
  const settings = parsed.data
  return {
    prefix: settings.PUSHGRAPH_PREFIX,
    mutations: settings.PUSHGRAPH_MUTATIONS,
    auth: asksCallers(settings.PUSHGRAPH_AUTH),
    introspection: settings.PUSHGRAPH_INTROSPECTION,
    maxTokens: settings.PUSHGRAPH_MAX_TOKENS,
    documents: settings.PUSHGRAPH_DOCUMENTS,
  }
}

const readListed = ({ PUSHGRAPH_DOCUMENTS: path }: Env, directory: string): ReadDocuments => {
  if (path === undefined) return { sources: undefined, files: [], problems: [] }
  const { problems, ...read } = readDocuments(resolve(directory, path), directory)
  return { ...read, problems: problems.map(problem => `PUSHGRAPH_DOCUMENTS: ${problem}`) }
}

const toProblem = ({ path, message }: z.core.$ZodIssue): string =>
  `${path.map(String).join('.')} ${message}`

/** What listens under a name goes by it. */
const ownName = (host: string): readonly string[] =>
  isIP(host) > 0 || isLoopback(host) ? [] : [host.toLowerCase()]

/** A folder that does not exist yet is fine where it can be made. */
const folderFlaws = (path: string): readonly string[] => {
  let present = path
  while (!existsSync(present) && dirname(present) !== present) present = dirname(present)
  if (!statSync(present).isDirectory())
    return [`PUSHGRAPH_DATA_DIR leads through ${present}, which is not a folder`]
  try {
    accessSync(present, constants.W_OK | constants.X_OK)
    return []
  } catch {
    return [`PUSHGRAPH_DATA_DIR needs a folder that can be written; ${present} cannot`]
  }
}
