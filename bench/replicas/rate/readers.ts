/** Replicas reduced to what spends on keys, as the bench starts them. */
import { fileURLToPath } from 'node:url'
import { startChild } from '../../processes/child.ts'
import { keyOf, LIMITS, type SimulatedPush } from '../push/push.ts'
import type { ReaderOptions, Turns } from './reader-options.ts'

/** What spends on keys, and may be killed. */
export interface Member {
  readonly pid: number
  readonly kill: () => void
  readonly stop: () => Promise<void>
}

/** Reads of each busy key at a time, of each of them. */
const AT_ONCE = 4

const program = fileURLToPath(new URL('reader-process.ts', import.meta.url))

/** One of them. `turns`: all keys are busy all the time where absent. */
export const startReader = async (
  databaseUrl: string,
  { url, aliases }: Pick<SimulatedPush, 'url' | 'aliases'>,
  turns?: Turns,
): Promise<Member> => {
  const options: ReaderOptions = {
    ...{ databaseUrl, url, limits: LIMITS, atOnce: AT_ONCE },
    keys: aliases.map(alias => ({ alias, key: keyOf(alias) })),
    turns,
  }
  const { pid, stop } = await startChild([program, JSON.stringify(options)], { ready: /(begins)/ })
  return { pid, stop, kill: () => process.kill(pid, 'SIGKILL') }
}
