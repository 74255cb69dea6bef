import { readdirSync } from 'node:fs'
import { createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, test } from 'vitest'
import { demoKeys } from '../../src/demo/stand-in.ts'
import { systemClock } from '../../src/model/clock.ts'
import { directoryForTest } from '../support/directory.ts'
import { runProduct, serveProduct, startProduct } from '../support/product.ts'
import { standInForTest } from '../support/stand-in.ts'
import { webhookServerForTest } from '../support/webhook-server.ts'

const ask = async (url: string, query: string) => {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query }),
  })
  return (await response.json()) as { data: Record<string, unknown>; errors?: unknown }
}

/** Small and quick; the limiter stays on. */
const smallDemo = {
  PUSHGRAPH_DEMO_SCALE: '0.05',
  PUSHGRAPH_DEMO_CHANGES_PER_MINUTE: '0',
  PUSHGRAPH_DEMO_LATENCY_MS: '5',
}

describe('without a key', () => {
  test('the demo tenant is served, says so and what to set, and stops when asked', async () => {
    const product = await serveProduct({ environment: smallDemo })
    // A pipe may hand the text on in parts.
    await expect.poll(() => product.errors()).toMatch(/DEMO TENANT[^]*\/graphiql[^]*PUSH_API_KEY/)
    expect(
      await ask(product.url, '{ employees { totalCount } connectors { alias } }'),
    ).toMatchObject({ data: { employees: { totalCount: 50 }, connectors: [{ alias: 'demo' }] } })
    expect((await fetch(`${product.url}/readyz`)).status).toBe(200)
    product.kill('SIGTERM')
    expect(await product.ended).toMatchObject({ exitCode: 0, signal: null })
  })

  test('what the runtime made of the sources is kept by the time it listens, and so held no more', async () => {
    const cache = directoryForTest()
    const product = await serveProduct({ environment: { ...smallDemo, NODE_COMPILE_CACHE: cache } })
    product.kill('SIGKILL')
    await product.ended
    expect(readdirSync(cache, { recursive: true }).length).toBeGreaterThan(1_000)
  })

  test('for as long as it is told to, it answers after a stop was asked for, and says that it is not ready', async () => {
    const product = await serveProduct({ environment: { ...smallDemo, PUSHGRAPH_DRAIN_S: '2' } })
    product.kill('SIGTERM')
    await expect.poll(async () => (await fetch(`${product.url}/readyz`)).status).toBe(503)
    const reasons = (await (await fetch(`${product.url}/readyz`)).json()) as object
    expect(reasons).toMatchObject({ reasons: ['The server is about to stop'] })
    expect(await ask(product.url, '{ employees { totalCount } }')).toMatchObject({
      data: { employees: { totalCount: 50 } },
    })
    expect((await fetch(`${product.url}/livez`)).status).toBe(200)
    expect(await product.ended).toMatchObject({ exitCode: 0, signal: null })
  })

  test('the demo tenant lives: its objects change, and its webhooks tell of it', async () => {
    const product = await serveProduct({
      environment: { ...smallDemo, PUSHGRAPH_DEMO_CHANGES_PER_MINUTE: '6000' },
    })
    const changes = `{ events(filter: { category: { in: [ENTITY, DETECTION] }, occurredAt: { within: "PT1H" } }, first: 100) {
      nodes { payload } } }`
    const news = async (): Promise<number> => {
      const { data } = await ask(product.url, changes)
      const { nodes } = data['events'] as { readonly nodes: readonly { payload: object }[] }
      return nodes.filter(({ payload }) => !('madeUp' in payload)).length
    }
    await expect.poll(news).toBeGreaterThan(10)
    product.kill('SIGTERM')
    expect(await product.ended).toMatchObject({ exitCode: 0, signal: null })
  })

  test('the demo tenant has a past of 30 days, soon after it is ready', async () => {
    const product = await serveProduct({ environment: smallDemo })
    const weeks = `{ events(filter: { occurredAt: { olderThan: "PT1H" } }) {
      totalCount groups(by: [OCCURRED_WEEK]) { count } nodes { payload } } }`
    const past = async () =>
      (await ask(product.url, weeks)).data['events'] as {
        readonly totalCount: number
        readonly groups: readonly { readonly count: number }[]
        readonly nodes: readonly { readonly payload: object }[]
      }
    await expect.poll(async () => (await past()).groups.length).toBeGreaterThan(3)
    await expect.poll(async () => (await past()).totalCount).toBeGreaterThan(200)
    for (const { payload } of (await past()).nodes) expect(payload).toMatchObject({ madeUp: true })
    // What was stored so is not taken for news: the rows are what Push's lists give.
    const { data } = await ask(product.url, '{ findings { totalCount } }')
    expect((data['findings'] as { totalCount: number }).totalCount).toBeGreaterThanOrEqual(300)
    product.kill('SIGTERM')
    expect(await product.ended).toMatchObject({ exitCode: 0, signal: null })
  })
})

