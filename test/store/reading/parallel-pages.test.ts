import { describe, expect, test } from 'vitest'
import type { StandIn, Switches } from '../../../src/demo/stand-in.ts'
import { createScan } from '../../../src/store/reading/scan.ts'
import type { ConnectorStore } from '../../../src/store/store.ts'
import { createTable } from '../../../src/store/table/table.ts'
import { createFakeClock } from '../../support/clock.ts'
import { callAt, createFakeClient, type FakeClientOptions } from '../../support/fake-client.ts'
import { graphForTest } from '../../support/graph.ts'
import { rowOf } from '../../support/rows.ts'
import { systemClock } from '../../../src/model/clock.ts'

const never = (): boolean => false
const idsOf = (rows: Iterable<{ readonly id: string }>): string[] => [...rows].map(({ id }) => id)
const sorted = (ids: readonly string[]): string[] => [...ids].sort()

interface Read {
  readonly requests: number
  readonly byOffset: number
}

/** Pages of 20 rows; a first scan, one page after another, which learns how many rows there are and that offsets work. */
const connectorOver = async (switches: Partial<Switches> = {}) => {
  // No answer is so quick that one page after another would do as well.
  const graph = await graphForTest({ rate: 1e9, switches: { maxPage: 20, ...switches } })
  const { standIn } = graph
  const connector = graph.store.connector('default') as ConnectorStore
  await scanWhole(connector, standIn)
  return { standIn, connector }
}

/** A new scan of all accounts. */
const scanWhole = async (connector: ConnectorStore, standIn: StandIn): Promise<Read> => {
  const before = standIn.requests.length
  const scan = connector.scan('accounts', Infinity)
  expect(await scan.until(never, callAt(systemClock), true)).toBe(true)
  const requests = standIn.requests.slice(before)
  return {
    requests: requests.length,
    byOffset: requests.filter(({ query }) => 'offset' in query).length,
  }
}

const shownBy = (connector: ConnectorStore): string[] =>
  idsOf(connector.table('accounts').frozen().rows)
const fact = (connector: ConnectorStore): string | undefined =>
  connector.facts().get('offset accounts')
const pagesOf = ({ data }: StandIn): number => Math.ceil(data.accounts.length / 20)

describe('pages side by side', () => {
  test('are read where the size is known, for two requests more than one after another', async () => {
    const { standIn, connector } = await connectorOver()
    const read = await scanWhole(connector, standIn)
    expect(read.byOffset).toBe(read.requests - 1)
    expect(read.requests).toBeLessThanOrEqual(pagesOf(standIn) + 2)
    expect(shownBy(connector)).toEqual(idsOf(standIn.data.accounts))
    expect(fact(connector)).toBe('works')
  })

  test('are asked for from the first on once offsets are known to work', async () => {
    const { standIn, connector } = await connectorOver()
    await scanWhole(connector, standIn)
    standIn.set({ latencyMs: 50, latencyJitter: 0 })
    const read = await scanWhole(connector, standIn)
    expect(read.byOffset).toBe(read.requests - 1)
    expect(read.requests).toBeLessThanOrEqual(pagesOf(standIn) + 2)
    expect(shownBy(connector)).toEqual(idsOf(standIn.data.accounts))
  })

  test.each(['ignored', 'refused'] as const)(
    'are given up where offsets that worked come to be %s',
    async offset => {
      const { standIn, connector } = await connectorOver()
      await scanWhole(connector, standIn)
      standIn.set({ offset })
      await scanWhole(connector, standIn)
      expect(fact(connector)).toBe('no')
      expect(sorted(shownBy(connector))).toEqual(sorted(idsOf(standIn.data.accounts)))
      expect((await scanWhole(connector, standIn)).byOffset).toBe(0)
      expect(sorted(shownBy(connector))).toEqual(sorted(idsOf(standIn.data.accounts)))
    },
  )

  test.each([
    ['are not tried again where Push passes offsets over', 'ignored', 1],
    ['are not tried again where Push refuses offsets', 'refused', 1],
  ] as const)('%s', async (_sentence, offset, tries) => {
    const { standIn, connector } = await connectorOver({ offset })
    const first = standIn.requests.filter(({ query }) => 'offset' in query)
    expect(first).toHaveLength(tries)
    // Of a list of unknown size each page but the last is looked at once more.
    expect(standIn.requests).toHaveLength(pagesOf(standIn) + tries + pagesOf(standIn) - 1)
    expect(fact(connector)).toBe('no')
    expect((await scanWhole(connector, standIn)).byOffset).toBe(0)
    expect(sorted(shownBy(connector))).toEqual(sorted(idsOf(standIn.data.accounts)))
  })

  test('are given up where every scan has another order', async () => {
    const { standIn, connector } = await connectorOver({ order: 'shuffled-per-scan' })
    for (let n = 0; n < 3; n += 1) {
      await scanWhole(connector, standIn)
      expect(sorted(shownBy(connector))).toEqual(sorted(idsOf(standIn.data.accounts)))
    }
    expect(fact(connector)).toBe('no')
  })

  test('are found to work though the data moved at the first of them', async () => {
    const { standIn, connector } = await connectorOver()
    standIn.reset()
    const row = standIn.data.accounts[7]
    if (row === undefined) throw new Error('too few accounts')
    standIn.set({
      faults: (_request, n) => {
        if (n === 2) standIn.insert('accounts', { ...row, id: 'a new one' }, 0)
        return undefined
      },
    })
    await scanWhole(connector, standIn)
    expect(fact(connector)).toBe('works')
  })

  const changes = {
    inserted: (standIn: StandIn, position: number): void => {
      const row = standIn.data.accounts[position]
      if (row !== undefined) standIn.insert('accounts', { ...row, id: 'a new one' }, position)
    },
    removed: (standIn: StandIn, position: number): void => {
      standIn.remove('accounts', standIn.data.accounts[position]?.id ?? '')
    },
  }

  test.each(
    (['inserted', 'removed'] as const).flatMap(change =>
      [3, 8, 20].flatMap(request => [0, 250, 599].map(position => ({ change, request, position }))),
    ),
  )(
    'lose and repeat nothing that stays when a row is $change at $position before request $request',
    async ({ change, request, position }) => {
      const { standIn, connector } = await connectorOver()
      await scanWhole(connector, standIn)
      const before = idsOf(standIn.data.accounts)
      standIn.reset()
      standIn.set({
        faults: (_request, n) => {
          if (n === request) changes[change](standIn, position)
          return undefined
        },
      })
      await scanWhole(connector, standIn)
      const shown = shownBy(connector)
      const after = new Set(idsOf(standIn.data.accounts))
      expect(new Set(shown).size).toBe(shown.length)
      for (const id of before) if (after.has(id)) expect(shown).toContain(id)
      // Its place in the list was read either before or after the change, and the next scan knows.
      standIn.set({ faults: undefined })
      await scanWhole(connector, standIn)
      expect(sorted(shownBy(connector))).toEqual(sorted([...after]))
    },
  )
})

