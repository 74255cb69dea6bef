/** The real program, killed and started again with another key: alone, and as one of several replicas. */
import { afterEach, describe, expect, test } from 'vitest'
import type { StandIn } from '../../src/demo/stand-in.ts'
import { delivery, post, SECRET } from '../support/deliveries.ts'
import { directoryForTest } from '../support/directory.ts'
import { createDatabase } from '../support/postgres.ts'
import { runProduct, type Serving, serveProduct } from '../support/product.ts'
import { standInForTest } from '../support/stand-in.ts'
import { askOver } from '../support/writing.ts'

const running: Serving[] = []
afterEach(async () => {
  for (const one of running) one.kill('SIGKILL')
  await Promise.all(running.splice(0).map(({ ended }) => ended))
})

const LISTS = '{ employees { totalCount complete } accounts { totalCount complete } }'
const EVENTS = '{ events(first: 100) { nodes { id } } }'
const CHANGES = '{ changes(first: 100) { nodes { objectId kind } } }'

const serve = async (
  { url }: StandIn,
  key: string,
  environment: Readonly<Record<string, string>>,
): Promise<Serving> => {
  const served = await serveProduct({
    environment: {
      PUSH_API_KEY: key,
      PUSH_API_URL: url,
      PUSH_WEBHOOK_SECRET: SECRET,
      LOG_LEVEL: 'warn',
      ...environment,
    },
  })
  running.push(served)
  return served
}

const kill = async (served: Serving): Promise<void> => {
  served.kill('SIGKILL')
  await served.ended
  running.splice(running.indexOf(served), 1)
}

const eventsAt = async ({ url }: Serving): Promise<readonly string[]> => {
  const { data } = await askOver(url, EVENTS)
  return data.events.nodes.map(({ id }: { readonly id: string }) => id).sort()
}

const whole = ({ data }: StandIn) => ({
  employees: { totalCount: data.employees.length, complete: true },
  accounts: { totalCount: data.accounts.length, complete: true },
})

/** What of all that is known came, or went, as far as that is noted. */
const changesAt = async ({ url }: Serving): Promise<readonly unknown[]> =>
  (await askOver(url, CHANGES)).data.changes.nodes

test('alone: what is kept goes on over a kill, for one request', async () => {
  const standIn = await standInForTest({ scale: 0.02, seed: 1 })
  const place = { PUSHGRAPH_DATA_DIR: directoryForTest() }
  const first = await serve(standIn, standIn.keys.full, place)
  expect((await askOver(first.url, LISTS)).data).toEqual(whole(standIn))
  expect((await post(first.url, delivery({ id: 'before' }))).status).toBe(200)
  // What was read is known for good by then.
  await askOver(
    first.url,
    `{ employees(first: 0, at: "${new Date().toISOString()}") { totalCount } }`,
  )
  await kill(first)

  standIn.reset()
  const second = await serve(standIn, standIn.keys.readOnly, place)
  expect((await askOver(second.url, LISTS)).data).toEqual(whole(standIn))
  expect(standIn.statistics().requests).toBe(1)
  expect(await eventsAt(second)).toEqual(['before'])
  // It is not asked again whose it is.
  await kill(second)
  standIn.reset()
  const third = await serve(standIn, standIn.keys.readOnly, place)
  expect((await askOver(third.url, LISTS)).data).toEqual(whole(standIn))
  expect(standIn.statistics().requests).toBe(0)
  expect(await changesAt(third)).toEqual([])
})

test('alone: a key of another tenant shows nothing of what was kept, whenever it is killed', async () => {
  const [standIn, other] = [
    await standInForTest({ scale: 0.02, seed: 1 }),
    await standInForTest({ scale: 0.01, seed: 2 }),
  ]
  const place = { PUSHGRAPH_DATA_DIR: directoryForTest() }
  const first = await serve(standIn, standIn.keys.full, place)
  await askOver(first.url, LISTS)
  await post(first.url, delivery({ id: 'before' }))
  await kill(first)
  for (const shown of [[], ['after']]) {
    const second = await serve(other, standIn.keys.readOnly, place)
    expect((await askOver(second.url, LISTS)).data).toEqual(whole(other))
    expect(await eventsAt(second)).toEqual(shown)
    await post(second.url, delivery({ id: 'after' }))
    expect(await changesAt(second)).toEqual([])
    await kill(second)
  }
})

test('beside another server on its data folder: a key of another tenant is not served until that one has gone', async () => {
  const standIn = await standInForTest({ scale: 0.02, seed: 1 })
  const other = await standInForTest({ scale: 0.01, seed: 2 })
  const place = { PUSHGRAPH_DATA_DIR: directoryForTest() }
  const first = await serve(standIn, standIn.keys.full, place)
  expect((await askOver(first.url, LISTS)).data).toEqual(whole(standIn))
  expect((await post(first.url, delivery({ id: 'before' }))).status).toBe(200)
  const stray = await serve(other, other.keys.full, place)
  expect(stray.output()).toContain('Another server listens on the same data folder')
  const { errors } = await askOver(stray.url, LISTS)
  expect(JSON.stringify(errors)).toContain('other servers on the same data serve it')
  expect((await post(stray.url, delivery({ id: 'astray' }))).status).toBe(503)
  expect(await eventsAt(first)).toEqual(['before'])
  await kill(first)
  await expect.poll(async () => (await askOver(stray.url, LISTS)).data).toEqual(whole(other))
  expect((await post(stray.url, delivery({ id: 'anew' }))).status).toBe(200)
  expect(await eventsAt(stray)).toEqual(['anew'])
})

