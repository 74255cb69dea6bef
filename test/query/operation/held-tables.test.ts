import { expect, test } from 'vitest'
import { createHeldTables } from '../../../src/query/operation/held-tables.ts'
import { createTable } from '../../../src/store/table/table.ts'
import { graphForTest } from '../../support/graph.ts'

test('a table is held once by each operation, until that is over', () => {
  const table = createTable('apps', 'epoch')
  const [one, other] = [createHeldTables(), createHeldTables()]
  for (const held of [one, one, other]) held.hold(table)
  expect(table.users).toBe(2)
  one.release()
  // Whoever is late is part of no operation any more.
  one.hold(table)
  one.release()
  expect(table.users).toBe(1)
})

test('what an operation reads stays in memory for it alone', async () => {
  const graph = await graphForTest({ scale: 0.02, switches: { latencyMs: 300 } })
  const connector = graph.store.connector('default')
  const users = () => [connector?.peek('employees')?.users, connector?.peek('accounts')?.users]
  const leave = new AbortController()
  const query = '{ employees { totalCount nodes { accounts { totalCount } } } }'
  const running = graph.run(query, {}, { signal: leave.signal })
  await expect.poll(users).toEqual([1, 1])
  await running
  expect(users()).toEqual([0, 0])

  const left = graph.run(query, {}, { maxAgeMs: -1, staleMs: -1, signal: leave.signal })
  await expect.poll(users).toEqual([1, 1])
  leave.abort(new Error('left'))
  await left.catch(() => undefined)
  expect(users()).toEqual([0, 0])
})
