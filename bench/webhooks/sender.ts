/**
 * A program of its own that sends webhooks as Push does: so many a second, or all at once, each to the next of the addresses,
 * and prints how long each took. With `againMs` what is not acknowledged is sent again so much later, to the next address, until it is.
 */
import { setTimeout as pause } from 'node:timers/promises'
import { Agent, request } from 'undici'
import { sign } from '../../src/webhooks/signature.ts'
import { bodyOf } from './delivery-body.ts'

const [addresses = '', secret = '', way = '', count = '0', perSecond = '0', againMs = '0'] =
  process.argv.slice(2)

const urls = addresses.split(',')
const agent = new Agent({ connections: way === 'burst' ? 200 : 64 })
/** As long as Push waits. */
const PATIENCE_MS = 5_000
const times: number[] = []
let refused = 0

const post = async (url: string, seconds: number, body: Buffer): Promise<boolean> => {
  const response = await request(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-signature': sign(secret, seconds, body) },
    body,
    dispatcher: agent,
    ...(Number(againMs) > 0 ? { headersTimeout: PATIENCE_MS } : {}),
  })
  await response.body.dump()
  return response.statusCode === 200
}

const send = async (index: number): Promise<void> => {
  const seconds = Math.floor(Date.now() / 1_000)
  const body = bodyOf(`${way} ${index}`, index, seconds)
  const from = performance.now()
  for (let to = index; ; to++) {
    const sent = post(urls[to % urls.length] ?? '', seconds, body)
    // Nobody there, or nobody any more: as good as a refusal for who sends again.
    const isTaken = await (Number(againMs) > 0 ? sent.catch(() => false) : sent)
    if (!isTaken) refused += 1
    if (isTaken || Number(againMs) === 0) break
    await pause(Number(againMs))
  }
  times.push(performance.now() - from)
}

const start = performance.now()
const sends: Promise<void>[] = []
for (let index = 0; index < Number(count); index++) {
  const due = Number(perSecond) === 0 ? 0 : start + (index * 1_000) / Number(perSecond)
  const ahead = due - performance.now()
  if (ahead > 1) await pause(ahead)
  sends.push(send(index))
}
await Promise.all(sends)
times.sort((a, b) => a - b)
const at = (share: number): number =>
  times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0
console.log(
  JSON.stringify({
    way,
    sent: times.length,
    refused,
    tookMs: performance.now() - start,
    p50: at(0.5),
    p99: at(0.99),
    worst: at(1),
  }),
)
await agent.close()
