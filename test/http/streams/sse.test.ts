/** Streams of server-sent events: who is given one, what is refused before it begins, and how it ends. */
import { Agent, request } from 'node:http'
import { buildSchema, type ExecutionResult } from 'graphql'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { Subscribing } from '../../../src/graphql/subscriptions/subscribed-to.ts'
import { startToy } from '../../support/toy-server.ts'

const schema = buildSchema(`
  type Query { hello: String subscription: String }
  type Subscription { tick(above: Int): Int }
`)

const SUBSCRIPTION = 'subscription Ticks($above: Int) { tick(above: $above) }'

/** A server whose subscriptions give one answer and then wait, and what was subscribed to. */
const serveForTest = async () => {
  const begun: Subscribing[] = []
  let open = 0
  let end = (): void => undefined
  let fail = (_error: Error): void => undefined
  const ended = new Promise<void>((resolve, reject) => {
    end = resolve
    fail = reject
  })
  async function* ticks(): AsyncGenerator<ExecutionResult> {
    open += 1
    try {
      yield { data: { tick: 1 } }
      await ended
    } finally {
      open -= 1
    }
  }
  let waits: Promise<void> | undefined
  const toy = await startToy({
    schema,
    subscriptions: {
      subscribe: async subscribing => {
        begun.push(subscribing)
        await waits
        return ticks()
      },
      counts: () => ({ open, channels: 0, evaluated: 0, cutOff: 0 }),
      close: end,
    },
  })
  onTestFinished(() => toy.server.stop(100))
  return {
    ...toy,
    begun,
    /** Ends the subscriptions by a failure. */
    fail: (error: Error) => {
      fail(error)
    },
    /** Subscriptions begin only after that. */
    holdBack: (until: Promise<void>) => {
      waits = until
    },
  }
}

const STREAM = 'text/event-stream'
/** As urql asks. */
const EITHER =
  'application/graphql-response+json, application/json, text/event-stream, multipart/mixed'

const post = (url: string, body: unknown, accept?: string) =>
  fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(accept === undefined ? {} : { accept }) },
    body: JSON.stringify(body),
  })

const get = (url: string, members: Record<string, string>, accept = STREAM) =>
  fetch(`${url}/graphql?${new URLSearchParams(members).toString()}`, { headers: { accept } })

const typeOf = (response: Response) => response.headers.get('content-type')?.split(';')[0]

/** What came before the end, and whether that was an end or a break. */
const readToEnd = async (response: Response): Promise<{ text: string; broken: boolean }> => {
  let text = ''
  try {
    for await (const part of response.body ?? []) text += Buffer.from(part as Uint8Array).toString()
    return { text, broken: false }
  } catch {
    return { text, broken: true }
  }
}

