/** More deliveries than one expects: over HTTP, and at the store of events, where only the database is in the way. */
import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { figure } from '../../report/table.ts'
import { sendDeliveries } from '../../webhooks/server.ts'
import type { Part } from '../part.ts'
import { type BenchDatabase, startReplicasOf, stopAll, type Surroundings } from '../surroundings.ts'
import { nowhere, REPLICAS, urlsOf } from './steady.ts'
import { countStored } from './stored-events.ts'

const HTTP = { rate: 1_000, seconds: { short: 15, full: 30 } }
const STORE = { rate: 10_000, seconds: 10 }
/** What is refused, since it cannot be stored soon, is sent again so much later. */
const AGAIN_MS = 500
const PROMISED_MS = 5_000
/** Processes that store begin together, when all of them surely run. */
const BEGIN_AFTER_MS = 5_000

interface Burst {
  readonly name: string
  readonly sent: number
  readonly refused: number
  readonly stored: number
  readonly seconds: number
  readonly p50: number
  readonly p99: number
  readonly worst: number
}

export const measureBursts = async (surroundings: Surroundings, isFull: boolean): Promise<Part> => {
  const seconds = isFull ? HTTP.seconds.full : HTTP.seconds.short
  const bursts = [
    await overHttp(await surroundings.create(), seconds),
    await atTheStore(await surroundings.create()),
  ]
  return {
    table: {
      title: 'More deliveries than one expects',
      columns: [
        ...['a second', 'sent', 'refused on the way', 'stored', 'all stored after s'],
        ...['acknowledged ms (median)', '(p99)', '(worst)', 'promised'],
      ],
      rows: bursts.map(of => [
        of.name,
        ...[of.sent, of.refused, of.stored].map(figure),
        figure(of.seconds),
        ...[of.p50, of.p99, of.worst].map(ms => figure(Math.round(ms))),
        `all within ${figure(PROMISED_MS)} ms`,
      ]),
    },
    figures: bursts,
    missed: bursts.flatMap(({ name, sent, stored, worst }) => [
      ...(stored !== sent ? [`deliveries, ${name}: ${stored} of ${sent} stored`] : []),
      ...(worst > PROMISED_MS
        ? [`deliveries, ${name}: the last is acknowledged after ${Math.round(worst)} ms`]
        : []),
    ]),
  }
}

const overHttp = async (database: BenchDatabase, seconds: number): Promise<Burst> => {
  const { rate } = HTTP
  const replicas = await startReplicasOf(REPLICAS, nowhere, database)
  try {
    await sendDeliveries(urlsOf(replicas), 'warm', 400, 200)
    const sent = await sendDeliveries(urlsOf(replicas), 'many', rate * seconds, rate, AGAIN_MS)
    const { stored } = await countStored(database, 'many')
    return {
      ...sent,
      ...{ name: `${figure(rate)} for ${seconds} s over HTTP`, stored },
      seconds: sent.tookMs / 1_000,
    }
  } finally {
    await stopAll(replicas)
  }
}

const program = fileURLToPath(new URL('append-process.ts', import.meta.url))

const atTheStore = async (database: BenchDatabase): Promise<Burst> => {
  const { rate, seconds } = STORE
  const each = rate / REPLICAS
  // Tables are made, and all begin at one moment.
  await Promise.all((await startReplicasOf(1, nowhere, database)).map(({ stop }) => stop()))
  const at = String(Date.now() + BEGIN_AFTER_MS)
  const runs = await Promise.all(
    Array.from({ length: REPLICAS }, async (_, nth) => {
      const words = [database.url, `store ${nth}`, String(each * seconds), String(each), at]
      const { stdout } = await promisify(execFile)(process.execPath, [program, ...words], {
        maxBuffer: 100_000_000,
      })
      return JSON.parse(stdout) as {
        readonly times: readonly number[]
        readonly refused: number
        readonly tookMs: number
      }
    }),
  )
  const times = runs.flatMap(run => run.times).sort((a, b) => a - b)
  const quantile = (share: number): number =>
    times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? NaN
  const stored = (await countStored(database, 'store')).stored - REPLICAS
  return {
    name: `${figure(rate)} for ${seconds} s at the store of ${REPLICAS} processes`,
    sent: rate * seconds,
    refused: runs.reduce((sum, run) => sum + run.refused, 0),
    stored,
    seconds: Math.max(...runs.map(run => run.tookMs)) / 1_000,
    ...{ p50: quantile(0.5), p99: quantile(0.99), worst: quantile(1) },
  }
}
