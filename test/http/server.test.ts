import { maxHeaderSize, request } from 'node:http'
import { connect, type Socket } from 'node:net'
import { afterAll, describe, expect, test } from 'vitest'
import { GatewayError } from '../../src/errors.ts'
import { startToy } from '../support/toy-server.ts'

const toy = await startToy()
afterAll(() => toy.server.stop(1000))

const post = (body: unknown, headers: Record<string, string> = {}, url = toy.url) =>
  fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  })
const ask = async (query: string, headers?: Record<string, string>) =>
  (await post({ query }, headers)).json()

/** The status of a request under another Host header, which fetch would not let us set. */
const underHost = (
  host: string,
  url = toy.url,
  { path = '/livez', body }: { path?: string; body?: string } = {},
): Promise<number> =>
  new Promise((resolve, reject) => {
    const headers = { host, ...(body === undefined ? {} : { 'content-type': 'application/json' }) }
    request(url + path, { method: body === undefined ? 'GET' : 'POST', headers }, response => {
      response.resume()
      resolve(response.statusCode ?? 0)
    })
      .on('error', reject)
      .end(body)
  })

describe('an operation', () => {
  test('is answered by POST and by GET', async () => {
    expect(await ask('{ hello }')).toEqual({ data: { hello: 'Hello you' } })
    const url = `${toy.url}/graphql?query=${encodeURIComponent('query($n:String){hello(name:$n)}')}&variables=${encodeURIComponent('{"n":"Ada"}')}`
    const response = await fetch(url, { headers: { 'apollo-require-preflight': 'true' } })
    expect(await response.json()).toEqual({ data: { hello: 'Hello Ada' } })
    expect(response.headers.get('cache-control')).toBe('no-store')
    expect(response.headers.get('vary')).toBe('accept, accept-encoding, authorization, origin')
  })

  test('has of its address what names an operation, each as often as it stands there, and nothing else', async () => {
    const seen: (string | undefined)[] = []
    const { server, url } = await startToy({
      plugins: [
        {
          requestDidStart: async ({ request: { http } }) => {
            seen.push(http?.search)
          },
        },
      ],
    })
    const headers = { 'apollo-require-preflight': 'true' }
    const once = 'query=query+A%7Bhello%7D&operationName=A&variables=%7B%7D&extensions=%7B%7D'
    const others = Array.from({ length: 100 }, (_, index) => `a${index}=1`).join('&')
    expect((await fetch(`${url}/graphql?${others}&${once}&__proto__=1`, { headers })).status).toBe(
      200,
    )
    expect(seen).toEqual([`?${once}`])
    const twice = await fetch(`${url}/graphql?${once}&query=%7Bhello%7D`, { headers })
    expect(twice.status).toBe(400)
    await server.stop(1000)
  })

  test('can know its request: id, how old the answer may be, whether the plan is wanted', async () => {
    const asked = await ask('{ whatWasAsked { id cacheControl plan } }', {
      'cache-control': 'no-cache',
      'x-pushgraph-plan': '1',
      'x-request-id': 'abc-1',
    })
    expect(asked).toEqual({
      data: { whatWasAsked: { id: 'abc-1', cacheControl: 'no-cache', plan: '1' } },
    })
  })

  test('of several in one request is not answered', async () => {
    const response = await post([{ query: '{ hello }' }, { query: '{ hello }' }])
    expect(response.status).toBe(400)
  })

  test('can be asked for without HTTP', async () => {
    const answer = await toy.server.execute({
      query: 'query A($n: String) { hello(name: $n) } query B { bug }',
      operationName: 'A',
      variables: { n: 'Ada' },
    })
    expect(answer).toEqual({ data: { hello: 'Hello Ada' } })
  })
})

