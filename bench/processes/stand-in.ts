/** The stand-in for Push's API as the bench starts and reads it. */
import { fileURLToPath } from 'node:url'
import { createData, demoKeys } from '../../src/demo/stand-in.ts'
import type { Statistics, Switches, TenantData } from '../../src/demo/stand-in.ts'
import { startChild } from './child.ts'

export interface StandIn {
  /** Its address for `PUSH_API_URL`. */
  readonly url: string
  readonly key: string
  /** The same data as it holds, made here once more; that takes seconds for a large tenant. */
  readonly makeData: () => TenantData
  readonly statistics: () => Promise<Statistics>
  /** Forgets its counts, fills its buckets and begins its chance anew, from that number or as at the start. */
  readonly reset: (chanceSeed?: number) => Promise<void>
  readonly set: (switches: Partial<Switches>) => Promise<void>
  readonly stop: () => Promise<void>
}

/** The tenant of every run: the same people each time, seen at the moment the bench started. */
const SEED = 1
const now = Math.floor(Date.now() / 1_000)

/** A stand-in of this size, with the documented limits and 120 ms ± 20 % of latency unless switched otherwise. */
export const startStandIn = async (
  scale: number,
  switches: Partial<Switches> = {},
): Promise<StandIn> => {
  const { said: url, stop } = await startChild(
    [
      fileURLToPath(new URL('stand-in-process.ts', import.meta.url)),
      JSON.stringify({ seed: SEED, scale, now, switches }),
    ],
    { ready: /listening (\S+)/ },
  )
  const control = async (message?: object): Promise<Statistics> => {
    const response = await fetch(new URL('/__control', url), {
      ...(message === undefined ? {} : { method: 'POST', body: JSON.stringify(message) }),
    })
    if (!response.ok) throw new Error(`The stand-in answered ${response.status} to its control`)
    return ((await response.json()) as { readonly statistics: Statistics }).statistics
  }
  return {
    url,
    key: demoKeys.full,
    makeData: () => createData({ seed: SEED, scale, now }),
    statistics: () => control(),
    reset: async (chanceSeed?: number) => {
      await control({ reset: chanceSeed ?? true })
    },
    set: async switches => {
      await control({ set: switches })
    },
    stop,
  }
}
