/** What callers get while nobody knows how much Push still takes. */
import { afterEach, expect, test } from 'vitest'
import { systemClock } from '../../../src/model/clock.ts'
import { openDatabase } from '../../../src/postgres/connecting/database.ts'
import { openSharedState } from '../../../src/postgres/limits/shared-state.ts'
import { createGraph } from '../../support/graph.ts'
import { createDatabase, serverPort, through } from '../../support/postgres.ts'
import { startTcpProxy } from '../../support/tcp-proxy.ts'

const ends: (() => unknown)[] = []
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end()
})

test('cut off from the database, a replica serves what it has with a warning, and asks Push nothing', async () => {
  const proxy = await startTcpProxy(await serverPort())
  ends.push(proxy.close)
  const url = through(await createDatabase(), proxy.port)
  const database = await openDatabase({ url, clock: systemClock })
  ends.push(database.close)
  const state = await openSharedState({ database })
  ends.push(state.close)
  const graph = await createGraph({ scale: 0.02, state, clock: database.clock })
  ends.push(graph.close)

  const apps = '{ apps(first: 1000) { nodes { id type } totalCount } }'
  const findings = '{ findings(first: 5) { nodes { id } } }'
  const before = await graph.run(apps)
  expect(before.cost).toMatchObject({ complete: true, warnings: [] })
  expect(before.requests).toBeGreaterThan(0)

  proxy.cut()
  const kept = await graph.run(apps, {}, { maxAgeMs: 0 })
  expect(kept.errors).toEqual([])
  expect(kept.data).toEqual(before.data)
  expect(kept.cost.warnings).toContainEqual(
    expect.objectContaining({ code: 'UPSTREAM_UNAVAILABLE', collection: 'apps' }),
  )
  const unread = await graph.run(findings)
  expect(unread.errors).toMatchObject([{ code: 'UPSTREAM_UNAVAILABLE' }])
  expect(unread.errors[0]?.message).toContain('nobody knows how many requests Push still takes')
  expect([kept.requests, unread.requests]).toEqual([0, 0])

  proxy.mend()
  await expect.poll(async () => (await graph.run(findings)).errors).toEqual([])
})
