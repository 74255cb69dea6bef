import { describe, expect, it } from 'vitest'
import { readFilter } from '../../../src/filter/read-filter.ts'
import { collections } from '../../../src/model/collections.ts'
import { totalCost } from '../../../src/query/planning/demand.ts'
import { type Statistics } from '../../../src/query/planning/statistics.ts'
import { searchNeeds } from '../../../src/query/search/needs.ts'
import type { SearchValueArguments } from '../../../src/query/search/arguments.ts'
import { findDemandAtOnce } from '../../support/find-demand.ts'

/** A connector that is known, and of which no row is at hand. */
const cold: Statistics = {
  rows: name => collections[name].size.usualRows,
  covered: () => false,
  isWhole: () => false,
  has: () => false,
  hasSlice: () => false,
  walked: () => ({ rows: 0, pages: 0 }),
  comesDetailed: () => false,
  byId: () => true,
  bySlice: (name, field) =>
    field === 'employeeId' && (name === 'accounts' || name === 'browserExtensions'),
  byParameter: () => true,
  isLearnt: () => true,
  passing: () => undefined,
  observedReads: () => undefined,
  byOffset: () => true,
  pageSize: 200,
  nowSeconds: 0,
  terms: { available: 10, burst: 10, rate: 10, latencyMs: 120 },
}

const demandOf = (args: SearchValueArguments, known: Partial<Statistics> = {}) =>
  findDemandAtOnce(searchNeeds(args, 'search'), { ...cold, ...known }, (name, input) =>
    readFilter(name, input, { now: () => 0 }),
  )

const address: SearchValueArguments = { value: 'someone@x.example' }

describe('the demand of a search for an e-mail address', () => {
  it('has the collections without a parameter scanned, and begins none of them ahead', () => {
    const { scan, ahead } = demandOf(address)
    expect([...scan].sort()).toEqual(['browsers', 'detections', 'employees', 'findings'])
    expect([...ahead]).toEqual([])
  })

  it('hurries the scan that is long and begins late, and no other', () => {
    const demand = demandOf(address)
    expect([...demand.parallel]).toEqual(['findings'])
    // Five pages, eight and three, two questions for accounts, and 31 pages of findings that overlap by a row.
    expect(totalCost(demand).requests).toBe(5 + 8 + 3 + 2 + 31)
    const short = demandOf(address, {
      rows: name => (name === 'findings' ? 3_000 : collections[name].size.usualRows),
    })
    expect([...short.parallel]).toEqual([])
    expect(totalCost(short).requests).toBe(5 + 8 + 3 + 2 + 15)
  })

  it('asks for nothing that is at hand', () => {
    const known: Partial<Statistics> = { covered: () => true, hasSlice: () => true }
    expect(totalCost(demandOf(address, known)).requests).toBe(0)
  })

  it('scans the accounts where their parameter is not safe', () => {
    const { scan } = demandOf(address, { byParameter: () => false })
    expect(scan).toContain('accounts')
  })
})

describe('the demand of a search', () => {
  it('counts an event of each detection for what lives in them', () => {
    const args: SearchValueArguments = { value: '192.0.2.1', types: ['detections'] }
    expect(totalCost(demandOf(args)).requests).toBe(3 + 500)
    const whole = demandOf(args, { comesDetailed: () => true })
    expect(totalCost(whole).requests).toBe(3)
  })

  it('is none for stored events, save for the apps of a name', () => {
    expect(demandOf({ ...address, types: ['events'] }).steps).toEqual([])
    const named = demandOf({ value: 'Slack', types: ['events'] })
    expect([...named.scan]).toEqual(['apps'])
  })
})
