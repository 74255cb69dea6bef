/** What a tenant three and ten times as large costs more. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ask, type Server, startProduct } from '../processes/product.ts'
import { type StandIn, startStandIn } from '../processes/stand-in.ts'
import { median, type Section } from '../report/section.ts'
import { figure } from '../report/table.ts'
import { pagesOf } from '../requests/bound.ts'
import { pageSize } from '../requests/bound.ts'

const scales = [1, 3, 10]
const REPEATS = 30

interface Grown {
  readonly scale: number
  readonly rows: number
  readonly pages: number
  readonly requests: number
  /** Milliseconds of processor time to read, decode and store a thousand rows. */
  readonly cpuMsPer1000: number
  /** Milliseconds of a warm answer with the first thousand accounts. */
  readonly listMs: number
  /** Milliseconds of a warm answer with fifty accounts, filtered and sorted out of all. */
  readonly sortedMs: number
}

export const measureGrowth = async (): Promise<Section> => {
  const grown: Grown[] = []
  for (const scale of scales) {
    const standIn = await startStandIn(scale, { limiter: false, latencyMs: 2 })
    try {
      grown.push(await measureAt(scale, standIn))
    } finally {
      await standIn.stop()
    }
  }
  return report(grown)
}

const list = '{ accounts(first: 1000) { nodes { id email appType mfaRegistered } } }'
const sorted = `{ accounts(first: 50, orderBy: [{ field: EMAIL }], filter: { email: { contains: "an" }, mfaRegistered: { eq: false } }) {
  nodes { id email appType mfaRegistered } } }`

const measureAt = async (scale: number, standIn: StandIn): Promise<Grown> => {
  const dataDirectory = mkdtempSync(join(tmpdir(), 'pushgraph-bench-growth-'))
  const product = await startProduct(standIn, {
    dataDirectory,
    environment: {
      PUSHGRAPH_RATE: '500',
      PUSHGRAPH_BURST: '500',
      PUSHGRAPH_MAX_REQUESTS: '100000',
      PUSHGRAPH_MAX_WAIT_MS: '600000',
      PUSHGRAPH_MAX_AGE_S: '86400',
    },
  })
  try {
    // Another collection first, so that what runs for the first time is not taken for what accounts cost.
    await ask(product.url, { query: '{ findings { totalCount } }' })
    await standIn.reset()
    const before = product.cpuMs()
    const { data } = await ask(product.url, { query: '{ accounts { totalCount } }' })
    const cpuMs = product.cpuMs() - before
    const rows = (data as { readonly accounts: { readonly totalCount: number } }).accounts
      .totalCount
    const { requests } = await standIn.statistics()
    return {
      scale,
      rows,
      pages: pagesOf(rows, pageSize),
      requests,
      cpuMsPer1000: (cpuMs / rows) * 1_000,
      listMs: await warmMs(product, list),
      sortedMs: await warmMs(product, sorted),
    }
  } finally {
    await product.stop()
    rmSync(dataDirectory, { recursive: true, force: true })
  }
}

/** Rows of any age will do, but not the answer that was given before. */
const anew = { 'cache-control': 'max-stale' }

/** The median of some answers, after as many to warm up. */
const warmMs = async ({ url }: Server, query: string): Promise<number> => {
  const times: number[] = []
  for (let repeat = 0; repeat < 2 * REPEATS; repeat++) {
    const start = performance.now()
    await ask(url, { query }, anew)
    times.push(performance.now() - start)
  }
  return median(times.slice(REPEATS))
}

const report = (grown: readonly Grown[]): Section => {
  const [smallest] = grown
  return {
    title: 'Growth',
    method: [
      'The demo tenant at three sizes, all accounts read cold by a server without a limit on requests, then answers from',
      `warm data: the first 1,000 accounts, and 50 filtered and sorted out of all (medians of ${REPEATS}).`,
    ].join('\n'),
    tables: [
      {
        title: 'What growth costs',
        columns: [
          'scale',
          'accounts',
          'pages',
          'requests',
          'CPU ms per 1,000 rows read',
          'µs per row of a list',
          '50 sorted out of all, ms',
        ],
        rows: grown.map(of => [
          figure(of.scale),
          figure(of.rows),
          figure(of.pages),
          figure(of.requests),
          figure(of.cpuMsPer1000),
          // Milliseconds of a thousand rows are microseconds of one.
          figure(of.listMs),
          figure(of.sortedMs),
        ]),
      },
    ],
    charts: [
      {
        name: 'growth',
        title: 'Processor time to read and store 1,000 accounts, by size of the tenant',
        bars: grown.map(of => ({
          label: `${figure(of.rows)} accounts`,
          value: of.cpuMsPer1000,
          text: `${figure(of.cpuMsPer1000)} ms`,
          own: true,
        })),
      },
    ],
    figures: grown,
    missed: grown.flatMap(of => [
      // Pages that overlap by a row, for the check at the seam, hold one row less.
      ...(of.requests > Math.ceil(of.rows / (pageSize - 1)) + 2
        ? [`growth: ${of.requests} requests for ${of.pages} pages at scale ${of.scale}`]
        : []),
      ...(smallest !== undefined && of.cpuMsPer1000 > 1.5 * smallest.cpuMsPer1000
        ? [
            `growth: a row costs ${figure(of.cpuMsPer1000 / smallest.cpuMsPer1000)} times as much at scale ${of.scale}`,
          ]
        : []),
    ]),
  }
}
