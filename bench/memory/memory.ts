/** How many bytes an object takes, by type and size of the tenant, and how much the whole server does. */
import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { collectionNames } from '../../src/model/collections.ts'
import { ask, startProduct } from '../processes/product.ts'
import { type StandIn, startStandIn } from '../processes/stand-in.ts'
import type { Section } from '../report/section.ts'
import { figure } from '../report/table.ts'

const scales = [1, 10]

/** Everything may be read as fast as it comes: what counts here is what stays. */
const hasty = {
  PUSHGRAPH_RATE: '500',
  PUSHGRAPH_BURST: '500',
  PUSHGRAPH_MAX_REQUESTS: '100000',
  PUSHGRAPH_MAX_WAIT_MS: '600000',
  PUSHGRAPH_MAX_AGE_S: '86400',
}

interface Part {
  readonly name: string
  readonly rows: number
  readonly bytes: number
}

interface Sized {
  readonly scale: number
  readonly parts: readonly Part[]
  /** Megabytes of the whole server at its largest, with the usual settings, after everything was read and asked. */
  readonly peakMb: number
}

export const measureMemory = async (): Promise<Section> => {
  const sized: Sized[] = []
  for (const scale of scales) {
    const standIn = await startStandIn(scale, { limiter: false, latencyMs: 2 })
    try {
      sized.push({ scale, parts: await weigh(standIn), peakMb: await peakOf(standIn) })
    } finally {
      await standIn.stop()
    }
  }
  return report(sized)
}

const weigh = async (standIn: StandIn): Promise<readonly Part[]> => {
  const directory = mkdtempSync(join(tmpdir(), 'pushgraph-bench-memory-'))
  const program = fileURLToPath(new URL('memory-process.ts', import.meta.url))
  const { stdout } = await promisify(execFile)(process.execPath, ['--expose-gc', program], {
    cwd: directory,
    env: {
      PATH: process.env.PATH,
      PUSH_API_KEY: standIn.key,
      PUSH_API_URL: standIn.url,
      PUSHGRAPH_DATA_DIR: directory,
      PUSHGRAPH_MAX_MEMORY_MB: '4096',
      ...hasty,
    },
  })
  rmSync(directory, { recursive: true, force: true })
  return stdout
    .trim()
    .split('\n')
    .map(line => JSON.parse(line) as Part)
}

/** A real server, asked for all there is and for answers that make indexes and long lists. */
const peakOf = async (standIn: StandIn): Promise<number> => {
  const dataDirectory = mkdtempSync(join(tmpdir(), 'pushgraph-bench-memory-'))
  // At a fifth of the haste, since what waits to be decoded takes memory too.
  const environment = { ...hasty, PUSHGRAPH_RATE: '100', PUSHGRAPH_BURST: '100' }
  const product = await startProduct(standIn, { dataDirectory, environment })
  for (const name of collectionNames)
    await ask(product.url, { query: `{ ${name} { totalCount } }` })
  for (let round = 0; round < 10; round++)
    await ask(product.url, {
      query: `{ accounts(first: 1000, orderBy: [{ field: EMAIL }], filter: { mfaRegistered: { eq: false } }) {
        totalCount nodes { id email app { name } employee { email } findings { nodes { type } } } } }`,
    })
  const kilobytes = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${product.pid}/status`, 'utf8'))?.[1]
  await product.stop()
  rmSync(dataDirectory, { recursive: true, force: true })
  return Number(kilobytes) / 1_024
}

const report = (sized: readonly Sized[]): Section => {
  const names = sized[0]?.parts.map(({ name }) => name) ?? []
  const partOf = (of: Sized, name: string): Part =>
    of.parts.find(part => part.name === name) ?? { name, rows: 0, bytes: NaN }
  const figures = sized.map(of => {
    const accounts = partOf(of, 'accounts')
    const indexes = partOf(of, 'indexes of accounts')
    return {
      scale: of.scale,
      peakMb: of.peakMb,
      bytesEach: Object.fromEntries(
        of.parts
          .filter(({ rows }) => rows > 0)
          .map(({ name, rows, bytes }) => [name, Math.round(bytes / rows)]),
      ),
      rows: Object.fromEntries(of.parts.map(({ name, rows }) => [name, rows])),
      accountWithIndexes: Math.round((accounts.bytes + indexes.bytes) / accounts.rows),
    }
  })
  return {
    title: 'Memory',
    method: [
      'Bytes of heap per stored object: `heapUsed` and `external` of a process, the least of five sweeps, after',
      '`{ xs { totalCount } }` has read a collection and the history has been told of its rows, less the same before,',
      'divided by the rows. That counts the rows and their texts, where they',
      'are found by id and in what order, when each was read, the words known to come again, and all else that the',
      'reading leaves in the process, be it compiled code or buffers of connections. A word that an earlier collection',
      'had is counted there. For accounts also with what links to them need: their indexes by employee, app and password,',
      'and again all else that those questions leave.',
      '',
      'The peak is the largest resident memory (`VmHWM`) of a whole server as `npm start` starts it, with the usual settings,',
      'after it read all seven collections at 100 requests a second and gave 1,000 filtered and sorted accounts with what',
      'is linked to them ten times. That counts Node itself, its threads, the young generation and what is not yet swept.',
    ].join('\n'),
    tables: [
      {
        title: 'Bytes of heap per stored object',
        columns: [
          'collection',
          ...sized.flatMap(({ scale }) => [`rows, ${scale}×`, `bytes each, ${scale}×`]),
        ],
        rows: [
          ...names
            .filter(name => partOf(sized[0] as Sized, name).rows > 0)
            .map(name => [
              name,
              ...figures.flatMap(of => [
                figure(of.rows[name] ?? 0),
                figure(of.bytesEach[name] ?? NaN),
              ]),
            ]),
          [
            'accounts with all indexes',
            ...figures.flatMap(of => [
              figure(of.rows.accounts ?? 0),
              figure(of.accountWithIndexes),
            ]),
          ],
        ],
      },
      {
        title: 'The whole server',
        columns: ['tenant', 'peak of resident memory, MB'],
        rows: figures.map(of => [`the demo tenant × ${of.scale}`, figure(Math.round(of.peakMb))]),
      },
    ],
    charts: [
      {
        name: 'memory',
        title: 'Bytes of heap per stored object, ten times the demo tenant',
        bars: Object.entries(figures.at(-1)?.bytesEach ?? {}).map(([label, value]) => ({
          label,
          value,
          text: figure(value),
          own: true,
        })),
        mark: { value: 500, text: 'promised for accounts: 500' },
      },
    ],
    figures,
    missed: figures.flatMap(of => [
      ...(of.accountWithIndexes > 500
        ? [
            `memory: ${of.accountWithIndexes} bytes per account with its indexes at scale ${of.scale}`,
          ]
        : []),
      ...(of.peakMb > 400
        ? [`memory: the server takes ${Math.round(of.peakMb)} MB at scale ${of.scale}`]
        : []),
    ]),
  }
}
