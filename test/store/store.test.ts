import { describe, expect, test } from 'vitest'
import type { CollectionName } from '../../src/model/rows.ts'
import { createStore, type ConnectorStore, type StoreOptions } from '../../src/store/store.ts'
import { createFakeClock, settle } from '../support/clock.ts'
import { callAt, createFakeClient, type FakeClientOptions } from '../support/fake-client.ts'
import { rowOf } from '../support/rows.ts'

const never = (): boolean => false

/** A store over plain lists of 25 apps, 25 accounts and 25 findings for each alias. */
const open = ({
  aliases = ['default'],
  seed = 1,
  before = () => undefined,
  keeps = false,
  ...options
}: Partial<StoreOptions> & {
  aliases?: readonly string[]
  seed?: number
  before?: FakeClientOptions['before']
  keeps?: boolean
} = {}) => {
  const clock = createFakeClock({ seed })
  const rows = <Name extends CollectionName>(name: Name) =>
    Array.from({ length: 25 }, (_, index) => rowOf(name, { id: String(index + 10) } as never))
  const clients = aliases.map(() => ({
    ...createFakeClient({
      clock,
      lists: { apps: rows('apps'), accounts: rows('accounts'), findings: rows('findings') },
      before,
    }),
    ...(keeps ? { kept: () => Promise.resolve(undefined) } : {}),
  }))
  const sizes = new Map<string, number>()
  const store = createStore({
    connectors: aliases.map((alias, index) => {
      const client = clients[index]
      if (client === undefined) throw new Error('an alias without a client')
      return {
        alias,
        client,
        sizes: {
          get: name => {
            const known = sizes.get(`${alias} ${name}`)
            return known === undefined ? undefined : { rows: known, at: 0 }
          },
          set: (name, count) => {
            sizes.set(`${alias} ${name}`, count)
          },
          seen: () => undefined,
          see: () => undefined,
        },
      }
    }),
    clock,
    maxBytes: 1e9,
    refresh: false,
    ...options,
  })
  const connector = (alias = 'default'): ConnectorStore => {
    const found = store.connector(alias)
    if (found === undefined) throw new Error(`no connector ${alias}`)
    return found
  }
  const readWhole = (name: CollectionName, alias?: string) =>
    connector(alias).scan(name, clock.now()).until(never, callAt(clock), true)
  return { clock, clients, store, connector, readWhole, sizes }
}

test('what was read before the clock was set back does not hold out against what is read then', async () => {
  const { clock, connector, readWhole } = open()
  await readWhole('apps')
  const table = connector().table('apps')
  table.missing('gone', clock.now())
  clock.jump(-3_600_000)
  connector()
    .table('apps')
    .put(rowOf('apps', { id: '10', friendlyName: 'new' }), clock.now())
  connector()
    .table('apps')
    .put(rowOf('apps', { id: 'gone' }), clock.now())
  expect(table.get('10')?.friendlyName).toBe('new')
  expect(table.get('gone')).toBeDefined()
  expect(table.readAt('11')).toBeLessThan(clock.now())
  expect(table.whole).toBeLessThan(clock.now())

  // Told by an event before it was set back: a read after it knows better.
  clock.jump(7_200_000)
  table.applyChange('11', { friendlyName: 'told' }, { at: clock.now(), occurredAt: 1 })
  connector().table('apps')
  clock.jump(-7_200_000)
  connector()
    .table('apps')
    .put(rowOf('apps', { id: '11', friendlyName: 'read' }), clock.now())
  expect(table.get('11')?.friendlyName).toBe('read')
  await readWhole('apps')
  expect(table.whole).toBe(clock.now())
})

