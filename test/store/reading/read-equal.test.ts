import { describe, expect, test } from 'vitest'
import type { StandIn, Switches } from '../../../src/demo/stand-in.ts'
import { type Clock, systemClock } from '../../../src/model/clock.ts'
import type { ConnectorStore } from '../../../src/store/store.ts'
import { createStore } from '../../../src/store/store.ts'
import { openState } from '../../../src/upstream/state/state.ts'
import { createFakeClock, withoutRetryDelays } from '../../support/clock.ts'
import { callAt, createFakeClient, type FakeClientOptions } from '../../support/fake-client.ts'
import { graphForTest } from '../../support/graph.ts'
import { rowOf } from '../../support/rows.ts'
import type { Rows } from '../../../src/model/rows.ts'
import type { Unreadable } from '../../../src/upstream/contract/contract.ts'

const call = callAt(systemClock, { deadline: Number.MAX_SAFE_INTEGER })
const byEmployee = { field: 'employeeId', parameter: 'employeeId' }
const byEnabled = { field: 'enabled', parameter: 'enabled' }
const idsOf = (rows: readonly { readonly id: string }[]): string[] =>
  rows.map(({ id }) => id).sort()

const connectorOver = async (
  switches: Partial<Switches> = {},
  clock: Clock = withoutRetryDelays,
) => {
  const { standIn, store } = await graphForTest({ switches: { maxPage: 5, ...switches }, clock })
  return { standIn, connector: store.connector('default') as ConnectorStore }
}

/** The accounts of an employee who has some, and of one who has none. */
const owner = ({ data }: StandIn): string => data.accounts[0]?.employeeId ?? ''
const accountsOf = ({ data }: StandIn, id: string) =>
  data.accounts.filter(({ employeeId }) => employeeId === id)

const sliced = ({ requests }: StandIn): number =>
  requests.filter(({ query }) => 'employeeId' in query).length

describe('a slice', () => {
  test('holds just the rows of its value, over all their pages', async () => {
    const { standIn, connector } = await connectorOver()
    const id = owner(standIn)
    expect(accountsOf(standIn, id).length).toBeGreaterThan(5)
    expect(await connector.readSlice('accounts', byEmployee, id, call)).toBe('read')
    const table = connector.table('accounts')
    expect(idsOf(table.by('employeeId', id))).toEqual(idsOf(accountsOf(standIn, id)))
    expect(table.slice('employeeId', id)).toBeGreaterThan(0)
    expect(connector.bySlice('accounts', 'employeeId')).toBe(true)
  })

  test('is empty where nothing has that value, which teaches that the parameter filters', async () => {
    const { connector } = await connectorOver()
    expect(await connector.readSlice('accounts', byEmployee, 'nobody', call)).toBe('read')
    expect(connector.table('accounts').by('employeeId', 'nobody')).toEqual([])
    expect(connector.bySlice('accounts', 'employeeId')).toBe(true)
  })

  test('of a truth value is found under its word', async () => {
    const { standIn, connector } = await connectorOver()
    expect(await connector.readSlice('browserExtensions', byEnabled, 'false', call)).toBe('read')
    expect(idsOf(connector.table('browserExtensions').by('enabled', 'false'))).toEqual(
      idsOf(standIn.data.browserExtensions.filter(({ enabled }) => enabled === false)),
    )
  })

  test.each(['ignored', 'widened', 'refused'] as const)(
    'is not to be had where the parameter is %s, and that is learnt once',
    async parameters => {
      const { standIn, connector } = await connectorOver({ parameters })
      const ids = standIn.data.employees.slice(0, 50).map(({ id }) => id)
      const answers = await Promise.all(
        ids.map(id => connector.readSlice('accounts', byEmployee, id, call)),
      )
      // An eighth of the other rows may not show among the first few; the check goes on with every answer.
      expect(answers.at(-1)).toBe('unavailable')
      expect(connector.bySlice('accounts', 'employeeId')).toBe(false)
      for (const [index, answer] of answers.entries())
        if (answer === 'read')
          expect(idsOf(connector.table('accounts').by('employeeId', ids[index] ?? ''))).toEqual(
            idsOf(accountsOf(standIn, ids[index] ?? '')),
          )
      // Refused, it is tried with a smaller page too.
      if (parameters !== 'widened') expect(sliced(standIn)).toBeLessThanOrEqual(2)
      const asked = sliced(standIn)
      expect(await connector.readSlice('accounts', byEmployee, owner(standIn), call)).toBe(
        'unavailable',
      )
      expect(sliced(standIn)).toBe(asked)
    },
  )

  test('loses a row that has gone, and with it the claim to know the whole', async () => {
    const clock = createFakeClock()
    const { standIn, connector } = await connectorOver({}, clock)
    const id = owner(standIn)
    await connector.scan('accounts', 0).until(() => false, call, true)
    const [first] = accountsOf(standIn, id)
    standIn.remove('accounts', first?.id ?? '')
    await clock.advance(1_000)
    await connector.readSlice('accounts', byEmployee, id, call)
    const table = connector.table('accounts')
    expect(idsOf(table.by('employeeId', id))).toEqual(idsOf(accountsOf(standIn, id)))
    expect(table.whole).toBeUndefined()
  })

  test('is not half read for good when its second page fails', async () => {
    const { standIn, connector } = await connectorOver()
    const id = owner(standIn)
    standIn.set({
      faults: ({ query }) => ('offset' in query ? { kind: 'error500' } : undefined),
    })
    await expect(connector.readSlice('accounts', byEmployee, id, call)).rejects.toMatchObject({
      code: 'UPSTREAM_UNAVAILABLE',
    })
    expect(connector.table('accounts').slice('employeeId', id)).toBeUndefined()
  })
})

