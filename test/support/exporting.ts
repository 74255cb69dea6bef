/** Exports as users make them: a process of their own, to a file in a folder that stays between two of them. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { StandIn } from '../../src/demo/stand-in.ts'
import { directoryForTest } from './directory.ts'
import { type Product, startProduct } from './product.ts'

export interface Exporting {
  readonly folder: string
  readonly file: string
  /** `pushgraph export --out file` with these arguments besides. */
  readonly start: (...args: string[]) => Product
  /** What the file holds. */
  readonly text: () => string
  /** The files of the folder's export that there are, without the folder. */
  readonly left: () => readonly string[]
}

/** Exports of that tenant, without a limit; only to be called within a test. */
export const exportingForTest = (
  standIn: StandIn,
  environment: Readonly<Record<string, string>> = {},
): Exporting => {
  const folder = directoryForTest()
  const file = join(folder, 'out.ndjson')
  const names = ['out.ndjson', 'out.ndjson.partial', 'out.ndjson.resume']
  return {
    folder,
    file,
    start: (...args) =>
      startProduct(['export', '--out', file, ...args], {
        environment: {
          PUSH_API_KEY: standIn.keys.readOnly,
          PUSH_API_URL: standIn.url,
          PUSHGRAPH_RATE: '1000',
          PUSHGRAPH_BURST: '1000',
          PUSHGRAPH_DATA_DIR: join(folder, 'data'),
          ...environment,
        },
      }),
    text: () => readFileSync(file, 'utf8'),
    left: () => names.filter(name => existsSync(join(folder, name))),
  }
}

/** The objects of a file with one on each line. */
export const linesOf = (text: string): Readonly<Record<string, unknown>>[] =>
  text === ''
    ? []
    : text
        .trimEnd()
        .split('\n')
        .map(line => JSON.parse(line) as Readonly<Record<string, unknown>>)
