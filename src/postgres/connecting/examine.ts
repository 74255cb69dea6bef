/** Whether a database will do for replicas to share, for whoever sets it up. */
import type { Clock } from '../../model/clock.ts'
import { pause } from '../../model/clock.ts'
import { DatabaseUnavailable } from './failures.ts'
import { serverStanding, unfitness } from './fitness.ts'
import { startListening } from './listening.ts'
import { openPools, type Pools } from './pools.ts'
import { databaseSteps, schemaStanding } from './schema.ts'

/** What was found, in a sentence. `warn`: it serves, but not as well as it should. */
export interface DatabaseFinding {
  readonly about: string
  readonly verdict: 'ok' | 'warn' | 'failed'
  readonly finding: string
}

const ok = (about: string, finding: string): DatabaseFinding => ({ about, verdict: 'ok', finding })
const warn = (about: string, finding: string): DatabaseFinding => ({
  about,
  verdict: 'warn',
  finding,
})
const failed = (about: string, finding: string): DatabaseFinding => ({
  about,
  verdict: 'failed',
  finding,
})

/** What one replica opens at most: see `pools.ts`, and one that listens. */
const CONNECTIONS_OF_ONE = 11

/** Looks at all that matters; makes no table and changes nothing. */
export const examineDatabase = async (
  url: string,
  clock: Clock,
  listenUrl = url,
): Promise<readonly DatabaseFinding[]> => {
  const pools = openPools({ url, name: 'pushgraph check' })
  try {
    const server = await serverFinding(pools)
    if (server.verdict === 'failed') return [server]
    return [
      server,
      await clockFinding(pools, clock),
      await rightsFinding(pools),
      await tablesFinding(pools),
      await listenFinding(pools, listenUrl, clock),
      await durabilityFinding(pools),
      await connectionsFinding(pools),
    ]
  } finally {
    await pools.close()
  }
}

const serverFinding = async (pools: Pools): Promise<DatabaseFinding> => {
  const about = 'server'
  try {
    const found = await serverStanding((sql, values) => pools.query('step', sql, values))
    const flaw = unfitness(found)
    return flaw === undefined ? ok(about, `PostgreSQL ${found?.version}`) : failed(about, flaw)
  } catch (error) {
    if (error instanceof DatabaseUnavailable) return failed(about, error.message)
    throw error
  }
}

const clockFinding = async (pools: Pools, clock: Clock): Promise<DatabaseFinding> => {
  const sentAt = clock.now()
  const began = performance.now()
  const [found] = await pools.query<{ readonly now: number }>(
    'step',
    'SELECT extract(epoch FROM clock_timestamp())::float8 * 1000 AS now',
  )
  const tookMs = performance.now() - began
  const offsetS = (Number(found?.now) - sentAt - tookMs / 2) / 1_000
  const about = 'time'
  const way = `an answer takes ${tookMs.toFixed(1)} ms`
  return Math.abs(offsetS) > 1
    ? warn(
        about,
        `its clock and this machine's differ by ${offsetS.toFixed(1)} s: all goes by the database's, but logs and tokens by this one's; ${way}`,
      )
    : ok(about, way)
}

const rightsFinding = async (pools: Pools): Promise<DatabaseFinding> => {
  const about = 'rights'
  const [found] = await pools.query<{
    readonly schema: string | null
    readonly may: boolean | null
    readonly denied: readonly string[] | null
  }>(
    'step',
    `SELECT current_schema() AS schema, has_schema_privilege(current_schema(), 'CREATE') AS may, (
        SELECT array_agg(t.relname::text ORDER BY t.relname) FROM pg_class AS t, pg_class AS own
          WHERE own.oid = to_regclass('pushgraph_schema') AND t.relnamespace = own.relnamespace
            AND t.relowner = own.relowner AND t.relkind IN ('r', 'p') AND NOT t.relispartition AND NOT (
              has_table_privilege(t.oid, 'SELECT') AND has_table_privilege(t.oid, 'INSERT')
              AND has_table_privilege(t.oid, 'UPDATE') AND has_table_privilege(t.oid, 'DELETE'))
      ) AS denied`,
  )
  if (typeof found?.schema !== 'string')
    return failed(about, 'there is no schema that this user can use')
  const { schema, may, denied } = found
  if (denied !== null)
    return failed(
      about,
      `may not use the tables in the schema ${schema}: GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES`,
    )
  if (may === true) return ok(about, `may make tables in the schema ${schema}`)
  const { version } = await standingOf(pools)
  return version >= databaseSteps.length
    ? ok(about, `may use the tables in the schema ${schema}, and make none`)
    : failed(
        about,
        `may not make tables in the schema ${schema}: GRANT CREATE, or let pushgraph migrate run as a user who may`,
      )
}

