import { expect, test } from 'vitest'
import { createMetrics, type Metrics } from '../../src/app/metrics.ts'
import type { Summary } from '../../src/query/operation/summary.ts'

/** The figures that begin like that, as Prometheus reads them, without the buckets. */
const figures = async (metrics: Metrics, name: string): Promise<Record<string, number>> => {
  const { text } = await metrics.render()
  return Object.fromEntries(
    text
      .split('\n')
      .filter(line => line.startsWith(`pushgraph_${name}`) && !line.includes('_bucket{'))
      .map(line => line.slice('pushgraph_'.length).split(' '))
      .filter(([, value]) => value !== '0')
      .map(([figure = '', value]) => [figure, Number(value)]),
  )
}

/** A request to Push, of which a path and an outcome are to be told. */
const asked = {
  kind: 'request',
  priority: 'background',
  waitedMs: 250,
  latencyMs: 1_500,
  madeFor: 'anybody',
  method: 'GET',
  resent: 0,
} as const

test('a request is counted by connector, path and status, with its times in seconds', async () => {
  const metrics = createMetrics()
  const request = { ...asked, path: '/apps/{id}' }
  metrics.upstream('emea', { ...request, outcome: 200 })
  metrics.upstream('emea', { ...request, outcome: 'UPSTREAM_TIMEOUT' })
  expect(await figures(metrics, 'upstream')).toEqual({
    'upstream_requests_total{connector="emea",path="/apps/{id}",status="200"}': 1,
    'upstream_requests_total{connector="emea",path="/apps/{id}",status="UPSTREAM_TIMEOUT"}': 1,
    'upstream_latency_seconds_sum{connector="emea",path="/apps/{id}"}': 3,
    'upstream_latency_seconds_count{connector="emea",path="/apps/{id}"}': 2,
    'upstream_wait_seconds_sum{connector="emea",priority="background"}': 0.5,
    'upstream_wait_seconds_count{connector="emea",priority="background"}': 2,
  })
})

test('a connector that is served no more has no figures; the others keep theirs', async () => {
  const metrics = createMetrics()
  for (const connector of ['emea', 'apac']) {
    metrics.upstream(connector, { ...asked, path: '/apps', outcome: 200 })
    metrics.upstream(connector, { ...asked, path: '/apps', outcome: 429 })
    const retry = { path: '/apps', attempt: 3, delayMs: 800, code: 'RATE_LIMITED' } as const
    metrics.upstream(connector, { kind: 'retry', ...retry })
    metrics.upstream(connector, { kind: 'pause', pauseMs: 60_000 })
  }
  const before = Object.entries(await figures(metrics, ''))
  metrics.forget('emea')
  // It is looked up before it goes.
  await metrics.render()
  const { text } = await metrics.render()
  expect(text).not.toContain('emea')
  const after = await figures(metrics, '')
  for (const [name, value] of before.filter(([name]) => name.includes('apac')))
    expect(after[name]).toBe(value)
  metrics.upstream('emea', { kind: 'pause', pauseMs: 1 })
  expect(await figures(metrics, 'upstream_pauses')).toMatchObject({
    'upstream_pauses_total{connector="emea"}': 1,
  })
})

test('retries and pauses are counted; what is learnt, and a rest of the circuit, is not', async () => {
  const metrics = createMetrics()
  metrics.upstream('emea', {
    kind: 'retry',
    path: '/apps',
    attempt: 3,
    delayMs: 800,
    code: 'RATE_LIMITED',
  })
  metrics.upstream('emea', { kind: 'pause', pauseMs: 60_000 })
  metrics.upstream('emea', { kind: 'pause', pauseMs: 1_000 })
  metrics.upstream('emea', { kind: 'circuit', restMs: 5_000 })
  metrics.upstream('emea', { kind: 'learnt', fact: 'apps email letter case', verdict: 'minded' })
  expect(await figures(metrics, 'upstream')).toEqual({
    'upstream_retries_total{connector="emea",path="/apps",code="RATE_LIMITED"}': 1,
    'upstream_pauses_total{connector="emea"}': 2,
  })
})

test('operations and deliveries are timed in seconds', async () => {
  const metrics = createMetrics()
  metrics.operation('query', 'ok', 250)
  metrics.operation('query', 'BUDGET_EXCEEDED', 500, ['PUSHGRAPH_MAX_COST'])
  metrics.delivery(125)
  expect(await figures(metrics, 'operation')).toEqual({
    'operations_total{type="query",result="ok"}': 1,
    'operations_total{type="query",result="BUDGET_EXCEEDED"}': 1,
    'operation_seconds_sum{type="query"}': 0.75,
    'operation_seconds_count{type="query"}': 2,
  })
  expect(await figures(metrics, 'delivery')).toEqual({
    delivery_seconds_sum: 0.125,
    delivery_seconds_count: 1,
  })
})

test('answers are told apart by where they came from, with what they gave', async () => {
  const metrics = createMetrics()
  const summary: Summary = {
    requests: 0,
    waitedMs: 0,
    rowsRead: 1_000,
    rowsReturned: 7,
    cacheHits: 2,
    asOf: null,
    complete: true,
    warnings: [],
  }
  metrics.answered(summary, false)
  metrics.answered({ ...summary, requests: 4 }, false)
  metrics.answered({ ...summary, requests: 1 }, false)
  for (let time = 0; time < 5; time += 1) metrics.answered(summary, true)
  expect(await figures(metrics, 'answers')).toEqual({
    'answers_total{source="store"}': 1,
    'answers_total{source="push"}': 2,
    'answers_total{source="kept"}': 5,
  })
  expect(await figures(metrics, 'rows_returned')).toEqual({ rows_returned_total: 56 })
  expect(await figures(metrics, 'store_hits')).toEqual({ store_hits_total: 16 })
})

test('what one app counts, another does not', async () => {
  const [one, other] = [createMetrics(), createMetrics()]
  one.delivery(1)
  expect(await figures(other, 'delivery')).toEqual({})
})
