import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { delivery, post, SECRET } from '../support/deliveries.ts'
import { serveProduct, type Serving } from '../support/product.ts'
import { startStandIn } from '../support/stand-in.ts'

type StandIn = Awaited<ReturnType<typeof startStandIn>>

let standIn: StandIn
let product: Serving
/** The answer of /metrics, as it came and as values by name and labels. */
let text = ''
let values: ReadonlyMap<string, number> = new Map()

const ask = async (query: string): Promise<Record<string, unknown>> => {
  const response = await fetch(`${product.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query }),
  })
  return (await response.json()) as Record<string, unknown>
}

const scrape = async (): Promise<void> => {
  const response = await fetch(`${product.url}/metrics`)
  expect(response.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/)
  text = await response.text()
  values = new Map(
    text
      .split('\n')
      .filter(line => line !== '' && !line.startsWith('#'))
      .map(line => [line.slice(0, line.lastIndexOf(' ')), Number(line.split(' ').at(-1))]),
  )
}

/** What callers, deliveries and an unknown path brought. */
const FOREIGN_WORDS = ['marvin@example.com', 'SecretName', 'no-such-connector', 'zaphod']

beforeAll(async () => {
  standIn = await startStandIn({ scale: 0.05 })
  product = await serveProduct({
    environment: {
      PUSH_API_KEY: standIn.keys.readOnly,
      PUSH_API_URL: standIn.url,
      PUSH_WEBHOOK_SECRET: SECRET,
      PUSHGRAPH_RETENTION_DAYS: '7',
    },
  })
  await ask('query SecretName { employees { totalCount nodes { email } } }')
  await ask('{ employees(first: 2) { nodes { id } } }')
  await ask('{ account(id: "zaphod") { id } }')
  await ask('{ nothing }')
  await ask('{ employees(filter: { email: { eq: null } }) { totalCount } }')
  const body = delivery({ id: 'one', new: { email: 'marvin@example.com' } })
  await post(product.url, body)
  await post(product.url, body)
  await post(product.url, delivery({ id: 'two' }))
  await post(product.url, body, { header: 't=1,v1=00' })
  await post(product.url, Buffer.from('{'))
  await post(product.url, body, { connector: 'no-such-connector' })
  await scrape()
})

afterAll(async () => {
  product.kill('SIGTERM')
  await product.ended
  await standIn.close()
})

describe('/metrics counts', () => {
  test('the requests that Push saw, by connector, path and status', () => {
    const counted = [...values].filter(([name]) =>
      name.startsWith('pushgraph_upstream_requests_total{'),
    )
    expect(counted.reduce((sum, [, value]) => sum + value, 0)).toBe(standIn.requests.length)
    expect(
      values.get(
        'pushgraph_upstream_requests_total{connector="default",path="/employees",status="200"}',
      ),
    ).toBe(standIn.requests.filter(({ path }) => path.startsWith('/employees')).length)
    expect(
      values.get(
        'pushgraph_upstream_wait_seconds_count{connector="default",priority="interactive"}',
      ),
    ).toBe(standIn.requests.length)
  })

  test('operations by type and result', () => {
    expect(values.get('pushgraph_operations_total{type="query",result="ok"}')).toBe(3)
    expect(
      values.get('pushgraph_operations_total{type="none",result="GRAPHQL_VALIDATION_FAILED"}'),
    ).toBe(1)
    expect(values.get('pushgraph_operations_total{type="query",result="BAD_USER_INPUT"}')).toBe(1)
    expect(values.get('pushgraph_operation_seconds_count{type="query"}')).toBe(4)
  })

  test('answers from the store beside those that took a request', () => {
    expect(values.get('pushgraph_answers_total{source="push"}')).toBeGreaterThanOrEqual(1)
    expect(values.get('pushgraph_answers_total{source="store"}')).toBeGreaterThanOrEqual(1)
    expect(values.get('pushgraph_store_hits_total')).toBeGreaterThan(0)
    const all = [...values].filter(([name]) => name.startsWith('pushgraph_answers_total{'))
    expect(all.reduce((sum, [, value]) => sum + value, 0)).toBe(4)
  })

  test('deliveries by what became of them', () => {
    const of = (connector: string, result: string) =>
      values.get(`pushgraph_deliveries_total{connector="${connector}",result="${result}"}`)
    expect(of('default', 'stored')).toBe(2)
    expect(of('default', 'known')).toBe(1)
    expect(of('default', 'refused')).toBe(1)
    expect(of('default', 'unreadable')).toBe(1)
    expect(of('', 'unknown_connector')).toBe(1)
    expect(values.get('pushgraph_delivery_seconds_count')).toBe(6)
  })
})

describe('/metrics shows', () => {
  test('the bucket, its queue and how the connector fares', () => {
    const tokens = values.get('pushgraph_bucket_tokens{connector="default"}')
    expect(tokens).toBeGreaterThanOrEqual(0)
    expect(tokens).toBeLessThanOrEqual(10)
    expect(values.get('pushgraph_queue_length{connector="default"}')).toBe(0)
    expect(values.get('pushgraph_connector_status{connector="default",status="OK"}')).toBe(1)
    expect(values.get('pushgraph_connector_status{connector="default",status="FAILING"}')).toBe(0)
  })

  test('the rows held and how old they are', () => {
    const labels = '{connector="default",collection="employees"}'
    expect(values.get(`pushgraph_store_rows${labels}`)).toBe(50)
    expect(values.get(`pushgraph_store_age_seconds${labels}`)).toBeGreaterThan(0)
    expect(values.get(`pushgraph_store_followed${labels}`)).toBe(0)
    expect(
      values.has('pushgraph_store_age_seconds{connector="default",collection="browsers"}'),
    ).toBe(false)
  })

  test('the events stored, and the bytes they take as `connectors` says them', async () => {
    expect(values.get('pushgraph_events_stored{connector="default"}')).toBe(2)
    expect(values.get('pushgraph_events_oldest_age_seconds{connector="default"}')).toBeGreaterThan(
      0,
    )
    expect(
      await ask('{ connectors { eventStore { events bytes oldestAt retentionDays } } }'),
    ).toMatchObject({
      data: {
        connectors: [
          {
            eventStore: {
              events: 2,
              bytes: values.get('pushgraph_event_file_bytes'),
              oldestAt: expect.stringMatching(/^20\d\d-/) as string,
              retentionDays: 7,
            },
          },
        ],
      },
    })
  })

  test('the process itself', () => {
    expect(values.get('process_resident_memory_bytes')).toBeGreaterThan(1e6)
    expect(values.get('process_cpu_seconds_total')).toBeGreaterThan(0)
  })

  test('no secret, and no word that a caller or a row brought', () => {
    for (const word of [...FOREIGN_WORDS, SECRET, standIn.keys.readOnly])
      expect(text).not.toContain(word)
  })
})

test('/metrics counts an answer that is sent once more as an operation like any other', async () => {
  const of = (name: string): number => values.get(name) ?? 0
  const answered = (): number =>
    ['kept', 'store', 'push'].reduce(
      (sum, source) => sum + of(`pushgraph_answers_total{source="${source}"}`),
      0,
    )
  await scrape()
  const before = of('pushgraph_operations_total{type="query",result="ok"}')
  const answeredBefore = answered()
  for (let index = 0; index < 4; index++) await ask('{ employees(first: 3) { nodes { id } } }')
  await scrape()
  expect(of('pushgraph_operations_total{type="query",result="ok"}')).toBe(before + 4)
  expect(of('pushgraph_answers_total{source="kept"}')).toBe(2)
  expect(answered()).toBe(answeredBefore + 4)
})

test('/metrics counts a subscription while it is open, and what was evaluated for it', async () => {
  const leave = new AbortController()
  const stream = await fetch(`${product.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
    body: JSON.stringify({ query: 'subscription { events { id } }' }),
    signal: leave.signal,
  })
  const reader = stream.body?.pipeThrough(new TextDecoderStream()).getReader()
  await post(product.url, delivery({ id: 'three' }))
  let told = ''
  while (!told.includes('three')) told += (await reader?.read())?.value ?? ''
  await scrape()
  expect(values.get('pushgraph_subscriptions')).toBe(1)
  expect(values.get('pushgraph_subscription_channels')).toBe(1)
  expect(values.get('pushgraph_subscription_evaluations_total')).toBe(1)
  expect(values.get('pushgraph_operations_total{type="subscription",result="ok"}')).toBe(1)
  leave.abort()
  await expect
    .poll(async () => {
      await scrape()
      return values.get('pushgraph_subscriptions')
    })
    .toBe(0)
})

test('what goes beyond a limit is counted by its name, once for each operation', async () => {
  const list =
    'accounts(first: 1000) { nodes { employee { accounts(first: 1000) { nodes { id } } } } }'
  const answer = await ask(
    `{ ${Array.from({ length: 99 }, (_, n) => `a${n}: ${list}`).join(' ')} }`,
  )
  expect(answer).toMatchObject({ errors: [{ extensions: { limit: 'PUSHGRAPH_MAX_COST' } }] })
  await scrape()
  expect(values.get('pushgraph_limited_total{limit="PUSHGRAPH_MAX_COST"}')).toBe(1)
})
