/** Replicas whose connections a pooler gives for a transaction each. */
import { randomUUID } from 'node:crypto'
import { afterEach, describe, expect, test } from 'vitest'
import { systemClock } from '../../src/model/clock.ts'
import { examineDatabase } from '../../src/postgres/connecting/examine.ts'
import { delivery, post } from '../support/deliveries.ts'
import { findPooler, startPooler } from '../support/pooler.ts'
import { createDatabase } from '../support/postgres.ts'
import { startReplicas } from '../support/replicas.ts'
import { standInForTest } from '../support/stand-in.ts'
import { hearEvents } from '../support/subscribing.ts'
import { askOver as ask, MUTATIONS } from '../support/writing.ts'

const ends: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end()
})

const pooling = findPooler()

/** Two replicas behind one, which hear each other past it where `listens` holds, and the tenant that they read. */
const startBehind = async ({ listens }: { readonly listens: boolean }) => {
  if (pooling === undefined) throw new Error('There is none')
  const direct = await createDatabase()
  const pooler = await startPooler(pooling, direct)
  ends.push(pooler.stop)
  const standIn = await standInForTest({ switches: { limiter: true } })
  const { all, stop } = await startReplicas(2, {
    standIn,
    url: pooler.url,
    environment: {
      ...(listens ? { PUSHGRAPH_DATABASE_LISTEN_URL: direct } : {}),
      PUSHGRAPH_MUTATIONS: 'on',
    },
  })
  ends.push(stop)
  const [one = '', other = ''] = all.map(({ url }) => url)
  const said = (): string => all.map(({ output, errors }) => output() + errors()).join('')
  return { direct, pooled: pooler.url, standIn, one, other, said }
}

describe.skipIf(pooling === undefined)('replicas behind a pooler', () => {
  test.each([
    ['past it', true],
    ['by looking by themselves', false],
  ])('read, store, change, and hear of each other %s', async (_, listens) => {
    const { direct, pooled, standIn, one, other, said } = await startBehind({ listens })
    const checks = await examineDatabase(pooled, systemClock, listens ? direct : undefined)
    expect(checks.find(({ about }) => about === 'calls')).toMatchObject({
      verdict: listens ? 'ok' : 'warn',
    })
    const counts = await Promise.all(
      [one, other].map(url => ask(url, '{ accounts { totalCount complete } }')),
    )
    for (const { data } of counts)
      expect(data.accounts).toEqual({ totalCount: standIn.data.accounts.length, complete: true })

    const heard = await hearEvents(other)
    const ids = Array.from({ length: 30 }, (__, n) => `event-${n}`)
    const sent = await Promise.all(ids.map(id => post(one, delivery({ id }))))
    expect(new Set(sent.map(({ status }) => status))).toEqual(new Set([200]))
    await expect.poll(() => heard.toSorted()).toEqual(ids.toSorted())

    const input = {
      id: standIn.data.detections[0]?.id,
      classification: 'POOLED',
      clientMutationId: randomUUID(),
    }
    const made = await Promise.all(
      [one, other, one, other].map(url => ask(url, MUTATIONS.updateDetection, { input })),
    )
    expect(made.flatMap(({ errors }) => errors)).toEqual([])
    expect(standIn.requests.filter(({ method }) => method === 'PATCH')).toHaveLength(1)
    expect(standIn.statistics().overLimit).toBe(0)

    // What repeats is prepared under a name, which no two of its connections have in common.
    const pages = Array.from({ length: 40 }, (__, n) =>
      ask(n % 2 === 0 ? one : other, `{ events(first: ${(n % 10) + 1}) { nodes { id } } }`),
    )
    for (const { data, errors } of await Promise.all(pages)) {
      expect(errors).toEqual([])
      expect(data.events.nodes.length).toBeGreaterThan(0)
    }
    expect(said()).not.toMatch(/"level":(40|50|60)|prepared statement/)
  })
})
