/** What is too large or too dear is refused alike on every way to the server, before anything is read. */
import { describe, expect, test } from 'vitest'
import WebSocket from 'ws'
import { demoAppForFile } from '../support/demo-app.ts'

interface Asked {
  readonly query: string
  readonly variables?: object
}

interface Told {
  readonly message: string
  readonly extensions: Readonly<Record<string, unknown>>
}

const app = demoAppForFile()

const errorsOf = (text: string): readonly Told[] =>
  (JSON.parse(text) as { readonly errors: readonly Told[] }).errors

const post = async (body: string, accept = 'application/json'): Promise<string> => {
  const headers = { 'content-type': 'application/json', accept }
  const response = await fetch(app.url, { method: 'POST', headers, body })
  expect(response.status).toBeLessThan(500)
  return response.text()
}

const byPost = async (asked: Asked) => errorsOf(await post(JSON.stringify(asked)))

const byStream = async (asked: Asked) => {
  const text = await post(JSON.stringify(asked), 'text/event-stream')
  return errorsOf(/^data: (.+)$/m.exec(text)?.[1] ?? text)
}

const byAddress = async ({ query, variables = {} }: Asked) => {
  // Braces may stand in an address as they are: three letters for each would make it too long.
  const address = `${app.url}?query=${encodeURIComponent(query)}&variables=${JSON.stringify(variables)}`
  const headers = { 'apollo-require-preflight': 'true' }
  return errorsOf(await (await fetch(address, { headers })).text())
}

/** The errors, or the code that the socket was closed with. */
const bySocketText = (message: string): Promise<readonly Told[] | number> =>
  new Promise((resolve, reject) => {
    const socket = new WebSocket(app.url.replace('http', 'ws'), 'graphql-transport-ws')
    socket.on('open', () => {
      socket.send('{"type":"connection_init"}')
    })
    socket.on('message', (data: Buffer) => {
      const { type, payload } = JSON.parse(data.toString()) as {
        readonly type: string
        readonly payload: readonly Told[] & { readonly errors: readonly Told[] }
      }
      if (type === 'connection_ack') socket.send(message)
      else {
        resolve(type === 'next' ? payload.errors : payload)
        socket.close()
      }
    })
    socket.on('close', resolve)
    socket.on('error', reject)
  })

const bySocket = (asked: Asked): Promise<readonly Told[] | number> =>
  bySocketText(JSON.stringify({ type: 'subscribe', id: '1', payload: asked }))

const ways = { byPost, byStream, byAddress, bySocket }

const LONG_NAME: Asked = { query: `{${'a'.repeat(257)}}` }
const FAN_OUT: Asked = {
  query:
    '{employees(first:1000){nodes{accounts(first:12){nodes{app{accounts(first:40){nodes{employee{accounts(first:12){nodes{app{accounts(first:40){nodes{id}}}}}}}}}}}}}}',
}
const EMPTY_OBJECTS: Asked = {
  query: 'query($f:AccountFilter!){accounts(filter:$f,first:1){totalCount}}',
  variables: { f: { or: Array.from({ length: 3_000 }, () => ({})) } },
}

describe.each(Object.entries(ways))('%s', (_, ask) => {
  test('a document that is too large is refused', async () => {
    expect(await ask(LONG_NAME)).toEqual([
      expect.objectContaining({
        message: expect.stringContaining('256 letters in a name') as string,
        extensions: { code: 'BAD_USER_INPUT', path: 'query' },
      }),
    ])
  })

  test('variables that are too large are refused', async () => {
    expect(await ask(EMPTY_OBJECTS)).toEqual([
      expect.objectContaining({
        message: expect.stringContaining('3000 objects') as string,
        extensions: { code: 'BAD_USER_INPUT', path: 'variables' },
      }),
    ])
  })

  test('an operation that is too dear is refused, with what it is estimated at', async () => {
    const before = app.requestsMade()
    const [error] = (await ask(FAN_OUT)) as readonly Told[]
    expect(error?.extensions).toEqual({
      code: 'BUDGET_EXCEEDED',
      limit: 'PUSHGRAPH_MAX_COST',
      value: expect.any(Number) as number,
      max: 5_000_000,
    })
    expect(error?.extensions['value']).toBeGreaterThan(5_000_000)
    expect(error?.message).toContain('employees.nodes.accounts')
    expect(app.requestsMade()).toBe(before)
  })

  test('many mistakes are told as the first of them, and each of them shortly', async () => {
    const variables = { f: { email: { in: Array.from({ length: 60 }, () => 1) } } }
    const many = (await ask({ ...EMPTY_OBJECTS, variables })) as readonly Told[]
    expect(many.length).toBeLessThanOrEqual(11)
    for (const { extensions } of many) expect(extensions['code']).toBe('BAD_USER_INPUT')
    const long = { f: { licensed: 'x'.repeat(6_000) } }
    const [told] = (await ask({ ...EMPTY_OBJECTS, variables: long })) as readonly Told[]
    expect(told?.message.length).toBeLessThanOrEqual(2_001)
    const unknown = { query: `{${Array.from({ length: 60 }, (_, i) => `nothing${i}`).join(' ')}}` }
    expect((await ask(unknown)) as readonly Told[]).toHaveLength(11)
  })
})

const nested = (levels: number): string => '['.repeat(levels) + ']'.repeat(levels)

test('JSON that is nested too deeply is not read, wherever it stands', async () => {
  const inside = (levels: number): string =>
    `{"query":"{__typename}","extensions":{"x":${nested(levels)}}}`
  expect(JSON.parse(await post(inside(198)))).toMatchObject({ data: { __typename: 'Query' } })
  expect(errorsOf(await post(inside(199)))).toMatchObject([
    { extensions: { code: 'BAD_USER_INPUT' } },
  ])
  expect(errorsOf(await post(inside(500_000)))).toHaveLength(1)
  const message = `{"type":"subscribe","id":"1","payload":${inside(500)}}`
  expect(await bySocketText(message)).toBe(4400)
})
