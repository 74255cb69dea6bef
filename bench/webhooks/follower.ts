/**
 * A program of its own with many subscribers, half of them over WebSocket and half over server-sent events. Says
 * `following` once all have asked; when it is told to end, it writes to a file how late their answers were.
 */
import { writeFileSync } from 'node:fs'
import { get } from 'node:http'
import { WebSocket } from 'ws'

const [url = '', subscribers = '0', documents = '0', results = ''] = process.argv.slice(2)

const lags: number[] = []
const documentOf = (index: number): string => {
  const department = index % Number(documents)
  return `subscription Department${department} {
    events(filter: { email: { endsWith: "@department${department}.example" }, object: { eq: "LOGIN" } }) {
      id occurredAt description email sourceIpAddress ... on LoginEvent { userAgent }
    }
  }`
}

/** An answer's text; the description is when the delivery was sent. */
const take = (text: string): void => {
  const now = performance.timeOrigin + performance.now()
  for (const [, sentAt] of text.matchAll(/"description":"([\d.]+)"/g))
    lags.push(now - Number(sentAt))
}

const overSocket = (query: string): Promise<void> =>
  new Promise((resolve, reject) => {
    const socket = new WebSocket(url.replace('http', 'ws'), 'graphql-transport-ws')
    socket.on('error', reject)
    socket.on('open', () => {
      socket.send('{"type":"connection_init"}')
    })
    socket.on('message', (data: Buffer) => {
      const text = data.toString()
      if (text.includes('"connection_ack"')) {
        socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload: { query } }))
        resolve()
      } else take(text)
    })
  })

const overEvents = (query: string, follow: boolean): Promise<void> =>
  new Promise((resolve, reject) => {
    const asked = get(
      `${url}?query=${encodeURIComponent(query)}`,
      { headers: { accept: 'text/event-stream' } },
      response => {
        if (follow) response.setEncoding('utf8').on('data', take)
        else response.pause()
        resolve()
      },
    )
    asked.on('error', reject)
  })

for (let index = 0; index < Number(subscribers); index++)
  await (index % 2 === 0
    ? overSocket(documentOf(index >> 1))
    : overEvents(documentOf(index >> 1), true))
// It never takes an answer. Each is large, so that what the network itself holds is soon full.
const payloads = Array.from({ length: 30 }, (_, index) => `p${index}: payload`).join(' ')
await overEvents(`subscription Stalled { events { id ${payloads} } }`, false)
console.log('following all')

process.on('SIGTERM', () => {
  lags.sort((a, b) => a - b)
  const at = (share: number): number =>
    lags[Math.min(lags.length - 1, Math.floor(lags.length * share))] ?? NaN
  writeFileSync(
    results,
    JSON.stringify({ answers: lags.length, p50: at(0.5), p99: at(0.99), worst: at(1) }),
  )
  process.exit()
})
