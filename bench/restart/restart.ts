/** What a server costs and how fast it is that takes the place of another one on the same data folder. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ask, startProduct } from '../processes/product.ts'
import { startStandIn } from '../processes/stand-in.ts'
import type { Section } from '../report/section.ts'
import { figure } from '../report/table.ts'

/** What a dashboard asks of all collections. */
export const DASHBOARD = `{
  employees { totalCount } apps { totalCount } browsers { totalCount }
  accounts(filter: { mfaRegistered: { eq: false } }) { totalCount groups(by: [APP_TYPE]) { count } }
  findings { totalCount groups(by: [TYPE]) { count } } detections { totalCount }
}`
const ACCOUNTS = '{ accounts { totalCount } }'

interface Case {
  readonly name: string
  readonly scale: number
  readonly query: string
  /** Of the first answer after the restart. */
  readonly promisedMs: number
  readonly keyFile?: boolean
}

const cases: readonly Case[] = [
  { name: 'a dashboard of six collections', scale: 1, query: DASHBOARD, promisedMs: 600 },
  { name: '12,000 accounts', scale: 1, query: ACCOUNTS, promisedMs: 300 },
  { name: '12,000 accounts, sealed', scale: 1, query: ACCOUNTS, promisedMs: 300, keyFile: true },
  { name: '120,000 accounts', scale: 10, query: ACCOUNTS, promisedMs: 1_500 },
]

interface Measured extends Case {
  readonly before: { readonly requests: number; readonly ms: number }
  readonly after: { readonly requests: number; readonly ms: number }
}

const measureOne = async (of: Case): Promise<Measured> => {
  // What is measured is the second server: the first may read as fast as it can.
  const standIn = await startStandIn(of.scale, { latencyMs: 5, rate: 1_000, burst: 1_000 })
  const dataDirectory = mkdtempSync(join(tmpdir(), 'pushgraph-bench-restart-'))
  const environment = {
    PUSHGRAPH_RATE: '1000',
    PUSHGRAPH_BURST: '1000',
    PUSHGRAPH_MAX_REQUESTS: '2000',
    PUSHGRAPH_MAX_WAIT_MS: '120000',
    PUSHGRAPH_MAX_AGE_S: '900',
    ...(of.keyFile === true ? { PUSHGRAPH_DATA_KEY_FILE: 'key.txt' } : {}),
  }
  if (of.keyFile === true) writeFileSync(join(dataDirectory, 'key.txt'), '1'.repeat(64))
  const run = async () => {
    const server = await startProduct(standIn, { dataDirectory, environment })
    const { requests } = await standIn.statistics()
    const start = performance.now()
    const answer = await ask(server.url, { query: of.query })
    const ms = performance.now() - start
    if (answer.errors !== undefined) throw new Error(JSON.stringify(answer.errors))
    const after = await standIn.statistics()
    await server.stop()
    return { requests: after.requests - requests, ms }
  }
  try {
    return { ...of, before: await run(), after: await run() }
  } finally {
    await standIn.stop()
    rmSync(dataDirectory, { recursive: true, force: true })
  }
}

export const measureRestart = async (): Promise<Section> => {
  const measured: Measured[] = []
  for (const each of cases) measured.push(await measureOne(each))
  return {
    title: 'Restart',
    method:
      'A server reads everything, ends, and another one takes its place on the same data folder, within the ages: its first answer, from the moment at which it listens. The first server reads without the limit; with it, the dashboard takes about 10 s and 120,000 accounts 61 s.',
    tables: [
      {
        title: 'The first answer after a restart',
        columns: ['question', 'requests before', 'requests after', 'ms', 'promised ms'],
        rows: measured.map(({ name, before, after, promisedMs }) => [
          name,
          figure(before.requests),
          figure(after.requests),
          figure(Math.round(after.ms)),
          figure(promisedMs),
        ]),
      },
    ],
    charts: [],
    figures: measured.map(({ name, before, after }) => ({
      name,
      requestsBefore: before.requests,
      requestsAfter: after.requests,
      ms: after.ms,
    })),
    missed: measured.flatMap(({ name, after, promisedMs }) => [
      ...(after.requests > 0 ? [`restart, ${name}: ${after.requests} requests`] : []),
      ...(after.ms > promisedMs ? [`restart, ${name}: ${Math.round(after.ms)} ms`] : []),
    ]),
  }
}
