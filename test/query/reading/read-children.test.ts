import { describe, expect, test } from 'vitest'
import { UpstreamUnavailableError } from '../../../src/errors.ts'
import type { ByParameter } from '../../../src/model/collection.ts'
import type { Freshness } from '../../../src/query/reading/freshness.ts'
import { createChildReader } from '../../../src/query/reading/read-children.ts'
import type { Scanning } from '../../../src/query/reading/scan-for-operation.ts'
import type { ConnectorStore } from '../../../src/store/store.ts'
import { createTable } from '../../../src/store/table/table.ts'
import { createFakeClock } from '../../support/clock.ts'
import { operationForTest } from '../../support/operation.ts'
import { rowOf } from '../../support/rows.ts'

const down = new UpstreamUnavailableError('Push failed (503).', 503)

/** The accounts of employees, of which Push gives none now. */
const readerWhilePushIsDown = () => {
  const clock = createFakeClock()
  const operation = operationForTest(clock, { maxAgeMs: 0, staleMs: 0 })
  const table = createTable('accounts', 'epoch')
  table.put(rowOf('accounts', { id: 'a', employeeId: 'known' }), 1)
  const stale: number[] = []
  const asked: string[] = []
  const store = {
    alias: 'default',
    table: () => table,
    bySlice: () => true,
    readSlice: (_name: string, { parameter }: ByParameter) => {
      asked.push(parameter)
      return Promise.reject(down)
    },
  } as unknown as ConnectorStore
  const freshness = {
    isCurrent: () => false,
    usable: () => false,
    serveStale: (_name: string, asOf: number) => stale.push(asOf),
    noteGaps: () => undefined,
  } as unknown as Freshness
  const scanned: string[] = []
  const scanning = {
    isBetter: () => false,
    reserve: () => ({ call: operation.call, release: () => undefined }),
    finish: async (name: string) => {
      scanned.push(name)
    },
  } as unknown as Scanning
  const reader = createChildReader({ store, operation, freshness, scanning })
  return { table, stale, asked, scanned, reader }
}

describe('the rows of a parent', () => {
  test('are an error where they cannot be read and never were, not an empty list', async () => {
    const { table, stale, reader } = readerWhilePushIsDown()
    table.cover('employeeId', 'known', 500)
    const [unknown, known] = await reader.children('accounts', 'employeeId', ['unknown', 'known'])
    expect(unknown).toBe(down)
    expect(known).toMatchObject([{ id: 'a' }])
    expect(stale).toEqual([500])
  })

  test('are asked for by the parameter of their field, and read by a scan where Push has none', async () => {
    const { asked, scanned, reader } = readerWhilePushIsDown()
    await reader.children('accounts', 'employeeId', ['known'])
    expect([asked, scanned]).toEqual([['employeeId'], []])
    expect(await reader.children('accounts', 'appId', ['x'])).toEqual([[]])
    expect([asked, scanned]).toEqual([['employeeId'], ['accounts']])
  })

  test('are as old as what was read last of them, and lack what could not be read then', () => {
    const { table, reader } = readerWhilePushIsDown()
    const [ofAll, ofOne] = ['of all', 'of one'].map(reason => [{ path: 'id', reason }])
    const state = () => reader.childState('accounts', 'employeeId', 'known')
    expect(state()).toEqual({ asOf: undefined, gaps: [] })
    table.cover('employeeId', 'known', 500, ofOne)
    expect(state()).toEqual({ asOf: 500, gaps: ofOne })
    table.whole = 501
    table.gaps = ofAll ?? []
    expect(state()).toEqual({ asOf: 501, gaps: ofAll })
    table.cover('employeeId', 'known', 501, ofOne)
    expect(state()).toEqual({ asOf: 501, gaps: ofOne })
  })
})
