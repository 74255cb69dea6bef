/** Traces as a collector is sent them, over HTTP as JSON. */
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { createClient } from 'graphql-ws'
import { expect, onTestFinished, test } from 'vitest'
import WebSocket from 'ws'
import { createApp } from '../../src/app.ts'
import { readConfig } from '../../src/config/config.ts'
import { createLog } from '../../src/http/logging/log.ts'
import { delivery, post } from '../support/deliveries.ts'
import { createDatabase } from '../support/postgres.ts'
import { directoryForTest } from '../support/directory.ts'
import { runProduct } from '../support/product.ts'
import { askOver, MUTATIONS, startWriting, WEBHOOK_SECRET } from '../support/writing.ts'

interface Sent {
  readonly traceId: string
  readonly spanId: string
  readonly parentSpanId?: string
  readonly name: string
  readonly kind: number
  readonly startTimeUnixNano: string
  readonly endTimeUnixNano: string
  readonly status: { readonly code: number }
  readonly attributes: readonly Attribute[]
}

interface Attribute {
  readonly key: string
  readonly value: Readonly<Record<string, unknown>>
}

interface Request {
  readonly resourceSpans: readonly {
    readonly resource: { readonly attributes: readonly Attribute[] }
    readonly scopeSpans: readonly { readonly spans: readonly Sent[] }[]
  }[]
}

const valuesOf = (attributes: readonly Attribute[]): Readonly<Record<string, unknown>> =>
  Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0]]))