describe('with a key', () => {
  test('that tenant is served, and neither key nor rows enter the log', async () => {
    const standIn = await standInForTest()
    const product = await serveProduct({
      environment: {
        PUSH_API_KEY_FILE: 'key.txt',
        PUSH_API_URL: standIn.url,
        LOG_LEVEL: 'trace',
      },
      files: { 'key.txt': `${standIn.keys.readOnly}\n` },
    })
    await expect.poll(() => product.errors()).toContain('serves connector default')
    expect(product.errors()).not.toContain('DEMO')
    const answer = await ask(product.url, '{ employees { nodes { email connectorAlias } } }')
    const rows = (answer.data.employees as { nodes: { email: string; connectorAlias: string }[] })
      .nodes
    expect(rows.map(row => row.connectorAlias)).toEqual(rows.map(() => 'default'))
    product.kill('SIGTERM')
    const { output, errors } = await product.ended
    expect(output).toContain('"path":"/graphql"')
    expect(output + errors).not.toContain(standIn.keys.readOnly)
    for (const { email } of rows) expect(output).not.toContain(email)
  })

  test('a wrong one makes the server not ready, which says why without the key', async () => {
    const standIn = await standInForTest()
    const product = await serveProduct({
      environment: { PUSH_API_KEY: 'wrong-s3cr3t', PUSH_API_URL: standIn.url },
    })
    const answer = await ask(product.url, '{ employees { nodes { email } } }')
    expect(answer.errors).toBeDefined()
    const ready = await fetch(`${product.url}/readyz`)
    const text = await ready.text()
    expect([ready.status, text]).toEqual([503, expect.stringContaining('key')])
    product.kill('SIGINT')
    const { exitCode, output, errors } = await product.ended
    expect(exitCode).toBe(0)
    expect(text + JSON.stringify(answer) + output + errors).not.toContain('s3cr3t')
  })
})

test('a server that no connector lets work says of each why', async () => {
  const refuses = await standInForTest()
  const fails = await standInForTest({ switches: { faults: () => ({ kind: 'error503' }) } })
  const product = await serveProduct({
    environment: { PUSHGRAPH_CONFIG: 'c.yaml', PUSHGRAPH_MAX_WAIT_MS: '3000' },
    files: {
      'c.yaml': [
        'connectors:',
        `  - { alias: acme, url: "${refuses.url}", apiKey: wrong-s3cr3t }`,
        `  - { alias: globex, url: "${fails.url}", apiKey: ${fails.keys.readOnly} }`,
      ].join('\n'),
    },
  })
  const health = async (): Promise<unknown> => {
    await ask(product.url, '{ apps { totalCount } employees { totalCount } }')
    return (await fetch(`${product.url}/readyz`)).json()
  }
  await expect.poll(health).toEqual({
    status: 'unavailable',
    reasons: [
      expect.stringMatching(/^Connector acme: .*key/),
      expect.stringMatching(/^Connector globex: Push failed/),
    ],
  })
  product.kill('SIGTERM')
  expect(await product.ended).toMatchObject({ exitCode: 0, signal: null })
})

