/** What may be asked for is the same on every way to the server: modes by ways by kinds of questions. */
import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import WebSocket from 'ws'
import { demoAppForFile } from '../../support/demo-app.ts'
import { bearer, tokenOf } from '../../support/tokens.ts'

const LISTED = 'query Listed {\n  apps(first: 1) {\n    totalCount\n  }\n}'
const LIVE = 'subscription Live { events { id } }'
const OTHER = 'query Other { employees(first: 1) { totalCount } }'
const NEVER_SENT = 'query Never { accounts(first: 1) { totalCount } }'

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')
const hashed = (sha256Hash: string) => ({ persistedQuery: { version: 1, sha256Hash } })

type Asked = Readonly<Record<string, unknown>>

const entities = (fields: string): string =>
  `query($of: [_Any!]!) { _entities(representations: $of) { __typename } ${fields} }`
const representations = { of: [{ __typename: 'App', id: 'none' }] }

/** Kinds of questions, and what comes of each where documents are `off` (none listed), or listed, by mode. */
const kinds: readonly {
  readonly name: string
  readonly asked: Asked
  readonly off: string
  readonly allow: string
  readonly prefer: string
  readonly only: string
}[] = [
  ...(
    [
      ['the hash of a listed one', { extensions: hashed(sha256(LISTED)) }],
      ['its documentId', { documentId: sha256(LISTED) }],
      ['its documentId, as the appendix of HTTP', { documentId: `sha256:${sha256(LISTED)}` }],
      ['its documentId, as Hive', { documentId: `my-app~1.0.0~${sha256(LISTED)}` }],
      ['its doc_id', { doc_id: sha256(LISTED), query: null }],
      ['its hash, and no text', { query: '', extensions: hashed(sha256(LISTED).toUpperCase()) }],
      ['its hash and its text', { query: LISTED, extensions: hashed(sha256(LISTED)) }],
    ] as const
  ).map(([name, asked]) => ({
    ...{ name, asked, off: 'PERSISTED_QUERY_NOT_SUPPORTED' },
    ...{ allow: 'ok', prefer: 'ok', only: 'ok' },
  })),
  ...(
    [
      ['the text of a listed one', { query: LISTED }],
      ['its text with other blanks', { query: `# It\n${LISTED.replaceAll(/\s+/g, ' ')}` }],
      ['the schema', { query: '{ __schema { queryType { name } } __typename }' }],
      [
        'the schema by way of fragments',
        { query: '{ ...F } fragment F on Query { ...on Query { __typename } }' },
      ],
      ['the SDL', { query: '{ _service { sdl } }' }],
    ] as const
  ).map(([name, asked]) => ({
    ...{ name, asked, off: 'ok', allow: 'ok', prefer: 'ok', only: 'ok' },
  })),
  ...(
    [
      ['another text', { query: OTHER }],
      ['another text that speaks of the schema', { query: `${OTHER} # __schema` }],
      ['more than the schema', { query: '{ __typename apps(first: 1) { totalCount } }' }],
      [
        'more by a fragment',
        { query: '{ __typename ...F } fragment F on Query { apps(first: 1) { totalCount } }' },
      ],
      [
        'a second operation',
        { query: `${LISTED} query B { employees { totalCount } }`, operationName: 'B' },
      ],
      [
        'more than entities',
        { query: entities('apps(first: 1) { totalCount }'), variables: representations },
      ],
    ] as const
  ).map(([name, asked]) => ({
    ...{ name, asked, off: 'ok', allow: 'ok', prefer: 'ok', only: 'QUERY_NOT_IN_SAFELIST' },
  })),
  {
    name: 'a hash that nobody knows',
    asked: { extensions: hashed(sha256(NEVER_SENT)) },
    off: 'PERSISTED_QUERY_NOT_SUPPORTED',
    allow: 'PERSISTED_QUERY_NOT_FOUND',
    prefer: 'PERSISTED_QUERY_NOT_FOUND',
    only: 'PERSISTED_QUERY_NOT_FOUND',
  },
  {
    name: 'another text and its hash',
    asked: { query: OTHER, extensions: hashed(sha256(OTHER)) },
    off: 'PERSISTED_QUERY_NOT_SUPPORTED',
    allow: 'ok',
    prefer: 'ok',
    only: 'QUERY_NOT_IN_SAFELIST',
  },
  {
    name: 'another text and the hash of a listed one',
    asked: { query: OTHER, extensions: hashed(sha256(LISTED)) },
    off: 'PERSISTED_QUERY_NOT_SUPPORTED',
    allow: 'BAD_USER_INPUT',
    prefer: 'BAD_USER_INPUT',
    only: 'BAD_USER_INPUT',
  },
  {
    name: 'a hash in another version of the protocol',
    asked: { extensions: { persistedQuery: { version: 2, sha256Hash: sha256(LISTED) } } },
    off: 'BAD_USER_INPUT',
    allow: 'BAD_USER_INPUT',
    prefer: 'BAD_USER_INPUT',
    only: 'BAD_USER_INPUT',
  },
  {
    name: 'an empty id',
    asked: { documentId: '' },
    off: 'BAD_USER_INPUT',
    allow: 'BAD_USER_INPUT',
    prefer: 'BAD_USER_INPUT',
    only: 'BAD_USER_INPUT',
  },
]

