/** The audit log over every way in which something can be asked for, and refused. */
import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createClient } from 'graphql-ws'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import WebSocket from 'ws'
import { bearer, tokenOf } from '../../support/tokens.ts'
import { MUTATIONS, startWriting, writingForTest, type Writing } from '../../support/writing.ts'

const folder = mkdtempSync(join(tmpdir(), 'pushgraph-audit-'))
const file = join(folder, 'audit.log')
/** Stands wherever a caller can put a value. */
const PLANTED = 'planted-value@example.com'

const callers = {
  analyst: { scopes: ['read', 'events', 'write', 'pii'] },
  reader: { scopes: ['read'] },
} as const

const byTokens = {
  PUSHGRAPH_AUTH: 'tokens',
  PUSHGRAPH_TOKENS_FILE: join(folder, 'tokens.json'),
}

let writing: Writing
beforeAll(async () => {
  const entries = Object.entries(callers).map(([name, rights]) => tokenOf(name, rights))
  writeFileSync(byTokens.PUSHGRAPH_TOKENS_FILE, JSON.stringify(entries), { mode: 0o600 })
  writing = await startWriting({
    others: ['other'],
    environment: {
      ...byTokens,
      PUSHGRAPH_AUDIT: file,
      PUSHGRAPH_MAX_TOKENS: '500',
    },
  })
})
afterAll(async () => {
  await writing.stop()
  for (const text of [readFileSync(file, 'utf8'), writing.logged()]) {
    expect(text).not.toContain(PLANTED)
    expect(text).not.toContain('secret-of-')
    for (const { id } of writing.standIn.data.detections) expect(text).not.toContain(id)
  }
  rmSync(folder, { recursive: true, force: true })
})

type Line = Readonly<Record<string, unknown>>

const linesOf = (id: string): readonly Line[] =>
  readFileSync(file, 'utf8')
    .split('\n')
    .slice(0, -1)
    .map(line => JSON.parse(line) as Line)
    .filter(({ requestId }) => String(requestId).split('/')[0] === id)

/** Those of that request, once there are so many. */
const told = async (id: string, count = 1): Promise<readonly Line[]> => {
  await expect.poll(() => linesOf(id).length).toBeGreaterThanOrEqual(count)
  expect(linesOf(id)).toHaveLength(count)
  return linesOf(id)
}

let asked = 0
const newId = (): string => `audit-${(asked += 1)}`

const post = async (
  body: unknown,
  { headers = {}, path = '/graphql' }: { headers?: Record<string, string>; path?: string } = {},
) => {
  const id = newId()
  const response = await fetch(writing.url + path, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'x-request-id': id,
      ...bearer('analyst'),
      ...headers,
    },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  })
  return { id, status: response.status, text: await response.text() }
}

const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex')

const APPS =
  'query Apps($name: String) { apps(filter: { type: { ne: $name } }, connectors: ["other"]) { totalCount nodes { id } } }'
const ok = { audit: 'operation', caller: 'analyst', transport: 'http', outcome: 'ok' }

test('a query leaves one line, however it is answered', async () => {
  const lines: Line[] = []
  const ask = async (body: object): Promise<void> => {
    const { id, status } = await post(body)
    expect(status).toBe(200)
    lines.push(...(await told(id)))
  }
  for (let times = 0; times < 4; times += 1)
    await ask({ query: APPS, variables: { name: PLANTED } })
  for (let n = 0; n < 2; n += 1) await ask({ query: APPS, variables: { name: `${n} ${PLANTED}` } })
  const [first] = lines
  expect(Number(first?.['requests'])).toBeGreaterThan(0)
  for (const line of lines)
    expect(line).toMatchObject({
      ...ok,
      type: 'query',
      operationName: 'Apps',
      documentHash: hashOf(APPS),
      connectors: ['other'],
    })
  for (const line of lines.slice(1))
    expect(line).toMatchObject({ rowsReturned: first?.['rowsReturned'], requests: 0, rowsRead: 0 })
  expect(Object.keys(first ?? {})).toEqual([
    ...['time', 'audit', 'requestId', 'caller', 'transport', 'type', 'operationName'],
    ...['documentHash', 'connectors', 'rowsReturned', 'rowsRead', 'requests', 'outcome', 'ms'],
  ])
  expect(Date.parse(String(first?.['time']))).toBeGreaterThan(0)
})

test('so do those that come otherwise: by GET, as a stream, by another spelling of the path', async () => {
  const query = '{ connectors { alias } }'
  const id = newId()
  await fetch(`${writing.url}/graphql?query=${encodeURIComponent(query)}`, {
    headers: { 'x-request-id': id, 'apollo-require-preflight': 'true', ...bearer('reader') },
  })
  const unnamed = { type: 'query', operationName: null, documentHash: hashOf(query) }
  expect(await told(id)).toMatchObject([{ ...ok, ...unnamed, caller: 'reader', connectors: [] }])
  const streamed = await post({ query }, { headers: { accept: 'text/event-stream' } })
  expect(await told(streamed.id)).toMatchObject([{ ...ok, ...unnamed, transport: 'sse' }])
  const spelt = await post({ query }, { path: '/%67raphql/' })
  expect(spelt.status).toBe(200)
  expect(await told(spelt.id)).toMatchObject([{ ...ok, ...unnamed }])
})

