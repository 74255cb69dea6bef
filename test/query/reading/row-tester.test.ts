import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readFilter } from '../../../src/filter/read-filter.ts'
import { collectionNames } from '../../../src/model/collections.ts'
import type { CollectionName, Row } from '../../../src/model/rows.ts'
import type { Reader } from '../../../src/query/reading/reader.ts'
import { createTester, filterRows } from '../../../src/query/reading/row-tester.ts'
import type { Work } from '../../../src/work/work.ts'
import { createTable, type Table } from '../../../src/store/table/table.ts'
import { datasets, filterInputs, NOW_SECONDS } from '../../support/random-filters.ts'
import { type Dataset, referencePasses } from '../../support/reference-filter.ts'
import { rowOf } from '../../support/rows.ts'
import { workInOneTurn } from '../../support/work.ts'

/** All that a tester needs of the work. */
type Slices = Pick<Work, 'spend' | 'extend' | 'next'>

/** A reader over tables that hold just those rows; all that a tester asks of one. */
const readerOf = (data: Partial<Dataset>, work: Slices): Reader => {
  const tables = new Map<CollectionName, Table>()
  for (const name of collectionNames) {
    const table: Table = createTable(name, 'epoch')
    for (const row of data[name] ?? []) table.put(row, 1)
    tables.set(name, table)
  }
  const store = { table: (name: CollectionName) => tables.get(name) }
  return { alias: 'default', store, work } as unknown as Reader
}

/** Turns that end after so many pieces of work, however small. */
const shortTurns = (pieces: number) => {
  let left = pieces
  let taken = 1
  const work: Slices = {
    spend: () => {
      left -= 1
      return left >= 0
    },
    extend: times => {
      left = pieces * times
    },
    next: async () => {
      taken += 1
      left = pieces
    },
  }
  return { work, taken: () => taken }
}

describe('a test that is broken off', () => {
  it('comes to the same answer in many time slices', async () => {
    const cases = fc
      .constantFrom(...collectionNames)
      .chain(name => fc.tuple(fc.constant(name), filterInputs(name)))
    await fc.assert(
      fc.asyncProperty(
        datasets,
        cases,
        fc.integer({ min: 1, max: 6 }),
        async (data, [name, input], pieces) => {
          const reader = readerOf(data, shortTurns(pieces).work)
          const filter = readFilter(name, input, { now: () => NOW_SECONDS * 1_000 })
          const rows: readonly Row[] = data[name]
          const passing = await filterRows(rows, createTester(name, filter, reader), reader)
          const world = { data, connectorAlias: 'default', nowSeconds: NOW_SECONDS }
          expect(passing).toEqual(rows.filter(row => referencePasses(world, name, input, row)))
        },
      ),
      { numRuns: 500 },
    )
  })

  it('goes on from what it had found out', async () => {
    const employees = [rowOf('employees', { id: 'e' })]
    const accounts = Array.from({ length: 30 }, (_, index) =>
      rowOf('accounts', { id: `${index}`, employeeId: 'e' }),
    )
    // A hundred comparisons on each of thirty accounts, and the same again on the way back.
    const heavy = Array.from({ length: 100 }, (_, index) => ({ email: { contains: `x${index}` } }))
    const input = { accounts: { none: { employee: { accounts: { some: { or: heavy } } } } } }
    const { work, taken } = shortTurns(10)
    const reader = readerOf({ employees, accounts }, work)
    const filter = readFilter('employees', input, { now: () => NOW_SECONDS * 1_000 })
    const tester = createTester('employees', filter, reader)
    const passing = await filterRows(
      reader.store.table('employees').values().toArray(),
      tester,
      reader,
    )
    expect(passing).toHaveLength(1)
    expect(taken()).toBeLessThan(30)
  })

  it('goes on from the relations of the row itself that it had looked through, in slices as long as any', async () => {
    const apps = [rowOf('apps', { id: 'p' })]
    const accounts = Array.from({ length: 30 }, (_, index) =>
      rowOf('accounts', { id: `${index}`, appId: 'p' }),
    )
    const input = {
      or: Array.from({ length: 50 }, (_, index) => ({
        accounts: { some: { id: { eq: `x${index}` } } },
      })),
    }
    const { work, taken } = shortTurns(70)
    const longer: number[] = []
    const slices: Slices = {
      ...work,
      extend: times => {
        longer.push(times)
        work.extend(times)
      },
    }
    const reader = readerOf({ apps, accounts }, slices)
    const filter = readFilter('apps', input, { now: () => 0 })
    expect(await filterRows(apps, createTester('apps', filter, reader), reader)).toEqual([])
    // Nothing was looked for to be gone on from until it was broken off for the first time.
    expect(longer).toEqual([2])
    expect(taken()).toBeLessThan(30)
  })

  it('is given more of a slice, which the rows behind it are not', async () => {
    const rows = ['a', 'b', 'c'].map(id => rowOf('employees', { id }))
    const given: (number | string)[] = []
    let spent = 0
    const work: Slices = {
      // The second row is broken off once.
      spend: () => (spent += 1) !== 2,
      extend: times => given.push(times),
      next: async () => void given.push('next'),
    }
    const reader = readerOf({ employees: rows }, work)
    const filter = readFilter('employees', { email: { ne: 'x' } }, { now: () => 0 })
    expect(await filterRows(rows, createTester('employees', filter, reader), reader)).toEqual(rows)
    expect(given).toEqual(['next', 2, 1])
  })

  it('sees a change of the data between two rows', async () => {
    const apps = [
      rowOf('apps', { id: 'p', ownerId: 'e' }),
      rowOf('apps', { id: 'q', ownerId: 'e' }),
    ]
    const employees = [rowOf('employees', { id: 'e', licensed: true })]
    const reader = readerOf({ apps, employees }, workInOneTurn())
    const input = { owner: { ownedApps: { some: { owner: { licensed: { eq: true } } } } } }
    const filter = readFilter('apps', input, { now: () => NOW_SECONDS * 1_000 })
    const tester = createTester('apps', filter, reader)
    expect(tester(apps[0] as Row)).toBe(true)
    reader.store.table('employees').put(rowOf('employees', { id: 'e', licensed: false }), 2)
    expect(tester(apps[1] as Row)).toBe(false)
  })
})