const listing = (mode: string, more: Readonly<Record<string, string>> = {}) =>
  demoAppForFile(directory => {
    mkdirSync(join(directory, 'documents'))
    writeFileSync(join(directory, 'documents', 'listed.graphql'), LISTED)
    writeFileSync(join(directory, 'documents', 'live.graphql'), LIVE)
    writeFileSync(join(directory, 'tokens.json'), JSON.stringify([tokenOf('gateway')]))
    return {
      PUSHGRAPH_DOCUMENTS: 'documents',
      PUSHGRAPH_DOCUMENTS_MODE: mode,
      PUSHGRAPH_DEMO_SCALE: '0.01',
      PUSHGRAPH_DEMO_CHANGES_PER_MINUTE: '0',
      PUSHGRAPH_DEMO_LATENCY_MS: '1',
      ...more,
    }
  })

const apps = {
  off: demoAppForFile(() => ({
    PUSHGRAPH_DEMO_SCALE: '0.01',
    PUSHGRAPH_DEMO_CHANGES_PER_MINUTE: '0',
    PUSHGRAPH_DEMO_LATENCY_MS: '1',
  })),
  allow: listing('allow'),
  prefer: listing('prefer'),
  only: listing('only'),
}
const asksCallers = listing('only', {
  PUSHGRAPH_AUTH: 'tokens',
  PUSHGRAPH_TOKENS_FILE: 'tokens.json',
})

type Headers = Readonly<Record<string, string>>
type Ask = (url: string, asked: Asked, headers?: Headers) => Promise<string>

/** `ok`, or the code of the first error. */
const outcomeOf = (answer: unknown): string => {
  const { errors, data } = answer as {
    readonly errors?: readonly { readonly extensions?: { readonly code?: string } }[]
    readonly data?: unknown
  }
  if (errors === undefined) return data === undefined ? 'nothing' : 'ok'
  return errors[0]?.extensions?.code ?? 'no code'
}

const post = async (url: string, body: unknown, headers: Headers = {}): Promise<string> => {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  })
  const text = await response.text()
  return /^data: (.+)$/m.exec(text)?.[1] ?? text
}

const addressOf = (url: string, asked: Asked): string => {
  const parameters = Object.entries(asked).flatMap(([name, value]): [string, string][] =>
    value === null ? [] : [[name, typeof value === 'string' ? value : JSON.stringify(value)]],
  )
  return `${url}?${new URLSearchParams(parameters).toString()}`
}

const get = async (url: string, asked: Asked, headers: Headers): Promise<string> => {
  const response = await fetch(addressOf(url, asked), {
    headers: { 'apollo-require-preflight': 'true', ...headers },
  })
  const text = await response.text()
  return /^data: (.+)$/m.exec(text)?.[1] ?? text
}

const bySocket = (url: string, payload: Asked, headers: Headers): Promise<string> =>
  new Promise((resolve, reject) => {
    const socket = new WebSocket(url.replace('http', 'ws'), 'graphql-transport-ws', { headers })
    socket.on('open', () => socket.send('{"type":"connection_init"}'))
    socket.on('message', (data: Buffer) => {
      const told = JSON.parse(data.toString()) as {
        readonly type: string
        readonly payload: unknown
      }
      if (told.type === 'connection_ack')
        socket.send(JSON.stringify({ type: 'subscribe', id: '1', payload }))
      else if (told.type !== 'complete') {
        resolve(outcomeOf(told.type === 'error' ? { errors: told.payload } : told.payload))
        socket.close()
      }
    })
    socket.on('close', code => resolve(`closed ${code}`))
    socket.on('error', reject)
  })

const EVENTS = { accept: 'text/event-stream' }
const EITHER = { accept: 'application/json, text/event-stream' }