describe('a slice over plain lists', () => {
  const rows = Array.from({ length: 25 }, (_, index) =>
    rowOf('accounts', { id: String(index + 10), employeeId: 'e' }),
  )

  const open = (before: FakeClientOptions['before'] = () => undefined) => {
    const clock = createFakeClock()
    const client = createFakeClient({ clock, lists: { accounts: [...rows] }, before })
    const store = createStore({
      connectors: [{ alias: 'default', client, sizes: openState(':memory:').sizes('a') }],
      clock,
      maxBytes: 1e9,
      refresh: false,
    })
    const connector = store.connector('default') as ConnectorStore
    const read = () => connector.readSlice('accounts', byEmployee, 'e', callAt(clock))
    return { clock, client, connector, read, table: connector.table('accounts') }
  }

  test('keeps the rows of an answer that somebody else had asked for a little earlier', async () => {
    const { clock, read, table } = open(() => ({ readAt: clock.now() - 10 }))
    expect(await read()).toBe('read')
    expect(table.by('employeeId', 'e')).toHaveLength(25)
    expect(table.slice('employeeId', 'e')).toBe(clock.now() - 10)
  })

  test('ends in UPSTREAM_INVALID where its tokens go in circles', async () => {
    const { client, read, table } = open(({ request }) =>
      request.nextToken === undefined ? undefined : { nextToken: 'after 19' },
    )
    await expect(read()).rejects.toMatchObject({ code: 'UPSTREAM_INVALID' })
    expect(client.asked.length).toBeLessThan(10)
    expect(table.slice('employeeId', 'e')).toBeUndefined()
  })

  test('remembers what of it could not be read', async () => {
    const unreadable = [{ path: 'result[0].email', reason: 'is missing' }]
    const { read, table } = open((_asked, n) => (n === 2 ? { unreadable } : undefined))
    expect(await read()).toBe('read')
    expect(table.sliceGaps('employeeId', 'e')).toEqual(unreadable)
  })

  /** All of it is known, then the slice is read again, without the last row, and with what `unreadable` says. */
  const readAgain = async (unreadable: Unreadable[]) => {
    const all = [...rows]
    const opened = open(({ request }) =>
      request.parameters !== undefined && request.nextToken === 'after 29'
        ? { rows: all.slice(20, 24), unreadable }
        : undefined,
    )
    const { clock, connector, table, read } = opened
    await connector.scan('accounts', 0).until(() => false, callAt(clock))
    table.cover('appId', all[24]?.appId ?? '', clock.now())
    table.cover('appId', 'another', clock.now())
    await clock.advance(1_000)
    expect(await read()).toBe('read')
    return { ...opened, last: all[24]?.id ?? '', app: all[24]?.appId ?? '' }
  }

  test('keeps a row that came and could not be read, whichever it was', async () => {
    const nameless = { path: 'result[4].id', reason: 'is missing' }
    for (const unreadable of [nameless, { ...nameless, id: '34' }]) {
      const { table, last, app } = await readAgain([unreadable])
      expect(table.get(last)).toMatchObject({ id: '34' })
      expect(table.sliceGaps('employeeId', 'e')).toEqual([unreadable])
      expect(table.whole).toBeDefined()
      expect(table.slice('appId', app)).toBeDefined()
    }
  })

  test('loses one that did not come, and every other part that it was in', async () => {
    for (const unreadable of [[], [{ path: 'result[1].email', reason: 'is missing', id: '31' }]]) {
      const { table, last, app } = await readAgain(unreadable)
      expect(table.get(last)).toBeUndefined()
      expect(table.whole).toBeUndefined()
      expect(table.slice('appId', app)).toBeUndefined()
      expect(table.slice('appId', 'another')).toBeDefined()
    }
  })

  test('that loses one while all are read makes known that it may be missing of them', async () => {
    for (const returns of [false, true]) {
      let goOn = (): void => undefined
      const waits = new Promise<void>(resolve => (goOn = resolve))
      const { clock, connector, read, table } = open(async ({ request }) => {
        if (request.parameters === undefined && request.nextToken === 'after 29') await waits
        const isFirst = request.nextToken === undefined
        return request.parameters !== undefined && isFirst ? { rows: rows.slice(1, 10) } : undefined
      })
      const scan = connector.scan('accounts', 0)
      const all = scan.until(() => false, callAt(clock))
      await scan.until(() => scan.pages === 2, callAt(clock))
      await clock.advance(1_000)
      await read()
      if (returns) table.put(rows[0] as Rows['accounts'], clock.now())
      goOn()
      await all
      expect(scan.done).toBe(true)
      expect(table.get('10') === undefined).toBe(!returns)
      expect(table.gaps).toEqual(returns ? [] : ['shifted'])
    }
  })
})
