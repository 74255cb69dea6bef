/** What replicas that share a database must have alike, told to each other without telling what it is. */
import { createHash } from 'node:crypto'
import type { Config } from '../config/config.ts'

/**
 * By their names, what tells one value of a setting from another. Where they differ, one replica deletes what another is to keep,
 * cannot open what another has sealed, or answers otherwise than its neighbour.
 */
export const sharedSettings = (config: Config): Readonly<Record<string, string>> => {
  const { answers, connectors, sinks } = config
  const plain = {
    PUSHGRAPH_RETENTION_DAYS: config.retentionDays,
    PUSHGRAPH_MAX_HISTORY_MB: config.maxHistoryBytes,
    PUSHGRAPH_KEEP_S: answers.keepMs,
    PUSHGRAPH_MAX_KEPT_MB: answers.maxBytes,
    PUSHGRAPH_MAX_AGE_S: config.maxAgeMs,
    PUSHGRAPH_STALE_S: config.staleMs,
    PUSHGRAPH_RECONCILE_S: config.reconcileMs,
    PUSHGRAPH_MUTATIONS: config.mutations,
    PUSHGRAPH_AUTH: config.auth === undefined ? 'none' : 'asked',
    PUSHGRAPH_PREFIX: config.prefix,
    PUSHGRAPH_DATA_KEY_FILE: answers.dataKeys().map(key => [...key]),
    connectors: connectors.map(({ alias }) => alias).toSorted(),
    sinks: sinks.map(({ name, settingsId }) => [name, settingsId]),
  }
  const each = connectors.map(({ alias, url, rate, burst, keyId }) => [
    `connector ${alias}`,
    [url, rate, burst, keyId],
  ])
  return Object.fromEntries(
    [...Object.entries(plain), ...each].map(([name, value]) => [
      String(name),
      digest(`${String(name)} ${JSON.stringify(value)}`),
    ]),
  )
}

/** Those of them that matter to a command beside the servers, such as an export: it answers nobody, and sends nothing to sinks. */
export const settingsOfCommand = (
  settings: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(settings).filter(([name]) => !ofServers.has(name)))

const ofServers: ReadonlySet<string> = new Set([
  ...['PUSHGRAPH_MUTATIONS', 'PUSHGRAPH_AUTH', 'PUSHGRAPH_PREFIX', 'sinks'],
])

/** Whose a connector is, as a setting that replicas must have alike. */
export const tenantSetting = (alias: string, tenant: string): readonly [string, string] => {
  const name = `tenant of connector ${alias}`
  return [name, digest(`${name} ${tenant}`)]
}

const digest = (text: string): string =>
  createHash('sha256').update(text).digest('base64url').slice(0, 12)