const ways: Readonly<Record<string, Ask>> = {
  POST: async (url, asked, headers) => outcomeOf(JSON.parse(await post(url, asked, headers))),
  // The same text again is answered without Apollo, and then as it was sent before.
  'POST again and again': async (url, asked, headers = {}) => {
    const outcomes: string[] = []
    for (const body of [asked, { ...asked, extra: 1 }, asked, asked])
      outcomes.push(outcomeOf(JSON.parse(await post(url, body, headers))))
    return [...new Set(outcomes)].join()
  },
  GET: async (url, asked, headers = {}) => outcomeOf(JSON.parse(await get(url, asked, headers))),
  'an event stream': async (url, asked, headers) =>
    outcomeOf(JSON.parse(await post(url, asked, { ...headers, ...EVENTS }))),
  'an event stream by GET': async (url, asked, headers) =>
    outcomeOf(JSON.parse(await get(url, asked, { ...headers, ...EVENTS }))),
  'either, as it comes': async (url, asked, headers) =>
    outcomeOf(JSON.parse(await post(url, asked, { ...headers, ...EITHER }))),
  WebSocket: (url, asked, headers = {}) => bySocket(url, asked, headers),
}

const modes = ['off', 'allow', 'prefer', 'only'] as const

describe.each(modes)('where documents are served by the mode %s', mode => {
  test.each(Object.entries(ways))('%s gives what may be asked for, and no more', async (_, ask) => {
    const found: Record<string, string> = {}
    for (const { name, asked } of kinds) found[name] = await ask(apps[mode].url, asked)
    expect(found).toEqual(Object.fromEntries(kinds.map(kind => [kind.name, kind[mode]])))
  })

  test('a subscription that is asked for by its hash is a stream', async () => {
    const leave = new AbortController()
    const response = await fetch(apps[mode].url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...EITHER },
      body: JSON.stringify({ extensions: hashed(sha256(LIVE)) }),
      signal: leave.signal,
    })
    const isStream = /^text\/event-stream/.test(response.headers.get('content-type') ?? '')
    expect(isStream).toBe(mode !== 'off')
    leave.abort()
  })

  test('several at once are refused', async () => {
    const answer = await post(apps[mode].url, [{ query: LISTED }, { query: OTHER }])
    expect(outcomeOf(JSON.parse(answer))).toBe('BAD_REQUEST')
  })

  test('a parameter that stands in an address twice is refused', async () => {
    const address = `${apps[mode].url}?query=${encodeURIComponent(LISTED)}&query=${encodeURIComponent(OTHER)}`
    const response = await fetch(address, { headers: { 'apollo-require-preflight': 'true' } })
    expect(response.status).toBe(400)
    expect(await response.text()).not.toContain('totalCount')
  })
})

describe('where only listed documents are served', () => {
  const joining = { query: entities(''), variables: representations }

  test.each(Object.entries(ways))('%s joins entities for callers with a name', async (_, ask) => {
    expect(await ask(asksCallers.url, joining, bearer('gateway'))).toBe('ok')
    expect(await ask(apps.only.url, joining)).toBe('QUERY_NOT_IN_SAFELIST')
    const more = { ...joining, query: entities('apps(first: 1) { totalCount }') }
    expect(await ask(asksCallers.url, more, bearer('gateway'))).toBe('QUERY_NOT_IN_SAFELIST')
  })

  test('the tabs of GraphiQL are', async () => {
    const path = '../../../src/http/pages/graphiql/tabs/04-apps.graphql'
    const tab = readFileSync(new URL(path, import.meta.url), 'utf8')
    expect(outcomeOf(JSON.parse(await post(apps.only.url, { query: tab })))).toBe('ok')
  })

  test('a refusal says the way out', async () => {
    const response = await fetch(apps.only.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: OTHER }),
    })
    expect(response.status).toBe(403)
    expect(response.headers.get('cache-control')).toBe('no-store')
    expect(await response.text()).toContain('PUSHGRAPH_DOCUMENTS')
  })
})

describe('a hash that nobody listed', () => {
  const text = 'query Late { findings(first: 1) { totalCount } }'

  test('is known once its text was asked, where the mode is allow, and nowhere else', async () => {
    for (const [mode, before, after] of [
      ['allow', 'PERSISTED_QUERY_NOT_FOUND', 'ok'],
      ['prefer', 'PERSISTED_QUERY_NOT_FOUND', 'PERSISTED_QUERY_NOT_FOUND'],
      ['off', 'PERSISTED_QUERY_NOT_SUPPORTED', 'PERSISTED_QUERY_NOT_SUPPORTED'],
    ] as const) {
      const { url } = apps[mode]
      const byHash = { extensions: hashed(sha256(text)) }
      for (const ask of Object.values(ways)) expect(await ask(url, byHash)).toBe(before)
      await post(url, { query: text, ...(mode === 'off' ? {} : byHash) })
      for (const ask of Object.values(ways)) expect(await ask(url, byHash)).toBe(after)
    }
  })
})
