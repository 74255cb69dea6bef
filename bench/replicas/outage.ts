/** A replica whose database is away for a while: what it still does, and how soon it is itself again. */
import { execFile } from 'node:child_process'
import { setTimeout as pause } from 'node:timers/promises'
import { promisify } from 'node:util'
import { install } from '../processes/install.ts'
import { ask } from '../processes/product.ts'
import { startStandIn } from '../processes/stand-in.ts'
import { figure, ratio } from '../report/table.ts'
import { sendDeliveries, type Sent } from '../webhooks/server.ts'
import type { Part } from './part.ts'
import { type Replica, startReplica, type Surroundings } from './surroundings.ts'

const AWAY_MS = 20_000
/** Seconds for which answers are counted: before, and of those in which it is away. */
const COUNTED = { before: 5, away: 15 }
const CONNECTIONS = 8
const DELIVERIES = 10
const PROMISED = { share: 0.9, refusedMs: 1_500, resumedMs: 5_000 }
const WARM =
  '{ accounts(filter: { mfaRegistered: { eq: false } }) { totalCount groups(by: [APP_TYPE]) { count } } }'

/** One caller asks as fast as it can, and what is in memory stays fresh enough for as long as it takes. */
const environment = {
  PUSHGRAPH_MAX_CALLER_RATE: '1000000',
  PUSHGRAPH_MAX_CALLER_RATE_ALL: '1000000',
  PUSHGRAPH_MAX_AGE_S: '900',
}

interface Load {
  readonly requestsPerSecond: number
  readonly requests: number
  readonly failed: number
  /** Milliseconds of the replica's processor time for each answer: what else the machine does is not in it. */
  readonly cpuMs: number
}

export const measureOutage = async (surroundings: Surroundings): Promise<Part> => {
  const load = `${install('load')}load.mjs`
  const standIn = await startStandIn(1)
  const database = await surroundings.create()
  const replica = await startReplica(standIn, database, environment)
  try {
    const ids = standIn.makeData().employees.map(({ id }) => id)
    const { errors } = await ask(replica.url, { query: WARM })
    if (errors !== undefined) throw new Error(JSON.stringify(errors))
    await count(load, replica, 1)
    const before = await count(load, replica, COUNTED.before)
    const { requests } = await standIn.statistics()
    const away = pause(AWAY_MS)
    await surroundings.server.crash()
    const during = await count(load, replica, COUNTED.away)
    const refused = await sendDeliveries([replica.url], 'away', DELIVERIES, 5)
    await away
    const whileAway = (await standIn.statistics()).requests - requests
    await surroundings.server.restart()
    const resumedMs = await timeUntilSent(replica, ids)
    const { overLimit } = await standIn.statistics()
    return report({ before, during, refused, whileAway, resumedMs, overLimit })
  } finally {
    await replica.stop()
    await standIn.stop()
  }
}

/** The same question again and again, so many seconds long. */
const count = async (load: string, { url, cpuMs }: Replica, seconds: number): Promise<Load> => {
  const options = {
    url,
    bodies: [JSON.stringify({ query: WARM })],
    connections: CONNECTIONS,
    seconds,
  }
  const before = cpuMs()
  const { stdout } = await promisify(execFile)(process.execPath, [load, JSON.stringify(options)])
  const counted = JSON.parse(stdout) as Omit<Load, 'cpuMs'>
  return { ...counted, cpuMs: (cpuMs() - before) / counted.requests }
}

/** Milliseconds until a question is answered that needs Push; another employee each time. */
const timeUntilSent = async ({ url }: Replica, ids: readonly string[]): Promise<number> => {
  const from = performance.now()
  for (const id of ids) {
    const { errors } = await ask(url, { query: `{ employee(id: "${id}") { email } }` })
    if (errors === undefined) return performance.now() - from
    await pause(50)
  }
  return Infinity
}

interface Outage {
  readonly before: Load
  readonly during: Load
  readonly refused: Sent
  readonly whileAway: number
  readonly resumedMs: number
  readonly overLimit: number
}

const report = (of: Outage): Part => {
  const share = of.during.requestsPerSecond / of.before.requestsPerSecond
  const lost = of.refused.sent - of.refused.refused
  const row = (...cells: readonly [what: string, value: string, promised: string]) => cells
  return {
    table: {
      title: `The database away for ${AWAY_MS / 1_000} s, as one replica has it`,
      columns: ['what', 'figure', 'promised'],
      rows: [
        row('warm answers a second before', figure(Math.round(of.before.requestsPerSecond)), ''),
        row('warm answers a second meanwhile', figure(Math.round(of.during.requestsPerSecond)), ''),
        row(
          'of those before',
          ratio(of.during.requestsPerSecond, of.before.requestsPerSecond),
          String(PROMISED.share),
        ),
        row('CPU ms of each before', thousandths(of.before.cpuMs), ''),
        row('CPU ms of each meanwhile', thousandths(of.during.cpuMs), ''),
        row('answers that failed', figure(of.before.failed + of.during.failed), '0'),
        row('requests to Push meanwhile', figure(of.whileAway), '0'),
        row('deliveries refused', `${of.refused.refused} of ${of.refused.sent}`, 'all'),
        row('the last of them after ms', figure(of.refused.worst), figure(PROMISED.refusedMs)),
        row('Push asked again after ms', figure(of.resumedMs), figure(PROMISED.resumedMs)),
        row('429s', figure(of.overLimit), '0'),
      ],
    },
    figures: of,
    missed: [
      ...(share < PROMISED.share ? [`database away: ${ratio(share, 1)} of the warm answers`] : []),
      ...(of.before.failed + of.during.failed > 0
        ? [`database away: ${of.before.failed + of.during.failed} warm answers failed`]
        : []),
      ...(of.whileAway > 0 ? [`database away: ${of.whileAway} requests to Push`] : []),
      ...(lost > 0 ? [`database away: ${lost} deliveries were acknowledged`] : []),
      ...(of.refused.worst > PROMISED.refusedMs
        ? [`database away: a delivery is refused after ${Math.round(of.refused.worst)} ms`]
        : []),
      ...(of.resumedMs > PROMISED.resumedMs
        ? [`database back: Push is asked after ${Math.round(of.resumedMs)} ms`]
        : []),
      ...(of.overLimit > 0 ? [`database back: ${of.overLimit} 429s`] : []),
    ],
  }
}

const thousandths = (ms: number): string => ms.toFixed(3)
