/** The product as it asks callers who they are: from a new token to the end of what it opened. */
import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createClient } from 'graphql-ws'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import WebSocket from 'ws'
import { type Serving, serveProduct } from '../support/product.ts'
import { runCommand } from '../support/terminal.ts'

const made = async (...args: readonly string[]): Promise<{ token: string; entry: object }> => {
  const { output } = await runCommand(['token', 'new', ...args])
  const [token = '', entry = ''] = output.split('\n')
  return { token, entry: JSON.parse(entry) as object }
}

describe('pushgraph token new', () => {
  test.each([
    [['--name', '1x'], /It must be 1 to 63 letters/],
    [['--name', 'x', '--scopes', 'read,admin'], /It must be one of read, events/],
    [['--name', 'x', '--connectors', 'A'], /It must be 1 to 63 small letters/],
    [['--name', 'x', '--expires', '2020-01-01'], /It must be in the future/],
    [['--name', 'x', '--expires', 'never'], /It must be a day/],
    [[], /required option '--name/],
  ])('with %j says what is wrong', async (args, problem) => {
    const ended = await runCommand(['token', 'new', ...args])
    expect(ended).toMatchObject({ exitCode: 2, output: '' })
    expect(ended.errors).toMatch(problem)
  })
})

describe('a server that asks callers who they are', () => {
  const folder = mkdtempSync(join(tmpdir(), 'pushgraph-auth-'))
  const path = join(folder, 'tokens.json')
  const put = (content: unknown): void => {
    writeFileSync(`${path}.new`, typeof content === 'string' ? content : JSON.stringify(content))
    renameSync(`${path}.new`, path)
  }
  let tokens: readonly { token: string; entry: object }[] = []
  let product: Serving
  beforeAll(async () => {
    tokens = await Promise.all([
      made('--name', 'ann', '--scopes', 'read,events', '--expires', '2999-01-31'),
      made('--name', 'prometheus', '--scopes', 'metrics', '--connectors', 'demo'),
    ])
    put(tokens.map(({ entry }) => entry))
    product = await serveProduct({
      environment: {
        HOST: '127.0.0.1',
        PUSHGRAPH_AUTH: 'tokens',
        PUSHGRAPH_TOKENS_FILE: path,
        PUSHGRAPH_DATA_DIR: join(folder, 'data'),
        PUSHGRAPH_DEMO_SCALE: '0.02',
        PUSHGRAPH_DEMO_CHANGES_PER_MINUTE: '0',
        PUSHGRAPH_DEMO_LATENCY_MS: '1',
      },
    })
  })
  afterAll(async () => {
    product.kill('SIGTERM')
    await product.ended
    rmSync(folder, { recursive: true })
  })

  const get = (where: string, token = '') =>
    fetch(product.url + where, { headers: { authorization: `Bearer ${token}` } })
  const ask = (token = '') =>
    fetch(`${product.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: '{"query":"{ connectors { alias } }"}',
    })

  test('takes the tokens that were made, and ends what one has opened when it is taken away', async () => {
    const [ann, prometheus] = tokens
    expect(ann?.token).toMatch(/^pushgraph_[\w-]{43}$/)
    expect(ann?.entry).toEqual({
      name: 'ann',
      sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
      scopes: ['read', 'events'],
      expires: '2999-01-31',
    })
    expect(await (await ask(ann?.token)).json()).toMatchObject({
      data: { connectors: [{ alias: 'demo' }] },
    })
    expect((await ask()).status).toBe(401)
    expect((await get('/metrics', ann?.token)).status).toBe(403)
    expect(await (await get('/metrics', prometheus?.token)).text()).toContain(
      'pushgraph_unauthenticated_total{reason="wrong"} 1',
    )

    const query = ['query', 'q.graphql', '--url', product.url, '--token-file', 'token']
    const files = { 'q.graphql': '{ connectors { alias } }', token: `${ann?.token}\n` }
    expect(await runCommand(query, { files })).toMatchObject({ exitCode: 0 })
    const refused = await runCommand(query, { files: { ...files, token: 'wrong' } })
    expect(refused).toMatchObject({
      exitCode: 1,
      output: expect.stringContaining('UNAUTHENTICATED'),
    })
    expect(await runCommand(query, { files: { ...files, token: 'a b' } })).toMatchObject({
      exitCode: 2,
      errors: expect.stringContaining('the token alone'),
    })

    const closed = Promise.withResolvers<number>()
    const client = createClient({
      url: `${product.url.replace('http', 'ws')}/graphql`,
      webSocketImpl: WebSocket,
      connectionParams: { authorization: `Bearer ${ann?.token}` },
      retryAttempts: 0,
      on: { closed: event => closed.resolve((event as CloseEvent).code) },
    })
    const ended = new Promise(resolve => {
      client.subscribe(
        { query: 'subscription { events { id } }' },
        { next: () => undefined, error: resolve, complete: () => resolve('complete') },
      )
    })
    await expect.poll(async () => figure(await metrics(), 'pushgraph_subscriptions ')).toBe(1)

    // A wrong file changes nothing, and is told of.
    put('- name: ann')
    await expect
      .poll(async () => (await get('/readyz', ann?.token)).json())
      .toMatchObject({ status: 'ok', reasons: [expect.stringContaining('cannot be used')] })
    expect(await (await get('/readyz')).json()).toEqual({ status: 'ok' })
    expect((await ask(ann?.token)).status).toBe(200)

    put([prometheus?.entry])
    expect(await closed.promise).toBe(4403)
    expect(await ended).not.toBe('complete')
    expect((await ask(ann?.token)).status).toBe(401)
    await expect.poll(async () => figure(await metrics(), 'pushgraph_subscriptions ')).toBe(0)
    expect(product.output()).toContain('Tokens removed: ann.')
    for (const { token } of tokens) expect(product.output()).not.toContain(token)
  })

  const metrics = async (): Promise<string> => (await get('/metrics', tokens[1]?.token)).text()
  const figure = (text: string, name: string): number =>
    Number(
      text
        .split('\n')
        .find(line => line.startsWith(name))
        ?.slice(name.length),
    )
})