describe('over WebSocket', () => {
  const connect = () => {
    const id = newId()
    class Socket extends WebSocket {
      constructor(url: string, protocols: string[]) {
        super(url, protocols, { headers: { 'x-request-id': id, ...bearer('analyst') } })
      }
    }
    const client = createClient({
      url: `${writing.url.replace('http', 'ws')}/graphql`,
      webSocketImpl: Socket,
      lazyCloseTimeout: 10_000,
    })
    onTestFinished(() => client.dispose())
    return { id, client }
  }

  test('each operation leaves a line, with an id of its own', async () => {
    const { id, client } = connect()
    for (const query of ['query One { connectors { alias } }', 'query Two { nothing }'])
      await client
        .iterate({ query })
        .next()
        .catch(() => undefined)
    const lines = await told(id, 2)
    expect(new Set(lines.map(({ requestId }) => requestId)).size).toBe(2)
    expect(lines).toMatchObject([
      { ...ok, operationName: 'One', transport: 'websocket' },
      { operationName: 'Two', type: 'query', outcome: 'GRAPHQL_VALIDATION_FAILED' },
    ])
  })

  test('a subscription leaves it as it begins, and none as it ends', async () => {
    const { id, client } = connect()
    const query = `subscription Live { events(filter: { email: { eq: "${PLANTED}" } }) { id } }`
    const answers = client.iterate({ query })
    const next = answers.next()
    const begun = await told(id)
    expect(begun).toMatchObject([
      {
        ...{ ...ok, type: 'subscription', transport: 'websocket' },
        ...{ operationName: 'Live', documentHash: hashOf(query) },
      },
    ])
    await answers.return?.()
    await next
    await client.iterate({ query: 'query After { connectors { alias } }' }).next()
    expect(await told(id, 2)).toMatchObject([{}, { operationName: 'After' }])
  })
})

test('a subscription as a stream leaves its line as it begins', async () => {
  const id = newId()
  const gone = new AbortController()
  const response = await fetch(`${writing.url}/graphql`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'text/event-stream',
      'x-request-id': id,
      ...bearer('analyst'),
    },
    body: JSON.stringify({ query: 'subscription Live { events { id } }' }),
    signal: gone.signal,
  })
  expect(response.status).toBe(200)
  expect(await told(id)).toMatchObject([{ ...ok, type: 'subscription', transport: 'sse' }])
  gone.abort()
  const after = await post({ query: '{ connectors { alias } }' })
  await told(after.id)
  await told(id)
})

test('a change leaves a line of its own beside that of its operation', async () => {
  const object = writing.standIn.data.detections[0]?.id ?? ''
  const input = { connector: 'default', id: object, classification: PLANTED }
  const { id } = await post({ query: MUTATIONS.updateDetection, variables: { input } })
  const lines = await told(id, 2)
  expect(lines).toMatchObject([
    {
      audit: 'write',
      caller: 'analyst',
      mutation: 'updateDetection',
      connector: 'default',
      type: 'Detection',
      objectHash: hashOf(object),
      outcome: 'done',
    },
    { ...ok, type: 'mutation', connectors: ['default'] },
  ])
})

test('a change that its caller may not make leaves one, too', async () => {
  const query = `mutation No { a: updateApp(input: { id: "${PLANTED}" }) { app { id } }
    b: updateApp(input: { id: "x" }) { app { id } } deleteAccount(input: { id: "x" }) { deletedAccountId } }`
  const { id } = await post({ query }, { headers: bearer('reader') })
  const refused = { audit: 'write', caller: 'reader', connector: null, outcome: 'FORBIDDEN' }
  expect(await told(id, 3)).toMatchObject([
    { ...refused, mutation: 'updateApp' },
    { ...refused, mutation: 'deleteAccount' },
    { audit: 'operation', type: 'mutation', operationName: 'No', outcome: 'FORBIDDEN' },
  ])
})

const long = `{ ${Array.from({ length: 600 }, () => '__typename').join(' ')} }`

