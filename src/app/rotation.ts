/**
 * Settings that change while the server runs: the connectors, who may ask, and the listed documents; read again when
 * their files change, or when it is asked to. They hold as a whole or not at all.
 */
import { statSync } from 'node:fs'
import type { Config } from '../config/config.ts'
import { ConfigError } from '../errors.ts'
import type { AppLog } from '../http/logging/log.ts'
import type { SinkChanges } from '../sinks/sinks.ts'
import type { ConnectorChanges } from './connector-changes.ts'

/** What holds anew once it is read again. */
export type Reread = Pick<Config, 'connectors' | 'sinks' | 'auth' | 'documents' | 'files'>

/** What became of connectors, by alias, and of tokens, by name. */
export interface Changes extends ConnectorChanges, SinkChanges {
  readonly newTokens: readonly string[]
  readonly goneTokens: readonly string[]
  /** Of other rights. */
  readonly otherTokens: readonly string[]
  /** How many documents are listed, where they are others than before. */
  readonly documents: readonly string[]
}

export interface RotationOptions {
  /** Reads the settings once more; undefined where nothing can be read again. @throws {ConfigError} */
  readonly readAgain: (() => Reread) | undefined
  /** The files that hold the settings as they were read first, where there are any. */
  readonly files: readonly string[]
  /** Has these served from now on. @throws {ConfigError} where that cannot be without a restart */
  readonly replace: (next: Reread) => Partial<Changes>
  readonly log: Pick<AppLog, 'info' | 'error'>
}

export interface Rotation {
  /** Reads the settings again. Where they cannot be used the ones before stay, and the log says why. */
  reload(): void
  /** That they cannot be used now, as a sentence for everybody; undefined where they can. */
  notice(): string | undefined
  /** Reads them again whenever one of their files changes, or has changed since they were read first. */
  watch(): void
  end(): void
}

/**
 * How often the files are looked at: by their status, so that a link that is put in place of another is seen too. What
 * changes between two looks may not be written to its end yet.
 */
const LOOK_MS = 250

/** Of so many files all are looked at each time; of more, the rarer. */
const FILES_AT_ONCE = 100

export const createRotation = ({ readAgain, files, replace, log }: RotationOptions): Rotation => {
  let watched = files
  /** What the files were like when they were read last, and at the last look. */
  let seen = looksOf(watched)
  let last = seen
  let looking: NodeJS.Timeout | undefined
  /** What was wrong with them when they were read last. */
  let flaw: string | undefined

  const reload = (): void => {
    if (readAgain === undefined) return
    seen = looksOf(watched)
    try {
      const next = readAgain()
      log.info(describe(replace(next)))
      flaw = undefined
      if (!isSame(watched, next.files)) {
        watched = next.files
        seen = looksOf(watched)
      }
    } catch (error) {
      // Nobody waits for this, and what else goes wrong must not end the server, nor be quoted.
      const found = error instanceof ConfigError ? error.message : `(${errorName(error)})`
      if (found !== flaw)
        log.error(`The settings were read again and cannot be used; the ones before stay. ${found}`)
      flaw = found
    }
  }

  let turn = 0
  const look = (): void => {
    turn += 1
    if (turn % Math.max(1, Math.ceil(watched.length / FILES_AT_ONCE)) !== 0) return
    const now = looksOf(watched)
    const isStill = isSame(now, last)
    last = now
    if (isStill && !isSame(now, seen)) reload()
  }

  return {
    reload,
    notice: () => (flaw === undefined ? undefined : NOTICE),
    watch: () => {
      looking ??= setInterval(look, LOOK_MS).unref()
    },
    end: () => {
      clearInterval(looking)
    },
  }
}

const NOTICE =
  'The settings have changed and cannot be used; those before stay, and the log says why'

/** What tells each file from what it was before. */
const looksOf = (files: readonly string[]): readonly string[] =>
  files.map(file => {
    try {
      const { ctimeMs, ino, size } = statSync(file)
      return `${ctimeMs} ${ino} ${size}`
    } catch {
      return 'none'
    }
  })

const isSame = (some: readonly string[], others: readonly string[]): boolean =>
  some.length === others.length && some.every((one, index) => one === others[index])

const errorName = (error: unknown): string => (error instanceof Error ? error.name : typeof error)

/** A sentence for each kind of change, with aliases and names of tokens alone. */
const describe = (changes: Partial<Changes>): string => {
  const told = kinds.flatMap(([kind, words]) => {
    const names = changes[kind] ?? []
    return names.length === 0 ? [] : [`${words}: ${names.join(', ')}.`]
  })
  return ['The settings were read again.', ...(told.length === 0 ? [UNCHANGED] : told)].join(' ')
}

const UNCHANGED = 'The connectors are what they were.'

const kinds: readonly (readonly [keyof Changes, string])[] = [
  ['added', 'Added'],
  ['removed', 'Removed'],
  ['replaced', 'Begun anew, at another address or with another key'],
  ['limited', 'With other limits'],
  ['secrets', 'With other webhook secrets'],
  ['newSinks', 'Sinks added'],
  ['goneSinks', 'Sinks removed'],
  ['otherSinks', 'Sinks with other settings'],
  ['newTokens', 'Tokens added'],
  ['goneTokens', 'Tokens removed'],
  ['otherTokens', 'Tokens with other rights'],
  ['documents', 'Listed documents'],
]
