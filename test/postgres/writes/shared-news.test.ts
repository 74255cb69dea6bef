import { expect, onTestFinished, test } from 'vitest'
import { startPostgres } from '../../../examples/replicas/postgres.ts'
import { openSharedAnswers } from '../../../src/postgres/answers/open-shared-answers.ts'
import { systemClock } from '../../../src/model/clock.ts'
import type { CollectionName } from '../../../src/model/rows.ts'
import { openDatabase } from '../../../src/postgres/connecting/database.ts'
import { openSharedNews } from '../../../src/postgres/writes/shared-news.ts'
import { createStore, type Written } from '../../../src/store/store.ts'
import { createClient } from '../../../src/upstream/client.ts'
import { openState } from '../../../src/upstream/state/state.ts'
import { callAt } from '../../support/fake-client.ts'
import { createDatabase, serverPort, through } from '../../support/postgres.ts'
import { standInForTest } from '../../support/stand-in.ts'
import { startTcpProxy } from '../../support/tcp-proxy.ts'

const never = () => false

/** A replica without a graph: its rows, read over HTTP, and its part in the news. */
const replicaOf = async (
  url: string,
  standIn: Awaited<ReturnType<typeof standInForTest>>,
  listenUrl?: string,
) => {
  const database = await openDatabase({ url, listenUrl, clock: systemClock })
  const { clock } = database
  const news = openSharedNews({ database })
  const answers = openSharedAnswers({
    ...{ database, clock, maxBytes: Infinity, keepMs: Infinity, dataKeys: [] },
  })
  const state = openState(':memory:', { clock })
  const paths: string[] = []
  const client = createClient({
    ...{
      alias: 'default',
      url: standIn.url,
      key: () => standIn.keys.full,
      rate: 1_000,
      burst: 1_000,
    },
    ...{ state, clock, answers },
    onEvent: event => {
      if (event.kind === 'request') paths.push(`${event.method} ${event.path}`)
    },
  })
  const store = createStore({
    connectors: [{ alias: 'default', client, sizes: client.sizes, measures: client.measures }],
    ...{ clock, maxBytes: 1e9, refresh: true, onWritten: news.tell },
  })
  const heard: Written[] = []
  news.on((alias, written) => {
    heard.push(written)
    store.connector(alias)?.written(written)
  })
  onTestFinished(async () => {
    news.close()
    await store.close()
    await answers.close()
    state.close()
    await database.close()
  })
  const connector = store.connector('default')
  if (connector === undefined) throw new Error('It was just connected')
  const call = () => callAt(clock)
  return {
    connector,
    database,
    heard,
    paths,
    call,
    read: (name: CollectionName) => connector.scan(name, clock.now()).until(never, call(), true),
    row: (name: CollectionName, id: string) => connector.peek(name)?.get(id),
  }
}

/** Two replicas over one tenant, with all its apps and accounts in memory. */
const two = async (url?: string) => {
  const [standIn, direct] = [await standInForTest(), url ?? (await createDatabase())]
  const [one, other] = [await replicaOf(direct, standIn), await replicaOf(direct, standIn)]
  for (const replica of [one, other])
    for (const name of ['apps', 'accounts'] as const) await replica.read(name)
  other.paths.length = 0
  return { standIn, url: direct, one, other }
}

const notes = (text: string) => ({ method: 'PATCH', body: { notes: text } }) as const

test('what one replica has changed the other one follows, without a request', async () => {
  const { standIn, one, other } = await two()
  const id = standIn.data.apps[0]?.id ?? ''
  await one.connector.change('apps', id, notes('Seen by all'), one.call())
  await expect.poll(() => other.row('apps', id)).toMatchObject({ notes: 'Seen by all' })
  expect(other.row('apps', id)).toEqual(one.row('apps', id))

  const account = standIn.data.accounts[0]?.id ?? ''
  await other.connector.change('accounts', account, { method: 'DELETE' }, other.call())
  await expect.poll(() => one.row('accounts', account)).toBeUndefined()
  expect(other.paths).toEqual(['DELETE /accounts/{id}'])
  // Nobody hears of what it did itself.
  expect([one.heard.length, other.heard.length]).toEqual([1, 1])
})

test('where Push does not tell all of it, the object is read again, once for both', async () => {
  const { standIn, one, other } = await two()
  standIn.set({ writeAnswers: 'nothing' })
  const id = standIn.data.accounts[1]?.id ?? ''
  const request = {
    method: 'DELETE',
    part: 'loginMethods',
    body: { loginMethod: 'OIDC' },
  } as const
  await one.connector.change('accounts', id, request, one.call())
  await expect.poll(() => other.heard.length).toBe(1)
  await expect.poll(() => other.row('accounts', id)).toEqual(one.row('accounts', id))
  await expect
    .poll(() =>
      other.connector.refresher.isRefreshing(`written accounts ${id} ${other.heard[0]?.at}`),
    )
    .toBe(false)
  const reads = [...one.paths, ...other.paths].filter(path => path === 'GET /accounts/{id}')
  expect(reads).toHaveLength(1)
})