describe('when memory runs short', () => {
  // 25 apps count 15,000 bytes, 25 accounts 10,500, 25 findings 8,750.
  const small = { maxBytes: 30_000 }

  test('the collection used least recently goes, and is read again when asked for', async () => {
    const { clock, connector, readWhole } = open(small)
    await readWhole('apps')
    await clock.advance(200_000)
    await readWhole('accounts')
    await clock.advance(200_000)
    expect(connector().peek('apps')?.size).toBe(25)
    await readWhole('findings')
    expect(connector().peek('apps')).toBeUndefined()
    expect(connector().peek('accounts')?.size).toBe(25)
    expect(connector().table('apps').whole).toBeUndefined()
    await readWhole('apps')
    expect(connector().table('apps').size).toBe(25)
  })

  test('a client hears of it when rows that it gave have gone, and holds no texts of theirs', async () => {
    const { clock, clients, readWhole } = open(small)
    const [client] = clients
    let left = 0
    if (client !== undefined) Object.assign(client, { rowsLeft: () => (left += 1) })
    await readWhole('apps')
    await clock.advance(200_000)
    await readWhole('accounts')
    await clock.advance(200_000)
    expect(left).toBe(0)
    await readWhole('findings')
    expect(left).toBe(1)
  })

  test('nothing goes that was used just now and would have to be read again', async () => {
    const { clock, connector, readWhole } = open(small)
    for (const name of ['apps', 'accounts', 'findings'] as const) {
      await readWhole(name)
      await clock.advance(30_000)
    }
    expect(connector().peek('apps')?.size).toBe(25)
  })

  test('nothing goes that an operation is at work on, and what is kept goes without waiting', async () => {
    const { clock, connector, readWhole } = open({ ...small, keeps: true })
    await readWhole('apps')
    await readWhole('accounts')
    const held = connector().peek('apps')
    if (held !== undefined) held.users += 1
    await clock.advance(1_500)
    await readWhole('findings')
    expect(connector().peek('accounts')?.size).toBe(25)
    // Accounts were used later, but nobody is at work on them.
    await clock.advance(5_000)
    await readWhole('findings')
    expect([connector().peek('apps'), connector().peek('accounts')]).toEqual([held, undefined])
    // No operation takes that long: somebody forgot to let go.
    await clock.advance(200_000)
    await readWhole('accounts')
    expect(connector().peek('apps')).toBeUndefined()
  })

  test('nothing goes that another connector is reading', async () => {
    let slow: (() => void) | undefined
    const { clock, connector, readWhole } = open({
      ...small,
      aliases: ['default', 'other'],
      before: ({ collection, request }) =>
        collection === 'apps' && request.nextToken !== undefined && slow === undefined
          ? new Promise(resolve => {
              slow = () => {
                resolve()
              }
            })
          : undefined,
    })
    const patient = callAt(clock, { deadline: clock.now() + 10_000_000 })
    const reading = connector('other').scan('apps', 0).until(never, patient, true)
    await settle()
    // The page that waits is waited for so long that the collection was not used lately.
    await clock.advance(110_000)
    await readWhole('accounts')
    await clock.advance(10_001)
    await readWhole('findings')
    expect(connector('other').peek('apps')?.size).toBe(10)
    slow?.()
    expect(await reading).toBe(true)
    expect(connector('other').table('apps').size).toBe(25)
  })

  test('a scan that rests goes with its rows, and nobody takes its end for that of the new one', async () => {
    const { clock, connector, readWhole } = open({ maxBytes: 20_000 })
    const resting = connector().scan('apps', 0)
    await resting.until(() => resting.rows > 0, callAt(clock))
    await clock.advance(200_000)
    await readWhole('accounts')
    await clock.advance(200_000)
    await readWhole('findings')
    expect(connector().peek('apps')).toBeUndefined()
    const scan = connector().scan('apps', 0)
    expect(scan).not.toBe(resting)
    await scan.until(never, callAt(clock), true)
    expect(connector().table('apps').size).toBe(25)
  })

  test('to look at a collection is no use of it', async () => {
    const { clock, connector, readWhole } = open(small)
    await readWhole('apps')
    await clock.advance(200_000)
    await readWhole('accounts')
    await clock.advance(200_000)
    connector().peek('apps')
    await readWhole('findings')
    expect(connector().peek('apps')).toBeUndefined()
  })
})

describe('an epoch', () => {
  test('is another one after the rows have gone, in another collection, and in another process', async () => {
    const one = open({ maxBytes: 20_000 })
    const first = one.connector().table('apps').epoch
    await one.readWhole('apps')
    await one.clock.advance(200_000)
    await one.readWhole('accounts')
    const epochs = [
      first,
      one.connector().table('apps').epoch,
      one.connector().table('accounts').epoch,
      open({ seed: 2 }).connector().table('apps').epoch,
    ]
    expect(new Set(epochs).size).toBe(4)
  })
})

describe('a scan', () => {
  test('is shared by all who ask for rows as new, and another is begun for newer ones', async () => {
    const { clock, connector } = open()
    const scan = connector().scan('apps', 0)
    await scan.until(() => scan.rows > 0, callAt(clock))
    expect(connector().scan('apps', clock.now())).toBe(scan)
    await clock.advance(1)
    expect(connector().scan('apps', clock.now() - 1)).toBe(scan)
    expect(connector().scan('apps', clock.now())).not.toBe(scan)
  })

  test('tells how many rows there are, for the next time', async () => {
    const { connector, readWhole, sizes } = open()
    expect(connector().expectedRows('apps')).toBeUndefined()
    await readWhole('apps')
    expect(connector().expectedRows('apps')).toBe(25)
    expect(sizes.get('default apps')).toBe(25)
  })
})

test('a page read on its own leaves its rows in the table, without a position', async () => {
  const { clock, connector } = open()
  const page = await connector().readPage('apps', { offset: 0 }, callAt(clock))
  expect(page.rows).toHaveLength(10)
  const table = connector().table('apps')
  expect(table.size).toBe(10)
  expect(table.end).toBe(0)
  expect(table.whole).toBeUndefined()
})

