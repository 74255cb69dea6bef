/** Law 1 over several replicas: never a 429 of our own making, whatever dies, stands still or is cut off. The stand-in judges. */
import { type ChildProcess, spawn } from 'node:child_process'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterEach, expect, test } from 'vitest'
import { type PostgresServer, startPostgres } from '../../../examples/replicas/postgres.ts'
import type { StandIn } from '../../../src/demo/stand-in.ts'
import { systemClock } from '../../../src/model/clock.ts'
import { openDatabase } from '../../../src/postgres/connecting/database.ts'
import { openSharedState } from '../../../src/postgres/limits/shared-state.ts'
import { createDatabase, through } from '../../support/postgres.ts'
import { standInForTest } from '../../support/stand-in.ts'
import { startTcpProxy } from '../../support/tcp-proxy.ts'
import { callFor, clientForTest } from '../../upstream/client-of-stand-in.ts'
import { overruns } from '../../upstream/limiter/overruns.ts'

const limits = { rate: 10, burst: 10 }
const ends: (() => unknown)[] = []
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end()
})

/** Requests of one replica have offsets of its own. */
const OFFSETS = 1_000_000

interface Replica {
  readonly process: ChildProcess
  /** How often it said so. */
  readonly heard: () => { readonly begins: number; readonly refused: number }
  /** How many requests of it have arrived. */
  readonly arrived: () => number
}

const startReplica = (databaseUrl: string, standIn: StandIn, number: number): Replica => {
  const child = spawn(
    process.execPath,
    [
      join(import.meta.dirname, 'reading-replica.ts'),
      ...[databaseUrl, standIn.url, standIn.keys.readOnly, String(number * OFFSETS)],
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  )
  ends.push(() => child.kill('SIGKILL'))
  const heard = { begins: 0, refused: 0 }
  createInterface({ input: child.stdout }).on('line', line => {
    if (line === 'begins' || line === 'refused') heard[line] += 1
  })
  return {
    process: child,
    heard: () => heard,
    arrived: () =>
      standIn.requests.filter(
        ({ query }) => Math.floor(Number(query['offset']) / OFFSETS) === number,
      ).length,
  }
}

const limited = (): Promise<StandIn> =>
  standInForTest({ switches: { limiter: true, latencyMs: 60, latencyJitter: 0.9 } })

const startServer = async (): Promise<PostgresServer> => {
  const server = await startPostgres()
  ends.push(server.stop)
  return server
}

/** Waits until so many more have arrived. */
const more = async (of: { arrived: () => number }, count: number): Promise<void> => {
  const before = of.arrived()
  await expect.poll(of.arrived).toBeGreaterThanOrEqual(before + count)
}

test('replicas together never ask Push too often, through deaths, stops, cuts and crashes', async () => {
  const [standIn, server] = [await limited(), await startServer()]
  const proxy = await startTcpProxy(server.port)
  ends.push(proxy.close)
  const all = { arrived: () => standIn.requests.length }
  const [dying, stopped, third, cutOff] = [
    startReplica(server.url, standIn, 1),
    startReplica(server.url, standIn, 2),
    startReplica(server.url, standIn, 3),
    startReplica(through(server.url, proxy.port), standIn, 4),
  ]
  const living = [stopped, third, cutOff]
  await Promise.all([dying, ...living].map(replica => more(replica, 3)))

  dying.process.kill('SIGKILL')
  await more(all, 15)

  stopped.process.kill('SIGSTOP')
  await more(all, 30)
  stopped.process.kill('SIGCONT')
  await more(stopped, 3)

  proxy.cut()
  await expect.poll(() => cutOff.heard().refused).toBeGreaterThan(0)
  const sentBefore = cutOff.arrived()
  await more(all, 25)
  expect(cutOff.arrived()).toBe(sentBefore)
  proxy.mend()
  await more(cutOff, 3)
  proxy.halfOpen()
  await more(all, 10)
  await more(cutOff, 3)

  const hearAll = (): Promise<void[]> => {
    const before = living.map(({ heard }) => heard().refused)
    return Promise.all(
      living.map(({ heard }, n) =>
        expect.poll(() => heard().refused).toBeGreaterThan(before[n] ?? 0),
      ),
    )
  }
  await server.crash()
  await hearAll()
  const sentInAll = all.arrived()
  await hearAll()
  // Who cannot ask the database asks Push nothing.
  expect(all.arrived()).toBe(sentInAll)
  await server.restart()
  await Promise.all(living.map(replica => more(replica, 3)))
  // The quicker it is back, the more of what it lost may be on its way yet.
  await server.crash()
  await server.restart()
  await Promise.all(living.map(replica => more(replica, 3)))
  server.freeze()
  await hearAll()
  server.thaw()
  await Promise.all(living.map(replica => more(replica, 3)))

  expect(standIn.statistics().overLimit).toBe(0)
  expect(
    overruns(
      standIn.requests.map(({ arrivedAt }) => arrivedAt),
      limits,
    ),
  ).toBeLessThan(0)
})

test('a look-up on one replica waits for none of the scans on all others', async () => {
  const [standIn, url] = [await limited(), await createDatabase()]
  const database = await openDatabase({ url, clock: systemClock })
  ends.push(database.close)
  const state = await openSharedState({ database })
  ends.push(state.close)
  const client = clientForTest(standIn, { ...limits, state, clock: database.clock })
  await client.page('apps', { limit: 1 }, callFor())
  const scans = [1, 2, 3].map(number => startReplica(url, standIn, number))
  await Promise.all(scans.map(scan => more(scan, 5)))
  const passedBy: number[] = []
  for (let n = 0; n < 15; n += 1) {
    const before = standIn.requests.length
    await client.one('apps', `none-${n}`, callFor())
    const own = standIn.requests.findIndex(({ path }) => path === `/apps/none-${n}`)
    passedBy.push(own - before)
  }
  // By what had been granted before, or was on its way: more of it where the machine is busy, but never a turn of each scan.
  expect(passedBy.reduce((sum, count) => sum + count)).toBeLessThan(passedBy.length * scans.length)
  expect(standIn.statistics().overLimit).toBe(0)
})
