import { describe, expect, test } from 'vitest'
import type { StandIn, Switches } from '../../../src/demo/stand-in.ts'
import { type Clock, systemClock } from '../../../src/model/clock.ts'
import { collectionNames } from '../../../src/model/collections.ts'
import type { CollectionName } from '../../../src/model/rows.ts'
import { createByIdReader } from '../../../src/store/reading/read-one.ts'
import type { ConnectorStore } from '../../../src/store/store.ts'
import { createTable, type Table } from '../../../src/store/table/table.ts'
import type { Lookup } from '../../../src/upstream/contract/contract.ts'
import { createFakeClock, withoutRetryDelays } from '../../support/clock.ts'
import { callAt, createFakeClient } from '../../support/fake-client.ts'
import { graphForTest } from '../../support/graph.ts'
import { rowOf } from '../../support/rows.ts'
import { createSteppingClock } from '../../support/parity.ts'

const nobody = '00000000-0000-4000-8000-000000000000'

const connectorOver = async (
  switches: Partial<Switches> = {},
  clock: Clock = withoutRetryDelays,
) => {
  const { standIn, store } = await graphForTest({ switches, clock })
  const connector = store.connector('default') as ConnectorStore
  const read = (name: CollectionName, id: string) =>
    connector
      .readOne(name, id, callAt(clock))
      .then(row => (row === null ? null : ((row as { id: string }).id ?? row)))
  return { standIn, connector, read }
}

const someId = ({ data }: StandIn, name: CollectionName, index = 3): string =>
  data[name][index]?.id ?? ''

const byIdRequests = ({ requests }: StandIn, name: CollectionName): number =>
  requests.filter(({ route }) => route === `/${name}/{id}`).length

describe.each(collectionNames)('%s', name => {
  describe.each([404, 400] as const)('where %i says that there is no such object', unknownId => {
    test('are found by id, and an unknown id is nothing, whichever is asked first', async () => {
      for (const knownFirst of [true, false]) {
        const { standIn, connector, read } = await connectorOver({ byId: 'works', unknownId })
        const known = someId(standIn, name)
        if (knownFirst) expect(await read(name, known)).toBe(known)
        expect(await read(name, nobody)).toBeNull()
        expect(await read(name, known)).toBe(known)
        expect(connector.byId(name)).toBe(true)
        expect(connector.table(name).absent(nobody)).toBeGreaterThan(0)
      }
    })
  })

  test.each(['missing', 'forbidden'] as const)(
    'are not read by id where every id is %s, and that is learnt once',
    async mode => {
      for (const knownFirst of [true, false]) {
        const { standIn, connector, read } = await connectorOver({ byId: { [name]: mode } })
        const known = someId(standIn, name)
        expect(await read(name, knownFirst ? known : nobody)).toBe('unavailable')
        expect(connector.byId(name)).toBe(false)
        const asked = byIdRequests(standIn, name)
        expect(asked).toBeLessThanOrEqual(2)
        expect(await read(name, known)).toBe('unavailable')
        expect(byIdRequests(standIn, name)).toBe(asked)
      }
    },
  )
})

