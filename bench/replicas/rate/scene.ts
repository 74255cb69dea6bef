/** Several of what spends on keys, all of them busy, and what stands between each of them and the database. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { PostgresServer } from '../../../examples/replicas/postgres.ts'
import { startTcpProxy, type TcpProxy } from '../../../test/support/tcp-proxy.ts'
import { startPush, type SimulatedPush } from '../push/push.ts'
import { type Replica, startReplica, stopAll, type Surroundings } from '../surroundings.ts'
import { keepBusy, roomForCallers } from './busy.ts'
import { type Member, startReader } from './readers.ts'

export interface Scene {
  readonly push: SimulatedPush
  readonly server: PostgresServer
  readonly members: readonly Member[]
  /** The way of each of them to the database. */
  readonly ways: readonly TcpProxy[]
  /** From now on every new connection goes to the server at that port. */
  readonly redirect: (port: number) => void
  readonly stop: () => Promise<void>
}

export const MEMBERS = 4

/** Members reduced to what spends on keys. All keys are busy at each of them once this resolves. */
export const startReducedScene = async (
  surroundings: Surroundings,
  keys: number,
): Promise<Scene> => {
  const push = await startPush(keys)
  const { url, stop, ...ways } = await startWays(surroundings)
  const members: Member[] = []
  for (const way of ways.ways) members.push(await startReader(leadBy(url, way), push))
  return {
    ...{ push, members, ...ways },
    stop: async () => {
      await Promise.all(members.map(member => member.stop()))
      await stop()
      await push.stop()
    },
  }
}

/** Whole replicas, and callers at each of them for each key. */
export const startWholeScene = async (surroundings: Surroundings, keys: number): Promise<Scene> => {
  const push = await startPush(keys)
  const { url, database, stop, ...ways } = await startWays(surroundings)
  const folder = mkdtempSync(join(tmpdir(), 'pushgraph-bench-rate-'))
  const environment = {
    ...roomForCallers,
    PUSHGRAPH_CONFIG: push.configure(folder),
    PUSH_WEBHOOK_SECRET: '',
  }
  const replicas: Replica[] = []
  for (const way of ways.ways) {
    const own = { ...database, url: leadBy(url, way) }
    replicas.push(await startReplica({ url: '', key: '' }, own, environment))
  }
  const busy = keepBusy(replicas, push)
  const members = replicas.map(replica => ({
    ...replica,
    kill: () => {
      busy.leave(replica)
      replica.kill()
    },
  }))
  return {
    ...{ push, members, ...ways },
    stop: async () => {
      await busy.end()
      await stopAll(replicas)
      await stop()
      await push.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** A database with a way to it for each member. */
const startWays = async (surroundings: Surroundings) => {
  const { server } = surroundings
  const database = await surroundings.create()
  let { port } = server
  const ways: TcpProxy[] = []
  for (let nth = 0; nth < MEMBERS; nth++) ways.push(await startTcpProxy(() => port))
  return {
    ...{ server, database, ways, url: database.url },
    redirect: (to: number) => {
      port = to
      // As where a name leads elsewhere: what is open ends.
      for (const way of ways) way.reset()
    },
    stop: async () => {
      await Promise.all(ways.map(({ close }) => close()))
    },
  }
}

const leadBy = (url: string, way: TcpProxy): string => {
  const led = new URL(url)
  led.port = String(way.port)
  return led.href
}
