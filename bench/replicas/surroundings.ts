/** What replicas stand on in the bench: a PostgreSQL that waits for its disk, a database for each measurement, and replicas. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { type PostgresServer, startPostgres } from '../../examples/replicas/postgres.ts'
import { cpuMsOf } from '../processes/child.ts'
import { type Server, startProduct } from '../processes/product.ts'
import type { StandIn } from '../processes/stand-in.ts'
import { SECRET } from '../webhooks/server.ts'

export interface Surroundings {
  readonly server: PostgresServer
  /** A new, empty database. */
  readonly create: () => Promise<BenchDatabase>
  readonly stop: () => Promise<void>
}

export interface BenchDatabase {
  readonly url: string
  readonly query: (sql: string) => Promise<readonly Readonly<Record<string, unknown>>[]>
  /** Milliseconds of processor time that those of its processes have taken which are there now. */
  readonly cpuMs: () => Promise<number>
}

export interface Replica extends Server {
  /** What it is called in the database. */
  readonly name: string
  readonly kill: () => void
  /** The sum of a figure of /metrics over all its labels, by its name behind `pushgraph_`. */
  readonly figure: (name: string) => Promise<number>
}

export const startSurroundings = async (): Promise<Surroundings> => {
  const server = await startPostgres({ durable: true, settings: { shared_buffers: '256MB' } })
  let made = 0
  return {
    server,
    create: async () => {
      made += 1
      await queryOnce(server.url, `CREATE DATABASE bench${made}`)
      const url = new URL(server.url)
      url.pathname = `/bench${made}`
      return {
        url: url.href,
        query: sql => queryOnce(url.href, sql),
        cpuMs: async () => {
          const found = await queryOnce(
            url.href,
            'SELECT pid FROM pg_stat_activity WHERE pid <> pg_backend_pid()',
          )
          return found.reduce((sum, { pid }) => sum + cpuMsOf(Number(pid)), 0)
        },
      }
    },
    stop: server.stop,
  }
}

const queryOnce = async (url: string, sql: string): Promise<pg.QueryResult['rows']> => {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query(sql)).rows
  } finally {
    await client.end()
  }
}

/** For whom the limit is not what is measured. */
export const unlimited = {
  PUSHGRAPH_RATE: '1000',
  PUSHGRAPH_BURST: '1000',
  PUSHGRAPH_MAX_REQUESTS: '2000',
  PUSHGRAPH_MAX_WAIT_MS: '120000',
  PUSHGRAPH_MAX_AGE_S: '900',
}

/** A replica over that tenant and database, ready to answer; it has read nothing yet. */
export const startReplica = async (
  standIn: Pick<StandIn, 'url' | 'key'>,
  database: BenchDatabase,
  environment: Readonly<Record<string, string>> = {},
): Promise<Replica> => {
  const dataDirectory = mkdtempSync(join(tmpdir(), 'pushgraph-bench-replica-'))
  const names = async (): Promise<ReadonlySet<string>> => {
    const [there] = await database.query("SELECT to_regclass('replica') IS NOT NULL AS is")
    const rows = there?.['is'] === true ? await database.query('SELECT id FROM replica') : []
    return new Set(rows.map(({ id }) => String(id)))
  }
  const before = await names()
  const server = await startProduct(standIn, {
    dataDirectory,
    environment: {
      PUSHGRAPH_DATABASE_URL: database.url,
      PUSH_WEBHOOK_SECRET: SECRET,
      PUSHGRAPH_MAX_REQUESTS: '2000',
      PUSHGRAPH_MAX_WAIT_MS: '120000',
      ...environment,
    },
  })
  const [name = ''] = [...(await names())].filter(each => !before.has(each))
  return {
    ...server,
    name,
    kill: () => {
      process.kill(server.pid, 'SIGKILL')
    },
    figure: async of => {
      const text = await (await fetch(new URL('/metrics', server.url))).text()
      return [...text.matchAll(new RegExp(`^pushgraph_${of}(?:{[^}]*})? (\\S+)$`, 'gm'))].reduce(
        (sum, [, value]) => sum + Number(value),
        0,
      )
    },
    stop: async () => {
      await server.stop()
      rmSync(dataDirectory, { recursive: true, force: true })
    },
  }
}

/** One after the other, so that each is known by its name. */
export const startReplicasOf = async (
  count: number,
  ...of: Parameters<typeof startReplica>
): Promise<readonly Replica[]> => {
  const started: Replica[] = []
  for (let nth = 0; nth < count; nth++) started.push(await startReplica(...of))
  return started
}

export const stopAll = async (all: readonly Pick<Replica, 'stop'>[]): Promise<void> => {
  await Promise.all(all.map(({ stop }) => stop()))
}