test.each([
  ['what is no JSON', `{"query": "${PLANTED}`, {}, 400, 'BAD_REQUEST', undefined],
  ['what holds no query', { variables: { a: PLANTED } }, {}, 400, 'BAD_REQUEST', undefined],
  ['what is no GraphQL', { query: `{ ${PLANTED} "` }, {}, 400, 'GRAPHQL_PARSE_FAILED', '{'],
  [
    'what does not fit the schema',
    { query: `{ apps(filter: "${PLANTED}") { nodes { id } } }` },
    {},
    400,
    'GRAPHQL_VALIDATION_FAILED',
    '{',
  ],
  [
    'variables of another kind',
    { query: 'query ($n: Int!) { apps(first: $n) { totalCount } }', variables: { n: PLANTED } },
    {},
    400,
    'BAD_USER_INPUT',
    '{',
  ],
  [
    'an operation that is not there',
    { query: 'query A { __typename } query B { __typename }', operationName: 'C' },
    {},
    400,
    'OPERATION_RESOLUTION_FAILURE',
    '{',
  ],
  ['what is too long', { query: long }, {}, 400, 'BAD_USER_INPUT', '{'],
  [
    'a filter that compares what its caller may not see',
    { query: `{ employees(filter: { email: { eq: "${PLANTED}" } }) { totalCount } }` },
    bearer('reader'),
    400,
    'FORBIDDEN',
    '{',
  ],
  [
    'a subscription that is asked for as a whole',
    { query: 'subscription { events { id } }' },
    {},
    400,
    'BAD_USER_INPUT',
    '{',
  ],
  [
    'one that does not show who it is',
    { query: '{ __typename }' },
    { authorization: 'Bearer secret-of-nobody' },
    401,
    'UNAUTHENTICATED',
    undefined,
  ],
])('refused is told of, too: %s', async (_, body, headers, status, outcome, read) => {
  const answer = await post(body, { headers: headers })
  expect([answer.status, answer.text]).toEqual([status, expect.stringContaining(outcome)])
  const query = (body as { readonly query?: string }).query ?? ''
  const who = { ...bearer('analyst'), ...headers }
  const name = /secret-of-(analyst|reader)/.exec(who.authorization)?.[1] ?? '127.0.0.1'
  expect(await told(answer.id)).toMatchObject([
    {
      audit: 'operation',
      caller: name,
      outcome,
      codes: [outcome],
      documentHash: read === undefined ? null : hashOf(query),
      rowsRead: 0,
      requests: 0,
    },
  ])
})

test('who comes too fast is told of by name', async () => {
  const fresh = await writingForTest({
    environment: { ...byTokens, PUSHGRAPH_MAX_CALLER_RATE: '0.5' },
  })
  const answers = await Promise.all(
    Array.from({ length: 20 }, () => fresh.ask('{ __typename }', {}, bearer('reader'))),
  )
  const refused = answers.filter(({ status }) => status === 429).length
  expect(refused).toBeGreaterThan(0)
  await expect
    .poll(
      () =>
        fresh
          .logged()
          .split('\n')
          .filter(
            line => line.includes('"caller":"reader"') && line.includes('"outcome":"RATE_LIMITED"'),
          ).length,
    )
    .toBe(refused)
})

test('who does not wait for the answer is told of', async () => {
  writing.standIn.set({ latencyMs: 60_000 })
  const id = newId()
  const left = request(`${writing.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-request-id': id, ...bearer('analyst') },
  })
  left.on('error', () => undefined)
  left.end(JSON.stringify({ query: '{ browsers { totalCount } }' }))
  await expect
    .poll(() => writing.standIn.requests.some(({ route }) => route.startsWith('/browsers')))
    .toBe(true)
  left.destroy()
  expect(await told(id)).toMatchObject([{ outcome: 'ABORTED' }])
  writing.standIn.set({ latencyMs: 0 })
})

test('what other paths are asked for is nothing of it', async () => {
  const ids = [newId(), newId()]
  for (const [n, path] of ['/livez', '/nowhere'].entries())
    await fetch(writing.url + path, { headers: { 'x-request-id': ids[n] ?? '' } })
  await told((await post({ query: '{ __typename }' })).id)
  for (const id of ids) expect(linesOf(id)).toEqual([])
})

test('in the log, the line of a request is that of its operation', async () => {
  const fresh = await writingForTest()
  const ask = fresh.ask('query Named { connectors { alias } }', {}, { 'x-request-id': 'in-log' })
  expect((await ask).status).toBe(200)
  const lines = () =>
    fresh
      .logged()
      .split('\n')
      .filter(line => line.includes('in-log'))
      .map(line => JSON.parse(line) as Line)
  await expect.poll(() => lines().length).toBe(1)
  expect(lines()).toMatchObject([
    { level: 'info', audit: 'operation', caller: '127.0.0.1', path: '/graphql', status: 200 },
  ])
  expect(lines()).toMatchObject([{ msg: 'request', operationName: 'Named', outcome: 'ok' }])
})

test('off, nothing is told but the line of the request', async () => {
  const fresh = await writingForTest({ environment: { PUSHGRAPH_AUDIT: 'off' } })
  const input = { id: fresh.standIn.data.apps[0]?.id, notes: null }
  expect((await fresh.ask(MUTATIONS.updateApp, { input })).errors).toEqual([])
  await expect.poll(() => fresh.logged()).toContain('"msg":"request"')
  expect(fresh.logged()).not.toContain('"audit"')
})
