/** Several replicas that have read nothing, asked the same at one time: what it costs, and how long each waits. */
import { setTimeout as pause } from 'node:timers/promises'
import { ask } from '../processes/product.ts'
import { type StandIn, startStandIn } from '../processes/stand-in.ts'
import { figure } from '../report/table.ts'
import type { Part } from './part.ts'
import { type BenchDatabase, type Replica, startReplicasOf, stopAll } from './surroundings.ts'
import type { Surroundings } from './surroundings.ts'

const QUESTION = '{ accounts { totalCount } }'
const REPLICAS = 4
/** Of what one alone takes. */
const AS_LONG_AS = 1.1
/** A replica is killed once so many pages are there, of about 60. */
const KILLED_AT = 30

interface Run {
  readonly name: string
  readonly requests: number
  readonly overLimit: number
  /** Of each replica that answered. */
  readonly seconds: readonly number[]
}

export const measureCold = async (surroundings: Surroundings): Promise<Part> => {
  const standIn = await startStandIn(1)
  try {
    const run = (name: string, count: number, kills = false) =>
      askAll(standIn, surroundings, name, count, kills)
    const alone = await run('one alone', 1)
    const together = await run(`${REPLICAS} at once`, REPLICAS)
    const killed = await run(`${REPLICAS} at once, kill -9 of the one that asks`, REPLICAS, true)
    const runs = [alone, together, killed]
    const longest = (of: Run): number => Math.max(...of.seconds)
    return {
      table: {
        title: 'All 12,000 accounts, asked of cold replicas',
        columns: ['replicas', 'requests', '429s', 'first after s', 'last after s', 'promised'],
        rows: runs.map(of => [
          of.name,
          figure(of.requests),
          figure(of.overLimit),
          figure(Math.min(...of.seconds)),
          figure(longest(of)),
          of === alone
            ? ''
            : of === together
              ? `${alone.requests} requests, ${figure(AS_LONG_AS * longest(alone))} s`
              : `${alone.requests + 1} requests`,
        ]),
      },
      figures: runs,
      missed: [
        ...(together.requests > alone.requests
          ? [`${REPLICAS} cold replicas: ${together.requests} requests, one has ${alone.requests}`]
          : []),
        ...(longest(together) > AS_LONG_AS * longest(alone)
          ? [
              `${REPLICAS} cold replicas: ${figure(longest(together))} s, one has ${figure(longest(alone))}`,
            ]
          : []),
        ...(killed.requests > alone.requests + 1
          ? [`cold replicas of which one is killed: ${killed.requests} requests`]
          : []),
        ...runs
          .filter(({ overLimit }) => overLimit > 0)
          .map(({ name, overLimit }) => `cold, ${name}: ${overLimit} 429s`),
      ],
    }
  } finally {
    await standIn.stop()
  }
}

const askAll = async (
  standIn: StandIn,
  surroundings: Surroundings,
  name: string,
  count: number,
  kills: boolean,
): Promise<Run> => {
  const database = await surroundings.create()
  const replicas = await startReplicasOf(count, standIn, database)
  await standIn.reset()
  const from = performance.now()
  const asking = replicas.map(async ({ url }) => {
    const { data, errors } = await ask(url, { query: QUESTION })
    if (errors !== undefined) throw new Error(JSON.stringify(errors))
    if ((data as { accounts: { totalCount: number } }).accounts.totalCount < 12_000)
      throw new Error(JSON.stringify(data))
    return (performance.now() - from) / 1_000
  })
  const killed = kills ? await killAsker(standIn, database, replicas) : undefined
  const ended = await Promise.allSettled(asking)
  const { requests, overLimit } = await standIn.statistics()
  await stopAll(replicas)
  const failed = ended.find((of, nth) => of.status === 'rejected' && replicas[nth] !== killed) as
    PromiseRejectedResult | undefined
  if (failed !== undefined) throw failed.reason
  const seconds = ended.flatMap(of => (of.status === 'fulfilled' ? [of.value] : []))
  return { name, requests, overLimit, seconds }
}

/** Half-way, the one that has just said in the database that it asks. */
const killAsker = async (
  standIn: StandIn,
  database: BenchDatabase,
  replicas: readonly Replica[],
): Promise<Replica> => {
  while ((await standIn.statistics()).requests < KILLED_AT) await pause(20)
  for (;;) {
    const [last] = await database.query(
      'SELECT replica FROM answer_claim ORDER BY claimed_at DESC LIMIT 1',
    )
    const asker = replicas.find(({ name }) => name === last?.['replica'])
    if (asker !== undefined) {
      asker.kill()
      return asker
    }
  }
}