const accounts = (count: number) =>
  Array.from({ length: count }, (_, index) =>
    rowOf('accounts', { id: String(index).padStart(3, '0') }),
  )

/** One scan over plain lists, with the size known and offsets known to work. */
const scanOf = async (
  rows: number,
  expectedRows: number,
  before: FakeClientOptions['before'] = () => undefined,
) => {
  const clock = createFakeClock()
  const client = createFakeClient({ clock, lists: { accounts: accounts(rows) }, before })
  client.facts.set('offset accounts', 'works')
  const table = createTable('accounts', 'epoch')
  const scan = createScan({
    table,
    client,
    clock,
    expected: { rows: expectedRows, at: 0 },
    onDone: () => undefined,
  })
  expect(await scan.until(never, callAt(clock), true)).toBe(true)
  return { client, ids: idsOf(table.frozen().rows), expected: idsOf(accounts(rows)), table }
}

test('pages of a known number are all on their way before the first one is answered', async () => {
  let open = (): void => undefined
  const opened = new Promise<void>(resolve => {
    open = resolve
  })
  const { client, ids, expected } = await scanOf(65, 65, (_asked, n) => {
    // Ten rows, then six times nine and one.
    if (n === 8) open()
    return opened
  })
  expect(ids).toEqual(expected)
  expect(client.origins).toEqual(['start', '+9', '+18', '+27', '+36', '+45', '+54', '+63'])
})

describe('the end of a list read by offset', () => {
  // One page of ten, then strides of nine: 55 rows end in a full page, 56 in a page of two.
  test.each([45, 46, 54, 55, 56, 63, 64, 65])('is found after %i rows', async rows => {
    const { ids, expected, client } = await scanOf(rows, rows)
    expect(ids).toEqual(expected)
    expect(client.origins.filter(origin => origin.startsWith('+')).length).toBeGreaterThan(3)
  })

  test.each([54, 55, 56, 64])(
    'is found after %i rows where no answer to an offset has a token',
    async rows => {
      const { ids, expected } = await scanOf(rows, rows, ({ request }) =>
        request.offset === undefined ? undefined : { nextToken: undefined },
      )
      expect(ids).toEqual(expected)
    },
  )

  test('is a short page, behind which nothing is asked for', async () => {
    const { client, ids, expected } = await scanOf(15, 15)
    expect(ids).toEqual(expected)
    expect(client.origins).toEqual(['start', '+9'])
  })

  test('leaves no request waiting that was made for rows that are no more', async () => {
    const { client, ids, expected } = await scanOf(45, 400)
    expect(ids).toEqual(expected)
    const waiting = client.asked.slice(6).map(({ call }) => call.signal?.aborted)
    expect(waiting.length).toBeGreaterThan(0)
    expect(new Set(waiting)).toEqual(new Set([true]))
  })
})

test('goes on by token, and asks nothing twice, after a page with a row that cannot be read', async () => {
  const unreadable = [{ path: 'result[10].id', reason: 'is missing' }]
  const { client, ids, expected, table } = await scanOf(105, 105, ({ request }) =>
    request.offset === 27 ? { unreadable } : undefined,
  )
  expect(ids).toEqual(expected)
  expect(table.gaps).toEqual(unreadable)
  expect(client.asked.length).toBeLessThan(30)
})

test('does not believe a page whose first row fits by chance, and whose others were there before', async () => {
  const { ids, expected } = await scanOf(65, 65, ({ request }) =>
    request.offset === 9 ? { rows: [...accounts(10).slice(9), ...accounts(9)] } : undefined,
  )
  expect(ids).toEqual(expected)
})
