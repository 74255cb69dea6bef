/** The simulated Push as the bench starts and reads it, and the connectors that lead to it. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createData } from '../../../src/demo/data.ts'
import { startChild } from '../../processes/child.ts'
import type { KeyCounts } from './buckets.ts'

export interface PushOptions {
  readonly keys: readonly string[]
  /** Requests a second, and at once, that each key has. */
  readonly rate: number
  readonly burst: number
  /** Milliseconds at most that a request or an answer is on its way. */
  readonly wayMs: number
  /** Of the tenant that all keys see. */
  readonly seed: number
  readonly scale: number
  readonly now: number
}

export interface SimulatedPush {
  readonly url: string
  /** What the connectors are called that have a key each, in the order of the keys. */
  readonly aliases: readonly string[]
  /** Ids of accounts that there are. */
  readonly accounts: readonly string[]
  /** By alias. */
  readonly counts: () => Promise<ReadonlyMap<string, KeyCounts>>
  readonly reset: () => Promise<void>
  /** Writes a configuration with all connectors into that folder, and gives its path. */
  readonly configure: (folder: string) => string
  readonly stop: () => Promise<void>
}

export const LIMITS = { rate: 10, burst: 10 }
const WAY_MS = 60

/** So many keys of one tenant. */
export const startPush = async (count: number): Promise<SimulatedPush> => {
  const tenant = { seed: 1, scale: 1, now: Math.floor(Date.now() / 1_000) }
  const aliases = Array.from({ length: count }, (_, nth) => `t${nth + 1}`)
  const options: PushOptions = {
    ...{ keys: aliases.map(keyOf), ...LIMITS, wayMs: WAY_MS },
    ...tenant,
  }
  const program = fileURLToPath(new URL('push-process.ts', import.meta.url))
  const { said: url, stop } = await startChild([program, JSON.stringify(options)], {
    ready: /listening (\S+)/,
  })
  const ask = async (method: string): Promise<ReadonlyMap<string, KeyCounts>> => {
    const response = await fetch(new URL('/counts', url), { method })
    const counts = (await response.json()) as Readonly<Record<string, KeyCounts>>
    return new Map(aliases.flatMap(alias => pairOf(alias, counts[keyOf(alias)])))
  }
  return {
    url,
    aliases,
    accounts: createData(tenant).accounts.map(({ id }) => id),
    counts: () => ask('GET'),
    reset: async () => {
      await ask('POST')
    },
    configure: folder => {
      const path = join(folder, 'connectors.json')
      const connectors = aliases.map(alias => ({ alias, apiKey: keyOf(alias), url, ...LIMITS }))
      writeFileSync(path, JSON.stringify({ connectors }))
      return path
    },
    stop,
  }
}

export const keyOf = (alias: string): string => `key-of-${alias}`

const pairOf = <Value>(name: string, value: Value | undefined): (readonly [string, Value])[] =>
  value === undefined ? [] : [[name, value]]
