/** Replicas of the real program, to whose database something happens, or to themselves, in the middle of their work. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterEach, expect, test } from 'vitest'
import { type PostgresServer, startPostgres } from '../../examples/replicas/postgres.ts'
import type { StandIn } from '../../src/demo/stand-in.ts'
import { delivery, post } from '../support/deliveries.ts'
import { through } from '../support/postgres.ts'
import { runProduct, type Serving, startProduct } from '../support/product.ts'
import { startReplicas } from '../support/replicas.ts'
import { standInForTest } from '../support/stand-in.ts'
import { startTcpProxy } from '../support/tcp-proxy.ts'
import { hearEvents } from '../support/subscribing.ts'
import { askOver as ask, MUTATIONS } from '../support/writing.ts'

const ends: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end()
})

const startServer = async (): Promise<PostgresServer> => {
  const server = await startPostgres()
  ends.push(server.stop)
  return server
}

const replicasOn = async (
  number: number,
  url: string,
  standIn: StandIn,
  environment: Readonly<Record<string, string>> = {},
) => {
  const replicas = await startReplicas(number, { standIn, url, environment })
  ends.push(replicas.stop)
  return replicas
}

const connect = async (url: string): Promise<pg.Client> => {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  ends.push(() => client.end())
  return client
}

const limited = (): Promise<StandIn> => standInForTest({ switches: { limiter: true } })

const idsAt = async (url: string): Promise<readonly string[]> =>
  (await ask(url, '{ events(first: 1000) { nodes { id } } }')).data.events.nodes.map(
    ({ id }: { readonly id: string }) => id,
  )

/** Sends each of so many as Push does, until it is acknowledged: several side by side, each time at the next of the replicas. */
const sendAll = async (many: number, to: () => readonly Serving[]): Promise<readonly string[]> => {
  const ids = Array.from({ length: many }, (_, n) => `event-${n}`)
  const waiting = [...ids.entries()]
  const send = async (): Promise<void> => {
    for (;;) {
      const [n, id] = waiting.shift() ?? []
      if (n === undefined || id === undefined) return
      for (let turn = n, status = 0; status !== 200; turn += 1) {
        const { url = '' } = to()[turn % to().length] ?? {}
        // Of one that was killed nothing comes.
        status = await post(url, delivery({ id })).then(
          sent => sent.status,
          () => 0,
        )
        if (![0, 200, 503].includes(status)) throw new Error(`It was answered with ${status}`)
      }
    }
  }
  await Promise.all(Array.from({ length: 12 }, send))
  return ids
}

test('a burst of webhooks is stored once and heard in one order, though a replica is killed and another halted in it', async () => {
  const [server, standIn] = [await startServer(), await limited()]
  const { all } = await replicasOn(3, server.url, standIn)
  const [killed, halted, living] = all as [Serving, Serving, Serving]
  const heard = await Promise.all([halted, living].map(({ url }) => hearEvents(url)))
  let to: readonly Serving[] = all
  const sending = sendAll(400, () => to)
  await expect.poll(() => heard[1]?.length).toBeGreaterThan(50)
  killed.kill('SIGKILL')
  await expect.poll(() => heard[1]?.length).toBeGreaterThan(100)
  // Whoever waits for an answer of it waits until it goes on.
  to = [living]
  halted.kill('SIGSTOP')
  await expect.poll(() => heard[1]?.length).toBeGreaterThan(250)
  halted.kill('SIGCONT')
  const sent = await sending
  for (const each of heard) await expect.poll(() => each.length).toBe(sent.length)
  const stored = (await idsAt(living.url)).toSorted()
  expect(stored).toEqual(sent.toSorted())
  expect(heard[0]).toEqual(heard[1])
  expect(heard[1]?.toSorted()).toEqual(stored)
})

const WAITING =
  "SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%bucket_step%'"