describe('a failure', () => {
  test('that was foreseen is told as it is, with its code and fields, and spares its neighbours', async () => {
    expect(await ask('{ badInput rateLimited hello }')).toEqual({
      data: { badInput: null, rateLimited: null, hello: 'Hello you' },
      errors: [
        expect.objectContaining({
          message: 'first must be positive',
          path: ['badInput'],
          extensions: { code: 'BAD_USER_INPUT', path: 'employees.first' },
        }),
        expect.objectContaining({
          message: 'Push is busy',
          path: ['rateLimited'],
          extensions: { code: 'RATE_LIMITED', retryAfterMs: 1500 },
        }),
      ],
    })
  })

  test.each([
    ['{ nothing }', 'GRAPHQL_VALIDATION_FAILED', /Cannot query field "nothing"/],
    ['{ hello', 'GRAPHQL_PARSE_FAILED', /Syntax Error/],
    ['query($c: Int!) { bugs(count: $c) { strikes } }', 'BAD_USER_INPUT', /\$c/],
  ])('that is the caller’s own is told as GraphQL tells it: %s', async (query, code, message) => {
    const response = await post({ query })
    expect(response.status).toBe(400)
    expect(await response.json()).toEqual({
      errors: [
        expect.objectContaining({
          message: expect.stringMatching(message) as string,
          extensions: { code },
        }),
      ],
    })
  })

  test.each([
    ['bug', 'row of jane@example.com broke', /test.support.toy-server\.ts/],
    ['impossible', 'Int cannot represent non-integer value', undefined],
  ])(
    'that nobody foresaw is hidden from the caller and logged with the request id: %s',
    async (field, message, stack) => {
      const id = `bug-${field}`
      const response = await post({ query: `{ hello ${field} }` }, { 'x-request-id': id })
      const text = await response.text()
      expect(JSON.parse(text)).toEqual({
        data: { hello: 'Hello you', [field]: null },
        errors: [
          expect.objectContaining({
            message: 'Internal error',
            path: [field],
            extensions: { code: 'INTERNAL_SERVER_ERROR' },
          }),
        ],
      })
      expect(text).not.toMatch(/jane|stack|\.ts/)
      const [line] = toy.lines.filter(each => each.requestId === id && each.level === 'error')
      expect(line).toMatchObject({ path: field, err: { message } })
      const logged = (line?.err as { readonly stack?: string }).stack
      if (stack === undefined) expect(logged).toBeUndefined()
      else expect(logged).toMatch(stack)
    },
  )

  test('that strikes at each row of a list is logged a few times only', async () => {
    await post({ query: '{ bugs(count: 50) { strikes } }' }, { 'x-request-id': 'many' })
    const errors = toy.lines.filter(each => each.requestId === 'many' && each.level === 'error')
    expect(errors).toHaveLength(4)
    expect(errors[3]).toMatchObject({ more: 47 })
  })

  test.each([
    [new GatewayError('UNAUTHENTICATED', 'No token'), 401, 'UNAUTHENTICATED', 'No token'],
    [new GatewayError('BAD_USER_INPUT', 'Bad header'), 400, 'BAD_USER_INPUT', 'Bad header'],
    [new Error('secret detail'), 500, 'INTERNAL_SERVER_ERROR', 'Internal error'],
  ])('before the operation began has its status: %s', async (error, status, code, message) => {
    const failing = await startToy({
      context: () => {
        throw error
      },
    })
    const response = await post({ query: '{ hello }' }, {}, failing.url)
    expect(response.status).toBe(status)
    expect(await response.json()).toEqual({ errors: [{ message, extensions: { code } }] })
    await failing.server.stop(1000)
  })
})

