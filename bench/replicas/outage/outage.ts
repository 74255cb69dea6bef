/** A replica whose database is away for a while: what it still does, how soon it is itself again, and whether all is right then. */
import { execFile } from 'node:child_process'
import { setTimeout as pause } from 'node:timers/promises'
import { promisify } from 'node:util'
import { install } from '../../processes/install.ts'
import { ask } from '../../processes/product.ts'
import { startStandIn } from '../../processes/stand-in.ts'
import { sendDeliveries, type Sent } from '../../webhooks/server.ts'
import { startSubscribers } from '../deliveries/following.ts'
import { judge } from '../deliveries/heard.ts'
import { countStored } from '../deliveries/stored-events.ts'
import type { Part } from '../part.ts'
import { type Replica, startReplica, type Surroundings } from '../surroundings.ts'
import { type Load, type Outage, report } from './report.ts'

/** How long it is away, and how often what a replica does meanwhile is looked at. */
const AWAY = { short: { ms: 60_000, everyMs: 20_000 }, full: { ms: 600_000, everyMs: 60_000 } }
/** Seconds for which answers are counted at a time, and how often before: what else the machine does is in both. */
const COUNTED_S = 10
const BEFORE = 3
const CONNECTIONS = 8
const DELIVERIES = 10
const WARM =
  '{ accounts(filter: { mfaRegistered: { eq: false } }) { totalCount groups(by: [APP_TYPE]) { count } } }'

/** One caller asks as fast as it can, and what is in memory stays fresh enough for as long as it takes. */
const environment = {
  PUSHGRAPH_MAX_CALLER_RATE: '1000000',
  PUSHGRAPH_MAX_CALLER_RATE_ALL: '1000000',
  PUSHGRAPH_MAX_AGE_S: '900',
}

export const measureOutage = async (surroundings: Surroundings, isFull: boolean): Promise<Part> => {
  const load = `${install('load')}load.mjs`
  const { server } = surroundings
  const { ms: awayMs, everyMs } = isFull ? AWAY.full : AWAY.short
  const standIn = await startStandIn(1)
  const database = await surroundings.create()
  const replica = await startReplica(standIn, database, environment)
  const subscribers = await startSubscribers([replica])
  try {
    const ids = standIn.makeData().employees.map(({ id }) => id)
    const asBefore = await answerOf(replica)
    await sendDeliveries([replica.url], 'before', DELIVERIES, 5)
    await count(load, replica, 1)
    const before: Load[] = []
    for (let time = 0; time < BEFORE; time++) before.push(await count(load, replica, COUNTED_S))
    const { requests } = await standIn.statistics()

    const loads: Load[] = []
    const refused: Sent[] = []
    let unanswered = 0
    await server.crash()
    for (let cycle = 0; cycle * everyMs < awayMs; cycle++) {
      const over = pause(everyMs)
      loads.push(await count(load, replica, COUNTED_S))
      refused.push(await sendDeliveries([replica.url], wayOf(cycle), DELIVERIES, 5))
      unanswered += (await isSent(replica, ids.pop())) ? 0 : 1
      await over
    }
    const whileAway = (await standIn.statistics()).requests - requests
    await server.restart()
    const resumedMs = await timeUntilSent(replica, ids)

    const again = []
    for (const { way } of refused) {
      const sent = await sendDeliveries([replica.url], way, DELIVERIES, 50, 100)
      again.push({ sent: sent.sent, ...(await countStored(database, way)) })
    }
    const heard = (await subscribers.end()).map(following => following.heard)
    const other = await startReplica(standIn, database, environment)
    // Read from Push once more, by which it is also in the database for the other.
    const anew = { 'cache-control': 'no-cache' }
    const after = [await answerOf(replica, anew), await answerOf(other)]
    await other.stop()
    const { overLimit } = await standIn.statistics()
    return report({
      ...{ awayMs, before, loads, refused, unanswered, whileAway, resumedMs, again, overLimit },
      heard: judge((refused.length + 1) * DELIVERIES, heard),
      isAsBefore: after.every(answer => answer === asBefore),
    } satisfies Outage)
  } finally {
    await subscribers.stop()
    await replica.stop()
    await standIn.stop()
  }
}

/** What the deliveries of that time are called. */
const wayOf = (cycle: number): string => `away-${cycle + 1}`

const answerOf = async (
  { url }: Replica,
  headers: Readonly<Record<string, string>> = {},
): Promise<string> => {
  const { data, errors } = await ask(url, { query: WARM }, headers)
  if (errors !== undefined) throw new Error(JSON.stringify(errors))
  return JSON.stringify(data)
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

/** Whether a question about that employee is answered, which needs Push. */
const isSent = async ({ url }: Replica, id: string | undefined): Promise<boolean> => {
  const { errors } = await ask(url, { query: `{ employee(id: "${id ?? ''}") { email } }` })
  return errors === undefined
}

/** Milliseconds until one is; about another employee each time. */
const timeUntilSent = async (replica: Replica, ids: readonly string[]): Promise<number> => {
  const from = performance.now()
  for (const id of ids) {
    if (await isSent(replica, id)) return performance.now() - from
    await pause(50)
  }
  return Infinity
}
