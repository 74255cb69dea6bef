/** Several processes over one tenant and one PostgreSQL: what a user of several machines is promised. */
import { randomUUID } from 'node:crypto'
import { createClient } from 'graphql-sse'
import { afterEach, describe, expect, test } from 'vitest'
import { startPostgres } from '../../examples/replicas/postgres.ts'
import type { StandIn } from '../../src/demo/stand-in.ts'
import { delivery, post } from '../support/deliveries.ts'
import { createDatabase } from '../support/postgres.ts'
import { runProduct } from '../support/product.ts'
import { type Replicas, type ReplicasOptions, startReplicas } from '../support/replicas.ts'
import { standInForTest } from '../support/stand-in.ts'
import { askOver as ask, MUTATIONS } from '../support/writing.ts'

const ends: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end()
})

const replicasForTest = async (
  number: number,
  options: Omit<ReplicasOptions, 'standIn'> & { readonly standIn?: StandIn } = {},
): Promise<Replicas & { readonly standIn: StandIn }> => {
  // With the limit that Push has: none may be refused.
  const standIn = options.standIn ?? (await standInForTest({ switches: { limiter: true } }))
  const replicas = await startReplicas(number, { ...options, standIn })
  ends.push(replicas.stop)
  return { ...replicas, standIn }
}

const COUNTS =
  '{ employees { totalCount } accounts { totalCount complete } findings { totalCount } }'
const HISTORY = '{ events(first: 100) { totalCount nodes { id } } }'

test('cold replicas that are asked the same cost the requests of one', async () => {
  const { all, standIn } = await replicasForTest(3)
  const begun = performance.now()
  const answers = await Promise.all(all.map(({ url }) => ask(url, COUNTS)))
  const tookMs = performance.now() - begun
  expect(new Set(answers.map(({ data }) => JSON.stringify(data))).size).toBe(1)
  expect(answers[0]?.data.accounts.totalCount).toBe(standIn.data.accounts.length)
  const { requests, overLimit } = standIn.statistics()
  const lists = ['employees', 'accounts', 'findings'] as const
  const pages = lists.reduce((sum, name) => sum + Math.ceil(standIn.data[name].length / 200), 0)
  // One more where pages overlap by a row.
  const ofOne = pages + 1
  // Who gives no sign of life for 1.5 s is taken for dead, and what it asks for, a page of each list, is asked for once more. On a
  // machine so busy that this may have come about again and again, each may have read for itself.
  const most = tookMs < 1_000 ? ofOne + lists.length : all.length * ofOne
  expect(requests).toBeLessThanOrEqual(most)
  expect(overLimit).toBe(0)
})

test('a replica that is started later asks nothing of what is there', async () => {
  const { all, start, standIn } = await replicasForTest(1)
  await ask(all[0]?.url ?? '', COUNTS)
  standIn.reset()
  const later = await start()
  const { data, requests } = await ask(later.url, COUNTS)
  expect(data.accounts.totalCount).toBe(standIn.data.accounts.length)
  expect(data.accounts.complete).toBe(true)
  expect(requests).toBe(0)
  expect(standIn.statistics().requests).toBe(0)
})

test('each tells of the database, and of the others', async () => {
  const { all } = await replicasForTest(2)
  const asked = `{ connectors { database { reachable answerMs clockOffsetMs waiting
    replicas { name isThis asks } } } }`
  const told = async (url: string) => (await ask(url, asked)).data.connectors[0].database
  const [one, other] = all
  await expect
    .poll(async () => (await told(one?.url ?? '')).replicas.length)
    .toBeGreaterThanOrEqual(2)
  const [seen, alsoSeen] = [await told(one?.url ?? ''), await told(other?.url ?? '')]
  expect(seen).toMatchObject({ reachable: true, waiting: 0 })
  expect(seen.answerMs).toBeGreaterThanOrEqual(0)
  expect(seen.replicas.map(({ isThis }: { isThis: boolean }) => isThis)).toEqual([true, false])
  expect(seen.replicas[0].name).toBe(alsoSeen.replicas[1].name)
  const figures = async () => (await fetch(`${one?.url ?? ''}/metrics`)).text()
  // As of the last sign of life.
  await expect.poll(figures).toMatch(/^pushgraph_database_replicas 2$/m)
  const metrics = await figures()
  expect(metrics).toMatch(/^pushgraph_database_failing 0$/m)
  expect(metrics).toMatch(/^pushgraph_database_connections\{use="step"\} [1-4]$/m)
})

