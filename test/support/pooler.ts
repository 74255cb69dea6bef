/** PgBouncer before a database, giving its connections for a transaction; where somebody has installed it. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from '../../examples/replicas/free-port.ts'

const program = '/usr/sbin/pgbouncer'
export const hasPooler = existsSync(program)

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
export const startPooler = async (url: string): Promise<Pooler> => {
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
  chmodSync(folder, 0o755)
  const child = spawn(program, [join(folder, 'pooler.ini')], {
    ...owner,
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
