/** Who reads whole lists without end, beside whoever is measured. */
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ask, npmStart } from '../processes/product.ts'
import type { StandIn } from '../processes/stand-in.ts'
import type { BenchDatabase, Replica } from './surroundings.ts'

/** So many processes. */
export const SCANNING = 2

const SCAN = '{ accounts { totalCount } findings { totalCount } }'

export interface Scans {
  readonly end: () => Promise<void>
}

/** Each again as soon as it is through; in the background, as exports read. */
export const exportWithoutEnd = (standIn: StandIn, { url }: BenchDatabase): Scans => {
  const ending = new AbortController()
  const program = npmStart.filter(word => word !== 'serve')
  const run = async (): Promise<void> => {
    const folder = mkdtempSync(join(tmpdir(), 'pushgraph-bench-export-'))
    const child = spawn(
      process.execPath,
      [...program, 'export', '--types', 'accounts,findings', '--out', '-'],
      {
        cwd: folder,
        env: {
          PATH: process.env.PATH,
          PUSH_API_KEY: standIn.key,
          PUSH_API_URL: standIn.url,
          PUSHGRAPH_DATABASE_URL: url,
        },
        stdio: 'ignore',
        signal: ending.signal,
        killSignal: 'SIGKILL',
      },
    )
    // It is killed in the middle of the last one.
    child.on('error', () => undefined)
    const code = await new Promise(resolve => child.once('close', resolve))
    rmSync(folder, { recursive: true, force: true })
    if (code !== 0 && !ending.signal.aborted)
      throw new Error(`An export ended with ${String(code)}`)
  }
  const running = Array.from({ length: SCANNING }, async () => {
    while (!ending.signal.aborted) await run()
  })
  return {
    end: async () => {
      ending.abort()
      await Promise.all(running)
    },
  }
}

/** Each again as soon as it has an answer, and with nothing that was read before; somebody waits for each of them, too. */
export const askWithoutEnd = (replicas: readonly Replica[]): Scans => {
  let isOver = false
  const running = replicas.map(async ({ url }) => {
    const headers = { 'cache-control': 'no-cache' }
    while (!isOver)
      await ask(url, { query: SCAN }, headers).catch((error: unknown) => {
        if (!isOver) throw error
      })
  })
  return {
    end: async () => {
      isOver = true
      // In the middle of the last one.
      for (const { kill } of replicas) kill()
      await Promise.all(running)
    },
  }
}
