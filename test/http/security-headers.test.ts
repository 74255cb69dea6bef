/** The headers of every kind of answer that the whole server gives. */
import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders, request, type RequestOptions } from 'node:http'
import type { AddressInfo } from 'node:net'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { stringify } from 'yaml'
import { afterAll, expect, test } from 'vitest'
import { sign } from '../../src/webhooks/signature.ts'
import { demoAppForFile } from '../support/demo-app.ts'
import { delivery, SECRET } from '../support/deliveries.ts'
import { bearer, tokenOf } from '../support/tokens.ts'

const ORIGIN = 'https://app.example'

/** A Push that is there and fails: asked once, that keeps no server from being ready. */
const push = createServer((_request, response) => response.writeHead(500).end('{}'))
await once(push.listen(0, '127.0.0.1'), 'listening')
afterAll(() => push.close())

const app = demoAppForFile(directory => {
  const tokens = join(directory, 'tokens.yaml')
  const { name, sha256 } = tokenOf('ada')
  writeFileSync(tokens, stringify([{ name, sha256, scopes: ['read', 'metrics'] }]))
  return {
    PUSH_API_KEY: 'key',
    PUSH_API_URL: `http://127.0.0.1:${(push.address() as AddressInfo).port}/v1`,
    PUSH_WEBHOOK_SECRET: SECRET,
    PUSHGRAPH_AUTH: 'tokens',
    PUSHGRAPH_TOKENS_FILE: tokens,
    PUSHGRAPH_ORIGINS: ORIGIN,
    PUSHGRAPH_MAX_WAIT_MS: '2000',
  }
})

interface Answer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
}

const ask = (path: string, options: RequestOptions = {}, body?: string | Buffer): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const asked = request(new URL(path, app.url), { agent: false, ...options })
    asked.on('response', response => {
      resolve({ status: response.statusCode ?? 0, headers: response.headers })
      response.destroy()
    })
    asked.on('error', reject).end(body)
  })

const json = { 'content-type': 'application/json' }
const post = (headers: object, query: string): [RequestOptions, string] => [
  { method: 'POST', headers: { ...json, ...headers } },
  JSON.stringify({ query }),
]
const webhook = delivery({ id: 'one' })
const signed = { ...json, 'x-signature': sign(SECRET, Math.floor(Date.now() / 1_000), webhook) }
const upgrade = {
  connection: 'upgrade',
  upgrade: 'websocket',
  'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
  'sec-websocket-version': '13',
}

const kinds: [string, number, string, ...(readonly [RequestOptions?, (string | Buffer)?])][] = [
  ['an answer', 200, '/graphql', ...post(bearer('ada'), '{ __typename }')],
  ['the same answer again', 200, '/graphql', ...post(bearer('ada'), '{ __typename }')],
  [
    'an answer to a page that may ask',
    200,
    '/graphql',
    ...post({ ...bearer('ada'), origin: ORIGIN }, '{ __typename }'),
  ],
  [
    'an answer with an error of Push',
    200,
    '/graphql',
    ...post(bearer('ada'), '{ apps { totalCount } }'),
  ],
  [
    'a stream',
    200,
    '/graphql',
    ...post({ ...bearer('ada'), accept: 'text/event-stream' }, '{ __typename }'),
  ],
  ['what cannot be asked', 400, '/graphql', ...post(bearer('ada'), '{ nothing }')],
  [
    'what cannot be read',
    400,
    '/graphql',
    { method: 'POST', headers: { ...json, ...bearer('ada') } },
    '{',
  ],
  ['what needs a scope', 400, '/graphql', ...post(bearer('ada'), '{ events { totalCount } }')],
  ['nobody known', 401, '/graphql', ...post({}, '{ __typename }')],
  [
    'a GET that any page could send',
    400,
    '/graphql?query={__typename}',
    { headers: bearer('ada') },
  ],
  [
    'a question whether a page may ask',
    204,
    '/graphql',
    { method: 'OPTIONS', headers: { origin: ORIGIN, 'access-control-request-method': 'POST' } },
  ],
  ['another method', 405, '/graphql', { method: 'DELETE', headers: bearer('ada') }],
  [
    'too large a body',
    413,
    '/graphql',
    {
      method: 'POST',
      headers: { ...json, ...bearer('ada'), 'content-length': '1048577' },
    },
  ],
  [
    'another type',
    400,
    '/graphql',
    { method: 'POST', headers: { 'content-type': 'text/plain', ...bearer('ada') } },
    '{}',
  ],
  ['nothing there', 404, '/nothing'],
  ['a path that cannot be read', 400, '/%ff'],
  ['another name', 421, '/livez', { headers: { host: 'evil.example' } }],
  ['too long headers', 431, '/livez', { headers: { long: 'x'.repeat(20_000) } }],
  [
    'a WebSocket of a foreign page',
    403,
    '/graphql',
    { headers: { ...upgrade, origin: 'https://evil.example' } },
  ],
  [
    'a WebSocket with a wrong token',
    401,
    '/graphql',
    { headers: { ...upgrade, authorization: 'Bearer wrong' } },
  ],
  ['GraphiQL', 200, '/graphiql'],
  ['the overview', 200, '/'],
  ['a file of it that is not there', 404, '/graphiql/assets/nothing.js'],
  ['its life', 200, '/livez'],
  ['its readiness', 200, '/readyz'],
  ['the figures', 200, '/metrics', { headers: bearer('ada') }],
  ['no figures for nobody', 401, '/metrics'],
  ['a webhook', 200, '/webhooks/default', { method: 'POST', headers: signed }, webhook],
  [
    'a webhook that nobody signed',
    401,
    '/webhooks/default',
    { method: 'POST', headers: json },
    webhook,
  ],
  ['a webhook for nobody', 404, '/webhooks/nobody', { method: 'POST', headers: signed }, webhook],
]

test.each(kinds)('%s (%i) has the headers of all', async (_what, status, path, options, body) => {
  const answer = await ask(path, options, body)
  expect(answer.status).toBe(status)
  expect(answer.headers).toMatchObject({
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'content-security-policy': expect.stringMatching(
      /^default-src 'none';.*frame-ancestors 'none'/,
    ) as string,
    'x-request-id': expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
  })
  // Only a page that is named learns that it may read this.
  const { origin } = (options?.headers ?? {}) as IncomingHttpHeaders
  expect(answer.headers['access-control-allow-origin']).toBe(origin === ORIGIN ? ORIGIN : undefined)
  expect(answer.headers['access-control-allow-credentials']).toBeUndefined()
  // Nobody is told what the server is made of.
  expect(answer.headers['server'] ?? answer.headers['x-powered-by']).toBeUndefined()
})