test('what may have been made is read again by both', async () => {
  const { standIn, one, other } = await two()
  standIn.set({
    faults: ({ method }) => (method === 'PATCH' ? { kind: 'error500', applied: true } : undefined),
  })
  const id = standIn.data.apps[2]?.id ?? ''
  const changed = await one.connector.change('apps', id, notes('Perhaps'), one.call())
  expect(changed.kind).toBe('unknown')
  await expect.poll(() => other.row('apps', id)).toMatchObject({ notes: 'Perhaps' })
})

test('a replica that could not hear makes up for it', async () => {
  const url = await createDatabase()
  const proxy = await startTcpProxy(await serverPort())
  onTestFinished(proxy.close)
  const standIn = await standInForTest()
  const [one, deaf] = [
    await replicaOf(url, standIn),
    await replicaOf(through(url, proxy.port), standIn),
  ]
  await deaf.read('apps')
  const id = standIn.data.apps[3]?.id ?? ''
  proxy.cut()
  proxy.reset()
  await one.connector.change('apps', id, notes('Unheard'), one.call())
  expect(deaf.heard).toEqual([])
  proxy.mend()
  await expect.poll(() => deaf.row('apps', id)).toMatchObject({ notes: 'Unheard' })
  expect(deaf.heard).toHaveLength(1)
})

test('a replica to which no call comes, as behind a pooler, looks by itself, and hears of each once', async () => {
  const [url, standIn] = [await createDatabase(), await standInForTest()]
  const one = await replicaOf(url, standIn)
  // Calls are those of a database.
  const deaf = await replicaOf(url, standIn, await createDatabase())
  await deaf.read('apps')
  for (const [nth, text] of ['First', 'Second'].entries()) {
    const id = standIn.data.apps[nth]?.id ?? ''
    await one.connector.change('apps', id, notes(text), one.call())
    await expect.poll(() => deaf.row('apps', id)).toMatchObject({ notes: text })
  }
  expect(deaf.heard).toHaveLength(2)
})

test('what is changed after a crash of the database is heard, though its numbers begin anew', async () => {
  const server = await startPostgres()
  onTestFinished(server.stop)
  const { standIn, one, other } = await two(server.url)
  const change = async (nth: number, text: string): Promise<void> => {
    const id = standIn.data.apps[nth]?.id ?? ''
    await one.connector.change('apps', id, notes(text), one.call())
    await expect.poll(() => other.row('apps', id)).toMatchObject({ notes: text })
  }
  await change(0, 'Before')
  await change(1, 'Before, too')
  await server.crash()
  await expect.poll(() => one.database.standing().isReachable).toBe(false)
  await server.restart()
  for (const { database } of [one, other])
    await expect.poll(() => database.standing().flaw).toBeUndefined()
  await change(2, 'After')
  await change(3, 'After, too')
  expect(other.heard).toHaveLength(4)
})

test('a call holds a number alone', async () => {
  const { standIn, one, other, url } = await two()
  const listening = await openDatabase({ url, clock: systemClock })
  onTestFinished(listening.close)
  const calls: (string | undefined)[] = []
  listening.on('written', call => calls.push(call))
  await expect.poll(() => calls).toEqual([undefined])
  const id = standIn.data.apps[0]?.id ?? ''
  await one.connector.change('apps', id, notes('someone@example.com'), one.call())
  await expect.poll(() => other.heard.length).toBe(1)
  await expect.poll(() => calls.length).toBe(2)
  expect(calls[1]).toMatch(/^\d+$/)
})

test('where a key is given, what was changed stands sealed, and who has another key does not hear it, and says so once', async () => {
  const url = await createDatabase()
  const dataKeys = [new Uint8Array(32).fill(7)]
  const newsOf = async (keys: readonly Uint8Array[]) => {
    const database = await openDatabase({ url, clock: systemClock })
    const problems: string[] = []
    const onProblem = (message: string): unknown => problems.push(message)
    const news = openSharedNews({ database, dataKeys: keys, onProblem })
    const heard: [string, Written][] = []
    news.on((...told) => heard.push(told))
    onTestFinished(async () => {
      news.close()
      await database.close()
    })
    return { database, news, heard, problems }
  }
  const [teller, listener, stranger] = [
    await newsOf(dataKeys),
    await newsOf([new Uint8Array(32).fill(8), ...dataKeys]),
    await newsOf([new Uint8Array(32).fill(8)]),
  ]
  const written = { of: 'someone@example.com' } as unknown as Written
  teller.news.tell('default', written)
  await expect.poll(() => listener.heard).toEqual([['default', written]])
  const [row] = await teller.database.query<{ readonly change: string }>(
    'step',
    'SELECT change FROM written',
  )
  expect(row?.change).toMatch(/^[0-9a-f]{16}\.[\w+/=]+$/)
  // What belongs to another connector is not taken for its own.
  await teller.database.query(
    'step',
    "SELECT tell_written('another', 'other', change, 600000) FROM written",
  )
  teller.news.tell('default', written)
  await expect.poll(() => listener.heard.length).toBe(2)
  expect(listener.heard.map(([connector]) => connector)).toEqual(['default', 'default'])
  await expect.poll(() => stranger.problems).toHaveLength(1)
  expect(stranger.problems[0]).toContain('PUSHGRAPH_DATA_KEY_FILE')
  // It met what belongs to another connector.
  expect(listener.problems).toHaveLength(1)
  expect(stranger.heard).toEqual([])
})
