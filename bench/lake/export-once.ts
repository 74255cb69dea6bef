/** One export in a process of its own, as its users start it, and what it took. */
import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { npmPushgraph } from '../processes/product.ts'
import type { StandIn } from '../processes/stand-in.ts'

export interface ExportRun {
  /** From the start of the process to its end. */
  readonly ms: number
  /** Of processor time, all threads together. */
  readonly cpuMs: number
  /** Of resident memory at its largest. */
  readonly peakMb: number
}

const noteUsage = fileURLToPath(new URL('note-usage.ts', import.meta.url))

/**
 * `npm run pushgraph -- export` with these arguments, in that folder, of that tenant.
 *
 * @throws {Error} with what it said, where it does not come to its end
 */
export const exportOnce = async (
  { url, key }: Pick<StandIn, 'url' | 'key'>,
  folder: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<ExportRun> => {
  const usage = join(folder, 'usage.json')
  const begin = performance.now()
  await promisify(execFile)(process.execPath, [...npmPushgraph.program, 'export', ...args], {
    cwd: folder,
    env: {
      PATH: process.env.PATH,
      ...npmPushgraph.environment,
      PUSH_API_KEY: key,
      PUSH_API_URL: url,
      PUSHGRAPH_DATA_DIR: join(folder, 'data'),
      NODE_OPTIONS: `--import=${noteUsage}`,
      BENCH_USAGE: usage,
      ...environment,
    },
  })
  const ms = performance.now() - begin
  return { ms, ...(JSON.parse(readFileSync(usage, 'utf8')) as Omit<ExportRun, 'ms'>) }
}
