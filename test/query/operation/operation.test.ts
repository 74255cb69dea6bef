import { describe, expect, test } from 'vitest'
import { BudgetError } from '../../../src/errors.ts'
import { createOperation } from '../../../src/query/operation/operation.ts'
import { createFakeClock } from '../../support/clock.ts'

const operationForTest = (maxRequests: number) => {
  const clock = createFakeClock()
  const operation = createOperation({
    id: 'test',
    clock,
    freshness: { maxAgeMs: 60_000, staleMs: 900_000 },
    maxRequests,
    maxWaitMs: 25_000,
  })
  return { clock, operation }
}

describe('the budget', () => {
  test('may be spent to its end, and by no request more', () => {
    const { operation } = operationForTest(10)
    const { call } = operation
    for (let n = 0; n < 4; n += 1) call.onRequest?.(0)
    expect(operation.requestsLeft).toBe(6)
    expect(() => operation.reserve(7, 499.3, call)).toThrow(
      expect.objectContaining({
        constructor: BudgetError,
        message:
          'This needs 7 requests to Push and 6 are left of the 10 that one operation may make; ask for less, or raise PUSHGRAPH_MAX_REQUESTS',
        fields: { limit: 'PUSHGRAPH_MAX_REQUESTS', requestsNeeded: 7, retryAfterMs: 500 },
      }),
    )
    operation.reserve(6, 500, call)
    expect(operation.requestsLeft).toBe(0)
    expect(() => operation.reserve(1, 500, call)).toThrow('PUSHGRAPH_MAX_REQUESTS')
  })

  test('is not counted on twice by those who read at the same time', () => {
    const { operation } = operationForTest(10)
    operation.reserve(6, 500, operation.call)
    expect(operation.requestsLeft).toBe(4)
    expect(() => operation.reserve(5, 500, operation.call)).toThrow(
      expect.objectContaining({
        constructor: BudgetError,
        fields: { limit: 'PUSHGRAPH_MAX_REQUESTS', requestsNeeded: 5, retryAfterMs: 500 },
      }),
    )
    operation.reserve(4, 500, operation.call)
  })

  test('is left as it was where something does not fit', () => {
    const { operation } = operationForTest(10)
    expect(() => operation.reserve(11, 500, operation.call)).toThrow(
      expect.objectContaining({
        constructor: BudgetError,
        fields: { limit: 'PUSHGRAPH_MAX_REQUESTS', requestsNeeded: 11, retryAfterMs: 500 },
      }),
    )
    expect(operation.requestsLeft).toBe(10)
  })

  test('has a request that was set aside deducted once, and the rest given back', () => {
    const { operation } = operationForTest(10)
    const { call, release } = operation.reserve(6, 500, operation.call)
    call.onRequest?.(0)
    call.onRequest?.(0)
    expect([operation.requests, operation.requestsLeft]).toEqual([2, 4])
    release()
    expect([operation.requests, operation.requestsLeft]).toEqual([2, 8])
    // Giving back once more gives nothing.
    release()
    expect(operation.requestsLeft).toBe(8)
  })

  test('is charged with what goes beyond what was set aside', () => {
    const { operation } = operationForTest(10)
    const { call, release } = operation.reserve(1, 500, operation.call)
    for (let n = 0; n < 3; n += 1) call.onRequest?.(0)
    expect(operation.requestsLeft).toBe(7)
    release()
    expect(operation.requestsLeft).toBe(7)
  })
})

describe('the summary', () => {
  test('tells of the oldest rows, of what was waited for, and of each warning once', () => {
    const { clock, operation } = operationForTest(10)
    const now = clock.now()
    operation.served(now - 5_000, true)
    operation.served(now - 9_000, false)
    operation.served(now, true)
    operation.callFor('default', 'apps').onRequest?.(12.4)
    operation.call.onRequest?.(10)
    operation.read(100)
    operation.returned(7, 'apps')
    operation.returned(2, 'apps')
    const warning = { code: 'X', message: 'x', connector: 'default', collection: null }
    operation.warn(warning)
    operation.warn({ ...warning })
    operation.warn({ ...warning, connector: 'second' })
    expect(operation.summary()).toEqual({
      requests: 2,
      waitedMs: 22,
      rowsRead: 100,
      rowsReturned: 9,
      cacheHits: 2,
      asOf: now - 9_000,
      complete: true,
      warnings: [warning, { ...warning, connector: 'second' }],
    })
    expect(operation.requestsFor('default', 'apps')).toBe(1)
    expect(operation.requestsFor('second', 'apps')).toBe(0)
    expect(operation.rowsAt('apps')).toBe(9)
    operation.incomplete(warning)
    expect(operation.summary().complete).toBe(false)
  })

  test('of rows read since it began is of a cold operation; one that rests on older ones is not', () => {
    const { clock, operation } = operationForTest(10)
    expect(operation.isCold).toBe(false)
    operation.served(clock.now() + 5, false)
    expect(operation.isCold).toBe(true)
    operation.served(clock.now() - 1, true)
    expect(operation.isCold).toBe(false)
  })
})
