/** A process of Pushgraph, started as by its command line. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export interface Started {
  readonly child: ChildProcess
  /** What the lines say that it was started for. */
  readonly found: readonly string[]
  stop(signal?: NodeJS.Signals): Promise<void>
}

const command = fileURLToPath(new URL('../../bin/pushgraph.js', import.meta.url))
const running = new Set<ChildProcess>()
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL')
})

/** Starts it, and waits for what it says: the groups of `awaited`, found in all that it wrote. */
export const startPushgraph = async (
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
  awaited: RegExp,
): Promise<Started> => {
  const folder = mkdtempSync(join(tmpdir(), 'pushgraph-replica-'))
  const child = spawn(process.execPath, [command, ...args], {
    cwd: folder,
    env: { PATH: process.env['PATH'], ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  running.add(child)
  const ended = once(child, 'exit').then(() => {
    running.delete(child)
    rmSync(folder, { recursive: true, force: true })
  })
  let said = ''
  const found = await new Promise<readonly string[]>((resolve, reject) => {
    const hear = (text: string): void => {
      said += text
      const match = awaited.exec(said)
      if (match !== null) resolve(match.slice(1))
    }
    child.stdout.setEncoding('utf8').on('data', hear)
    child.stderr.setEncoding('utf8').on('data', hear)
    child.once('exit', () => {
      reject(new Error(`pushgraph ${args.join(' ')} ended:\n${said}`))
    })
  })
  return {
    child,
    found,
    stop: async (signal = 'SIGTERM') => {
      child.kill(signal)
      await ended
    },
  }
}