describe('an operation comes', () => {
  it.each([
    ['a query', '{ hello }', undefined, 'application/json'],
    ['a query', '{ hello }', '*/*', 'application/json'],
    ['a query', '{ hello }', EITHER, 'application/graphql-response+json'],
    [
      'a query that speaks of one',
      'query subscription { subscription }',
      EITHER,
      'application/graphql-response+json',
    ],
    ['a query', '{ hello }', 'application/json, text/event-stream;q=0.5', 'application/json'],
    ['a query', '{ hello }', 'text/event-stream;q=0, application/json', 'application/json'],
    ['a query', '{ hello }', STREAM, STREAM],
    ['a subscription', SUBSCRIPTION, STREAM, STREAM],
    ['a subscription', SUBSCRIPTION, EITHER, STREAM],
    ['a subscription', SUBSCRIPTION, 'application/json, text/event-stream;q=0.1', STREAM],
    ['a subscription', SUBSCRIPTION, '*/*', 'application/json'],
    ['a subscription', SUBSCRIPTION, 'text/event-stream;q=0, application/json', 'application/json'],
    ['what cannot be parsed', 'subscription {', EITHER, 'application/graphql-response+json'],
  ])('%s, %s, accepting %s: as %s', async (_what, query, accept, type) => {
    const { url, server } = await serveForTest()
    const response = await post(url, { query }, accept)
    expect(typeOf(response)).toBe(type)
    await server.stop(100)
    await response.text().catch(() => undefined)
  })

  it('by GET like by POST', async () => {
    const { url, server } = await serveForTest()
    expect(typeOf(await get(url, { query: '{ hello }' }))).toBe(STREAM)
    const response = await get(url, { query: SUBSCRIPTION }, EITHER)
    expect(typeOf(response)).toBe(STREAM)
    await server.stop(100)
    await response.text().catch(() => undefined)
  })

  it.each(['h2c', 'websocket2', 'TLS/1.0'])(
    'also from a caller who offers %s, as Java’s client does',
    async upgrade => {
      const { url } = await serveForTest()
      const agent = new Agent({ keepAlive: true })
      const ask = (path: string, method: string, body?: string) =>
        new Promise<string>((resolve, reject) => {
          const headers = {
            connection: 'Upgrade, HTTP2-Settings',
            upgrade,
            'http2-settings': 'AAEAAEAAAAIAAAABAAMAAABkAAQBAAAAAAUAAEAA',
            ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          }
          request(url + path, { method, headers, agent }, response => {
            let text = ''
            response.on('data', (part: Buffer) => (text += part.toString()))
            response.on('end', () => {
              resolve(`${response.statusCode ?? 0} ${text.trim()}`)
            })
          })
            .on('error', reject)
            .end(body)
        })
      const body = JSON.stringify({ query: '{ hello }' })
      expect(await ask('/graphql', 'POST', body)).toBe('200 {"data":{"hello":null}}')
      expect(await ask('/livez', 'GET')).toBe('200 {"status":"ok"}')
      expect(await ask('/nowhere', 'GET')).toMatch(/^404 \{"errors"/)
      agent.destroy()
    },
  )
})

describe('what cannot be read is refused, and never dropped:', () => {
  const above = { above: 5 }
  it.each<[what: string, body: Record<string, unknown>, message: RegExp]>([
    ['variables that are text', { variables: JSON.stringify(above) }, /"variables" must be/],
    ['variables that are broken text', { variables: '{"above":' }, /"variables" must be/],
    ['a list of variables', { variables: [above] }, /"variables" must be/],
    ['a number in their place', { variables: 5 }, /"variables" must be/],
    ['false in their place', { variables: false }, /"variables" must be/],
    ['a name that is none', { operationName: ['Ticks'] }, /"operationName" must be/],
    ['a number for a name', { operationName: 0 }, /"operationName" must be/],
    ['a list of documents', { query: [SUBSCRIPTION] }, /document, in "query"/],
  ])('%s', async (_what, members, message) => {
    const { url, begun } = await serveForTest()
    const asked = { query: SUBSCRIPTION, ...members }
    const refused = await post(url, asked, STREAM)
    expect([refused.status, await refused.json()]).toEqual([
      400,
      {
        errors: [
          {
            message: expect.stringMatching(message) as string,
            extensions: { code: 'BAD_REQUEST' },
          },
        ],
      },
    ])
    // As over plain HTTP.
    expect((await post(url, asked, 'application/json')).status).toBe(400)
    expect(begun).toEqual([])
  })

  it.each([
    ['broken text', 'variables={"above":'],
    ['nothing', 'variables='],
    ['a list', 'variables=[5]'],
    ['two of them', 'variables={}&variables={}'],
  ])('variables of an address: %s', async (_what, variables) => {
    const { url, begun } = await serveForTest()
    const address = `${url}/graphql?query=${encodeURIComponent(SUBSCRIPTION)}&${variables}`
    const response = await fetch(address, { headers: { accept: STREAM } })
    expect([response.status, await response.text()]).toEqual([
      400,
      expect.stringContaining('BAD_REQUEST'),
    ])
    expect(begun).toEqual([])
  })

  it('and what can be is heeded', async () => {
    const { url, begun, server } = await serveForTest()
    await post(url, { query: SUBSCRIPTION, variables: above, operationName: 'Ticks' }, STREAM)
    await post(url, { query: SUBSCRIPTION, variables: null, operationName: null }, STREAM)
    await get(url, { query: SUBSCRIPTION, variables: JSON.stringify(above) })
    expect(begun.map(({ variables, operationName }) => [variables, operationName])).toEqual([
      [above, 'Ticks'],
      [undefined, undefined],
      [above, undefined],
    ])
    await server.stop(100)
  })

  it('a name that no operation has, without a line of error in the log', async () => {
    const { url, lines, begun } = await serveForTest()
    for (const query of [SUBSCRIPTION, 'query Ticks { hello }']) {
      const response = await post(url, { query, operationName: 'Other' }, STREAM)
      const text = await response.text()
      expect(text).toContain('"code":"OPERATION_RESOLUTION_FAILURE"')
      expect(text).toContain('Unknown operation named \\"Other\\"')
    }
    const mistaken = await post(url, { query: '{ helo }' }, STREAM)
    expect(await mistaken.text()).toContain('GRAPHQL_VALIDATION_FAILED')
    expect(begun).toEqual([])
    expect(lines.filter(({ level }) => level === 'error')).toEqual([])
  })
})

it('a subscription that fails under way breaks, and is not told to be complete', async () => {
  const { url, fail } = await serveForTest()
  const reading = post(url, { query: SUBSCRIPTION }, STREAM).then(readToEnd)
  const other = await post(url, { query: SUBSCRIPTION }, STREAM)
  fail(new Error('the disk'))
  for (const { text, broken } of [await reading, await readToEnd(other)]) {
    expect(text).not.toContain('complete')
    expect(broken).toBe(true)
  }
})

describe('when the server stops', () => {
  it.each([
    ['POST', (url: string) => post(url, { query: SUBSCRIPTION }, STREAM)],
    ['GET', (url: string) => get(url, { query: SUBSCRIPTION })],
  ])('a subscription by %s breaks, and is not told to be complete', async (_method, subscribe) => {
    const { url, server } = await serveForTest()
    const response = await subscribe(url)
    const reading = readToEnd(response)
    await server.stop(10_000)
    const { text, broken } = await reading
    expect(text).not.toContain('complete')
    expect(broken).toBe(true)
  })

  it('one that is about to begin breaks, too', async () => {
    const { url, server, begun, holdBack } = await serveForTest()
    let begin = (): void => undefined
    holdBack(
      new Promise(resolve => {
        begin = resolve
      }),
    )
    const response = post(url, { query: SUBSCRIPTION }, STREAM).then(readToEnd, () => 'no answer')
    await expect.poll(() => begun.length).toBe(1)
    const stopped = server.stop(10_000)
    begin()
    await stopped
    expect(JSON.stringify(await response)).not.toContain('complete')
  })

  it('a query has its answer, which is complete', async () => {
    const { url } = await serveForTest()
    const response = await post(url, { query: '{ hello }' }, STREAM)
    expect(await response.text()).toBe(
      'event: next\ndata: {"data":{"hello":null}}\n\nevent: complete\ndata:\n\n',
    )
  })
})
