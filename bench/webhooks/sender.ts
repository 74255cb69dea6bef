/**
 * A program of its own that sends webhooks as Push does: so many a second, or all at once, each to the next of the addresses,
 * and prints how long each took.
 */
import { Agent, request } from 'undici'
import { sign } from '../../src/webhooks/signature.ts'

const [addresses = '', secret = '', way = '', count = '0', perSecond = '0'] = process.argv.slice(2)

const urls = addresses.split(',')
const agent = new Agent({ connections: way === 'burst' ? 200 : 64 })
const times: number[] = []
let refused = 0

const send = async (index: number): Promise<void> => {
  const seconds = Math.floor(Date.now() / 1_000)
  const body = Buffer.from(
    JSON.stringify({
      version: '1',
      id: `${way} ${index}`,
      timestamp: seconds,
      object: 'LOGIN',
      category: 'ACTIVITY',
      friendlyName: 'Login',
      // When it was sent, in milliseconds: whoever follows reads from it how late the answer is.
      description: String(performance.timeOrigin + performance.now()),
      new: {
        employeeId: `employee ${index % 5_000}`,
        email: `person${index % 5_000}@department${index % 20}.example`,
        sourceIpAddress: '203.0.113.7',
        loginUrl: 'https://login.example/',
        userAgent: 'Mozilla/5.0 '.repeat(20),
      },
    }),
  )
  const from = performance.now()
  const response = await request(urls[index % urls.length] ?? '', {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-signature': sign(secret, seconds, body) },
    body,
    dispatcher: agent,
  })
  await response.body.dump()
  times.push(performance.now() - from)
  if (response.statusCode !== 200) refused += 1
}

const start = performance.now()
const sends: Promise<void>[] = []
for (let index = 0; index < Number(count); index++) {
  const due = Number(perSecond) === 0 ? 0 : start + (index * 1_000) / Number(perSecond)
  const ahead = due - performance.now()
  if (ahead > 1) await new Promise(resolve => setTimeout(resolve, ahead))
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
