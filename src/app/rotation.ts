/**
 * Secrets and keys that change while the server runs: read again when their files change, or when it is asked to. New
 * secrets hold at once, a new key once Push refuses the old one.
 */
import { unwatchFile, watchFile } from 'node:fs'
import type { Config, ConnectorConfig } from '../config/config.ts'
import { ConfigError } from '../errors.ts'
import type { AppLog } from '../http/logging/log.ts'

export interface RotationOptions {
  readonly connectors: readonly ConnectorConfig[]
  /** Reads the settings once more; undefined where nothing can be read again. @throws {ConfigError} */
  readonly readAgain: (() => Pick<Config, 'connectors'>) | undefined
  /** The files that hold the settings, where there are any. */
  readonly files: readonly string[]
  readonly log: Pick<AppLog, 'info' | 'warn' | 'error'>
}

export interface Rotation {
  /** The connectors, whose keys and secrets are always those that were read last. */
  readonly connectors: readonly ConnectorConfig[]
  /** Reads the settings again. Where they cannot be used the ones before stay, and the log says why. */
  reload(): void
  /** Reads them again whenever one of their files changes. */
  watch(): void
  end(): void
}

/** How often the files are looked at: by their status, so that a link that is put in place of another is seen too. */
const LOOK_MS = 1_000

export const createRotation = ({
  connectors,
  readAgain,
  files,
  log,
}: RotationOptions): Rotation => {
  const begun = new Map(connectors.map(connector => [connector.alias, connector]))
  const present = new Map(begun)

  const take = (next: readonly ConnectorConfig[]): void => {
    const changed = next.filter(({ alias, webhookSecrets }) => {
      const known = present.get(alias)
      return known !== undefined && isOther(known.webhookSecrets(), webhookSecrets())
    })
    const later = [
      ...next.filter(of => !isSameService(begun.get(of.alias), of)),
      ...connectors.filter(({ alias }) => next.every(of => of.alias !== alias)),
    ].map(({ alias }) => alias)
    for (const of of next) {
      const known = present.get(of.alias)
      // A key of another address is not for this one.
      const isHere = begun.get(of.alias)?.url === of.url
      if (known !== undefined) present.set(of.alias, isHere ? of : { ...of, key: known.key })
    }
    log.info(
      changed.length === 0
        ? 'The settings were read again; the webhook secrets are what they were'
        : `The settings were read again; the webhook secrets changed of ${changed.map(({ alias }) => alias).join(', ')}`,
    )
    if (later.length > 0)
      log.warn(
        `What else changed of connector ${later.join(', ')} (that it is there, its address, its limits) takes effect when the server is started again`,
      )
  }

  const reload = (): void => {
    if (readAgain === undefined) return
    try {
      take(readAgain().connectors)
    } catch (error) {
      // Nobody waits for this, and what else goes wrong must not end the server, nor be quoted.
      const why = error instanceof ConfigError ? error.message : `(${errorName(error)})`
      log.error(`The settings were read again and cannot be used; the ones before stay. ${why}`)
    }
  }

  const onChange: Parameters<typeof watchFile>[1] = (now, before) => {
    if (now.mtimeMs !== before.mtimeMs || now.ino !== before.ino || now.size !== before.size)
      reload()
  }

  return {
    connectors: connectors.map(connector => ({
      ...connector,
      key: () => (present.get(connector.alias) ?? connector).key(),
      webhookSecrets: () => (present.get(connector.alias) ?? connector).webhookSecrets(),
    })),
    reload,
    watch: () => {
      for (const file of files) watchFile(file, { persistent: false, interval: LOOK_MS }, onChange)
    },
    end: () => {
      for (const file of files) unwatchFile(file, onChange)
    },
  }
}

const errorName = (error: unknown): string => (error instanceof Error ? error.name : typeof error)

const isOther = (a: readonly string[], b: readonly string[]): boolean =>
  a.length !== b.length || a.some((secret, index) => secret !== b[index])

const isSameService = (known: ConnectorConfig | undefined, of: ConnectorConfig): boolean =>
  known?.url === of.url && known.rate === of.rate && known.burst === of.burst
