/** A second server that follows the first one's log, and takes over when it is told to; by what the server itself offers, since npm's has no `pg_basebackup`. */
import { execFileSync, spawn } from 'node:child_process'
import { appendFileSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import pg from 'pg'
import { freePort } from '../../../examples/replicas/free-port.ts'

export interface Standby {
  readonly port: number
  /** Ends its following: it takes writes once this resolves. */
  readonly promote: () => Promise<void>
  readonly stop: () => Promise<void>
}

/** A copy of that server on the same machine, asynchronous as standbys are by default; it has caught up once this resolves. */
export const startStandby = async (primary: string): Promise<Standby> => {
  const folder = mkdtempSync(join(tmpdir(), 'pushgraph-standby-'))
  const data = join(folder, 'data')
  const { from, program } = await copy(primary, data)
  const { uid, gid } = statSync(from)
  const put = (name: string, text: string): void => appendFileSync(join(data, name), text)
  const { hostname, port: primaryPort } = new URL(primary)
  put(
    'postgresql.auto.conf',
    `primary_conninfo = 'host=${hostname} port=${primaryPort} user=postgres'\n`,
  )
  put('standby.signal', '')
  execFileSync('chown', ['-R', `${uid}:${gid}`, folder])

  const port = await freePort()
  const server = spawn(
    program[0] ?? '',
    withOptions(program.slice(1), { '-D': data, '-p': `${port}` }),
    {
      ...{ cwd: folder, stdio: 'ignore', env: { ...process.env, LC_ALL: 'C' } },
      ...(process.getuid?.() === 0 ? { uid, gid } : {}),
    },
  )
  const killIt = (): void => void server.kill('SIGQUIT')
  process.once('exit', killIt)
  const own = new URL(primary)
  own.port = String(port)
  await until(own.href, 'SELECT pg_is_in_recovery() AS is')
  await until(primary, CAUGHT_UP)
  return {
    port,
    promote: async () => {
      await query(own.href, 'SELECT pg_promote()')
    },
    stop: async () => {
      process.off('exit', killIt)
      const ended = once(server, 'exit')
      killIt()
      await ended
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

const CAUGHT_UP = `SELECT EXISTS (SELECT FROM pg_stat_replication WHERE state = 'streaming') AS is`

/** Copies the folder while the server runs, as its manual says; the backup ends with the connection that began it. */
const copy = async (primary: string, to: string) => {
  const client = new pg.Client({ connectionString: primary })
  await client.connect()
  try {
    await client.query("SELECT pg_backup_start('standby', true)")
    const { rows } = await client.query("SELECT current_setting('data_directory') AS at")
    const from = String(rows[0]?.at)
    // What comes and goes meanwhile is in the log.
    execFileSync('sh', ['-c', 'cp -a "$1" "$2" 2> /dev/null || true', 'sh', from, to])
    const stopped = await client.query('SELECT labelfile FROM pg_backup_stop()')
    writeFileSync(join(to, 'backup_label'), String(stopped.rows[0]?.labelfile))
    // The first line of it is the process, and that was started as the copy is to be.
    const [pid = ''] = readFileSync(join(from, 'postmaster.pid'), 'utf8').split('\n')
    rmSync(join(to, 'postmaster.pid'), { force: true })
    const program = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').slice(0, -1)
    return { from, program }
  } finally {
    await client.end()
  }
}

/** The same arguments, with other values behind some of them. */
const withOptions = (
  words: readonly string[],
  values: Readonly<Record<string, string>>,
): readonly string[] => words.map((word, nth) => values[words[nth - 1] ?? ''] ?? word)

const query = async (url: string, sql: string): Promise<pg.QueryResult['rows']> => {
  const client = new pg.Client({ connectionString: url })
  // One that is not up yet breaks it off; whoever waits hears of that by the query.
  client.on('error', () => undefined)
  await client.connect()
  try {
    return (await client.query(sql)).rows
  } finally {
    await client.end()
  }
}

const WITHIN_MS = 60_000

const until = async (url: string, sql: string): Promise<void> => {
  const end = performance.now() + WITHIN_MS
  for (;;) {
    const rows = await query(url, sql).catch(() => [])
    if (rows[0]?.is === true) return
    if (performance.now() > end) throw new Error(`Not so within a minute: ${sql}`)
    await pause(100)
  }
}