test('a replica that was halted for longer than anybody waits for it goes on with what the others did meanwhile', async () => {
  // So slow that it can be halted between two answers.
  const slow = { limiter: true, latencyMs: 500 }
  const [server, standIn] = [await startServer(), await standInForTest({ switches: slow })]
  const url = server.url
  const { all } = await replicasOn(2, url, standIn, {
    ...{ PUSHGRAPH_MUTATIONS: 'on', PUSHGRAPH_MAX_WAIT_MS: '120000' },
  })
  const [halted, living] = all as [Serving, Serving]
  const id = standIn.data.detections[0]?.id ?? ''
  const classified = `{ detection(id: "${id}") { classification } }`
  const scan = '{ accounts { totalCount complete } employees { totalCount complete } }'
  const anew = { 'cache-control': 'no-cache' }
  for (const each of all) await ask(each.url, classified)
  const heard = await Promise.all(all.map(each => hearEvents(each.url)))
  const [database, inTheWay] = [await connect(url), await connect(url)]
  // In the middle of reading, with tokens granted and answers claimed, while others wait for theirs.
  const before = standIn.requests.length
  const reading = ask(halted.url, scan, {}, anew)
  await expect.poll(() => standIn.requests.length).toBeGreaterThan(before)
  await inTheWay.query('BEGIN')
  await inTheWay.query('SELECT FROM bucket FOR UPDATE')
  const waiting = ask(halted.url, '{ apps { totalCount complete } }', {}, anew)
  await expect.poll(async () => (await database.query(WAITING)).rows).not.toEqual([])
  halted.kill('SIGSTOP')
  // The answer comes, and nobody reads it before it is overdue.
  await inTheWay.query('COMMIT')
  const input = { id, classification: 'MEANWHILE' }
  const sent: string[] = []
  const silentMs = async (): Promise<number> => {
    const { rows } = await database.query('SELECT max(ms() - beat_at) AS silent FROM replica')
    return Number((rows[0] as { readonly silent: number }).silent)
  }
  // Longer than leases last.
  while ((await silentMs()) < 13_000) {
    const event = `event-${sent.length}`
    expect((await post(living.url, delivery({ id: event }))).status).toBe(200)
    sent.push(event)
    expect((await ask(living.url, scan, {}, anew)).errors).toEqual([])
  }
  expect((await ask(living.url, MUTATIONS.updateDetection, { input })).errors).toEqual([])
  // As after a minute.
  await database.query('DELETE FROM replica WHERE beat_at < ms() - 10000')
  halted.kill('SIGCONT')
  expect((await reading).data).toEqual((await ask(living.url, scan)).data)
  const apps = { totalCount: standIn.data.apps.length, complete: true }
  expect(await waiting).toMatchObject({ data: { apps }, errors: [] })
  await expect
    .poll(async () => (await ask(halted.url, classified)).data.detection.classification)
    .toBe('MEANWHILE')
  expect((await post(halted.url, delivery({ id: 'last' }))).status).toBe(200)
  for (const each of heard) await expect.poll(() => each).toEqual([...sent, 'last'])
  await expect
    .poll(async () => (await fetch(`${halted.url}/readyz`)).json() as Promise<object>)
    .toEqual({ status: 'ok' })
  expect(standIn.statistics().overLimit).toBe(0)
})

test('where connections break at random, all that is acknowledged is stored once, and no answer is wrong', async () => {
  const [server, standIn] = [await startServer(), await limited()]
  const way = await startTcpProxy(server.port)
  ends.push(way.close)
  const { all } = await replicasOn(2, through(server.url, way.port), standIn)
  const counts = '{ accounts { totalCount complete } apps(first: 1) { totalCount } }'
  let passed = 0
  way.breakAt(() => ++passed % 61 === 0)
  const sending = sendAll(150, () => all)
  const expected = {
    accounts: { totalCount: standIn.data.accounts.length, complete: true },
    apps: { totalCount: standIn.data.apps.length },
  }
  for (let n = 0; n < 10; n += 1) {
    const { data, errors } = await ask(all[n % 2]?.url ?? '', counts)
    if (errors.length === 0) expect(data).toEqual(expected)
  }
  const sent = await sending
  way.breakAt(() => false)
  for (const { url } of all) {
    await expect.poll(() => idsAt(url).catch(() => [])).toHaveLength(sent.length)
    expect((await idsAt(url)).toSorted()).toEqual(sent.toSorted())
    await expect.poll(async () => (await ask(url, counts)).data).toEqual(expected)
  }
  expect(standIn.statistics().overLimit).toBe(0)
})

