import { existsSync } from 'node:fs'
import { afterEach, describe, expect, test } from 'vitest'
import type { StandIn } from '../../src/demo/stand-in.ts'
import type { SinkRecord } from '../../src/model/sinks/sink.ts'
import { createSinkDuties } from '../../src/postgres/events/sink-rows.ts'
import { delivery, post, SECRET } from '../support/deliveries.ts'
import { directoryForTest } from '../support/directory.ts'
import { createDatabase } from '../support/postgres.ts'
import { runProduct, serveProduct } from '../support/product.ts'
import { openSharedEvents } from '../support/shared-events.ts'
import { standInForTest } from '../support/stand-in.ts'
import { openStored } from '../support/stored-changes.ts'
import { askOver as ask, MUTATIONS } from '../support/writing.ts'

const ends: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end()
})

const environmentOf = (standIn: StandIn, more: Record<string, string>) => ({
  PUSH_API_KEY: standIn.keys.full,
  PUSH_API_URL: standIn.url,
  PUSH_WEBHOOK_SECRET: SECRET,
  PUSHGRAPH_MUTATIONS: 'on',
  LOG_LEVEL: 'warn',
  ...more,
})

const serve = async (environment: Record<string, string>) => {
  const product = await serveProduct({ environment })
  const stop = async (): Promise<void> => {
    product.kill('SIGTERM')
    await product.ended
  }
  ends.push(stop)
  return { ...product, stop }
}

const HISTORY = `{ events(first: 100) { totalCount groups(by: [OBJECT]) { count }
  edges { cursor node { id cursor payload object entityId occurredAt receivedAt } } }
  changes(first: 100) { nodes { id cursor kind collection objectId field } }
  named: events(filter: { description: { contains: "MADE" } }) { totalCount }
  detections(first: 1) { nodes { revision } }
  otherApps(filter: { name: { eq: "WIKI" } }) { nodes { id name } } }`

