/** PgBouncer out of Debian's packages before a database, giving its connections for a transaction. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from '../../examples/replicas/free-port.ts'
import { fileOfPackage } from './debian-package.ts'

/** What of it is needed, and what it needs. */
export interface PoolerFiles {
  readonly program: string
  readonly library: string
}

/** Where it lies; undefined where there is none, which is said on stderr in one line. */
export const findPooler = (): PoolerFiles | undefined => {
  const [program, library] = [
    fileOfPackage('pgbouncer', 'usr/sbin/pgbouncer'),
    fileOfPackage('libc-ares2', 'usr/lib/*/libcares.so.2'),
  ] as const
  if ('path' in program && 'path' in library)
    return { program: program.path, library: library.path }
  const why = [program, library].flatMap(part => ('reason' in part ? [part.reason] : []))[0]
  process.stderr.write(`Not tried: replicas behind Debian's pgbouncer, since ${why ?? ''}\n`)
  return undefined
}

/** It does not run as root; this is nobody. */
const owner = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {}

const running = new Set<ChildProcess>()
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL')
})

export interface Pooler {
  /** The same database by way of it. */
  readonly url: string
  readonly stop: () => Promise<void>
}

/** Starts one for that database, with fewer connections than a replica has. Whoever starts it stops it. */
export const startPooler = async (files: PoolerFiles, url: string): Promise<Pooler> => {
  const { port: to, pathname, username } = new URL(url)
  const folder = mkdtempSync(join(tmpdir(), 'pushgraph-pooler-'))
  const port = await freePort()
  writeFileSync(
    join(folder, 'pooler.ini'),
    `[databases]
${pathname.slice(1)} = host=127.0.0.1 port=${to} user=${username}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = 4
server_idle_timeout = 1
server_lifetime = 2
`,
  )
  // Where they lie, nobody may not be let in.
  const program = join(folder, 'pgbouncer')
  copyFileSync(files.program, program)
  copyFileSync(files.library, join(folder, 'libcares.so.2'))
  chmodSync(folder, 0o755)
  const child = spawn(program, [join(folder, 'pooler.ini')], {
    ...owner,
    env: { LD_LIBRARY_PATH: folder },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  running.add(child)
  await new Promise<void>((resolve, reject) => {
    let said = ''
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      said += text
      if (said.includes('process up')) resolve()
    })
    child.once('exit', () => reject(new Error(`PgBouncer did not start: ${said}`)))
  })
  const way = new URL(url)
  way.port = String(port)
  return {
    url: way.href,
    stop: async () => {
      const ended = once(child, 'exit')
      child.kill('SIGKILL')
      await ended
      running.delete(child)
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
