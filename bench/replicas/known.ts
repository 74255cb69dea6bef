/** A replica that starts where others have read all before it: its first answer. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DASHBOARD } from '../restart/restart.ts'
import { ask } from '../processes/product.ts'
import { longestStall, notingStalls } from '../processes/stalls.ts'
import { startStandIn } from '../processes/stand-in.ts'
import { median } from '../report/section.ts'
import { figure } from '../report/table.ts'
import type { Part } from './part.ts'
import { startReplica, type Surroundings, unlimited } from './surroundings.ts'

/** Replicas that start one after the other; the middle one counts. */
const LATER = 3
const PROMISED_STALL_MS = 50

interface Case {
  readonly name: string
  readonly scale: number
  readonly query: string
  readonly promisedMs: number
}

const cases: readonly Case[] = [
  { name: 'a dashboard of six collections', scale: 1, query: DASHBOARD, promisedMs: 600 },
  { name: '12,000 accounts', scale: 1, query: '{ accounts { totalCount } }', promisedMs: 300 },
  { name: '120,000 accounts', scale: 10, query: '{ accounts { totalCount } }', promisedMs: 1_500 },
]

export const measureKnown = async (surroundings: Surroundings): Promise<Part> => {
  const measured = []
  for (const each of cases) measured.push({ ...each, ...(await measureOne(surroundings, each)) })
  return {
    table: {
      title: 'The first answer of a replica that starts where all is in the database',
      columns: [
        ...['question', 'requests of the first', 'requests', 'ms (median)', 'promised ms'],
        ...['longest stall ms (median)', 'promised'],
      ],
      rows: measured.map(({ name, before, after, promisedMs }) => [
        name,
        figure(before.requests),
        figure(after.requests),
        figure(Math.round(after.ms)),
        figure(promisedMs),
        figure(Math.round(after.stallMs)),
        figure(PROMISED_STALL_MS),
      ]),
    },
    figures: measured.map(({ name, before, after }) => ({ name, before, after })),
    missed: measured.flatMap(({ name, after, promisedMs }) => [
      ...(after.requests > 0 ? [`a later replica, ${name}: ${after.requests} requests`] : []),
      ...(after.stallMs > PROMISED_STALL_MS
        ? [`a later replica, ${name}: its loop stands still for ${Math.round(after.stallMs)} ms`]
        : []),
      ...(after.ms > promisedMs ? [`a later replica, ${name}: ${Math.round(after.ms)} ms`] : []),
    ]),
  }
}

const measureOne = async (surroundings: Surroundings, { scale, query }: Case) => {
  const standIn = await startStandIn(scale, { latencyMs: 5, rate: 1_000, burst: 1_000 })
  const database = await surroundings.create()
  const folder = mkdtempSync(join(tmpdir(), 'pushgraph-bench-known-'))
  const path = join(folder, 'stalls.json')
  const run = async () => {
    const replica = await startReplica(standIn, database, { ...unlimited, ...notingStalls(path) })
    const { requests } = await standIn.statistics()
    const from = performance.timeOrigin + performance.now()
    const { errors } = await ask(replica.url, { query })
    const until = performance.timeOrigin + performance.now()
    if (errors !== undefined) throw new Error(JSON.stringify(errors))
    const after = await standIn.statistics()
    await replica.stop()
    return {
      ...{ requests: after.requests - requests, ms: until - from },
      stallMs: longestStall(path, from, until),
    }
  }
  try {
    const before = await run()
    const later = []
    for (let nth = 0; nth < LATER; nth++) later.push(await run())
    const requests = Math.max(...later.map(of => of.requests))
    return {
      before,
      after: {
        requests,
        ms: median(later.map(({ ms }) => ms)),
        stallMs: median(later.map(({ stallMs }) => stallMs)),
      },
    }
  } finally {
    await standIn.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}