/** What was sent to it. */
const collectorForTest = async (status = 200) => {
  const bodies: string[] = []
  const headers: IncomingHttpHeaders[] = []
  const server = createServer((request, response) => {
    headers.push({ ...request.headers, path: request.url })
    void buffer(request).then(body => {
      bodies.push(body.toString())
      response.writeHead(status, { 'content-type': 'application/json' })
      response.end('{}')
    })
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  const sent = () => bodies.flatMap(body => (JSON.parse(body) as Request).resourceSpans)
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    headers,
    text: () => bodies.join(''),
    resources: () => sent().map(({ resource }) => valuesOf(resource.attributes)),
    spans: () =>
      sent()
        .flatMap(({ scopeSpans }) => scopeSpans)
        .flatMap(({ spans }) => spans)
        .map(span => ({ ...span, attributes: valuesOf(span.attributes) })),
  }
}

/** The product, stopped by the test so that all spans are sent, or after it. */
const writingWith = async (environment: Readonly<Record<string, string>>) => {
  const writing = await startWriting({ environment })
  let stopped: Promise<void> | undefined
  const stop = (): Promise<void> => (stopped ??= writing.stop())
  onTestFinished(stop)
  return { ...writing, stop }
}

const SERVER = 2
const CLIENT = 3
const TRACE = '0af7651916cd43dd8448eb211c80319c'
const PARENT = 'b7ad6b7169203331'
const PLANTED = 'planted-value@example.com'

test('an operation is a span with its plan and its requests to Push, part of what its caller names', async () => {
  const collector = await collectorForTest()
  const writing = await writingWith({
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
    OTEL_EXPORTER_OTLP_HEADERS: 'x-collector-key=a%20secret',
    OTEL_SERVICE_NAME: 'graph',
    OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment.name=test',
  })
  const traced = { traceparent: `00-${TRACE}-${PARENT}-01`, 'x-request-id': 'traced' }
  const query =
    'query Apps($type: String) { apps(filter: { type: { ne: $type } }) { nodes { id } } }'
  for (let times = 0; times < 3; times += 1)
    await writing.ask(query, { type: PLANTED }, times === 0 ? traced : {})
  const id = writing.standIn.data.apps[0]?.id ?? ''
  await writing.ask(`{ app(id: "${id}") { id } nothing }`)
  await writing.ask(MUTATIONS.updateApp, { input: { id, notes: PLANTED } })
  await post(writing.url, delivery({ id: 'd-1' }), { connector: 'default', secret: WEBHOOK_SECRET })
  await expect.poll(() => writing.logged()).toContain('/webhooks/default')
  await writing.stop()

  const spans = collector.spans()
  const named = (name: string) => spans.filter(span => span.name === name)
  const [first, ...others] = named('query').filter(
    ({ attributes }) => attributes['graphql.operation.name'] === 'Apps',
  )
  expect(first).toMatchObject({
    traceId: TRACE,
    parentSpanId: PARENT,
    kind: SERVER,
    status: { code: 0 },
    attributes: { 'graphql.operation.type': 'query', 'pushgraph.request_id': 'traced' },
  })
  expect(others).toHaveLength(2)
  for (const span of others) expect(span.traceId).not.toBe(TRACE)
  const partsOf = (span: { spanId: string } | undefined) =>
    spans.filter(({ parentSpanId }) => parentSpanId === span?.spanId)
  expect(partsOf(first).map(({ name }) => name)).toContain('plan')
  const [reading] = partsOf(first).filter(({ kind }) => kind === CLIENT)
  expect(reading).toMatchObject({
    traceId: TRACE,
    name: 'GET /apps',
    attributes: {
      'http.request.method': 'GET',
      'url.template': '/apps',
      'server.address': '127.0.0.1',
      'pushgraph.connector': 'default',
    },
  })
  expect(String(reading?.attributes['url.full'])).toMatch(/\/apps$/)
  // An answer that is kept costs nothing.
  expect(partsOf(others[1]).filter(({ kind }) => kind === CLIENT)).toEqual([])
  expect(named('PATCH /apps/{id}')).toHaveLength(1)
  expect(named('mutation')).toMatchObject([{ status: { code: 0 } }])
  expect(named('GraphQL Operation')).toMatchObject([
    { status: { code: 2 }, attributes: { 'error.type': 'GRAPHQL_VALIDATION_FAILED' } },
  ])
  expect(named('POST /webhooks/{connector}')).toMatchObject([
    { kind: SERVER, attributes: { 'pushgraph.delivery': 'stored' } },
  ])
  for (const { startTimeUnixNano, endTimeUnixNano } of spans)
    expect(BigInt(endTimeUnixNano) >= BigInt(startTimeUnixNano)).toBe(true)

  expect(collector.resources()[0]).toMatchObject({
    'service.name': 'graph',
    'deployment.environment.name': 'test',
  })
  expect(collector.headers[0]).toMatchObject({
    path: '/v1/traces',
    'content-type': 'application/json',
    'x-collector-key': 'a secret',
  })
  for (const secret of [PLANTED, id, query, 'a secret'])
    expect(collector.text()).not.toContain(secret)
  expect(writing.logged()).toContain(`"traceId":"${TRACE}"`)
  expect(writing.logged()).not.toContain('a secret')
})

test('operations over streams are spans too, a subscription as long as it takes to begin', async () => {
  const collector = await collectorForTest()
  const writing = await writingWith({
    OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: `${collector.url}/own/path`,
  })
  const client = createClient({
    url: `${writing.url.replace('http', 'ws')}/graphql`,
    webSocketImpl: WebSocket,
  })
  await client.iterate({ query: 'query OverSocket { connectors { alias } }' }).next()
  const live = client.iterate({ query: 'subscription Live { events { id } }' })
  void live.next()
  await expect.poll(() => writing.logged()).toContain('"Live"')
  const answer = await fetch(`${writing.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
    body: JSON.stringify({ query: 'query AsEvents { connectors { alias } }' }),
  })
  await answer.text()
  await expect.poll(() => writing.logged()).toContain('"AsEvents"')
  await client.dispose()
  await writing.stop()
  const names = collector
    .spans()
    .filter(({ kind }) => kind === SERVER)
    .map(({ name, attributes }) => `${name} ${String(attributes['graphql.operation.name'])}`)
  expect(names.sort()).toEqual(['query AsEvents', 'query OverSocket', 'subscription Live'])
  expect(collector.headers[0]?.['path']).toBe('/own/path')
})

test('of what its caller did not sample, nothing is sent', async () => {
  const collector = await collectorForTest()
  const writing = await writingWith({ OTEL_EXPORTER_OTLP_ENDPOINT: collector.url })
  await writing.ask(
    'query Not { apps { totalCount } }',
    {},
    {
      traceparent: `00-${TRACE}-${PARENT}-00`,
    },
  )
  await writing.ask('query Sampled { connectors { alias } }', {}, { traceparent: 'nonsense' })
  await expect.poll(() => writing.logged()).toContain('"Sampled"')
  await writing.stop()
  expect(collector.text()).not.toContain(TRACE)
  expect(collector.text()).toContain('Sampled')
})

test('a collector that is not there keeps nobody from an answer, nor the server from stopping', async () => {
  const writing = await writingWith({ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9' })
  for (let times = 0; times < 3; times += 1)
    expect((await writing.ask('{ apps { totalCount } }')).status).toBe(200)
  await writing.stop()
})

test('a collector that takes nothing is told of in the log, without what it answered', async () => {
  const collector = await collectorForTest(400)
  const writing = await writingWith({ OTEL_EXPORTER_OTLP_ENDPOINT: collector.url })
  expect((await writing.ask('{ apps { totalCount } }')).status).toBe(200)
  await writing.stop()
  expect(writing.logged()).toContain('Traces cannot be sent to OTEL_EXPORTER_OTLP_ENDPOINT')
})

test('nothing of it is sent on to Push', async () => {
  const [collector, push] = [await collectorForTest(), await collectorForTest(400)]
  const folder = directoryForTest()
  const app = await createApp(
    readConfig(
      {
        PORT: '0',
        PUSH_API_KEY: 'a-key',
        PUSH_API_URL: push.url,
        OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
      },
      folder,
    ),
    createLog({ level: 'silent', readable: false, destination: { write: () => undefined } }),
  )
  onTestFinished(() => app.stop(0))
  await askOver(await app.listen(), '{ apps { totalCount } }', undefined, {
    traceparent: `00-${TRACE}-${PARENT}-01`,
    tracestate: 'vendor=value',
    baggage: 'who=somebody',
    'x-request-id': 'not-for-push',
  })
  expect(push.headers.length).toBeGreaterThan(0)
  for (const headers of push.headers) {
    expect(Object.keys(headers)).not.toContain('traceparent')
    expect(JSON.stringify(headers)).not.toMatch(/vendor|somebody|not-for-push/)
  }
})

test('what these variables hold for others keeps no server from starting', () => {
  const read = (environment: Readonly<Record<string, string>>) =>
    readConfig(environment, directoryForTest())
  const foreign = { OTEL_TRACES_SAMPLER: 'jaeger_remote', OTEL_TRACES_SAMPLER_ARG: 'x' }
  expect(read(foreign)).toMatchObject({ tracing: undefined, warnings: [] })
  const on = read({ ...foreign, OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318/' })
  expect(on.tracing).toMatchObject({
    url: 'http://collector:4318/v1/traces',
    serviceName: 'pushgraph',
    sampler: 'parentbased_always_on',
    ratio: 1,
  })
  expect(on.warnings).toHaveLength(2)
  expect(() => read({ OTEL_EXPORTER_OTLP_ENDPOINT: 'collector:4318' })).toThrow(
    'OTEL_EXPORTER_OTLP_ENDPOINT must be an address',
  )
})

test.each([{ OTEL_SDK_DISABLED: 'true' }, { OTEL_EXPORTER_OTLP_ENDPOINT: '' }])(
  'with %o nothing is traced',
  async off => {
    const collector = await collectorForTest()
    const writing = await writingWith({ OTEL_EXPORTER_OTLP_ENDPOINT: collector.url, ...off })
    expect((await writing.ask('{ connectors { alias } }')).status).toBe(200)
    await writing.stop()
    expect(collector.headers).toEqual([])
    expect(writing.logged()).not.toContain('traceId')
  },
)

test('an export is a span, of which its requests to Push are parts', async () => {
  const collector = await collectorForTest()
  const { exitCode } = await runProduct(['export', '--types', 'apps', '--out', '-'], {
    environment: {
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
      PUSHGRAPH_DEMO_SCALE: '0.02',
      PUSHGRAPH_DEMO_CHANGES_PER_MINUTE: '0',
      PUSHGRAPH_DEMO_LATENCY_MS: '1',
      PUSHGRAPH_DATA_DIR: 'data',
    },
  })
  expect(exitCode).toBe(0)
  const [whole] = collector.spans().filter(({ name }) => name === 'export')
  const parts = collector.spans().filter(({ parentSpanId }) => parentSpanId === whole?.spanId)
  expect(parts.map(({ name }) => name)).toContain('GET /apps')
})

test('what an operation asks of the database that replicas share is a part of it', async () => {
  const collector = await collectorForTest()
  const writing = await writingWith({
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
    PUSHGRAPH_DATABASE_URL: await createDatabase(),
  })
  await post(writing.url, delivery({ id: 'd-1' }), { connector: 'default', secret: WEBHOOK_SECRET })
  await writing.ask('{ events { totalCount nodes { id } } }', {}, { 'x-request-id': 'asked' })
  await writing.stop()
  const spans = collector.spans()
  const asked = spans.find(({ attributes }) => attributes['pushgraph.request_id'] === 'asked')
  const questions = spans.filter(({ name }) => name === 'SELECT event')
  expect(questions.length).toBeGreaterThan(0)
  for (const question of questions)
    expect(question).toMatchObject({
      parentSpanId: asked?.spanId,
      kind: CLIENT,
      attributes: {
        'db.system.name': 'postgresql',
        'db.operation.name': 'SELECT',
        'db.collection.name': 'event',
      },
    })
})