describe('a request that no route serves', () => {
  test('gets 404 in JSON, without its query', async () => {
    const response = await fetch(`${toy.url}/nowhere?token=s3cr3t`)
    expect(response.status).toBe(404)
    expect(await response.json()).toEqual({
      errors: [{ message: 'There is nothing at /nowhere', extensions: { code: 'NOT_FOUND' } }],
    })
  })

  test.each([
    ['DELETE', '/graphql', 'GET, POST'],
    ['PUT', '/graphql', 'GET, POST'],
    ['POST', '/livez', 'GET, HEAD'],
    ['POST', '/graphiql', 'GET, HEAD'],
    ['PATCH', '/', 'GET, HEAD'],
    ['PROPFIND', '/graphql', 'GET, POST'],
    ['MKCOL', '/livez', 'GET, HEAD'],
    ['M-SEARCH', '/', 'GET, HEAD'],
  ])('by %s %s gets 405 in JSON with what is allowed', async (method, path, allow) => {
    const response = await fetch(toy.url + path, { method })
    expect(response.status).toBe(405)
    expect(response.headers.get('allow')).toBe(allow)
    expect(await response.json()).toMatchObject({
      errors: [{ extensions: { code: 'METHOD_NOT_ALLOWED' } }],
    })
  })
})

describe('a body that cannot be read', () => {
  test.each([
    ['{"query": s3cr3t', 'application/json', 400, /must be JSON/],
    ['', 'application/json', 400, /must be JSON/],
    ['<s3cr3t/>', 'application/xml', 415, /content-type: application\/json/],
    [`{"query": "${'#'.repeat(1_048_576)}"}`, 'application/json', 413, /larger than the 1048576/],
  ])('is refused without being repeated (%#)', async (body, type, status, message) => {
    const response = await post(body, { 'content-type': type })
    expect(response.status).toBe(status)
    const text = await response.text()
    expect(JSON.parse(text)).toMatchObject({
      errors: [{ message: expect.stringMatching(message) as string }],
    })
    expect(text).not.toContain('s3cr3t')
  })
})

/** What comes back for these bytes, to the end of the connection. */
const answerTo = (bytes: string, url: string): Promise<string> =>
  new Promise((resolve, reject) => {
    const { hostname, port } = new URL(url)
    let text = ''
    connect(Number(port), hostname, function (this: Socket) {
      this.write(bytes)
    })
      .setEncoding('utf8')
      .on('data', (part: string) => (text += part))
      .on('close', () => {
        resolve(text)
      })
      .on('error', reject)
  })

describe('a request that cannot be read', () => {
  const receiving = startToy({
    webhooks: {
      receive: async () => Promise.resolve({ kind: 'unknown connector' }),
      counts: () => new Map(),
    },
    subscriptions: {
      subscribe: async () => Promise.resolve({ errors: [] }),
      counts: () => ({ open: 0, channels: 0, evaluated: 0, cutOff: 0 }),
      close: () => undefined,
    },
  })
  afterAll(async () => (await receiving).server.stop(1000))
  const start = 'Host: localhost\r\nConnection: close\r\n'
  test.each([
    ['whose path is no UTF-8', `GET /%ZZs3cr3t HTTP/1.1\r\n${start}\r\n`, 400, /path/],
    ['whose alias is no UTF-8', `POST /webhooks/%C3s3cr3t HTTP/1.1\r\n${start}\r\n`, 400, /path/],
    [
      'whose headers are too long',
      `GET / HTTP/1.1\r\n${start}x: s3cr3t${'x'.repeat(maxHeaderSize)}\r\n\r\n`,
      431,
      /headers are longer than the 16384 bytes/,
    ],
    [
      'whose alias is too long',
      `POST /webhooks/s3cr3t${'a'.repeat(101)} HTTP/1.1\r\n${start}\r\n`,
      414,
      /part of the path is too long/,
    ],
    ['that is none', 's3cr3t\r\n\r\n', 400, /not HTTP/],
    ['without a host', 'GET /livez HTTP/1.1\r\nConnection: close\r\n\r\n', 400, /Host header/],
    [
      'without a host, for a webhook',
      'POST /webhooks/acme HTTP/1.1\r\nConnection: close\r\n\r\n',
      400,
      /Host header/,
    ],
    ['that expects something else', `GET / HTTP/1.1\r\n${start}Expect: s3cr3t\r\n\r\n`, 417, /100/],
    [
      'for a WebSocket without a key',
      'GET /graphql HTTP/1.1\r\nHost: localhost\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n',
      400,
      /no request for a WebSocket/,
    ],
  ])('%s is refused like all others', async (_what, bytes, status, message) => {
    const { url, lines } = await receiving
    const { length } = lines
    const [head = '', body = ''] = (await answerTo(bytes, url)).split('\r\n\r\n')
    const [first, ...headers] = head.toLowerCase().split('\r\n')
    expect(first).toMatch(`http/1.1 ${status} `)
    expect(headers).toContain(`content-length: ${Buffer.byteLength(body)}`)
    expect(headers).toEqual(
      expect.arrayContaining([
        'content-type: application/json; charset=utf-8',
        'x-content-type-options: nosniff',
        'referrer-policy: no-referrer',
        "content-security-policy: default-src 'none'; frame-ancestors 'none'",
        expect.stringMatching(/^x-request-id: [0-9a-f-]{36}$/),
      ]),
    )
    expect(JSON.parse(body)).toEqual({
      errors: [
        {
          message: expect.stringMatching(message) as string,
          extensions: { code: 'BAD_REQUEST' },
        },
      ],
    })
    expect(body + JSON.stringify(lines.slice(length))).not.toContain('s3cr3t')
  })
})