describe('fifty first uses at once', () => {
  test('make one mistake where no id is answered', async () => {
    const { standIn, read } = await connectorOver({ byId: 'missing' })
    const ids = standIn.data.accounts.slice(0, 50).map(({ id }) => id)
    const answers = await Promise.all(ids.map(id => read('accounts', id)))
    expect(new Set(answers)).toEqual(new Set(['unavailable']))
    expect(byIdRequests(standIn, 'accounts')).toBeLessThanOrEqual(2)
  })

  test('learn from one unknown id that the others may be asked for', async () => {
    const { standIn, read } = await connectorOver()
    const ids = standIn.data.accounts.slice(0, 49).map(({ id }) => id)
    expect(await Promise.all([nobody, ...ids].map(id => read('accounts', id)))).toEqual([
      null,
      ...ids,
    ])
    // One for each, and perhaps one to learn whether the first refusal was about all of them.
    expect(byIdRequests(standIn, 'accounts')).toBeLessThanOrEqual(51)
  })

  test('of an empty collection cost one look at it', async () => {
    // All of it within one millisecond, as on a fast machine.
    const { standIn, connector, read } = await connectorOver({}, createSteppingClock())
    for (const id of standIn.data.apps.map(({ id }) => id)) standIn.remove('apps', id)
    const ids = Array.from({ length: 50 }, (_, n) => `nobody ${n}`)
    const answers = await Promise.all(ids.map(id => read('apps', id)))
    expect(new Set(answers)).toEqual(new Set([null]))
    expect(standIn.statistics().requests).toBeLessThanOrEqual(3)
    expect(connector.byId('apps')).toBeUndefined()
  })

  test('go on when the first of them fails', async () => {
    const { standIn, read } = await connectorOver()
    standIn.set({ faults: (_request, n) => (n <= 4 ? { kind: 'error500' } : undefined) })
    const ids = standIn.data.accounts.slice(0, 10).map(({ id }) => id)
    const answers = await Promise.allSettled(ids.map(id => read('accounts', id)))
    expect(answers.filter(({ status }) => status === 'rejected')).toHaveLength(1)
    expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(9)
  })
})

describe('a refusal', () => {
  test('is not taken for all ids when the object to try with had gone long ago', async () => {
    const clock = createFakeClock()
    const { standIn, connector, read } = await connectorOver({}, clock)
    await connector.scan('apps', 0).until(() => false, callAt(clock), true)
    const gone = someId(standIn, 'apps', 0)
    standIn.remove('apps', gone)
    await clock.advance(600_000)
    expect(await read('apps', nobody)).toBeNull()
    expect(connector.byId('apps')).toBe(true)
  })

  test('of the key is an error and no proof that the object has gone', async () => {
    const { standIn, connector, read } = await connectorOver()
    const known = someId(standIn, 'apps')
    expect(await read('apps', known)).toBe(known)
    standIn.set({ byId: 'forbidden' })
    await expect(read('apps', known)).rejects.toMatchObject({ code: 'FORBIDDEN' })
    expect(connector.table('apps').get(known)?.id).toBe(known)
    expect(connector.byId('apps')).toBe(true)
  })

  test('takes a row away that has been deleted', async () => {
    const { standIn, connector, read } = await connectorOver()
    const known = someId(standIn, 'apps')
    expect(await read('apps', known)).toBe(known)
    standIn.remove('apps', known)
    expect(await read('apps', known)).toBeNull()
    expect(connector.table('apps').get(known)).toBeUndefined()
  })

  test('in time is asked for, and running out of it is no answer', async () => {
    const { standIn, connector } = await connectorOver()
    standIn.set({ faults: request => (request.route === '/apps' ? { kind: 'hang' } : undefined) })
    const call = callAt(systemClock, { deadline: Date.now() + 2_000 })
    await expect(connector.readOne('apps', nobody, call)).rejects.toMatchObject({
      code: 'UPSTREAM_TIMEOUT',
    })
    expect(connector.table('apps').absent(nobody)).toBeUndefined()
  })
})

test('details come with a read by id', async () => {
  const { standIn, connector, read } = await connectorOver()
  await connector.scan('detections', 0).until(() => false, callAt(systemClock), true)
  const id = standIn.data.detections.find(({ events }) => events.length > 0)?.id ?? ''
  expect(connector.table('detections').get(id)?.events).toBeNull()
  await read('detections', id)
  expect(connector.table('detections').get(id)?.events?.length).toBeGreaterThan(0)
  expect(connector.table('detections').detailedAt(id)).toBeGreaterThan(0)
})

/** Apps read by id, of which Push answers what the test says. */
const readerOver = (answer: (id: string) => Lookup<'apps'>, anyRow?: string) => {
  const clock = createFakeClock()
  const table = createTable('apps', 'epoch')
  const asked: string[] = []
  const fake = createFakeClient({ clock, lists: {} })
  const reader = createByIdReader({
    client: {
      ...fake,
      one: (async (_name: string, id: string) => {
        asked.push(id)
        return Promise.resolve(answer(id))
      }) as typeof fake.one,
    },
    table: () => table as never,
    clock,
    anyRow: async () => Promise.resolve(anyRow === undefined ? undefined : { id: anyRow }),
  })
  const read = (id: string) => reader.readOne('apps', id, callAt(clock))
  return { clock, table, asked, fake, reader, read }
}

