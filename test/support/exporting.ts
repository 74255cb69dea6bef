/** Exports as users make them, to a file in a folder that stays between two of them. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { StandIn } from '../../src/demo/stand-in.ts'
import { directoryForTest } from './directory.ts'
import { type Ended, type Product, startProduct } from './product.ts'
import { runCommand } from './terminal.ts'

/** One process goes on only with what another of the same version began. */
const { version } = JSON.parse(
  readFileSync(new URL('../../package.json', import.meta.url), 'utf8'),
) as { readonly version: string }

export interface Exporting {
  readonly folder: string
  readonly file: string
  /** `pushgraph export --out file` with these arguments besides, as a process of its own that can be killed. */
  readonly start: (...args: string[]) => Product
  /** The same to its end within the test's process, which spares the start of another. */
  readonly run: (...args: string[]) => Promise<Omit<Ended, 'signal'>>
  /** What the file holds. */
  readonly text: () => string
  /** The files of the folder's export that there are, without the folder. */
  readonly left: () => readonly string[]
}

/** Exports of that tenant, without a limit, into a new folder or that one, under that name; only to be called within a test. */
export const exportingForTest = (
  standIn: StandIn,
  environment: Readonly<Record<string, string>> = {},
  folder = directoryForTest(),
  name = 'out.ndjson',
): Exporting => {
  const file = join(folder, name)
  const names = [name, `${name}.partial`, `${name}.resume`]
  const command = (args: readonly string[]): string[] => ['export', '--out', file, ...args]
  const settings = {
    PUSH_API_KEY: standIn.keys.readOnly,
    PUSH_API_URL: standIn.url,
    PUSHGRAPH_RATE: '1000',
    PUSHGRAPH_BURST: '1000',
    PUSHGRAPH_DATA_DIR: join(folder, 'data'),
    ...environment,
  }
  return {
    folder,
    file,
    start: (...args) => startProduct(command(args), { environment: settings }),
    run: (...args) =>
      runCommand(command(args), {
        environment: settings,
        stopped: new Promise(() => undefined),
        version,
      }),
    text: () => readFileSync(file, 'utf8'),
    left: () => names.filter(one => existsSync(join(folder, one))),
  }
}

/** Kills the export when so many more requests have come. */
export const killAfter = async (
  standIn: StandIn,
  exporting: Exporting,
  requests: number,
  args: readonly string[],
): Promise<Ended> => {
  let left = requests
  let kill: () => void = () => undefined
  standIn.set({
    faults: () => {
      left -= 1
      if (left === 0) kill()
      return undefined
    },
  })
  const product = exporting.start(...args)
  kill = () => {
    product.kill('SIGKILL')
  }
  const ended = await product.ended
  standIn.set({ faults: undefined })
  return ended
}

/** The objects of a file with one on each line. */
export const linesOf = (text: string): Readonly<Record<string, unknown>>[] =>
  text === ''
    ? []
    : text
        .trimEnd()
        .split('\n')
        .map(line => JSON.parse(line) as Readonly<Record<string, unknown>>)
