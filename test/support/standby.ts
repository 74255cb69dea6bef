/** A PostgreSQL that another one follows, which takes over when the first has died. */
import pg from 'pg'
import { type PostgresServer, startPostgres } from '../../examples/replicas/postgres.ts'
import { debianPostgres } from './debian-postgres.ts'
import { through } from './postgres.ts'
import { startTcpProxy } from './tcp-proxy.ts'

export interface Pair {
  readonly primary: PostgresServer
  /** Names both servers. */
  readonly url: string
  /** What is asked of the standby. */
  readonly askStandby: (sql: string) => Promise<readonly Readonly<Record<string, unknown>>[]>
  /** The standby hears nothing of the primary any more. */
  readonly part: () => void
  /** The primary dies, and the standby takes over. */
  readonly failOver: () => Promise<void>
  readonly stop: () => Promise<void>
}

/** Whether a commit waits until the standby has it. Whoever starts them stops them. */
export const startPair = async ({ synchronous }: { synchronous: boolean }): Promise<Pair> => {
  const native = debianPostgres
  // On its command line: the folder that the standby has of it would say so too, once nobody follows it.
  const settings = synchronous ? { synchronous_standby_names: 'standby' } : {}
  const primary = await startPostgres({ native, settings, durable: true })
  const way = await startTcpProxy(primary.port)
  const standby = await startPostgres({ native, standbyOf: way, durable: true })
  const askStandby: Pair['askStandby'] = async sql => {
    const client = new pg.Client({ connectionString: through(primary.url, standby.port) })
    await client.connect()
    try {
      return (await client.query<Record<string, unknown>>(sql)).rows
    } finally {
      await client.end()
    }
  }
  return {
    primary,
    url: primary.url.replace(/(:\d+)\//, `$1,127.0.0.1:${standby.port}/`),
    askStandby,
    part: way.cut,
    failOver: async () => {
      await primary.crash()
      await askStandby('SELECT pg_promote()')
    },
    stop: async () => {
      await standby.stop()
      await way.close()
      await primary.stop()
    },
  }
}
