/**
 * `npm start`: Pushgraph with its demo tenant, the HR and the ticket subgraph, and Hive Gateway in front of them.
 * A Pushgraph that runs already is taken instead where PUSHGRAPH_URL names it, such as http://127.0.0.1:4000. The others
 * listen at GATEWAY_PORT (4010), HR_PORT (4011) and TICKETS_PORT (4012); 0 takes a free one for the last two.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { compose, usual } from './compose.ts'
import { startHr } from './hr/hr.ts'
import { startTickets } from './tickets/tickets.ts'

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url))

const children: ChildProcess[] = []
const folder = mkdtempSync(join(tmpdir(), 'supergraph-'))
process.once('exit', () => {
  for (const child of children) child.kill()
  rmSync(folder, { recursive: true, force: true })
})
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(0))

/** Starts a part of it; when one ends, such as where its port is taken, all of it does. */
const start = (args: readonly string[], environment: Readonly<Record<string, string>>): void => {
  const child = spawn(process.execPath, args, {
    stdio: 'inherit',
    env: { ...process.env, ...environment },
  })
  child.once('exit', code => process.exit(code ?? 1))
  children.push(child)
}

const answers = async (url: string): Promise<void> => {
  for (;;) {
    const response = await fetch(url).catch(() => undefined)
    if (response?.ok === true) return
    await pause(200)
  }
}

const { PUSHGRAPH_URL, GATEWAY_PORT = '4010' } = process.env
const { HR_PORT = new URL(usual.hr).port, TICKETS_PORT = new URL(usual.tickets).port } = process.env
const pushgraph = PUSHGRAPH_URL ?? new URL(usual.push).origin
if (PUSHGRAPH_URL === undefined)
  start([here('../../src/main.ts'), 'serve'], { PORT: new URL(usual.push).port, LOG_LEVEL: 'warn' })
const [hr, tickets] = [await startHr(Number(HR_PORT)), await startTickets(Number(TICKETS_PORT))]
await answers(`${pushgraph}/livez`)

const supergraph = join(folder, 'supergraph.graphql')
writeFileSync(
  supergraph,
  await compose({ push: `${pushgraph}/graphql`, hr: hr.url, tickets: tickets.url }),
)
const gateway = fileURLToPath(new URL('bin.js', import.meta.resolve('@graphql-hive/gateway')))
start(
  [
    gateway,
    'supergraph',
    supergraph,
    ...['--config-path', here('gateway.config.ts')],
    ...['--host', '127.0.0.1', '--port', GATEWAY_PORT],
  ],
  {},
)
await answers(`http://127.0.0.1:${GATEWAY_PORT}/healthcheck`)
process.stderr.write(`\n  The supergraph  http://127.0.0.1:${GATEWAY_PORT}/graphql\n\n`)
