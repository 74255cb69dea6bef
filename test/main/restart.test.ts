/** Servers that end, in whatever way, and others that take their place on the same data folder. */
import { expect, test } from 'vitest'
import type { StandIn } from '../../src/demo/stand-in.ts'
import { delivery, post, SECRET } from '../support/deliveries.ts'
import { directoryForTest } from '../support/directory.ts'
import { runProduct, serveProduct, type Serving } from '../support/product.ts'
import { standInForTest } from '../support/stand-in.ts'

interface World {
  readonly standIn: StandIn
  readonly environment: Readonly<Record<string, string>>
  readonly serve: () => Promise<Serving>
}

const worldForTest = async (switches: Partial<StandIn['switches']> = {}): Promise<World> => {
  const standIn = await standInForTest({ switches: { maxPage: 50, ...switches } })
  const environment = {
    PUSH_API_KEY: standIn.keys.readOnly,
    PUSH_API_URL: standIn.url,
    PUSH_WEBHOOK_SECRET: SECRET,
    PUSHGRAPH_RATE: '1000',
    PUSHGRAPH_BURST: '1000',
    PUSHGRAPH_REFRESH: 'off',
    PUSHGRAPH_MAX_AGE_S: '900',
    PUSHGRAPH_DATA_DIR: directoryForTest(),
    LOG_LEVEL: 'warn',
  }
  const serve = () => serveProduct({ environment })
  return { standIn, environment, serve }
}

interface Answered {
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- the shape is the query's
  readonly data: any
  readonly errors?: unknown
  readonly extensions: { readonly pushgraph: { requests: number; complete: boolean } }
}

const ask = async (
  { url }: Serving,
  query: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<Answered> => {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ query }),
  })
  return (await response.json()) as Answered
}

const stop = async (serving: Serving, signal: NodeJS.Signals = 'SIGTERM'): Promise<void> => {
  serving.kill(signal)
  await serving.ended
}

const DASHBOARD = `{
  employees { totalCount } apps { totalCount }
  accounts(filter: { mfaRegistered: { eq: false } }) { totalCount groups(by: [APP_TYPE]) { keys count } }
  findings { groups(by: [TYPE]) { keys count } } browsers { totalCount }
  latest: detections(first: 5, orderBy: [{ field: CREATED_AT, direction: DESC }]) { nodes { id } }
  some: accounts(first: 7) { nodes { id email employee { email } } }
}`
const ALL = '{ accounts(first: 1000) { totalCount nodes { id email } } }'

/** The figures of what is kept. */
const bytesIn = async ({ url }: Serving): Promise<string> =>
  (await (await fetch(`${url}/metrics`)).text())
    .split('\n')
    .filter(line => line.startsWith('pushgraph_kept_answer_bytes'))
    .join('\n')

const idsOf = ({ data }: Answered): string[] =>
  data.accounts.nodes.map(({ id }: { id: string }) => id).sort()
const idsIn = ({ data }: StandIn): string[] => data.accounts.map(({ id }) => id).sort()

