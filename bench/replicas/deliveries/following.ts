/** Subscribers in a process of their own, one for each replica, that move from replica to replica. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { startChild } from '../../processes/child.ts'
import type { Replica } from '../surroundings.ts'
import type { Following } from './heard.ts'

export interface Subscribers {
  /** What each of them heard, once what is on its way has had time to arrive; whatever is late counts as late. */
  readonly end: () => Promise<readonly Following[]>
  /** Ends them without asking. */
  readonly stop: () => Promise<void>
}

/** Each is at a replica for so long. */
export const MOVE_EVERY_MS = 1_000
const SETTLED_MS = 1_500

const follower = fileURLToPath(new URL('follower.ts', import.meta.url))

/** There is one at each of these replicas once this resolves. */
export const startSubscribers = async (replicas: readonly Replica[]): Promise<Subscribers> => {
  const folder = mkdtempSync(join(tmpdir(), 'pushgraph-bench-follower-'))
  const results = join(folder, 'heard.json')
  const addresses = replicas.map(({ url }) => url).join()
  const child = await startChild([follower, addresses, results, String(MOVE_EVERY_MS)], {
    ready: /(following)/,
  })
  const stop = async (): Promise<void> => {
    await child.stop()
    rmSync(folder, { recursive: true, force: true })
  }
  const subscribed = () => Promise.all(replicas.map(({ figure: of }) => of('subscriptions')))
  while ((await subscribed()).some(count => count < 1)) await pause(50)
  return {
    stop,
    end: async () => {
      await pause(SETTLED_MS)
      await child.stop()
      const all = JSON.parse(readFileSync(results, 'utf8')) as readonly Following[]
      await stop()
      return all
    },
  }
}
