import { expect, test } from 'vitest'
import { BudgetError } from '../../../src/errors.ts'
import { systemClock } from '../../../src/model/clock.ts'
import { openRequest } from '../../../src/loaders/open-request.ts'
import { callAt } from '../../support/fake-client.ts'
import { graphForTest } from '../../support/graph.ts'

const count = '{ accounts { totalCount } }'

test('who is sent away comes back when pages side by side are in, and is answered', async () => {
  // Thirty pages, all of which the limit lets through at once.
  const graph = await graphForTest({ switches: { maxPage: 20, latencyMs: 20, latencyJitter: 0 } })
  const { standIn, store } = graph
  const connector = store.connector('default')
  if (connector === undefined) throw new Error('no connector')
  // The first learns the size, the second that offsets work.
  for (let n = 0; n < 2; n += 1) await graph.run(count, {}, { maxAgeMs: 0 })
  expect(connector.facts().get('offset accounts')).toBe('works')

  const { loaders } = openRequest({
    store,
    clock: systemClock,
    id: 'sent away',
    freshness: { maxAgeMs: -1, staleMs: -1 },
    maxRequests: 5,
    maxWaitMs: 25_000,
    connectors: store.connectors,
  }).open([])
  connector.table('accounts').whole = undefined
  const latencyMs = connector.latencyMs()
  const refusal: unknown = await Promise.resolve(
    loaders.list(null, 'accounts', {}).totalCount(),
  ).catch((error: unknown) => error)
  expect(refusal).toMatchObject({ constructor: BudgetError, code: 'BUDGET_EXCEEDED' })
  const { requestsNeeded, retryAfterMs, limit } = (refusal as BudgetError).fields
  expect(limit).toBe('PUSHGRAPH_MAX_REQUESTS')
  expect(requestsNeeded).toBe(30)
  // One after another they would take thirty times the latency.
  expect(retryAfterMs).toBeGreaterThanOrEqual(latencyMs)
  expect(retryAfterMs).toBeLessThan(3 * latencyMs)

  await connector.scanning('accounts')?.until(() => false, callAt(systemClock))
  const { data, errors, requests } = await graph.run(count, {}, { maxRequests: 5 })
  expect(errors).toEqual([])
  expect(data.accounts.totalCount).toBe(standIn.data.accounts.length)
  expect(requests).toBe(0)
})
