/** Replicas on machines whose clocks are minutes apart: what they do together goes by that of the database. */
import { randomUUID } from 'node:crypto'
import { expect, onTestFinished, test } from 'vitest'
import { delivery, post } from '../support/deliveries.ts'
import { otherClock } from '../support/other-clock.ts'
import { startReplicas } from '../support/replicas.ts'
import { standInForTest } from '../support/stand-in.ts'
import { askOver as ask, MUTATIONS } from '../support/writing.ts'

const AHEAD_S = 300
const clocks = [otherClock(AHEAD_S), otherClock(-AHEAD_S)] as const

const LISTS =
  '{ employees { totalCount asOf } accounts { totalCount asOf complete } findings { totalCount asOf } }'
const HISTORY = '{ events(first: 100) { nodes { id receivedAt } } }'

test.skipIf(clocks.includes(undefined))(
  'ten minutes apart, replicas exceed no limit, tell one story, and say when it was',
  async () => {
    const standIn = await standInForTest({ switches: { limiter: true } })
    const environment = { PUSHGRAPH_MUTATIONS: 'on' }
    const replicas = await startReplicas(0, { standIn, environment })
    onTestFinished(replicas.stop)
    const [fast, slow] = await Promise.all(clocks.map(clock => replicas.start(clock)))
    if (fast === undefined || slow === undefined) throw new Error('Two were started')
    const all = [fast, slow]

    // That each has a clock of its own; what differs from the database's is told.
    for (const [index, { url }] of all.entries()) {
      const { data } = await ask(url, '{ connectors { database { clockOffsetMs } } }')
      const offsetS = data.connectors[0].database.clockOffsetMs / 1_000
      expect(Math.abs(offsetS - (index === 0 ? -AHEAD_S : AHEAD_S))).toBeLessThan(30)
      const ready = await fetch(`${url}/readyz`)
      expect([ready.status, await ready.text()]).toEqual([
        200,
        expect.stringMatching(/clocks of this machine and of the database differ by -?\d{3} s/),
      ])
    }

    const from = Date.now()
    const during = (time: string): void => {
      // The clocks are minutes apart; how far exactly, a busy machine may be seconds wrong about.
      expect(Date.parse(time)).toBeGreaterThanOrEqual(from - 30_000)
      expect(Date.parse(time)).toBeLessThanOrEqual(Date.now() + 30_000)
    }
    const read = await Promise.all(all.map(({ url }) => ask(url, LISTS)))
    for (const { errors, data } of read) {
      expect(errors).toEqual([])
      expect(data.accounts).toMatchObject({
        totalCount: standIn.data.accounts.length,
        complete: true,
      })
      for (const { asOf } of Object.values<{ asOf: string }>(data)) during(asOf)
    }

    const sent = Array.from({ length: 10 }, (_, n) => `event-${n}`)
    for (const [n, id] of sent.entries())
      expect((await post(all[n % 2]?.url ?? '', delivery({ id }))).status).toBe(200)
    const histories = await Promise.all(all.map(({ url }) => ask(url, HISTORY)))
    const [told = []] = histories.map(({ data }) => data.events.nodes)
    for (const { data } of histories) expect(data.events.nodes).toEqual(told)
    expect(told.map(({ id }: { id: string }) => id).sort()).toEqual(sent)
    for (const { receivedAt } of told) during(receivedAt)

    const id = standIn.data.detections[0]?.id ?? ''
    for (const { url } of all) await ask(url, '{ detections { totalCount } }')
    const input = { id, classification: 'ONCE', clientMutationId: randomUUID() }
    const made = await Promise.all(
      all.map(({ url }) => ask(url, MUTATIONS.updateDetection, { input })),
    )
    expect(made.map(({ errors }) => errors)).toEqual([[], []])
    const CHANGES = `{ changes(filter: { objectId: { eq: "${id}" }, field: { eq: "classification" } }) { nodes { at } } }`
    const noted = async () =>
      Promise.all(all.map(async ({ url }) => (await ask(url, CHANGES)).data.changes.nodes))
    await expect.poll(async () => (await noted()).map(({ length }) => length)).toEqual([1, 1])
    for (const [{ at }] of await noted()) during(at)

    expect(standIn.statistics().overLimit).toBe(0)
    expect(standIn.requests.filter(({ method }) => method === 'PATCH')).toHaveLength(1)
  },
)