const absent = (readAt: number, status = 404): Lookup<'apps'> => ({
  kind: 'absent',
  status,
  readAt,
})
const there = (id: string, readAt: number): Lookup<'apps'> => ({
  kind: 'row',
  row: rowOf('apps', { id }),
  readAt,
})

describe('an object that Push does not have', () => {
  test('goes, unless its row was read later than that was said', async () => {
    const { table, fake, read } = readerOver(() => absent(100))
    fake.facts.set('byId apps', 'works')
    table.put(rowOf('apps', { id: 'old' }), 100)
    table.put(rowOf('apps', { id: 'newer' }), 101)
    expect(await read('old')).toBeNull()
    expect(await read('newer')).toBeNull()
    expect([table.get('old')?.id, table.get('newer')?.id]).toEqual([undefined, 'newer'])
  })

  test('is not said to be missing where the only object there is was refused: by id, nothing works', async () => {
    const { asked, reader, read } = readerOver(() => absent(100), 'only')
    expect(await read('only')).toBe('unavailable')
    expect(asked).toEqual(['only'])
    expect(reader.byId('apps')).toBe(false)
  })

  test('is missing where another one is found', async () => {
    const { asked, reader, read } = readerOver(
      id => (id === 'there' ? there(id, 100) : absent(100)),
      'there',
    )
    expect(await read('gone')).toBeNull()
    expect(asked).toEqual(['gone', 'there'])
    expect(reader.byId('apps')).toBe(true)
  })

  test('teaches nothing where there is no object at all', async () => {
    const { reader, read } = readerOver(() => absent(100))
    expect(await read('gone')).toBeNull()
    expect(reader.byId('apps')).toBeUndefined()
  })

  test('is a refusal where Push says that of one it does not let the key read', async () => {
    const { fake, read } = readerOver(() => absent(100, 403))
    fake.facts.set('byId apps', 'works')
    await expect(read('secret')).rejects.toMatchObject({ status: 403 })
  })
})

describe('what is kept of an object', () => {
  const clock = createFakeClock({ startMs: 10_000 })
  const known = rowOf('accounts', { id: 'known' })

  /** From when on an answer to each of these reads by id would have done. */
  const boundsOf = async (
    prepare: (table: Table<'accounts'>) => void,
    notBefore: number | undefined,
  ): Promise<(number | undefined)[]> => {
    const client = createFakeClient({ clock, lists: { accounts: [known] }, latencyMs: 0 })
    client.facts.set('byId accounts', 'works')
    const table = createTable('accounts', 'epoch')
    prepare(table)
    const { readOne } = createByIdReader({
      ...{ client, clock, anyRow: async () => known },
      table: () => table as never,
    })
    for (const id of ['known', 'nobody'])
      await readOne('accounts', id, { ...callAt(clock), notBefore })
    return client.asked.map(({ call }) => call.notBefore)
  }

  test.each<[string, (table: Table<'accounts'>) => void, (number | undefined)[]]>([
    ['as new as was asked for, where nothing is known', () => undefined, [1_000, 1_000]],
    ['as new as its row', table => table.put(known, 5_000), [5_000, 1_000]],
    [
      'as new as its absence',
      table => {
        table.missing('nobody', 6_000)
      },
      [1_000, 6_000],
    ],
    [
      'as new as the whole collection that it is not in',
      table => {
        table.put(known, 3_000)
        table.whole = 7_000
      },
      [3_000, 7_000],
    ],
  ])('will do where it is %s', async (_, prepare, bounds) => {
    expect(await boundsOf(prepare, 1_000)).toEqual(bounds)
    // Who has Push asked anew does so whatever is known.
    expect(await boundsOf(prepare, undefined)).toEqual([undefined, undefined])
  })
})
