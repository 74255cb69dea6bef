/** Webhooks that come to several replicas in turn, with a subscriber at each that moves from one to the other. */
import { figure } from '../../report/table.ts'
import { sendDeliveries, type Sent } from '../../webhooks/server.ts'
import type { Part } from '../part.ts'
import { type BenchDatabase, type Replica, startReplicasOf, stopAll } from '../surroundings.ts'
import type { Surroundings } from '../surroundings.ts'
import { startSubscribers } from './following.ts'
import { judge, type Judged } from './heard.ts'
import { countStored } from './stored-events.ts'

export const REPLICAS = 4
/** Nobody reads anything of Push here. */
export const nowhere = { url: 'http://127.0.0.1:9/v1', key: 'key' }
const SECONDS = { short: 10, full: 60 }
/** The first is promised; the others are tried where one machine for all does not keep it. */
const RATES = [500, 250, 100]
const PROMISED = { ackMs: 100, lagMs: 250 }

interface Run {
  readonly rate: number
  readonly sent: Sent
  readonly heard: Judged
  readonly moves: number
  readonly stored: number
  /** Milliseconds of processor time for each delivery. */
  readonly replicaCpuMs: number
  readonly databaseCpuMs: number
}

export const measureSteady = async (surroundings: Surroundings, isFull: boolean): Promise<Part> => {
  const seconds = isFull ? SECONDS.full : SECONDS.short
  const database = await surroundings.create()
  const replicas = await startReplicasOf(REPLICAS, nowhere, database)
  const runs: Run[] = []
  try {
    await sendDeliveries(urlsOf(replicas), 'warm', 400, 200)
    for (const rate of RATES) {
      const run = await measureAt(rate, seconds, database, replicas)
      runs.push(run)
      if (isKept(run)) break
    }
  } finally {
    await stopAll(replicas)
  }
  const [promised] = runs
  return {
    table: {
      title: `Deliveries to ${REPLICAS} replicas in turn for ${seconds} s, and as many subscribers that move from one to the other`,
      columns: [
        ...['a second', 'refused', 'acknowledged ms (median)', '(p99)', '(worst)'],
        ...['with the last subscriber ms (median)', '(p99)', '(worst)'],
        ...[
          'moves',
          'missing',
          'twice',
          'one order',
          'CPU ms each: replicas',
          'database',
          'promised',
        ],
      ],
      rows: runs.map(run => [
        figure(run.rate),
        figure(run.sent.refused),
        ...[run.sent.p50, run.sent.p99, run.sent.worst].map(figure),
        ...[run.heard.p50, run.heard.p99, run.heard.worst].map(figure),
        ...[run.moves, run.heard.missing, run.heard.twice].map(figure),
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

export const urlsOf = (replicas: readonly Replica[]): readonly string[] =>
  replicas.map(({ url }) => url)

const measureAt = async (
  rate: number,
  seconds: number,
  database: BenchDatabase,
  replicas: readonly Replica[],
): Promise<Run> => {
  const subscribers = await startSubscribers(replicas)
  try {
    const cpuMs = () => replicas.reduce((sum, replica) => sum + replica.cpuMs(), 0)
    const [replicasBefore, databaseBefore] = [cpuMs(), await database.cpuMs()]
    const sent = await sendDeliveries(urlsOf(replicas), `at ${rate}`, rate * seconds, rate)
    const [replicasAfter, databaseAfter] = [cpuMs(), await database.cpuMs()]
    const all = await subscribers.end()
    return {
      ...{ rate, sent },
      heard: judge(
        sent.sent,
        all.map(({ heard }) => heard),
      ),
      moves: all.reduce((sum, { moves }) => sum + moves, 0),
      stored: (await countStored(database, `at ${rate}`)).stored,
      replicaCpuMs: (replicasAfter - replicasBefore) / sent.sent,
      databaseCpuMs: (databaseAfter - databaseBefore) / sent.sent,
    }
  } finally {
    await subscribers.stop()
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
