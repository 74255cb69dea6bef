/** Replicas whose connections a pooler gives for a transaction each. */
import { randomUUID } from 'node:crypto'
import { afterEach, expect, test } from 'vitest'
import { systemClock } from '../../src/model/clock.ts'
import { examineDatabase } from '../../src/postgres/connecting/examine.ts'
import { delivery, post } from '../support/deliveries.ts'
import { hasPooler, startPooler } from '../support/pooler.ts'
import { createDatabase } from '../support/postgres.ts'
import { startReplicas } from '../support/replicas.ts'
import { standInForTest } from '../support/stand-in.ts'
import { hearEvents } from '../support/subscribing.ts'
import { askOver as ask, MUTATIONS } from '../support/writing.ts'

const ends: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end()
})

if (!hasPooler) console.info("Not tried without Debian's pgbouncer: replicas behind a pooler.")

test.skipIf(!hasPooler)(
  'replicas behind a pooler read, store, change and hear each other past it',
  async () => {
    const direct = await createDatabase()
    const pooler = await startPooler(direct)
    ends.push(pooler.stop)
    const callsOf = async (listenUrl?: string) =>
      (await examineDatabase(pooler.url, systemClock, listenUrl)).find(
        ({ about }) => about === 'calls',
      )
    expect(await callsOf()).toMatchObject({ verdict: 'warn' })
    expect(await callsOf(direct)).toMatchObject({ verdict: 'ok' })

    const standIn = await standInForTest({ switches: { limiter: true } })
    const { all, stop } = await startReplicas(2, {
      standIn,
      url: pooler.url,
      environment: { PUSHGRAPH_DATABASE_LISTEN_URL: direct, PUSHGRAPH_MUTATIONS: 'on' },
    })
    ends.push(stop)
    const [one = '', other = ''] = all.map(({ url }) => url)
    const counts = await Promise.all(
      [one, other].map(url => ask(url, '{ accounts { totalCount complete } }')),
    )
    for (const { data } of counts)
      expect(data.accounts).toEqual({ totalCount: standIn.data.accounts.length, complete: true })

    const heard = await hearEvents(other)
    const ids = Array.from({ length: 30 }, (_, n) => `event-${n}`)
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
    expect(all.map(({ output }) => output()).join('')).toBe('')
  },
)
