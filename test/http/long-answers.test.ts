/** Answers that leave in pieces come whole, on every way to the server. */
import { expect, test } from 'vitest'
import WebSocket from 'ws'
import { demoAppForFile } from '../support/demo-app.ts'

const app = demoAppForFile()

interface Answer {
  readonly data: Readonly<Record<string, { readonly nodes: readonly unknown[] }>>
}

const lists = Array.from(
  { length: 16 },
  (_, index) =>
    `a${index}: accounts(first: 1000) { nodes { id email appType employee { email } } }`,
)
const query = `{ ${lists.join(' ')} }`
/** What graphql-js answers in place of the compiled document. */
const directed = `query ($yes: Boolean = true) { ${lists.join(' ')} apps(first: 1) @include(if: $yes) { totalCount } }`

const post = async (asked: string, accept = 'application/json') => {
  const headers = { 'content-type': 'application/json', accept, 'accept-encoding': 'identity' }
  const body = JSON.stringify({ query: asked })
  const response = await fetch(app.url, { method: 'POST', headers, body })
  const text = await response.text()
  const length = response.headers.get('content-length')
  if (length !== null) expect(Number(length)).toBe(Buffer.byteLength(text))
  return text
}

const bySocket = (asked: string): Promise<string> =>
  new Promise((resolve, reject) => {
    const socket = new WebSocket(app.url.replace('http', 'ws'), 'graphql-transport-ws')
    const send = (message: object): void => socket.send(JSON.stringify(message))
    socket.on('open', () => send({ type: 'connection_init' }))
    socket.on('message', (data: Buffer, isBinary) => {
      const message = JSON.parse(data.toString()) as { type: string; payload: unknown }
      if (message.type === 'connection_ack')
        send({ type: 'subscribe', id: '1', payload: { query: asked } })
      else if (message.type === 'next' && !isBinary) {
        resolve(JSON.stringify(message.payload))
        socket.close()
      } else reject(new Error(message.type))
    })
    socket.on('error', reject)
  })

test.each([
  ['by compiled documents', query],
  ['by graphql-js', directed],
])(
  'a long answer is the same by POST, as a stream and over WebSocket, %s',
  async (_name, asked) => {
    const dataOf = (text: string) => (JSON.parse(text) as Answer).data
    const first = dataOf(await post(asked))
    expect(JSON.stringify(first).length).toBeGreaterThan(500_000)
    for (const list of lists.keys()) expect(first[`a${list}`]).toEqual(first['a0'])
    // From Apollo the first time, without it the second, and as it was kept from the third on.
    for (let time = 0; time < 3; time += 1) expect(dataOf(await post(asked))).toEqual(first)
    const stream = await post(asked, 'text/event-stream')
    expect(dataOf(/^data: (.+)$/m.exec(stream)?.[1] ?? '')).toEqual(first)
    expect(stream.endsWith('event: complete\ndata:\n\n')).toBe(true)
    expect(dataOf(await bySocket(asked))).toEqual(first)
  },
)
