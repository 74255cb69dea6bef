/** Two tenants that work beside twenty that do not: they are answered as if they were alone. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createApp } from '../../src/app.ts'
import { readConfig } from '../../src/config/config.ts'
import { createLog } from '../../src/http/logging/log.ts'
import type { StandIn } from '../../src/demo/stand-in.ts'
import { startStandIn } from '../support/stand-in.ts'
import { bearer, tokenOf } from '../support/tokens.ts'

/** One that is dead in its own way; what came to it is counted. */
interface Dead {
  readonly port: number
  readonly arrived: () => number
  readonly close: () => void
}

/** One that `stops` has answered something before it hangs. */
const startDead = async (kind: 'hangs' | 'stops' | 'fails'): Promise<Dead> => {
  let arrived = 0
  const sockets = new Set<Socket>()
  const server: Server = createServer((request, response) => {
    arrived++
    if (kind === 'fails') response.writeHead(500).end('{}')
    if (kind === 'stops' && request.url?.includes('/findings') === true)
      response.end('{"result":[],"paging":{"moreResults":false,"nextToken":null}}')
  })
  server.on('connection', socket => sockets.add(socket))
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as AddressInfo).port,
    arrived: () => arrived,
    close: () => {
      server.close()
      for (const socket of sockets) socket.destroy()
    },
  }
}

const live = ['acme', 'globex']
const directory = mkdtempSync(join(tmpdir(), 'pushgraph-dead-'))
const closing: (() => unknown)[] = [() => rmSync(directory, { recursive: true, force: true })]
const hanging: Dead[] = []
const silent: Dead[] = []
const failing: Dead[] = []
const failingBesideAll: Dead[] = []

interface Served {
  readonly standIns: readonly StandIn[]
  readonly url: string
}
let alone: Served
/** Beside twenty: six hang after a while, seven answer with 500, and seven are not there. */
let besideAll: Served
/** Beside the fourteen that do not keep anybody waiting. */
let besideQuick: Served
/** Beside twenty that are not there. */
let besideGone: Served
/** Beside twelve that take every request and never answer. */
let besideSilent: Served

beforeAll(async () => {
  for (let index = 0; index < 6; index++) hanging.push(await startDead('stops'))
  for (let index = 0; index < 12; index++) silent.push(await startDead('hangs'))
  for (let index = 0; index < 7; index++) failing.push(await startDead('fails'))
  for (let index = 0; index < 7; index++) failingBesideAll.push(await startDead('fails'))
  closing.push(
    ...[...hanging, ...silent, ...failing, ...failingBesideAll].map(({ close }) => close),
  )
  // Nobody listens where somebody has just left.
  const left = await startDead('fails')
  left.close()
  const portsOf = (some: readonly Dead[]): number[] => some.map(({ port }) => port)
  const refusing = Array<number>(7).fill(left.port)
  alone = await serve('alone', [])
  besideAll = await serve('all', [...portsOf(hanging), ...portsOf(failingBesideAll), ...refusing])
  besideQuick = await serve('quick', [...portsOf(failing), ...refusing])
  besideSilent = await serve('silent', portsOf(silent), '25000')
  besideGone = await serve('gone', Array<number>(20).fill(left.port))
})
afterAll(async () => {
  for (const close of closing.toReversed()) await close()
})

/** The two, behind so many dead ones: whoever asked one after the other would come to them last. */
const serve = async (
  name: string,
  deadPorts: readonly number[],
  maxWaitMs = '600000',
): Promise<Served> => {
  const standIns = await Promise.all(live.map((_, index) => startStandIn({ seed: index + 1 })))
  const connectors = [
    ...deadPorts.map((port, index) => ({
      alias: `dead${index}`,
      url: `http://127.0.0.1:${port}/v1`,
      apiKey: `key${index}`,
    })),
    ...standIns.map(({ url, keys }, index) => ({ alias: live[index], url, apiKey: keys.readOnly })),
  ]
  const file = (what: string, content: unknown): string => {
    const path = join(directory, `${name}.${what}.json`)
    writeFileSync(path, JSON.stringify(content))
    return path
  }
  const { sha256 } = tokenOf('ada')
  const settings = {
    PORT: '0',
    PUSHGRAPH_AUTH: 'tokens',
    PUSHGRAPH_TOKENS_FILE: file('tokens', [
      { name: 'ada', sha256, scopes: ['read'] },
      { name: 'bob', sha256: tokenOf('bob').sha256, scopes: ['read'], connectors: live },
    ]),
    PUSHGRAPH_CONFIG: file('connectors', { connectors }),
    PUSHGRAPH_DATA_DIR: join(directory, name),
    PUSHGRAPH_REFRESH: 'off',
    PUSHGRAPH_MAX_WAIT_MS: maxWaitMs,
  }
  const app = await createApp(
    readConfig(settings, directory),
    createLog({ level: 'silent', readable: false, destination: { write: () => undefined } }),
  )
  closing.push(...standIns.map(({ close }) => close), () => app.stop(0))
  return { standIns, url: `${await app.listen()}/graphql` }
}

