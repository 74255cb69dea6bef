import { describe, expect, test } from 'vitest'
import { BudgetError } from '../../../src/errors.ts'
import type { Reader } from '../../../src/query/reading/reader.ts'
import { createRequestBudget } from '../../../src/query/search/request-budget.ts'
import { createFakeClock } from '../../support/clock.ts'
import { operationForTest } from '../../support/operation.ts'

/** An operation of ten requests, and a connector whose collections take so many pages. */
const budgetForTest = (pages: number, wholeSince?: number) => {
  const clock = createFakeClock()
  const operation = operationForTest(clock, { maxAgeMs: 60_000, staleMs: 900_000 })
  const carriedOn: string[] = []
  let reads = 0
  const reader = {
    alias: 'default',
    facts: { covered: () => false },
    store: {
      expectedRows: () => pages * 1_000,
      table: () => ({ whole: wholeSince }),
      refresher: { carryOn: (key: string) => carriedOn.push(key) },
    },
    scanCost: () => ({ requests: pages, depth: pages }),
    terms: () => ({ available: 10, burst: 10, rate: 10, latencyMs: 100 }),
    whole: () => {
      reads += 1
    },
  } as unknown as Reader
  return {
    clock,
    operation,
    carriedOn,
    reader,
    budget: createRequestBudget(operation),
    reads: () => reads,
  }
}

/** A reading that ends when the test says so. */
const reading = () => {
  const { promise, resolve } = Promise.withResolvers<string>()
  return {
    read: () => promise,
    end: () => {
      resolve('rows')
    },
  }
}

describe('requests set aside for a search', () => {
  test('are not counted on by another reading meanwhile, and are free again after it', async () => {
    const { budget, reader } = budgetForTest(1)
    const { read, end } = reading()
    const first = budget.within(7, 'accounts', reader, read)
    expect(budget.left()).toBe(3)
    await expect(budget.within(4, 'apps', reader, read)).rejects.toMatchObject({
      constructor: BudgetError,
      fields: { requestsNeeded: 4 },
    })
    end()
    expect(await first).toBe('rows')
    expect(budget.left()).toBe(10)
    expect(await budget.within(10, 'apps', reader, read)).toBe('rows')
  })

  test('are set aside once for all who read the same', async () => {
    const { budget, reader } = budgetForTest(1)
    const { read, end } = reading()
    const both = [7, 7].map(requests => budget.within(requests, 'accounts', reader, read))
    expect(budget.left()).toBe(3)
    end()
    expect(await Promise.all(both)).toEqual(['rows', 'rows'])
  })

  test('become fewer as they are made', async () => {
    const { budget, operation, reader } = budgetForTest(1)
    const { read, end } = reading()
    const first = budget.within(7, 'accounts', reader, read)
    for (let n = 0; n < 4; n += 1) operation.callFor('default', 'accounts').onRequest?.(0)
    expect(budget.left()).toBe(3)
    operation.callFor('default', 'apps').onRequest?.(0)
    expect(budget.left()).toBe(2)
    end()
    await first
    expect(budget.left()).toBe(5)
  })

  test('are free again where the reading fails', async () => {
    const { budget, reader } = budgetForTest(1)
    const failing = budget.within(7, 'accounts', reader, () => Promise.reject(new Error('no')))
    await expect(failing).rejects.toThrow('no')
    expect(budget.left()).toBe(10)
  })
})

describe('a collection that a search needs whole', () => {
  test('is read where that fits, with one page more for those that overlap', async () => {
    const fits = budgetForTest(9)
    await fits.budget.whole('apps', fits.reader)
    expect([fits.reads(), fits.carriedOn]).toEqual([1, []])
    const tooLarge = budgetForTest(10)
    await expect(tooLarge.budget.whole('apps', tooLarge.reader)).rejects.toMatchObject({
      constructor: BudgetError,
      fields: { requestsNeeded: 11 },
    })
    // It goes on for whoever asks again.
    expect([tooLarge.reads(), tooLarge.carriedOn]).toEqual([0, ['whole apps']])
  })

  test('is served as it was read before where it does not fit, which the answer tells', async () => {
    const old = Date.UTC(2025, 0, 1)
    const { budget, operation, reader, reads } = budgetForTest(50, old)
    await budget.whole('apps', reader)
    expect(reads()).toBe(0)
    expect(operation.summary()).toMatchObject({
      asOf: old,
      complete: true,
      warnings: [{ code: 'BUDGET_EXCEEDED', connector: 'default', collection: 'apps' }],
    })
  })
})