describe('webhooks', () => {
  test('come to any replica, are stored once, and are told to subscribers at all of them in one order', async () => {
    const { all } = await replicasForTest(2)
    const heard = all.map(({ url }) => {
      const ids: string[] = []
      const client = createClient({ url: `${url}/graphql`, retryAttempts: 0 })
      client.subscribe<{ events: { id: string } }>(
        { query: 'subscription { events { id } }' },
        {
          next: ({ data }) => ids.push(data?.events.id ?? ''),
          error: () => undefined,
          complete: () => undefined,
        },
      )
      ends.push(async () => client.dispose())
      return ids
    })
    // Both listen by now.
    await expect
      .poll(async () =>
        Promise.all(
          all.map(
            async ({ url }) =>
              /^pushgraph_subscriptions (\d+)$/m.exec(
                await (await fetch(`${url}/metrics`)).text(),
              )?.[1],
          ),
        ),
      )
      .toEqual(['1', '1'])
    const sent = Array.from({ length: 20 }, (_, n) => delivery({ id: `event-${n}` }))
    await Promise.all(
      sent.map(async (body, n) => {
        const { url = '' } = all[n % 2] ?? {}
        expect((await post(url, body)).status).toBe(200)
        // Once more, at the other.
        expect((await post(all[(n + 1) % 2]?.url ?? '', body)).status).toBe(200)
      }),
    )
    await expect.poll(() => heard.map(({ length }) => length)).toEqual([20, 20])
    expect(heard[0]).toEqual(heard[1])
    for (const { url } of all) {
      const { data } = await ask(url, HISTORY)
      expect(data.events.totalCount).toBe(20)
    }
  })

  test('are erased for all with the connector that they came for', async () => {
    const url = await createDatabase()
    const { all, standIn } = await replicasForTest(2, { url })
    for (const [n, { url: of }] of all.entries())
      expect((await post(of, delivery({ id: `event-${n}` }))).status).toBe(200)
    const [one] = all
    await ask(one?.url ?? '', '{ apps { totalCount } }')
    await expect
      .poll(async () => (await fetch(`${one?.url ?? ''}/metrics`)).text())
      .toMatch(/^pushgraph_kept_answer_bytes\{.*\} [1-9]/m)
    const forgotten = await runProduct(['forget', '--connector', 'default'], {
      environment: {
        PUSH_API_KEY: standIn.keys.full,
        PUSH_API_URL: standIn.url,
        PUSHGRAPH_DATABASE_URL: url,
        // What was kept before goes, too.
        PUSHGRAPH_KEEP_S: '0',
      },
    })
    expect(forgotten).toMatchObject({ exitCode: 0 })
    expect(forgotten.output).toMatch(
      /^Erased from the shared database: 2 stored events, .* [1-9]\d* kept answers?\./,
    )
    for (const { url: of } of all)
      expect((await ask(of, HISTORY)).data.events).toEqual({ totalCount: 0, nodes: [] })
  })

  test('that come while a subscriber moves to another replica are not missed', async () => {
    const { all } = await replicasForTest(2)
    const [one, other] = all
    await post(one?.url ?? '', delivery({ id: 'before' }))
    const { data } = await ask(one?.url ?? '', '{ events(first: 1) { nodes { id cursor } } }')
    const [{ cursor }] = data.events.nodes as [{ cursor: string }]
    await post(one?.url ?? '', delivery({ id: 'meanwhile' }))
    const client = createClient({ url: `${other?.url ?? ''}/graphql`, retryAttempts: 0 })
    ends.push(async () => client.dispose())
    const stream = client.iterate<{ events: { id: string } }>({
      query: 'subscription ($since: String) { events(since: $since) { id } }',
      variables: { since: cursor },
    })
    const first = await stream.next()
    expect(first.value).toMatchObject({ data: { events: { id: 'meanwhile' } } })
  })
})

