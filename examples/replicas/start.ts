/**
 * `npm start`: a PostgreSQL, a living demo tenant, three replicas of Pushgraph, and a small load balancer before them at
 * PORT (4000). It shows a question, a webhook and a subscription across replicas, kills one of them, and goes on until
 * Ctrl-C; with `--once` it ends after that.
 */
import { setTimeout as pause } from 'node:timers/promises'
import { SERVED_BY, startBalancer } from './balancer.ts'
import { freePort } from './free-port.ts'
import { startPostgres } from './postgres.ts'
import { startPushgraph } from './replica.ts'

const SECRET = 'psws_for_the_example'
const say = (line: string): void => void process.stdout.write(`${line}\n`)

const graph = async (url: string, query: string) => {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query }),
  })
  const { data, extensions } = (await response.json()) as {
    readonly data: Readonly<Record<string, Readonly<Record<string, unknown>>>>
    readonly extensions: { readonly pushgraph?: { readonly requests?: number } }
  }
  const by = response.headers.get(SERVED_BY) ?? url
  return { data, requests: extensions.pushgraph?.requests ?? 0, by: new URL(by).port }
}

const postgres = await startPostgres()
say(`PostgreSQL       ${postgres.url}`)

// Where the tenant sends its webhooks is known before anybody listens there.
const port = Number(process.env['PORT'] ?? 4000) || (await freePort())
const tenant = await startPushgraph(
  [
    'demo',
    ...['--port', '0', '--webhook', `http://127.0.0.1:${port}/webhooks/default`],
    ...['--secret', SECRET],
  ],
  { PUSHGRAPH_DEMO_SCALE: '0.2', PUSHGRAPH_DEMO_CHANGES_PER_MINUTE: '60' },
  /PUSH_API_URL=(\S+)[^]*?PUSH_API_KEY=(\S+)/,
)
const [apiUrl = '', key = ''] = tenant.found
say(`The demo tenant  ${apiUrl}`)

const startReplica = async () =>
  startPushgraph(
    ['serve'],
    {
      PORT: '0',
      PUSHGRAPH_DATABASE_URL: postgres.url,
      PUSH_API_URL: apiUrl,
      PUSH_API_KEY: key,
      PUSH_WEBHOOK_SECRET: SECRET,
      PUSHGRAPH_TRUST_PROXY: '1',
      LOG_LEVEL: 'warn',
    },
    /GraphQL\s+(http:\S+)\/graphql/,
  )
const replicas = await Promise.all([startReplica(), startReplica(), startReplica()])
const urls = replicas.map(({ found: [url = ''] }) => url)
for (const url of urls) say(`A replica        ${url}`)
const balancer = await startBalancer(urls, port)
say(`Before them      ${balancer.url}/graphiql`)

say('\nThe same question to each, of which none has read anything yet:')
const QUESTION = '{ employees { totalCount } accounts { totalCount } findings { totalCount } }'
for (const url of urls) {
  const { data, requests, by } = await graph(url, QUESTION)
  say(
    `  at ${by}: ${String(data['accounts']?.['totalCount'])} accounts of ${String(data['employees']?.['totalCount'])} employees, ${requests} requests to Push`,
  )
}

say('\nA subscriber at the first replica, while webhooks come to any of them:')
const subscriber = new AbortController()
const [first = ''] = urls
const stream = await fetch(`${first}/graphql`, {
  method: 'POST',
  headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
  body: JSON.stringify({ query: 'subscription { events { object type } }' }),
  signal: subscriber.signal,
})
let heard = 0
for await (const chunk of stream.body ?? []) {
  for (const [, object = '', type = ''] of Buffer.from(chunk)
    .toString()
    .matchAll(/"object":"(\w+)","type":"?(\w+)"?/g)) {
    heard += 1
    say(`  ${object} ${type === 'null' ? '' : type}`.trimEnd())
  }
  if (heard >= 5) break
}
subscriber.abort()

const [doomed] = replicas
say('\nOne replica is killed, and the others go on:')
await doomed?.stop('SIGKILL')
while (balancer.ready().length > 2) await pause(50)
for (let times = 0; times < 4; times += 1) {
  const { data, by } = await graph(balancer.url, QUESTION)
  say(`  at ${by}: ${String(data['accounts']?.['totalCount'])} accounts`)
}

const end = async (): Promise<never> => {
  await balancer.close()
  await Promise.all(replicas.slice(1).map(({ stop }) => stop()))
  await tenant.stop()
  await postgres.stop()
  process.exit(0)
}
if (process.argv.includes('--once')) await end()
say('\nCtrl-C ends it.')
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void end())