test('with introspection off the schema is told by no way, streams and mistakes included', async () => {
  const product = await serveProduct({
    environment: { ...smallDemo, PUSHGRAPH_INTROSPECTION: 'off' },
  })
  const asked = async (query: string, accept: string, variables = {}): Promise<string> => {
    const response = await fetch(`${product.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept },
      body: JSON.stringify({ query, variables }),
    })
    return response.text()
  }
  for (const accept of ['application/json', 'text/event-stream']) {
    for (const query of [
      '{ __schema { types { name } } }',
      '{ __type(name: "App") { fields { name } } }',
      '{ _service { sdl } }',
    ]) {
      const text = await asked(query, accept)
      expect(text).toContain('PUSHGRAPH_INTROSPECTION is off')
      expect(text).not.toContain('"data":{')
    }
    const mistaken = await asked('{ apps { nodes { nme } } }', accept)
    expect(mistaken).toContain('nme')
    expect(mistaken).not.toContain('Did you mean')
    const variables = { status: 'NOT_APPROVE' }
    const filter = '{ approvalStatus: { eq: $status } }'
    const misspelt = await asked(
      `query ($status: AppApprovalStatus) { apps(filter: ${filter}) { totalCount } }`,
      accept,
      variables,
    )
    expect(misspelt).toContain('"NOT_APPROVE')
    expect(misspelt).not.toContain('Did you mean')
    expect(await asked('{ __typename }', accept)).toContain('"__typename":"Query"')
  }
  product.kill('SIGTERM')
  await product.ended
})

describe('a stop', () => {
  test('lets answers that wait for Push finish, then ends with 0', async () => {
    const standIn = await standInForTest({ switches: { latencyMs: 700 } })
    const product = await serveProduct({
      environment: { PUSH_API_KEY: standIn.keys.readOnly, PUSH_API_URL: standIn.url },
    })
    const answer = ask(product.url, '{ employees(first: 3) { nodes { email } } }')
    await expect.poll(() => standIn.requests.length).toBe(1)
    product.kill('SIGTERM')
    expect((await answer).data.employees).toMatchObject({ nodes: { length: 3 } })
    expect(await product.ended).toMatchObject({ exitCode: 0, signal: null })
  })

  test('asked for twice ends at once', async () => {
    const standIn = await standInForTest({ switches: { latencyMs: 20_000 } })
    const product = await serveProduct({
      environment: { PUSH_API_KEY: standIn.keys.readOnly, PUSH_API_URL: standIn.url },
    })
    const answer = ask(product.url, '{ employees { nodes { email } } }').catch(() => 'cut off')
    await expect.poll(() => standIn.requests.length).toBeGreaterThan(0)
    product.kill('SIGTERM')
    await expect.poll(() => product.output()).toContain('stopping')
    product.kill('SIGTERM')
    expect(await product.ended).toMatchObject({ exitCode: 143 })
    expect(await answer).toBe('cut off')
  })
})

describe('a server that cannot listen', () => {
  test('because its port is taken says so and how to go on, with exit code 1', async () => {
    const other = createServer().listen(0, '127.0.0.1')
    await new Promise(resolve => other.once('listening', resolve))
    const { port } = other.address() as AddressInfo
    const ended = await runProduct(['serve'], {
      environment: { ...smallDemo, PORT: String(port) },
    })
    other.close()
    expect(ended.exitCode).toBe(1)
    expect(ended.errors).toMatch(new RegExp(`^Port ${port} of 127.0.0.1 is in use.* set PORT`))
  })

  test('because its host is no address of this machine says so, with exit code 1', async () => {
    const ended = await runProduct(['serve'], {
      environment: { ...smallDemo, HOST: '192.0.2.1', PUSHGRAPH_AUTH: 'none' },
    })
    expect(ended.exitCode).toBe(1)
    expect(ended.errors).toMatch(/^HOST is no address of this machine/)
  })
})

test('a server that all may reach says so, and checks names and origins all the same', async () => {
  const product = await serveProduct({
    environment: {
      ...smallDemo,
      HOST: '0.0.0.0',
      PUSHGRAPH_AUTH: 'none',
      PUSHGRAPH_HOSTS: 'graph.example',
      PUSHGRAPH_ORIGINS: 'https://app.example',
    },
  })
  await expect.poll(() => product.output()).toContain('HOST is reached from other machines')
  const { port } = new URL(product.url)
  /** The status of a request under that name; 101 where it opens a WebSocket. */
  const statusOf = (host: string, origin?: string): Promise<number | undefined> =>
    new Promise((resolve, reject) => {
      const upgrade = {
        connection: 'upgrade',
        upgrade: 'websocket',
        'sec-websocket-version': '13',
        'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
        'sec-websocket-protocol': 'graphql-transport-ws',
      }
      const headers = { host, ...(origin === undefined ? {} : { origin, ...upgrade }) }
      const path = origin === undefined ? '/livez' : '/graphql'
      request({ port, path, headers, agent: false }, response => {
        response.resume()
        resolve(response.statusCode)
      })
        .on('upgrade', (response, socket) => {
          socket.destroy()
          resolve(response.statusCode)
        })
        .on('error', reject)
        .end()
    })
  expect(await statusOf('localhost')).toBe(200)
  expect(await statusOf('graph.example')).toBe(200)
  expect(await statusOf('evil.example')).toBe(421)
  expect(await statusOf('evil.example', 'http://evil.example')).toBe(421)
  expect(await statusOf(`localhost:${port}`, 'https://evil.example')).toBe(403)
  expect(await statusOf(`localhost:${port}`, `http://localhost:${port}`)).toBe(101)
  expect(await statusOf('graph.example', 'https://app.example')).toBe(101)
  product.kill('SIGTERM')
  await product.ended
})

test('a misspelt setting is warned of in the log', async () => {
  const product = await serveProduct({ environment: { ...smallDemo, PUSHGRAPH_MAX_WAIT: '5' } })
  // The log and the banner come through pipes of their own.
  await expect.poll(() => product.output()).toContain('did you mean PUSHGRAPH_MAX_WAIT_MS?')
  product.kill('SIGTERM')
  await product.ended
})

test('demo serves the stand-in alone and says where and with which keys', async () => {
  const product = startProduct(['demo', '--port', '0'], { environment: smallDemo })
  await expect.poll(() => product.output()).toContain('Ctrl-C')
  const url = /PUSH_API_URL=(\S+)/.exec(product.output())?.[1] ?? ''
  expect(product.output()).toContain(`PUSH_API_KEY=${demoKeys.full}`)
  const response = await fetch(`${url}/employees?limit=1`, {
    headers: { 'x-api-key': demoKeys.readOnly },
  })
  expect(response.status).toBe(200)
  product.kill('SIGINT')
  expect(await product.ended).toMatchObject({ exitCode: 0 })
})

test('demo sends its webhooks where it is told, signed', async () => {
  const server = await webhookServerForTest(systemClock)
  const { url, secret } = server.target
  const product = startProduct(['demo', '--port', '0', '--webhook', url, '--secret', secret], {
    environment: { ...smallDemo, PUSHGRAPH_DEMO_CHANGES_PER_MINUTE: '6000' },
  })
  await expect.poll(() => product.output()).toContain(`Its webhooks go to ${url}`)
  await expect
    .poll(() => server.arrived.some(({ payload }) => payload['category'] === 'ENTITY'))
    .toBe(true)
  expect(server.arrived.every(({ isGenuine }) => isGenuine)).toBe(true)
  product.kill('SIGINT')
  expect(await product.ended).toMatchObject({ exitCode: 0 })
})
