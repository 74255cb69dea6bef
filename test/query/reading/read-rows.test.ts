import { describe, expect, test } from 'vitest'
import { UpstreamUnavailableError } from '../../../src/errors.ts'
import { Freshness } from '../../../src/query/reading/freshness.ts'
import { createRowReader } from '../../../src/query/reading/read-rows.ts'
import type { Scanning } from '../../../src/query/reading/scan-for-operation.ts'
import type { ConnectorStore } from '../../../src/store/store.ts'
import { createTable } from '../../../src/store/table/table.ts'
import { createFakeClock } from '../../support/clock.ts'
import { operationForTest } from '../../support/operation.ts'
import { rowOf } from '../../support/rows.ts'

const MINUTE = 60_000
const down = new UpstreamUnavailableError('Push failed (503).', 503)

/** Accounts that are read by a scan, which fails; rows are fresh for a minute and served for fifteen. */
const readerWhilePushIsDown = () => {
  const clock = createFakeClock()
  const operation = operationForTest(clock, { maxAgeMs: MINUTE, staleMs: 15 * MINUTE })
  const table = createTable('accounts', 'epoch')
  const put = (id: string, age: number): void => {
    table.put(rowOf('accounts', { id }), clock.now() - age)
  }
  const store = {
    alias: 'default',
    table: () => table,
    byId: () => false,
    scan: () => ({ startedAt: clock.now() }),
    scanning: () => undefined,
    refresher: { enabled: true, ask: () => undefined },
  } as unknown as ConnectorStore
  const scanning = {
    isBetter: () => true,
    finish: () => Promise.reject(down),
  } as unknown as Scanning
  const freshness = new Freshness(store, operation)
  return {
    clock,
    operation,
    table,
    put,
    reader: createRowReader({ store, operation, freshness, scanning }),
  }
}

describe('rows that cannot be read', () => {
  test('are errors where nothing is known of them, and old where something is, which is said', async () => {
    const { operation, put, reader } = readerWhilePushIsDown()
    put('fresh', 0)
    put('too old', 20 * MINUTE)
    const [fresh, old, unknown] = await reader.rows('accounts', ['fresh', 'too old', 'unknown'])
    expect(fresh).toMatchObject({ id: 'fresh' })
    expect(old).toMatchObject({ id: 'too old' })
    expect(unknown).toBe(down)
    expect(operation.summary().warnings).toMatchObject([
      { code: 'UPSTREAM_UNAVAILABLE', collection: 'accounts' },
    ])
  })

  test('are none where all were read once and they were not among them, which is said', async () => {
    const { clock, operation, table, reader } = readerWhilePushIsDown()
    table.whole = clock.now() - 20 * MINUTE
    expect(await reader.rows('accounts', ['unknown'])).toEqual([null])
    expect(operation.summary()).toMatchObject({
      asOf: table.whole,
      warnings: [{ code: 'UPSTREAM_UNAVAILABLE' }],
    })
  })
})

describe('that there is no such row', () => {
  test.each<
    [what: string, wholeAge: number | undefined, absentAge: number | undefined, known: boolean]
  >([
    ['nothing is known of it', undefined, undefined, false],
    ['all were read lately without it', 0, undefined, true],
    ['all were read without it so long ago that they are read again', 5 * MINUTE, undefined, true],
    ['all were read without it too long ago', 20 * MINUTE, undefined, false],
    ['Push said so lately', undefined, 0, true],
    ['Push said so too long ago', undefined, 2 * MINUTE, false],
  ])('where %s', (_what, wholeAge, absentAge, isKnown) => {
    const { clock, operation, table, reader } = readerWhilePushIsDown()
    if (wholeAge !== undefined) table.whole = clock.now() - wholeAge
    if (absentAge !== undefined) table.missing('x', clock.now() - absentAge)
    expect(reader.known('accounts', 'x')).toBe(isKnown ? null : undefined)
    const asOf = clock.now() - (wholeAge ?? absentAge ?? 0)
    expect(operation.summary().asOf).toBe(isKnown ? asOf : null)
  })
})