test('taken over into a database: what is known goes on with another key, and is forgotten under both', async () => {
  const standIn = await standInForTest({ scale: 0.01, seed: 1 })
  const folder = directoryForTest()
  const first = await serve(standIn, standIn.keys.full, { PUSHGRAPH_DATA_DIR: folder })
  await askOver(first.url, LISTS)
  await post(first.url, delivery({ id: 'before' }))
  await askOver(
    first.url,
    `{ employees(first: 0, at: "${new Date().toISOString()}") { totalCount } }`,
  )
  await kill(first)
  const place = { PUSHGRAPH_DATABASE_URL: await createDatabase() }
  const environment = { ...place, PUSH_API_KEY: standIn.keys.full, PUSH_API_URL: standIn.url }
  expect(await runProduct(['import', folder], { environment })).toMatchObject({ exitCode: 0 })

  const next = await serve(standIn, standIn.keys.readOnly, place)
  expect(await eventsAt(next)).toEqual(['before'])
  expect((await askOver(next.url, LISTS)).data).toEqual(whole(standIn))
  expect(await changesAt(next)).toEqual([])
  await kill(next)

  const forgotten = await runProduct(['forget', '--connector', 'default'], { environment })
  const rows = standIn.data.employees.length + standIn.data.accounts.length
  expect(forgotten.output).toContain(`1 stored event, ${rows} known rows, 0 changes and `)
  expect(forgotten.output).not.toContain('0 kept answers')
  standIn.reset()
  // Nothing is left that would have to be told from another tenant's.
  const last = await serve(standIn, standIn.keys.full, place)
  expect(await eventsAt(last)).toEqual([])
  expect(standIn.statistics().requests).toBe(0)
})

describe('one replica after the other', () => {
  const replicas = async () => {
    const standIn = await standInForTest({ scale: 0.02, seed: 1 })
    const place = { PUSHGRAPH_DATABASE_URL: await createDatabase() }
    const all = await Promise.all([1, 2].map(() => serve(standIn, standIn.keys.full, place)))
    const [one, two] = all as [Serving, Serving]
    expect((await askOver(one.url, LISTS)).data).toEqual(whole(standIn))
    expect((await post(one.url, delivery({ id: 'before' }))).status).toBe(200)
    await askOver(
      one.url,
      `{ employees(first: 0, at: "${new Date().toISOString()}") { totalCount } }`,
    )
    return { standIn, place, one, two }
  }

  test('with another key of the tenant share what they have, and store each delivery once', async () => {
    const { standIn, place, one, two } = await replicas()
    await kill(one)
    standIn.reset()
    const next = await serve(standIn, standIn.keys.readOnly, place)
    expect((await askOver(next.url, LISTS)).data).toEqual(whole(standIn))
    expect(standIn.statistics().requests).toBe(1)
    for (const { url } of [next, two])
      expect((await post(url, delivery({ id: 'during' }))).status).toBe(200)
    for (const each of [next, two]) expect(await eventsAt(each)).toEqual(['before', 'during'])
    // What one of them reads anew is no change to the other.
    const [leaver] = standIn.data.employees
    standIn.remove('employees', leaver?.id ?? '')
    const anew = { 'cache-control': 'no-cache' }
    for (const { url } of [next, two, next]) await askOver(url, LISTS, {}, anew)
    for (const each of [next, two])
      await expect.poll(() => changesAt(each)).toEqual([{ objectId: leaver?.id, kind: 'DELETED' }])
    await kill(two)
    standIn.reset()
    const last = await serve(standIn, standIn.keys.readOnly, place)
    expect(await eventsAt(last)).toEqual(['before', 'during'])
    expect(await changesAt(last)).toHaveLength(1)
  })

  test('of which one has the key of another tenant: that one is not served until the others are no more', async () => {
    const { standIn, place, one, two } = await replicas()
    const other = await standInForTest({ scale: 0.01, seed: 2 })
    await kill(one)
    const stray = await serve(other, other.keys.full, place)
    const { data, errors } = await askOver(stray.url, LISTS)
    expect(data?.employees?.totalCount ?? null).toBeNull()
    expect(JSON.stringify(errors)).toContain('other servers on the same data serve it')
    expect(await eventsAt(stray)).toEqual([])
    // What is delivered to it is not mixed with what the others have.
    expect((await post(stray.url, delivery({ id: 'astray' }))).status).toBe(503)
    expect(await eventsAt(two)).toEqual(['before'])
    expect((await askOver(two.url, LISTS)).data).toEqual(whole(standIn))
    expect((await (await fetch(`${stray.url}/readyz`)).json()) as object).toMatchObject({
      reasons: expect.arrayContaining([expect.stringMatching(/another tenant's/)]) as unknown,
    })
    await kill(two)
    await expect.poll(async () => (await askOver(stray.url, LISTS)).data).toEqual(whole(other))
    expect((await post(stray.url, delivery({ id: 'anew' }))).status).toBe(200)
    expect(await eventsAt(stray)).toEqual(['anew'])
  })
})
