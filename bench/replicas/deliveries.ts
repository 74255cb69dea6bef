/** Webhooks that come to several replicas in turn, with a subscriber at each. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { startChild } from '../processes/child.ts'
import { figure } from '../report/table.ts'
import { sendDeliveries, type Sent } from '../webhooks/server.ts'
import { type Heard, judge, type Judged } from './heard.ts'
import type { Part } from './part.ts'
import { type BenchDatabase, type Replica, startReplicasOf, stopAll } from './surroundings.ts'
import type { Surroundings } from './surroundings.ts'

const follower = fileURLToPath(new URL('follower.ts', import.meta.url))
const REPLICAS = 3
const SECONDS = 10
/** The first is promised; the others are tried where one machine for all does not keep it. */
const RATES = [500, 250, 100]
const PROMISED = { ackMs: 100, lagMs: 250 }
/** What is on its way may arrive; whatever is late counts as late. */
const SETTLED_MS = 1_500

interface Run {
  readonly rate: number
  readonly sent: Sent
  readonly heard: Judged
  readonly stored: number
  /** Milliseconds of processor time for each delivery. */
  readonly replicaCpuMs: number
  readonly databaseCpuMs: number
}

export const measureDeliveries = async (surroundings: Surroundings): Promise<Part> => {
  const database = await surroundings.create()
  // Nobody reads anything of Push here.
  const nowhere = { url: 'http://127.0.0.1:9/v1', key: 'key' }
  const replicas = await startReplicasOf(REPLICAS, nowhere, database)
  const runs: Run[] = []
  try {
    await sendDeliveries(urlsOf(replicas), 'warm', 400, 200)
    for (const rate of RATES) {
      const run = await measureAt(rate, database, replicas)
      runs.push(run)
      if (isKept(run)) break
    }
  } finally {
    await stopAll(replicas)
  }
  const [promised] = runs
  return {
    table: {
      title: `Deliveries to ${REPLICAS} replicas in turn for ${SECONDS} s, a subscriber at each`,
      columns: [
        ...['a second', 'refused', 'acknowledged ms (median)', '(p99)', '(worst)'],
        ...['with the last subscriber ms (median)', '(p99)', '(worst)'],
        ...['missing', 'twice', 'one order', 'CPU ms each: replicas', 'database', 'promised'],
      ],
      rows: runs.map(run => [
        figure(run.rate),
        figure(run.sent.refused),
        ...[run.sent.p50, run.sent.p99, run.sent.worst].map(figure),
        ...[run.heard.p50, run.heard.p99, run.heard.worst].map(figure),
        figure(run.heard.missing),
        figure(run.heard.twice),
        run.heard.oneOrder ? 'yes' : 'NO',
        figure(run.replicaCpuMs),
        figure(run.databaseCpuMs),
        `p99 ${PROMISED.ackMs} and ${PROMISED.lagMs} ms`,
      ]),
    },
    figures: runs,
    missed: [
      ...(promised === undefined || isKept(promised) ? [] : [lateness(promised, runs)]),
      ...runs.filter(run => !isWhole(run)).map(wrongness),
    ],
  }
}

const urlsOf = (replicas: readonly Replica[]): readonly string[] => replicas.map(({ url }) => url)

const measureAt = async (
  rate: number,
  database: BenchDatabase,
  replicas: readonly Replica[],
): Promise<Run> => {
  const folder = mkdtempSync(join(tmpdir(), 'pushgraph-bench-follower-'))
  const results = join(folder, 'heard.json')
  const followers = await startChild([follower, urlsOf(replicas).join(), results], {
    ready: /(following)/,
  })
  try {
    const subscribed = () => Promise.all(replicas.map(({ figure: of }) => of('subscriptions')))
    while ((await subscribed()).some(count => count < 1)) await pause(50)
    const stored = async (): Promise<number> =>
      Number((await database.query('SELECT count(*) AS n FROM event'))[0]?.['n'])
    const before = await stored()
    const cpuMs = () => replicas.reduce((sum, replica) => sum + replica.cpuMs(), 0)
    const [replicasBefore, databaseBefore] = [cpuMs(), await database.cpuMs()]
    const sent = await sendDeliveries(urlsOf(replicas), `at ${rate}`, rate * SECONDS, rate)
    await pause(SETTLED_MS)
    const databaseAfter = await database.cpuMs()
    await followers.stop()
    const all = JSON.parse(readFileSync(results, 'utf8')) as readonly (readonly Heard[])[]
    return {
      rate,
      sent,
      heard: judge(sent.sent, all),
      stored: (await stored()) - before,
      replicaCpuMs: (cpuMs() - replicasBefore) / sent.sent,
      databaseCpuMs: (databaseAfter - databaseBefore) / sent.sent,
    }
  } finally {
    await followers.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

const isKept = ({ sent, heard }: Run): boolean =>
  sent.p99 <= PROMISED.ackMs && heard.p99 <= PROMISED.lagMs

const isWhole = ({ sent, heard, stored }: Run): boolean =>
  sent.refused + heard.missing + heard.twice === 0 && heard.oneOrder && stored === sent.sent

const lateness = ({ rate, sent, heard }: Run, runs: readonly Run[]): string => {
  const met = runs.find(isKept)
  return (
    `deliveries, ${rate} a second: p99 ${Math.round(sent.p99)} ms, with subscribers ${Math.round(heard.p99)} ms` +
    (met === undefined ? '' : ` (met at ${met.rate} a second)`)
  )
}

const wrongness = ({ rate, sent, heard, stored }: Run): string =>
  `deliveries, ${rate} a second: ${stored} of ${sent.sent} stored, ${sent.refused} refused, ${heard.missing} missing, ` +
  `${heard.twice} twice, ${heard.oneOrder ? 'one order' : 'several orders'}`