test('a restart costs no request within the ages, nor does a command beside it', async () => {
  const { standIn, serve, environment } = await worldForTest()
  const first = await serve()
  expect((await ask(first, DASHBOARD)).errors).toBeUndefined()
  const [one, two] = standIn.data.accounts
  if (one === undefined || two === undefined) throw new Error('no accounts')
  const timestamp = Math.floor(Date.now() / 1_000)
  const changed = { ...one, email: 'changed@acme.example' }
  const of = { object: 'ACCOUNT', category: 'ENTITY', timestamp } as const
  await post(first.url, delivery({ id: 'e1', type: 'UPDATE', new: changed, old: one, ...of }))
  await post(first.url, delivery({ id: 'e2', type: 'DELETE', new: null, old: two, ...of }))
  const before = await ask(first, DASHBOARD)
  const rows = await ask(first, ALL)
  expect(standIn.statistics().requests).toBeGreaterThan(20)
  // What has been answered is on its way to the file.
  await expect.poll(() => bytesIn(first)).toMatch(/detections/)
  await stop(first, 'SIGKILL')

  standIn.reset()
  const second = await serve()
  const after = await ask(second, DASHBOARD)
  expect(after.data).toEqual(before.data)
  expect([standIn.statistics().requests, after.extensions.pushgraph.requests]).toEqual([0, 0])
  const figures = await (await fetch(`${second.url}/metrics`)).text()
  expect(figures).toMatch(
    /pushgraph_upstream_kept_answers_total{connector="default",path="\/accounts"} [1-9]/,
  )
  const { data } = await ask(second, '{ connectors { store { collection bytes } } }')
  const bytes = new Map(
    data.connectors[0].store.map((each: { collection: string; bytes: number }) => [
      each.collection,
      each.bytes,
    ]),
  )
  expect([Number(bytes.get('ACCOUNTS')) > 1_000, bytes.get('BROWSER_EXTENSIONS')]).toEqual([
    true,
    0,
  ])

  // What came by webhook is seen by whoever begins with what is kept.
  const beside = await runProduct(['query', '-'], { environment, input: ALL })
  const answer = JSON.parse(beside.output) as Answered
  expect([beside.exitCode, answer.data]).toEqual([0, rows.data])
  expect(idsOf(answer)).not.toContain(two.id)
  expect(JSON.stringify(answer.data)).toContain('changed@acme.example')
  expect([standIn.statistics().requests, answer.extensions.pushgraph.requests]).toEqual([0, 0])

  const anew = await ask(second, ALL, { 'cache-control': 'no-cache' })
  expect(anew.extensions.pushgraph.requests).toBeGreaterThan(10)
  await stop(second)
})

test('killed while it reads, again and again: what the next one answers is right', async () => {
  const { standIn, serve } = await worldForTest({ latencyMs: 4 })
  const before = new Set(idsIn(standIn))
  for (const pages of [2, 6]) {
    standIn.reset()
    const serving = await serve()
    const answer = ask(serving, ALL).catch(() => undefined)
    await expect
      .poll(() => standIn.statistics().requests, { interval: 1 })
      .toBeGreaterThanOrEqual(pages)
    await stop(serving, 'SIGKILL')
    await answer
    // What is read next is no mixture of before and after.
    standIn.remove('accounts', standIn.data.accounts[0]?.id ?? '')
  }
  const last = await serve()
  const kept = await ask(last, ALL)
  expect([kept.errors, kept.extensions.pushgraph.complete]).toEqual([undefined, true])
  // All that is there, and nothing that never was.
  expect(idsOf(kept)).toEqual(expect.arrayContaining(idsIn(standIn)))
  expect(idsOf(kept).every(id => before.has(id))).toBe(true)
  expect(new Set(idsOf(kept)).size).toBe(kept.data.accounts.totalCount)
  expect(idsOf(await ask(last, ALL, { 'cache-control': 'no-cache' }))).toEqual(idsIn(standIn))
  await stop(last)
})

test('what was followed is followed at once by the next one, without a request or another event', async () => {
  const { standIn, environment } = await worldForTest()
  const serve = () => serveProduct({ environment: { ...environment, PUSHGRAPH_REFRESH: 'on' } })
  const followedBy = async (serving: Serving): Promise<readonly string[]> => {
    const { data } = await ask(serving, '{ connectors { store { collection followed } } }')
    const store: readonly { collection: string; followed: boolean }[] = data.connectors[0].store
    return store.filter(({ followed }) => followed).map(({ collection }) => collection)
  }
  const TWO = '{ employees { totalCount } accounts { totalCount } }'
  const first = await serve()
  const [account] = standIn.data.accounts
  await post(
    first.url,
    delivery({
      ...{
        id: 'e1',
        object: 'ACCOUNT',
        category: 'ENTITY',
        type: 'UPDATE',
        new: account,
        old: account,
      },
      timestamp: Math.floor(Date.now() / 1_000),
    }),
  )
  await ask(first, TWO)
  expect(await followedBy(first)).toEqual(['ACCOUNTS'])
  await expect.poll(() => bytesIn(first)).toMatch(/accounts[^]*employees/)
  await stop(first, 'SIGKILL')

  standIn.reset()
  const second = await serve()
  await ask(second, TWO)
  expect(await followedBy(second)).toEqual(['ACCOUNTS'])
  expect(standIn.statistics().requests).toBe(0)
  await stop(second)
})
