import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readFilter } from '../../../src/filter/read-filter.ts'
import { collectionNames } from '../../../src/model/collections.ts'
import type { CollectionName, Row } from '../../../src/model/rows.ts'
import type { Reader } from '../../../src/query/reading/reader.ts'
import { createTester, filterRows } from '../../../src/query/reading/row-tester.ts'
import { createTimeSlice, type TimeSlice } from '../../../src/query/operation/time-slice.ts'
import { createTable, type Table } from '../../../src/store/table/table.ts'
import { datasets, filterInputs, NOW_SECONDS } from '../../support/random-filters.ts'
import { type Dataset, referencePasses } from '../../support/reference-filter.ts'
import { rowOf } from '../../support/rows.ts'

/** A reader over tables that hold just those rows; all that a tester asks of one. */
const readerOf = (data: Partial<Dataset>, timeSlice: TimeSlice): Reader => {
  const tables = new Map<CollectionName, Table>()
  for (const name of collectionNames) {
    const table: Table = createTable(name, 'epoch')
    for (const row of data[name] ?? []) table.put(row, 1)
    tables.set(name, table)
  }
  const store = { table: (name: CollectionName) => tables.get(name) }
  return { alias: 'default', store, timeSlice } as unknown as Reader
}

/** Turns that end after so many pieces of work, however small. */
const shortTurns = (pieces: number) => {
  let left = pieces
  let taken = 1
  const timeSlice: TimeSlice = {
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
  return { timeSlice, taken: () => taken }
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
          const reader = readerOf(data, shortTurns(pieces).timeSlice)
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
    const { timeSlice, taken } = shortTurns(10)
    const reader = readerOf({ employees, accounts }, timeSlice)
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

  it('sees a change of the data between two rows', async () => {
    const apps = [
      rowOf('apps', { id: 'p', ownerId: 'e' }),
      rowOf('apps', { id: 'q', ownerId: 'e' }),
    ]
    const employees = [rowOf('employees', { id: 'e', licensed: true })]
    const reader = readerOf({ apps, employees }, createTimeSlice())
    const input = { owner: { ownedApps: { some: { owner: { licensed: { eq: true } } } } } }
    const filter = readFilter('apps', input, { now: () => NOW_SECONDS * 1_000 })
    const tester = createTester('apps', filter, reader)
    expect(tester(apps[0] as Row)).toBe(true)
    reader.store.table('employees').put(rowOf('employees', { id: 'e', licensed: false }), 2)
    expect(tester(apps[1] as Row)).toBe(false)
  })
})

describe('the time slices of an operation', () => {
  it('end when their time is spent, and begin anew', async () => {
    const timeSlice = createTimeSlice()
    expect(timeSlice.spend(4_000_000)).toBe(true)
    expect(timeSlice.spend(4_000_000)).toBe(false)
    await timeSlice.next()
    expect(timeSlice.spend(4_000_000)).toBe(true)
  })

  it('come one after another to those who wait, with others in between', async () => {
    const timeSlice = createTimeSlice()
    const order: string[] = []
    const work = async (name: string): Promise<void> => {
      for (let turn = 0; turn < 2; turn += 1) {
        await timeSlice.next()
        order.push(name)
      }
    }
    const others = (async () => {
      for (let turn = 0; turn < 6; turn += 1) {
        await new Promise(resolve => setImmediate(resolve))
        order.push('-')
      }
    })()
    await Promise.all([work('a'), work('b'), others])
    expect(order.join('').replaceAll(/-+/g, '-')).toMatch(/^-?a-b-a-b-?$/)
  })
})
