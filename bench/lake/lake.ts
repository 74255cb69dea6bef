/** An export to Parquet of a tenant ten times as large as the demo tenant, at Push's limit, beside one to lines and one of nothing. */
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setup as installClients } from '../../examples/clients/install.ts'
import { startStandIn } from '../processes/stand-in.ts'
import type { Section } from '../report/section.ts'
import { figure, ratio } from '../report/table.ts'
import { exportOnce, type ExportRun } from './export-once.ts'
import { distinctInDuckDb, sizeOfFolder } from './read-back.ts'

const SCALE = 10
const OCSF = ['--ocsf', '1.1.0']
const PARQUET = ['--format', 'parquet']

/** Of Push. */
const RATE = 10
const PAGE = 200
const LATENCY_MS = 120

/** What is promised: so many times what reading takes, and megabytes above an export of nothing. */
const MOST_TIMES = 1.2
const MOST_MB = 150

interface Measured extends ExportRun {
  readonly name: string
  readonly files: number
  readonly rowGroups?: number
  readonly bytes: number
  /** Objects as hyparquet and DuckDB have them; of lines, nobody is asked. */
  readonly rows?: number
  readonly distinct?: number
}

const accounts = ['--types', 'accounts']
const exports: readonly {
  readonly name: string
  readonly args: readonly string[]
  readonly id?: string
}[] = [
  // No webhook has ever told of one.
  { name: 'nothing', args: ['--types', 'otherApps'] },
  { name: 'lines, OCSF 1.1.0', args: [...accounts, ...OCSF] },
  { name: 'Parquet, OCSF 1.1.0', args: [...accounts, ...OCSF, ...PARQUET], id: 'metadata.uid' },
  { name: 'Parquet, plain', args: [...accounts, ...PARQUET], id: 'id' },
]

export const measureLake = async (): Promise<Section> => {
  installClients()
  const standIn = await startStandIn(SCALE, { latencyMs: LATENCY_MS })
  const folder = mkdtempSync(join(tmpdir(), 'pushgraph-bench-lake-'))
  const measured: Measured[] = []
  try {
    // What the runtime makes of the sources is kept for all that come after.
    await exportOnce(standIn, folder, ['--types', 'otherApps', '--out', 'first'])
    for (const [index, { name, args, id }] of exports.entries()) {
      const out = join(folder, String(index))
      await standIn.reset()
      const run = await exportOnce(standIn, folder, [...args, '--out', out])
      if (id === undefined) measured.push({ name, ...run, files: 1, bytes: statSync(out).size })
      else
        measured.push({
          name,
          ...run,
          ...(await sizeOfFolder(out)),
          distinct: await distinctInDuckDb(out, id),
        })
    }
  } finally {
    await standIn.stop()
    rmSync(folder, { recursive: true, force: true })
  }
  return report(standIn.makeData().accounts.length, measured)
}

const report = (rows: number, measured: readonly Measured[]): Section => {
  // All requests but those of the first burst wait for their token, and the last one for its answer.
  const readingMs = ((Math.ceil(rows / PAGE) - RATE) / RATE) * 1_000 + LATENCY_MS
  const nothing = measured[0]?.peakMb ?? NaN
  const parquet = measured.filter(({ distinct }) => distinct !== undefined)
  return {
    title: 'An export to Parquet',
    method: [
      `${figure(rows)} accounts, read from a stand-in with Push's limit (${RATE} requests a second, ${PAGE} objects each) by \`npm run pushgraph -- export\`.`,
      `Reading alone takes ${figure(readingMs / 1_000)} s at that limit. Processor time and resident memory (\`VmHWM\`) are those of the process from`,
      'its start to its end; memory beyond that of an export that has nothing to write. All rows are read again by hyparquet, and counted by DuckDB.',
    ].join('\n'),
    tables: [
      {
        title: 'Exports of accounts',
        columns: [
          'export',
          's',
          'times reading',
          's of processor',
          'MB',
          'MB above nothing',
          'files',
          'row groups',
          'MB written',
          'rows',
        ],
        rows: measured.map((of, index) => [
          of.name,
          figure(of.ms / 1_000),
          index === 0 ? '' : ratio(of.ms, readingMs),
          figure(of.cpuMs / 1_000),
          figure(Math.round(of.peakMb)),
          index === 0 ? '' : figure(Math.round(of.peakMb - nothing)),
          figure(of.files),
          of.rowGroups === undefined ? '' : figure(of.rowGroups),
          figure(of.bytes / 1e6),
          of.rows === undefined ? '' : figure(of.rows),
        ]),
      },
    ],
    charts: [],
    figures: { rows, readingMs, measured },
    missed: parquet.flatMap(of => [
      ...(of.ms > readingMs * MOST_TIMES
        ? [`lake: ${of.name} takes ${ratio(of.ms, readingMs)} times what reading takes`]
        : []),
      ...(of.peakMb - nothing > MOST_MB
        ? [`lake: ${of.name} takes ${Math.round(of.peakMb - nothing)} MB above nothing`]
        : []),
      ...(of.rows !== rows || of.distinct !== rows
        ? [`lake: ${of.name} has ${of.rows} rows, of which ${of.distinct} differ, not ${rows}`]
        : []),
    ]),
  }
}
