/** Several of what spends on keys, all of them busy, and what stands between each of them and the database. */
import type { PostgresServer } from '../../../examples/replicas/postgres.ts'
import { startTcpProxy, type TcpProxy } from '../../../test/support/tcp-proxy.ts'
import { startPush, type SimulatedPush } from '../push/push.ts'
import type { BenchDatabase, Surroundings } from '../surroundings.ts'
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

const MEMBERS = 4

/** All keys are busy at each of them once this resolves. */
export const startScene = async (
  { server }: Surroundings,
  database: BenchDatabase,
  keys: number,
): Promise<Scene> => {
  const push = await startPush(keys)
  let { port } = server
  const ways: TcpProxy[] = []
  const members: Member[] = []
  for (let nth = 0; nth < MEMBERS; nth++) {
    const way = await startTcpProxy(() => port)
    ways.push(way)
    const url = new URL(database.url)
    url.port = String(way.port)
    members.push(await startReader(url.href, push))
  }
  return {
    ...{ push, server, members, ways },
    redirect: to => {
      port = to
      // As where a name leads elsewhere: what is open ends.
      for (const way of ways) way.reset()
    },
    stop: async () => {
      await Promise.all(members.map(({ stop }) => stop()))
      await Promise.all(ways.map(({ close }) => close()))
      await push.stop()
    },
  }
}