const standingOf = (pools: Pools): ReturnType<typeof schemaStanding> =>
  schemaStanding((sql, values) => pools.query('step', sql, values))

const tablesFinding = async (pools: Pools): Promise<DatabaseFinding> => {
  const about = 'tables'
  const newest = databaseSteps.length
  const standing = await standingOf(pools).catch((error: unknown) => {
    if (error instanceof DatabaseUnavailable) return undefined
    throw error
  })
  if (standing === undefined)
    return failed(about, 'this user may not read of which version they are')
  const { version, worksFrom } = standing
  if (version === 0)
    return ok(about, 'none yet: the first replica, or pushgraph migrate, makes them')
  if (worksFrom > newest)
    return failed(about, `of version ${version}, which only a newer Pushgraph can work with`)
  if (version < newest)
    return ok(
      about,
      `of version ${version}: the next start, or pushgraph migrate, makes ${newest} of it`,
    )
  return ok(about, `of version ${version}`)
}

const CALL_WITHIN_MS = 2_000

const listenFinding = async (pools: Pools, url: string, clock: Clock): Promise<DatabaseFinding> => {
  const about = 'calls'
  const listening = startListening({ url, name: 'pushgraph check listen', clock })
  const over = new AbortController()
  try {
    const heard = new Promise<boolean>(resolve => {
      listening.on('pushgraph_check', message => {
        if (message === undefined)
          void pools
            .query('step', "SELECT pg_notify('pushgraph_check', 'call')")
            .catch(() => undefined)
        else resolve(true)
      })
    })
    const late = pause(CALL_WITHIN_MS, clock, over.signal).then(
      () => false,
      () => false,
    )
    return (await Promise.race([heard, late]))
      ? ok(about, 'replicas hear each other (LISTEN)')
      : warn(
          about,
          'replicas do not hear each other (LISTEN): is there a pooler that gives connections for a transaction only? Without it, what one stores reaches the others after up to a second',
        )
  } finally {
    over.abort()
    await listening.close()
  }
}

const durabilityFinding = async (pools: Pools): Promise<DatabaseFinding> => {
  const about = 'safety'
  const [found] = await pools.query<{
    readonly fsync: string
    readonly commit: string
    readonly synchronous: string
    readonly standbys: number
  }>(
    'step',
    `SELECT current_setting('fsync') AS fsync, current_setting('synchronous_commit') AS commit,
      current_setting('synchronous_standby_names') AS synchronous, (SELECT count(*) FROM pg_stat_replication) AS standbys`,
  )
  if (found?.fsync === 'off')
    return warn(about, 'fsync is off: a machine that loses power can lose everything')
  if (found?.commit === 'off')
    return warn(about, 'synchronous_commit is off: a crash loses events that were acknowledged')
  if (found?.standbys === 0) return ok(about, 'no standby is connected: it is as safe as its disk')
  return found?.synchronous === '' || found?.commit === 'local'
    ? warn(
        about,
        'its standbys are asynchronous: a failover loses the events that were acknowledged in the moment before. Set synchronous_standby_names',
      )
    : ok(about, 'a commit waits for a standby')
}

const connectionsFinding = async (pools: Pools): Promise<DatabaseFinding> => {
  const [found] = await pools.query<{ readonly most: number; readonly used: number }>(
    'step',
    `SELECT current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int AS most,
      (SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()) AS used`,
  )
  const room = Math.floor((Number(found?.most) - Number(found?.used)) / CONNECTIONS_OF_ONE)
  const about = 'room'
  const words = `${found?.most} connections, ${found?.used} in use; a replica takes up to ${CONNECTIONS_OF_ONE}`
  return room < 1 ? warn(about, `${words}: there is none for another replica`) : ok(about, words)
}
