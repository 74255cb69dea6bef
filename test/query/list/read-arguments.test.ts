import { describe, expect, test } from 'vitest'
import { filterOf, orderOf } from '../../../src/query/list/read-arguments.ts'
import { createOperation } from '../../../src/query/operation/operation.ts'
import { createFakeClock } from '../../support/clock.ts'

const operationForTest = () =>
  createOperation({
    id: 'test',
    clock: createFakeClock(),
    freshness: { maxAgeMs: 60_000, staleMs: 900_000 },
    maxRequests: 10,
    maxWaitMs: 25_000,
  })

/** A text list that counts how often it is gone through. */
const countedValues = (values: readonly string[]) => {
  let read = 0
  const counted = new Proxy([...values], {
    get: (target, key, receiver): unknown => {
      if (key === '0') read += 1
      return Reflect.get(target, key, receiver) as unknown
    },
  })
  return { counted, reads: () => read }
}

describe('a filter', () => {
  test('that is the same object wherever it is asked with is looked at once', () => {
    const operation = operationForTest()
    const { counted, reads } = countedValues(['a@example.com', 'b@example.com'])
    const variable = { email: { in: counted } }
    const filter = filterOf('accounts', variable, operation)
    const once = reads()
    for (let again = 0; again < 100; again += 1)
      expect(filterOf('accounts', variable, operation)).toBe(filter)
    expect([once > 0, reads() - once]).toEqual([true, 0])
  })

  test('that is equal to another is read once, and anew for another list', () => {
    const operation = operationForTest()
    const input = () => ({ email: { eq: 'a@example.com' } })
    const filter = filterOf('accounts', input(), operation)
    expect(filterOf('accounts', input(), operation)).toBe(filter)
    expect(filterOf('employees', input(), operation)).not.toBe(filter)
    const shared = input()
    expect(filterOf('employees', shared, operation)).not.toBe(
      filterOf('accounts', shared, operation),
    )
  })

  test('that cannot be asked is refused each time', () => {
    const operation = operationForTest()
    const variable = { email: { eq: null } }
    for (let time = 0; time < 2; time += 1)
      expect(() => filterOf('accounts', variable, operation)).toThrow('filter.email.eq')
  })
})

test('an order is not mistaken for a filter of the same object', () => {
  const operation = operationForTest()
  const nothing: never[] = []
  expect(orderOf('accounts', nothing, operation)).toBeUndefined()
  expect(orderOf('accounts', [{ field: 'EMAIL', direction: 'ASC' }], operation)?.key).toBe(
    orderOf('accounts', [{ field: 'EMAIL', direction: 'ASC' }], operation)?.key,
  )
})