describe('a change that is made through one replica', () => {
  test('shows at the other within a moment', async () => {
    const { all, standIn } = await replicasForTest(2, {
      environment: { PUSHGRAPH_MUTATIONS: 'on' },
    })
    const [one, other] = all
    const id = standIn.data.detections[0]?.id ?? ''
    const query = `{ detection(id: "${id}") { classification } }`
    for (const { url } of all) await ask(url, '{ detections { totalCount } }')
    const input = { id, classification: 'FROM_HERE' }
    const { errors } = await ask(one?.url ?? '', MUTATIONS.updateDetection, { input })
    expect(errors).toEqual([])
    await expect
      .poll(async () => (await ask(other?.url ?? '', query)).data.detection.classification, {
        interval: 50,
      })
      .toBe('FROM_HERE')
  })

  test('is made once, whichever is asked for it again under its name', async () => {
    const { all, standIn } = await replicasForTest(2, {
      environment: { PUSHGRAPH_MUTATIONS: 'on' },
    })
    const id = standIn.data.detections[0]?.id ?? ''
    const input = { id, classification: 'ONCE', clientMutationId: randomUUID() }
    const answers = await Promise.all(
      [0, 1, 0, 1].map(n => ask(all[n]?.url ?? '', MUTATIONS.updateDetection, { input })),
    )
    for (const { errors } of answers) expect(errors).toEqual([])
    expect(standIn.requests.filter(({ method }) => method === 'PATCH')).toHaveLength(1)
  })
})

test('while the database is away nothing is asked of Push, memory serves, and deliveries are to come again', async () => {
  const server = await startPostgres()
  ends.push(server.stop)
  const { all, standIn } = await replicasForTest(2, {
    server,
    // Every answer is too old at once.
    environment: { PUSHGRAPH_MAX_AGE_S: '1' },
  })
  for (const { url } of all) await ask(url, COUNTS)
  await server.crash()
  standIn.reset()
  for (const { url } of all) {
    const { data } = await ask(url, COUNTS)
    expect(data.accounts.totalCount).toBe(standIn.data.accounts.length)
    expect((await post(url, delivery({ id: 'in the dark' }))).status).toBe(503)
    const ready = await fetch(`${url}/readyz`)
    expect(ready.status).toBe(200)
    await expect
      .poll(async () => JSON.stringify(await (await fetch(`${url}/readyz`)).json()))
      .toContain('The database cannot be used now')
    // How many others there are nobody knows.
    const figures = async () => (await fetch(`${url}/metrics`)).text()
    await expect.poll(figures).toMatch(/^pushgraph_database_failing 1$/m)
    expect(await figures()).not.toMatch(/^pushgraph_database_replicas /m)
    const unread = await ask(url, '{ apps { totalCount } }')
    expect(unread.errors[0]?.extensions['code']).toBeDefined()
  }
  expect(standIn.statistics().requests).toBe(0)
  await server.restart()
  for (const { url } of all)
    await expect
      .poll(async () => (await post(url, delivery({ id: 'in the dark' }))).status)
      .toBe(200)
  for (const { url } of all)
    await expect
      .poll(async () => (await ask(url, '{ apps { totalCount } }')).data?.apps?.totalCount)
      .toBe(standIn.data.apps.length)
  expect(standIn.statistics().overLimit).toBe(0)
  expect((await ask(all[0]?.url ?? '', HISTORY)).data.events.totalCount).toBe(1)
})
