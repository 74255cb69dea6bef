/** Replicas of the product, each a process of its own, over one tenant and one PostgreSQL. */
import type { PostgresServer } from '../../examples/replicas/postgres.ts'
import type { StandIn } from '../../src/demo/stand-in.ts'
import { SECRET } from './deliveries.ts'
import { createDatabase } from './postgres.ts'
import { type Serving, serveProduct } from './product.ts'

export interface Replicas {
  readonly all: readonly Serving[]
  /** One more. */
  readonly start: (environment?: Readonly<Record<string, string>>) => Promise<Serving>
  readonly stop: () => Promise<void>
}

export interface ReplicasOptions {
  readonly standIn: StandIn
  /** A new database of the server that tests share where absent. */
  readonly server?: PostgresServer
  readonly url?: string
  readonly environment?: Readonly<Record<string, string>>
}

/** So many that wait for nothing but the limit of Push. Whoever starts them stops them. */
export const startReplicas = async (
  number: number,
  { standIn, server, url, environment }: ReplicasOptions,
): Promise<Replicas> => {
  const database = url ?? server?.url ?? (await createDatabase())
  const all: Serving[] = []
  const start: Replicas['start'] = async more => {
    const replica = await serveProduct({
      environment: {
        PUSH_API_KEY: standIn.keys.full,
        PUSH_API_URL: standIn.url,
        PUSH_WEBHOOK_SECRET: SECRET,
        PUSHGRAPH_DATABASE_URL: database,
        LOG_LEVEL: 'warn',
        ...environment,
        ...more,
      },
    })
    all.push(replica)
    return replica
  }
  await Promise.all(Array.from({ length: number }, () => start()))
  return {
    all,
    start,
    stop: async () => {
      for (const replica of all) {
        // One that a test has halted could not end.
        replica.kill('SIGCONT')
        replica.kill('SIGTERM')
      }
      await Promise.all(all.map(({ ended }) => ended))
    },
  }
}
