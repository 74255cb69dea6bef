import { describe, expect, test } from 'vitest'
import { Freshness } from '../../../src/query/reading/freshness.ts'
import type { ConnectorStore, Table } from '../../../src/store/store.ts'
import { createFakeClock } from '../../support/clock.ts'
import { operationForTest } from '../../support/operation.ts'

const MINUTE = 60_000

/** Rows are fresh for a minute and served for fifteen; `age` and `took` of a collection that was read whole. */
const servingForTest = ({
  age = 0,
  took = 0,
  enabled = true,
  scans = undefined as 'running' | 'resting' | undefined,
}) => {
  const clock = createFakeClock()
  const asked: string[] = []
  const table = {
    collection: 'apps',
    epoch: 'first',
    version: 1,
    whole: clock.now() - age,
    wholeTookMs: took,
    gaps: [],
  } as unknown as Table
  const store = {
    alias: 'default',
    table: () => table,
    peek: () => table,
    scanning: () => (scans === undefined ? undefined : { running: scans === 'running' }),
    refresher: { enabled, ask: (key: string) => asked.push(key) },
  } as unknown as ConnectorStore
  const operation = operationForTest(clock, { maxAgeMs: MINUTE, staleMs: 15 * MINUTE })
  return { clock, asked, table, operation, freshness: new Freshness(store, operation) }
}

describe('a collection that was read whole', () => {
  test.each<[age: number, took: number, enabled: boolean, served: boolean, refreshed: boolean]>([
    [MINUTE, 0, true, true, false],
    [MINUTE + 1, 0, true, true, true],
    [MINUTE + 1, 0, false, false, false],
    [15 * MINUTE, 0, true, true, true],
    [15 * MINUTE + 1, 0, true, false, false],
    // As fresh as can be when it is in, whether or not it is read again later.
    [2 * MINUTE, MINUTE, true, true, false],
    [2 * MINUTE, MINUTE, false, true, false],
    [2 * MINUTE + 1, MINUTE, false, false, false],
    // Reading takes a fourth of the time at most.
    [4 * MINUTE - 1, MINUTE, true, true, false],
    [4 * MINUTE, MINUTE, true, true, true],
    [16 * MINUTE, 2 * MINUTE, true, false, false],
  ])(
    '%i ms ago, which took %i ms, with refreshing: %s, is served: %s, and read again: %s',
    (age, took, enabled, served, refreshed) => {
      const { asked, table, freshness } = servingForTest({ age, took, enabled })
      expect(freshness.covered('apps')).toBe(served ? table.whole : undefined)
      expect(asked).toEqual(refreshed ? ['whole apps'] : [])
    },
  )

  test('makes the answer as old as its reading', () => {
    const { operation, table, freshness } = servingForTest({ age: 5_000 })
    freshness.covered('apps')
    expect(operation.summary()).toMatchObject({ asOf: table.whole, cacheHits: 1 })
  })
})

test('a scan under way is joined though it began long ago, one that rests only if it began lately', () => {
  const since = (scans: 'running' | 'resting' | undefined): number => {
    const { clock, freshness } = servingForTest({ scans })
    return clock.now() - freshness.joinableSince('apps')
  }
  expect([since('running'), since('resting'), since(undefined)]).toEqual([
    15 * MINUTE,
    MINUTE,
    MINUTE,
  ])
})