test.each([
  ['CONNECT evil.example:443', 405],
  ['OPTIONS *', 405],
  ['PROPFIND /graphql', 405],
  ['TRACE /graphql', 405],
  ['GET http://evil.example/graphql', 400],
  ['GET //nowhere', 404],
])('%s gets %s with a code in JSON', async (line, status) => {
  const { url, server } = await startToy()
  const asked = `${line} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`
  const [head = '', body = ''] = (await answerTo(asked, url)).split('\r\n\r\n')
  expect(head).toMatch(`HTTP/1.1 ${status} `)
  expect(JSON.parse(body)).toMatchObject({
    errors: [{ extensions: { code: expect.stringMatching(/^[A-Z_]+$/) as string } }],
  })
  await server.stop(1_000)
})

test('every answer has the security headers', async () => {
  for (const path of ['/livez', '/nowhere', '/graphql', '/graphiql']) {
    const { headers } = await fetch(toy.url + path)
    expect(headers.get('x-content-type-options')).toBe('nosniff')
    expect(headers.get('referrer-policy')).toBe('no-referrer')
    expect(headers.get('content-security-policy')).toContain("default-src 'none'")
    expect(headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/)
    expect(headers.get('access-control-allow-origin')).toBeNull()
  }
})

test('a request id that could break a log line is replaced', async () => {
  const { headers } = await fetch(`${toy.url}/livez`, { headers: { 'x-request-id': 'a b"c' } })
  expect(headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/)
})