interface Answer {
  readonly data: Readonly<Record<string, { readonly totalCount: number | null }>>
  readonly errors?: unknown
  readonly extensions: {
    readonly pushgraph: {
      readonly requests: number
      readonly complete: boolean
      readonly warnings: readonly { readonly connector?: string }[]
    }
  }
}

const ask = async (
  { url }: Served,
  query: string,
  caller = 'ada',
  signal?: AbortSignal,
): Promise<Answer> => {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...bearer(caller) },
    body: JSON.stringify({ query }),
    ...(signal && { signal }),
  })
  return (await response.json()) as Answer
}

const arrivedAt = (some: readonly Dead[]): number =>
  some.reduce((sum, { arrived }) => sum + arrived(), 0)
const requestsOf = ({ standIns }: Served): number =>
  standIns.reduce((sum, { requests }) => sum + requests.length, 0)

test.each([
  [
    'a question that names them',
    'ada',
    '{ employees(connectors: ["acme", "globex"]) { totalCount } }',
  ],
  ['a caller that sees no others', 'bob', '{ apps { totalCount } findings { totalCount } }'],
])('%s makes the requests that it makes where they are alone', async (_what, caller, query) => {
  const before = [alone, besideAll].map(requestsOf)
  const answers = [await ask(alone, query, caller), await ask(besideAll, query, caller)]
  const [usual, found] = answers
  expect(found?.data).toEqual(usual?.data)
  expect(found?.extensions.pushgraph).toMatchObject({
    requests: usual?.extensions.pushgraph.requests,
    complete: true,
    warnings: [],
  })
  const [made, madeBeside] = [alone, besideAll].map(
    (each, at) => requestsOf(each) - (before[at] ?? 0),
  )
  expect(made).toBeGreaterThan(0)
  expect(madeBeside).toBe(made)
  expect(arrivedAt([...hanging, ...failingBesideAll])).toBe(0)
})

test('they are read, and answer others, while a question of all waits for the others', async () => {
  await ask(besideAll, '{ findings { totalCount } }')
  const asked = hanging.map(({ arrived }) => arrived())
  const leave = new AbortController()
  let isAnswered = false
  const waiting = ask(besideAll, '{ browsers { totalCount } }', 'ada', leave.signal).then(
    () => (isAnswered = true),
    () => undefined,
  )
  await expect
    .poll(() => hanging.every(({ arrived }, at) => arrived() > (asked[at] ?? 0)))
    .toBe(true)
  for (const { requests } of besideAll.standIns)
    await expect.poll(() => requests.some(({ path }) => path === '/browsers')).toBe(true)
  // What was read for it is there for everybody, and what was not is read.
  const { data, extensions } = await ask(
    besideAll,
    `{ browsers(connectors: ["acme", "globex"]) { totalCount }
      accounts(connectors: ["acme", "globex"]) { totalCount } }`,
  )
  expect(extensions.pushgraph.complete).toBe(true)
  expect(data['accounts']?.totalCount).toBe(
    besideAll.standIns.reduce((sum, { data: { accounts } }) => sum + accounts.length, 0),
  )
  expect(isAnswered).toBe(false)
  leave.abort()
  await waiting
})

test('a page of all goes past those who are not there with a request to each', async () => {
  const { data, extensions } = await ask(besideGone, '{ employees(first: 1) { nodes { id } } }')
  expect(data['employees']).toMatchObject({ nodes: [{}] })
  const { requests, warnings } = extensions.pushgraph
  expect(warnings).toHaveLength(20)
  // One that is there may have been asked ahead and not waited for, where this took its time.
  expect(requests - requestsOf(besideGone)).toBeLessThanOrEqual(20)
})

test('a page of all waits for those that never answer side by side, and once', async () => {
  const page = (): Promise<Answer> => ask(besideSilent, '{ employees(first: 1) { nodes { id } } }')
  const { data, extensions } = await page()
  expect(data['employees']).toMatchObject({ nodes: [{}] })
  expect(extensions.pushgraph.warnings).toHaveLength(12)
  expect(arrivedAt(silent)).toBe(12)
  expect((await page()).data).toEqual(data)
})

test('a question of all has what they have, names the others, and soon asks those no more', async () => {
  const question = async (): Promise<Answer & { readonly arrived: number }> => {
    const before = arrivedAt(failing)
    const answer = await ask(besideQuick, '{ employees { totalCount } }')
    return { ...answer, arrived: arrivedAt(failing) - before }
  }
  const first = await question()
  expect(first.data['employees']).toBeDefined()
  const { complete, warnings } = first.extensions.pushgraph
  expect(complete).toBe(false)
  const named = new Set(warnings.map(({ connector }) => connector))
  expect(named.size).toBe(14)
  expect([...named].every(alias => alias?.startsWith('dead'))).toBe(true)
  // Each is asked four times at most.
  expect(first.arrived).toBeLessThanOrEqual(4 * failing.length)

  await expect.poll(async () => (await question()).arrived).toBe(0)
  expect((await question()).data).toEqual(first.data)
})
