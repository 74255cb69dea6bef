/** The client against the stand-in, under each answer that nobody outside knows. */
import { describe, expect, it } from 'vitest'
import type { FaultKind } from '../../src/demo/faults.ts'
import { faultKinds } from '../../src/demo/faults.ts'
import type { Switches } from '../../src/demo/switches.ts'
import { collectionNames } from '../../src/model/collections.ts'
import { standInForTest } from '../support/stand-in.ts'
import { callFor, clientForTest, everythingOf, readEverything } from './client-of-stand-in.ts'

describe('every collection is read whole', () => {
  it.each<Partial<Switches>>([
    {},
    { maxPage: 20 },
    { maxPage: 50, abovePage: 'clamp' },
    { maxPage: 200, abovePage: 'refuse' },
    { maxPage: 500, abovePage: 'refuse' },
    { maxPage: 1000 },
    { lastToken: 'null', maxPage: 50 },
    { lastToken: 'absent', maxPage: 50 },
    { lastToken: 'present', maxPage: 50 },
    { lastToken: 'empty-page', maxPage: 50 },
    { lastToken: 'more-without-token', maxPage: 50 },
    { tokens: 'position', maxPage: 50 },
    { emptyPages: 2, maxPage: 50 },
    { shortPages: true, maxPage: 50 },
    { shortPages: true },
    { listDetails: true },
    { unknownParameters: 'refused' },
  ])('whatever the API does: %j', async switches => {
    const standIn = await standInForTest({ switches })
    const client = clientForTest(standIn)
    expect(await readEverything(client)).toEqual(everythingOf(standIn))
  })

  it('and the largest page is learnt on the way, once', async () => {
    const standIn = await standInForTest({ switches: { maxPage: 250 } })
    const client = clientForTest(standIn)
    await readEverything(client)
    expect(client.pageSize()).toBe(250)
    const limits = standIn.requests.map(({ query }) => query['limit'])
    expect(limits.filter(limit => limit === '1000').length).toBeLessThan(limits.length)
    expect(limits.at(-1)).toBe('250')
  })

  const quick = faultKinds.filter(kind => kind !== 'hang')

  it.each(quick)('although one answer in twenty is: %s', async kind => {
    const standIn = await standInForTest({
      switches: { maxPage: 20, faultRate: 0.05, faultKinds: [kind] },
    })
    const client = clientForTest(standIn, { rate: 500, burst: 500 })
    expect(await readEverything(client, { limit: 20 })).toEqual(everythingOf(standIn))
    expect(standIn.statistics().byFault[kind]).toBeGreaterThan(0)
    const { requests, byRoute } = standIn.statistics()
    // Each fault costs a request, and hardly more.
    expect(requests).toBeLessThan(1.25 * pagesOf(everythingOf(standIn)))
    expect(Object.keys(byRoute).length).toBe(collectionNames.length)
  })

  it('although an answer never comes', async () => {
    const standIn = await standInForTest({
      switches: { faults: (_request, n) => (n === 3 ? { kind: 'hang' } : undefined) },
    })
    const client = clientForTest(standIn)
    const before = performance.now()
    expect(await readEverything(client)).toEqual(everythingOf(standIn))
    // Node's timers may fire a millisecond early.
    expect(performance.now() - before).toBeGreaterThan(1_990)
    expect(standIn.statistics().byFault).toEqual({ hang: 1 })
  })

  it('although faults of every kind come mixed', async () => {
    const mixed: FaultKind[] = quick.filter(kind => kind !== 'error429')
    const standIn = await standInForTest({
      switches: { maxPage: 20, faultRate: 0.1, faultKinds: mixed },
    })
    const client = clientForTest(standIn)
    expect(await readEverything(client, { limit: 20 })).toEqual(everythingOf(standIn))
  })
})

const pagesOf = (everything: Record<string, string[]>): number =>
  Object.values(everything).reduce((sum, ids) => sum + Math.ceil(ids.length / 20), 0)

describe('an object', () => {
  it('is found by its id in every collection that has the endpoint, as in the list', async () => {
    const standIn = await standInForTest({ switches: { listDetails: true } })
    const client = clientForTest(standIn)
    for (const name of collectionNames) {
      const { rows } = await client.page(name, { limit: 1 }, callFor())
      const [row] = rows
      const found = await client.one(name, row?.id ?? '', callFor())
      if (name === 'browserExtensions') expect(found).toMatchObject({ kind: 'absent', status: 404 })
      else expect(found).toMatchObject({ kind: 'row', row })
    }
  })

  it('of a detection brings the events that the list leaves out', async () => {
    const standIn = await standInForTest()
    const client = clientForTest(standIn)
    const { rows } = await client.page('detections', {}, callFor())
    const [row] = rows
    expect(row?.events).toBeNull()
    const found = await client.one('detections', row?.id ?? '', callFor())
    expect(found.kind === 'row' && found.row.events?.length).toBeGreaterThan(0)
  })

  it.each<Partial<Switches> & { status: number }>([
    { unknownId: 404, status: 404 },
    { unknownId: 400, status: 400 },
    { byId: 'missing', status: 404 },
    { byId: 'forbidden', status: 403 },
  ])('that is not there is absent: %j', async ({ status, ...switches }) => {
    const standIn = await standInForTest({ switches })
    const client = clientForTest(standIn)
    const id = '00000000-0000-4000-8000-000000000000'
    expect(await client.one('apps', id, callFor())).toMatchObject({ kind: 'absent', status })
  })
})