describe('a data folder that is taken over', () => {
  test('is in the database with all that it held, and cursors go on where they were', async () => {
    const standIn = await standInForTest()
    const folder = directoryForTest()
    const before = await serve(environmentOf(standIn, { PUSHGRAPH_DATA_DIR: folder }))
    await ask(before.url, '{ detections { totalCount } employees { totalCount } }')
    for (let n = 0; n < 30; n += 1)
      await post(
        before.url,
        delivery({
          id: `event-${n}`,
          timestamp: 1_700_000_000 + n * 400_000,
          new: { email: `Ann${n}@Example.com`, text: '\0 and \ud83d\ude00' },
        }),
      )
    await post(
      before.url,
      delivery({
        id: 'other',
        category: 'ENTITY',
        object: 'APP_OTHER',
        type: 'CREATE',
        new: { id: 'b0a1a5b6-0000-4000-8000-000000000001', name: 'Wiki', domain: 'wiki.example' },
      }),
    )
    const id = standIn.data.detections[0]?.id ?? ''
    const input = { id, classification: 'BEFORE', clientMutationId: 'once' }
    expect((await ask(before.url, MUTATIONS.updateDetection, { input })).errors).toEqual([])
    // What changed is stored a moment after it was learnt.
    await expect
      .poll(async () => (await ask(before.url, HISTORY)).data.changes.nodes.length)
      .toBeGreaterThan(0)
    const held = (await ask(before.url, HISTORY)).data
    expect([held.events.totalCount, held.named.totalCount]).toEqual([31, 31])
    expect(held.otherApps.nodes).toHaveLength(1)
    const url = await createDatabase()
    const environment = environmentOf(standIn, {
      PUSHGRAPH_DATA_DIR: folder,
      PUSHGRAPH_DATABASE_URL: url,
    })
    const served = await runProduct(['import'], { environment })
    expect(served).toMatchObject({ exitCode: 1 })
    expect(served.errors).toContain(`A server listens on ${folder}. Stop it first`)
    await before.stop()
    const place: SinkRecord = {
      ...{ sink: 'siem', stream: 'events', sequence: 30, behind: { acme: 7 } },
      ...{ sent: 21, quarantined: 2, lost: 1 },
    }
    const file = await openStored(folder)
    await file.moveSink(place, '')
    await file.close()

    // One that was tried before has made a secret of its own, knows lists under numbers of its own, and stored nothing.
    const trial = await serve(environment)
    await ask(trial.url, '{ apps { totalCount } accounts { totalCount } }')
    const tooEarly = await runProduct(['import'], { environment })
    expect(tooEarly).toMatchObject({ exitCode: 1 })
    expect(tooEarly.errors).toMatch(/^.*Replicas serve from the database now \(1\)\. Stop them/m)
    await trial.stop()
    // Its sinks stand where nothing is.
    const tried = await openSharedEvents(url)
    expect((await tried.events.knownReads()).map(({ collection }) => collection).sort()).toEqual([
      'accounts',
      'apps',
    ])
    const duties = createSinkDuties(tried.database)
    for (const sink of ['siem', 'new']) {
      await duties.take(sink)
      const nowhere = { sink, sequence: 0, behind: {}, sent: 0, quarantined: 0, lost: 0 }
      expect(await tried.events.moveSink({ ...place, ...nowhere }, duties.holder)).toBe(true)
    }
    await tried.close()
    const imported = await runProduct(['import'], { environment })
    expect(imported).toMatchObject({ exitCode: 0 })
    expect(imported.output).toMatch(
      /^Taken over from .*: 31 events, \d+ changes?, \d+ known rows, \d+ learnt facts and 1 recorded write\.$/m,
    )

    const shared = await openSharedEvents(url)
    expect(await shared.events.sinkPlaces()).toEqual([place])
    const knownOf = async (name: 'detections' | 'employees' | 'accounts') => {
      const now = Date.now() / 1_000
      const { rows } = await shared.events.rowsThen('default', name, now, '', 10_000)
      return rows.map(row => (JSON.parse(row) as { id: string }).id).toSorted()
    }
    for (const name of ['detections', 'employees'] as const)
      expect(await knownOf(name)).toEqual(standIn.data[name].map(row => row.id).toSorted())
    expect(await knownOf('accounts')).toEqual([])
    await shared.close()
    const after = await serve(environment)
    expect((await ask(after.url, HISTORY)).data).toEqual(held)
    const cursor = held.events.edges[19].cursor as string
    const rest = await ask(
      after.url,
      'query ($after: String) { events(first: 100, after: $after) { nodes { id } } }',
      { after: cursor },
    )
    expect(rest.data.events.nodes).toHaveLength(held.events.edges.length - 20)
    // What came before comes again, and what is new has the next number.
    expect((await post(after.url, delivery({ id: 'event-3' }))).status).toBe(200)
    expect((await post(after.url, delivery({ id: 'new' }))).status).toBe(200)
    expect((await ask(after.url, '{ events { totalCount } }')).data.events.totalCount).toBe(32)
    // The change that was asked for is not made again.
    standIn.reset()
    expect((await ask(after.url, MUTATIONS.updateDetection, { input })).errors).toEqual([])
    expect(standIn.requests.filter(({ method }) => method === 'PATCH')).toEqual([])
  })

  test('can be taken over again, and no other one beside it', async () => {
    const standIn = await standInForTest()
    const url = await createDatabase()
    const folders = [directoryForTest(), directoryForTest()]
    for (const [n, folder] of folders.entries()) {
      const server = await serve(environmentOf(standIn, { PUSHGRAPH_DATA_DIR: folder }))
      await post(server.url, delivery({ id: `of ${n}` }))
      await server.stop()
      expect(existsSync(`${folder}/events.db`)).toBe(true)
    }
    const [one = '', other = ''] = folders
    const environment = environmentOf(standIn, { PUSHGRAPH_DATABASE_URL: url })
    for (const said of ['Taken over from', 'were all taken over before']) {
      const { exitCode, output } = await runProduct(['import', one], { environment })
      expect([exitCode, output]).toEqual([0, expect.stringContaining(said)])
    }
    const refused = await runProduct(['import', other], { environment })
    expect(refused).toMatchObject({ exitCode: 1 })
    expect(refused.errors).toMatch(/has events already that did not come from this folder/)
    const server = await serve(environment)
    expect((await ask(server.url, '{ events { nodes { id } } }')).data.events.nodes).toEqual([
      { id: 'of 0' },
    ])
  })

  test('that is none is refused, and so is where there is no database', async () => {
    const standIn = await standInForTest()
    const folder = directoryForTest()
    const without = await runProduct(['import', folder], {
      environment: environmentOf(standIn, {}),
    })
    expect(without).toMatchObject({ exitCode: 2 })
    expect(without.errors).toContain('set PUSHGRAPH_DATABASE_URL')
    const environment = environmentOf(standIn, { PUSHGRAPH_DATABASE_URL: await createDatabase() })
    const none = await runProduct(['import', folder], { environment })
    expect(none).toMatchObject({ exitCode: 2 })
    expect(none.errors).toContain('is no data folder')
  })
})
