/** Two replicas, whose database fails over to a standby that followed it. */
import { createClient } from 'graphql-sse'
import { afterEach, describe, expect, test } from 'vitest'
import { systemClock } from '../../src/model/clock.ts'
import { examineDatabase } from '../../src/postgres/connecting/examine.ts'
import { delivery, post } from '../support/deliveries.ts'
import { debianPostgres } from '../support/debian-postgres.ts'
import { startReplicas } from '../support/replicas.ts'
import { standInForTest } from '../support/stand-in.ts'
import { type Pair, startPair } from '../support/standby.ts'
import { askOver as ask } from '../support/writing.ts'

const ends: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end()
})

const COUNTS = '{ employees { totalCount } accounts { totalCount complete } }'

const start = async (synchronous: boolean) => {
  const pair = await startPair({ synchronous })
  ends.push(pair.stop)
  const standIn = await standInForTest({ switches: { limiter: true } })
  const { all, stop } = await startReplicas(2, { standIn, url: pair.url })
  ends.push(stop)
  const [one = '', other = ''] = all.map(({ url }) => url)
  return { pair, standIn, one, other, said: () => all.map(({ output }) => output()).join('') }
}

const isThere = (pair: Pair, id: string) =>
  expect.poll(() => pair.askStandby(`SELECT FROM event WHERE id = '${id}'`)).toHaveLength(1)

const safetyOf = async ({ url }: Pair) =>
  (await examineDatabase(url, systemClock)).find(({ about }) => about === 'safety')

const deliver = async (url: string, id: string) => (await post(url, delivery({ id }))).status

interface Told {
  readonly id: string
  readonly cursor: string
}
const eventsAt = async (url: string): Promise<readonly Told[]> =>
  (await ask(url, '{ events(first: 100) { nodes { id cursor } } }')).data.events.nodes

const cursorOf = async (url: string, id: string) =>
  (await eventsAt(url)).find(event => event.id === id)?.cursor

/** The first that a subscriber from that place on hears, or why it hears none. */
const firstSince = async (url: string, since: string | undefined): Promise<unknown> => {
  const client = createClient({ url: `${url}/graphql`, retryAttempts: 0 })
  ends.push(async () => client.dispose())
  const query = 'subscription ($since: String) { events(since: $since) { id } }'
  const { value } = await client
    .iterate<{ events: { id: string } }>({ query, variables: { since } })
    .next()
  return value?.errors?.[0]?.extensions?.['cursor'] ?? value?.data?.events.id
}

describe.skipIf(debianPostgres === undefined)('where a standby takes over', () => {
  test('that lags, what it lacks is known to be lost, and nothing is told wrongly', async () => {
    const { pair, standIn, one, other, said } = await start(false)
    const before = await Promise.all([one, other].map(url => ask(url, COUNTS)))
    expect(await deliver(one, 'kept')).toBe(200)
    await isThere(pair, 'kept')
    expect(await safetyOf(pair)).toMatchObject({
      verdict: 'warn',
      finding: expect.stringContaining('its standbys are asynchronous') as unknown,
    })
    pair.part()
    expect(await deliver(one, 'lost')).toBe(200)
    const [kept, lost] = [await cursorOf(one, 'kept'), await cursorOf(one, 'lost')]

    await pair.failOver()
    await expect.poll(() => deliver(other, 'next')).toBe(200)
    await expect.poll(() => firstSince(one, lost)).toBe('UNKNOWN')
    expect(await firstSince(other, lost)).toBe('UNKNOWN')
    expect(await firstSince(one, kept)).toBe('next')
    // Push, or whoever has it, may send it again.
    expect(await deliver(one, 'lost')).toBe(200)
    const after = await eventsAt(one)
    expect(after.map(({ id }) => id).toSorted()).toEqual(['kept', 'lost', 'next'])
    expect(after.find(({ id }) => id === 'kept')?.cursor).toBe(kept)
    expect(after.find(({ id }) => id === 'lost')?.cursor).not.toBe(lost)
    expect(await eventsAt(other)).toEqual(after)
    // Answers of memory, and those that were not asked for before.
    const answers = await Promise.all([one, other].map(url => ask(url, COUNTS)))
    expect(answers.map(({ data }) => data)).toEqual(before.map(({ data }) => data))
    await expect
      .poll(async () => (await ask(other, '{ apps { totalCount } }')).data?.apps?.totalCount)
      .toBe(standIn.data.apps.length)
    expect(standIn.statistics().overLimit).toBe(0)
    expect(said()).not.toContain('"level":"error"')
  })

  test('that has all that was acknowledged, nothing is lost', async () => {
    const { pair, standIn, one, other, said } = await start(true)
    expect(await safetyOf(pair)).toMatchObject({
      verdict: 'ok',
      finding: 'a commit waits for a standby',
    })
    const ids = Array.from({ length: 10 }, (_, n) => `event-${n}`)
    expect(new Set(await Promise.all(ids.map(id => deliver(one, id))))).toEqual(new Set([200]))
    const before = await eventsAt(other)
    pair.part()
    // It is stored by one alone, which may die.
    expect(await deliver(one, 'in doubt')).toBe(503)

    await pair.failOver()
    await expect.poll(() => deliver(one, 'in doubt')).toBe(200)
    for (const url of [one, other]) {
      const after = await eventsAt(url)
      expect(after.map(({ id }) => id)).toEqual(['in doubt', ...before.map(({ id }) => id)])
      expect(after.slice(1)).toEqual(before)
    }
    const newest = before[0]?.cursor
    expect(await firstSince(other, newest)).toBe('in doubt')
    expect(standIn.statistics().overLimit).toBe(0)
    expect(said()).not.toContain('"level":"error"')
  })
})