describe('what a page of another site can have a browser send unasked', () => {
  const query = encodeURIComponent('{ hello }')
  const runs: string[] = []
  const streaming = startToy({
    subscriptions: {
      subscribe: async () => {
        runs.push('subscription')
        return Promise.resolve({ data: { hello: 'Hello you' } })
      },
      counts: () => ({ open: 0, channels: 0, evaluated: 0, cutOff: 0 }),
      close: () => undefined,
    },
    context: context => {
      runs.push('operation')
      return { request: context }
    },
  })
  afterAll(async () => (await streaming).server.stop(1000))

  test.each<[what: string, path: string, init: RequestInit]>([
    ['a GET', `?query=${query}`, {}],
    ...[
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site' },
      { origin: 'https://evil.example' },
      { 'user-agent': 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36' },
    ].map((told): [string, string, RequestInit] => [
      `a GET for a stream with ${JSON.stringify(told)}`,
      `?query=${query}`,
      { headers: { accept: 'text/event-stream', ...told } },
    ]),
    [
      'a GET of a form for a stream',
      `?query=${query}`,
      { headers: { accept: 'text/event-stream', 'content-type': 'text/plain; application/json' } },
    ],
    ...['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data'].flatMap(type =>
      ['*/*', 'text/event-stream'].map((accept): [string, string, RequestInit] => [
        `a POST of ${type} that accepts ${accept}`,
        '',
        {
          method: 'POST',
          headers: { 'content-type': type, accept },
          body: JSON.stringify({ query: '{ hello }' }),
        },
      ]),
    ),
  ])('%s begins no operation', async (_what, path, init) => {
    const { url } = await streaming
    const response = await fetch(`${url}/graphql${path}`, init)
    expect([400, 415]).toContain(response.status)
    expect(await response.json()).toHaveProperty('errors')
    expect(runs).toEqual([])
  })

  test('is told from what a caller sends with a header that says so', async () => {
    const { url } = await streaming
    for (const header of [
      { 'apollo-require-preflight': 'true' },
      { 'content-type': 'application/json' },
      // As gateways begin subscriptions, and our own pages could.
      { 'user-agent': 'node' },
      { 'user-agent': 'Mozilla/5.0', 'sec-fetch-site': 'same-origin' },
    ]) {
      const response = await fetch(`${url}/graphql?query=${encodeURIComponent('{ hello }')}`, {
        headers: { ...header, accept: 'text/event-stream' },
      })
      expect(response.status).toBe(200)
      expect(response.headers.get('x-content-type-options')).toBe('nosniff')
      expect(response.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/)
      expect(await response.text()).toContain('Hello you')
    }
    expect(runs).toEqual(Array(4).fill('operation'))
  })
})

describe('the host name of a request', () => {
  const { port } = new URL(toy.url)
  test.each([`localhost:${port}`, `127.0.0.1:${port}`, `[::1]:${port}`, 'pushgraph.localhost'])(
    '%s is served',
    async host => {
      expect(await underHost(host)).toBe(200)
    },
  )

  test.each([
    'evil.example',
    `evil.example:${port}`,
    '127.0.0.1.evil.example',
    'localhost.evil.example',
    'evillocalhost',
    '127.evil.example',
  ])('%s is turned away, as a page elsewhere could have made it lead here', async host => {
    expect(await underHost(host)).toBe(421)
    expect(await underHost(host, toy.url, { path: '/livez?/webhooks/' })).toBe(421)
    const body = JSON.stringify({ query: '{ hello }' })
    expect(await underHost(host, toy.url, { path: '/graphql', body })).toBe(421)
  })

  test('is refused when it cannot be read', async () => {
    expect(await underHost('a b')).toBe(400)
  })

  test('may be another one where that is named', async () => {
    const named = await startToy({ hosts: ['graph.example', '192.0.2.7'] })
    for (const host of ['graph.example', 'GRAPH.example:8443', '192.0.2.7', 'localhost'])
      expect(await underHost(host, named.url)).toBe(200)
    for (const host of ['sub.graph.example', 'evil.example', '192.0.2.8'])
      expect(await underHost(host, named.url)).toBe(421)
    await named.server.stop(1000)
  })
})

describe('health', () => {
  test('is 200 where nothing is wrong', async () => {
    const response = await fetch(`${toy.url}/readyz`)
    expect([response.status, await response.json()]).toEqual([200, { status: 'ok' }])
  })

  test('is 503 with the reasons where something is, while the process itself lives', async () => {
    const ill = await startToy({ health: () => ['Connector acme is failing: no connection'] })
    const response = await fetch(`${ill.url}/readyz`)
    expect([response.status, await response.json()]).toEqual([
      503,
      { status: 'unavailable', reasons: ['Connector acme is failing: no connection'] },
    ])
    expect((await fetch(`${ill.url}/livez`)).status).toBe(200)
    await ill.server.stop(1000)
  })
})

test('introspection can be switched off', async () => {
  const closed = await startToy({ introspection: false })
  const response = await post({ query: '{ __schema { queryType { name } } }' }, {}, closed.url)
  expect(response.status).toBe(400)
  expect(await response.text()).toContain('PUSHGRAPH_INTROSPECTION')
  await closed.server.stop(1000)
})

test('the landing page of Apollo, which loads from another host, is not there', async () => {
  const response = await fetch(`${toy.url}/graphql`, { headers: { accept: 'text/html' } })
  expect(response.headers.get('content-type')).not.toContain('html')
})

test.each([
  [1_000, 406],
  [1_001, 200],
])('an Accept header of %i letters that no answer would do for: %i', async (letters, status) => {
  const accept = `text/${'x'.repeat(letters - 'text/'.length)}`
  expect(await post({ query: '{ __typename }' }, { accept })).toMatchObject({ status })
})

describe('the log', () => {
  /** The lines of a request, once it has its own. */
  const linesOf = async (id: string) => {
    await expect
      .poll(() => toy.lines.some(line => line.requestId === id && line.msg === 'request'))
      .toBe(true)
    return toy.lines.filter(line => line.requestId === id)
  }

  test('has one line per request: method, path, status, time, operation and codes', async () => {
    await post(
      { query: 'query Named { hello badInput }', variables: {} },
      { 'x-request-id': 'line-1' },
    )
    expect(await linesOf('line-1')).toEqual([
      {
        level: 'info',
        time: expect.any(String) as string,
        requestId: 'line-1',
        method: 'POST',
        path: '/graphql',
        status: 200,
        ms: expect.any(Number) as number,
        operationName: 'Named',
        codes: ['BAD_USER_INPUT'],
        msg: 'request',
      },
    ])
  })

  test.each([
    ['/nowhere?token=s3cr3t', '/nowhere'],
    ['/nowhere/s3cr3t/more', '/nowhere/...'],
    ['/graphql/s3cr3t', '/graphql/...'],
    ['/', '/'],
  ])('shows of an unknown path the first part alone: %s', async (path, shown) => {
    const id = `path-${shown.length}-${path.length}`
    await fetch(toy.url + path, { headers: { 'x-request-id': id }, redirect: 'manual' })
    const lines = await linesOf(id)
    expect(lines).toMatchObject([{ path: shown }])
    expect(JSON.stringify(lines)).not.toContain('s3cr3t')
  })

  test('shows of a path that was asked for under another name the first part alone', async () => {
    const asked = (path: string) =>
      new Promise<void>((resolve, reject) => {
        const headers = { host: 'evil.example', 'x-request-id': 'misdirected' }
        request(toy.url + path, { headers }, answer => {
          expect(answer.statusCode).toBe(421)
          answer.resume().on('end', resolve)
        })
          .on('error', reject)
          .end()
      })
    await asked('/nowhere/s3cr3t')
    expect(await linesOf('misdirected')).toMatchObject([{ path: '/nowhere/...', status: 421 }])
  })

  test('shows neither query string nor variables nor headers nor what was answered', async () => {
    const query = encodeURIComponent('query($n: String) { hello(name: $n) }')
    await fetch(`${toy.url}/graphql?query=${query}&variables={"n":"s3cr3t"}`, {
      headers: {
        'x-request-id': 'quiet-1',
        authorization: 's3cr3t',
        'apollo-require-preflight': '1',
      },
    })
    await post({ query: '{ hello(name: "s3cr3t") nothing }' }, { 'x-request-id': 'quiet-2' })
    await post('{"s3cr3t', { 'x-request-id': 'quiet-3' })
    for (const id of ['quiet-1', 'quiet-2', 'quiet-3'])
      expect(JSON.stringify(await linesOf(id))).not.toContain('s3cr3t')
  })
})
