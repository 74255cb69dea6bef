import { expect, test } from 'vitest'
import { graphForTest } from '../../support/graph.ts'

test('a plan tells what the limiter makes of its requests, and no time for rows at hand', async () => {
  const graph = await graphForTest({ scale: 0.03, rate: 10 })
  const query = '{ employees { totalCount } apps { totalCount } accounts { totalCount } }'
  const planned = async () => {
    const { cost } = await graph.run(query, {}, { plan: 'only' })
    return cost.plan?.estimate ?? { requests: NaN, ms: NaN }
  }

  const { requests, ms } = await planned()
  // More than may go out at once, since it is not known yet how small the tenant is.
  expect(requests).toBeGreaterThan(10)
  const pacedMs = ((requests - 10) / 10) * 1_000
  expect(ms).toBeGreaterThanOrEqual(pacedMs)
  // One after another, at the latency that is presumed before the first answer.
  expect(ms).toBeLessThanOrEqual(pacedMs + requests * 250)
  await graph.run(query)
  expect(await planned()).toEqual({ requests: 0, ms: 0 })
})