describe('connectors that take the place of others', () => {
  /** A store that serves `before`, and what to serve it with. */
  const openSeveral = (...before: readonly string[]) => {
    const opened = open({ aliases: before, refresh: true, lingerMs: 10_000 })
    const closed: string[] = []
    const option = (alias: string, lists: FakeClientOptions['lists'] = {}) => {
      const client = createFakeClient({ clock: opened.clock, lists })
      const close = async (): Promise<void> => {
        closed.push(alias)
        return Promise.resolve()
      }
      return { alias, client: { ...client, close }, sizes: emptySizes }
    }
    const aliases = (): string[] => [...opened.store.connectors.keys()]
    return { ...opened, closed, option, aliases }
  }
  const idsOf = (connector: ConnectorStore | undefined): string[] =>
    [...(connector?.table('apps').values() ?? [])].map(({ id }) => id)
  const emptySizes = {
    get: () => undefined,
    set: () => undefined,
    seen: () => undefined,
    see: () => undefined,
  }

  test('are served in their order, and those of the same client keep their rows', async () => {
    const { clock, store, option, aliases } = openSeveral()
    const [a, b] = [option('a', { apps: [rowOf('apps', { id: '1' })] }), option('b')]
    store.serve([a])
    const before = store.connectors
    await store.connector('a')?.scan('apps', 0).until(never, callAt(clock))
    store.serve([b, a])
    expect(aliases()).toEqual(['b', 'a'])
    expect(store.connector('a')).toBe(before.get('a'))
    expect(store.connector('a')?.peek('apps')?.size).toBe(1)
    // Who began before sees what was served then.
    expect([...before.keys()]).toEqual(['a'])
  })

  test('are no others where nothing changed', () => {
    const { store, option } = openSeveral()
    const both = [option('a'), option('b')]
    store.serve(both)
    const before = store.connectors
    store.serve(both.map(each => ({ ...each })))
    expect(store.connectors).toBe(before)
  })

  test('begin without a row where they are another tenant under the same alias', async () => {
    const { clock, store, option } = openSeveral()
    store.serve([option('a', { apps: [rowOf('apps', { id: 'old' })] })])
    const before = store.connector('a')
    await before?.scan('apps', 0).until(never, callAt(clock))
    store.serve([option('a', { apps: [rowOf('apps', { id: 'new' })] })])
    const now = store.connector('a')
    expect(now?.peek('apps')).toBeUndefined()
    await now?.scan('apps', 0).until(never, callAt(clock))
    expect(idsOf(now)).toEqual(['new'])
    // Whoever began before goes on with the old rows.
    expect(idsOf(before)).toEqual(['old'])
    expect(before?.table('apps').epoch).not.toBe(now?.table('apps').epoch)
  })

  test('close those before once nobody can be at work with them, not earlier', async () => {
    const { clock, store, option, closed } = openSeveral()
    store.serve([option('a'), option('b')])
    store.serve([option('a')])
    await clock.advance(9_999)
    expect(closed).toEqual([])
    await clock.advance(1)
    expect(closed.sort()).toEqual(['a', 'b'])
    expect(clock.waiting()).toBe(0)
  })

  test('are all closed with the store, those before too, each once', async () => {
    const { clock, store, option, closed } = openSeveral()
    store.serve([option('a')])
    store.serve([option('b')])
    await store.close()
    await clock.advance(20_000)
    expect(closed.sort()).toEqual(['a', 'b'])
  })

  test('end the reading in the background of those before, and let a waiting caller go on', async () => {
    const { clock, store, option } = openSeveral()
    const several = <Name extends CollectionName>(name: Name) =>
      Array.from({ length: 25 }, (_, n) => rowOf(name, { id: String(n) } as never))
    const gone = option('a', { apps: several('apps'), accounts: several('accounts') })
    store.serve([gone])
    const connector = store.connector('a')
    const outcome = connector?.scan('apps', 0).until(never, callAt(clock))
    connector?.refresher.carryOn('whole accounts', async () => {
      await connector.scan('accounts', 0).until(never, connector.refresher.call)
    })
    store.serve([])
    connector?.refresher.carryOn('whole findings', async () =>
      connector.scan('findings', 0).until(never, connector.refresher.call),
    )
    expect(await outcome).toBe(true)
    expect(connector?.table('apps').whole).toBeDefined()
    expect(connector?.table('accounts').whole).toBeUndefined()
    expect(connector?.peek('findings')).toBeUndefined()
  })

  test('count no more for the memory limit once those before are closed', async () => {
    // 25 apps count 15,000 bytes, 25 accounts 10,500, 25 findings 8,750.
    const { clock, clients, store, connector, readWhole } = open({
      aliases: ['default', 'gone'],
      maxBytes: 30_000,
    })
    const [client] = clients
    if (client === undefined) throw new Error('no client')
    await readWhole('accounts')
    await clock.advance(200_000)
    await readWhole('apps', 'gone')
    const gone = connector('gone')
    store.serve([{ alias: 'default', client, sizes: emptySizes }])
    await clock.advance(200_000)
    await readWhole('findings')
    expect(connector().peek('accounts')?.size).toBe(25)
    // Whoever asks so late finds nothing.
    expect(gone.table('apps').size).toBe(0)
  })
})