test('where its tables are taken away, a server says so, has deliveries come again, and nothing fails unforeseen', async () => {
  const [server, standIn] = [await startServer(), await limited()]
  const { all, start } = await replicasOn(1, server.url, standIn)
  const [{ url, output } = { url: '', output: () => '' }] = all
  const client = await connect(server.url)
  expect((await post(url, delivery({ id: 'before' }))).status).toBe(200)
  await client.query('DROP SCHEMA public CASCADE')
  await client.query('CREATE SCHEMA public')
  expect((await post(url, delivery({ id: 'after' }))).status).toBe(503)
  const { errors } = await ask(url, '{ events(first: 1) { nodes { id } } }')
  expect(errors[0]?.extensions).toMatchObject({ code: 'UPSTREAM_UNAVAILABLE' })
  const ready = async () => JSON.stringify(await (await fetch(`${url}/readyz`)).json())
  await expect.poll(ready).toContain('its tables have gone')
  // Another one makes new ones, whose numbers begin anew: who knows the former numbers has no part in them.
  const later = await start()
  await expect.poll(ready).toContain('were made anew or replaced')
  expect((await post(url, delivery({ id: 'after' }))).status).toBe(503)
  expect((await post(later.url, delivery({ id: 'after' }))).status).toBe(200)
  expect(await idsAt(later.url)).toEqual(['after'])
  expect(output()).not.toContain('"stack"')
})

test('an export goes on through a crash of the database, and after one that was too long', async () => {
  // So much that it is not read before anything can happen.
  const standIn = await standInForTest({
    scale: 0.2,
    switches: { limiter: true, latencyMs: 200 },
  })
  const server = await startServer()
  const folder = mkdtempSync(join(tmpdir(), 'pushgraph-export-'))
  ends.push(async () => rmSync(folder, { recursive: true, force: true }))
  const environment = {
    PUSH_API_KEY: standIn.keys.full,
    PUSH_API_URL: standIn.url,
    PUSHGRAPH_DATABASE_URL: server.url,
    // Each run asks anew.
    PUSHGRAPH_KEEP_S: '0',
  }
  const file = join(folder, 'all.ndjson')
  const args = ['export', '--types', 'employees,accounts,apps', '--out', file]
  const { employees, accounts, apps } = standIn.data
  const whole = employees.length + accounts.length + apps.length
  const lines = () => readFileSync(file, 'utf8').trimEnd().split('\n')

  const patient = startProduct(args, { environment })
  await expect.poll(() => standIn.requests.length).toBeGreaterThan(2)
  await server.crash()
  await expect.poll(patient.errors).toContain('none is sent meanwhile')
  const asked = standIn.requests.length
  await server.restart()
  expect(await patient.ended).toMatchObject({ exitCode: 0 })
  expect(standIn.requests.length).toBeGreaterThan(asked)
  expect(new Set(lines()).size).toBe(whole)
  expect(lines()).toHaveLength(whole)

  standIn.reset()
  const impatient = startProduct([...args, '--restart', '--patience', '1s'], { environment })
  await expect.poll(() => standIn.requests.length).toBeGreaterThan(2)
  await server.crash()
  const gaveUp = await impatient.ended
  expect(gaveUp).toMatchObject({ exitCode: 1 })
  expect(gaveUp.errors).toContain('run the same command again to go on')
  await server.restart()
  expect(await runProduct(args, { environment })).toMatchObject({ exitCode: 0 })
  expect(new Set(lines()).size).toBe(whole)
  expect(lines()).toHaveLength(whole)
  expect(standIn.statistics().overLimit).toBe(0)
})
