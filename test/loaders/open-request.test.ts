import { describe, expect, test } from 'vitest'
import { createLoaders, type Loaders } from '../../src/loaders/loaders.ts'
import { volatileByDefault } from '../../src/loaders/open-request.ts'
import { createOperation } from '../../src/query/operation/operation.ts'
import { createFakeClock } from '../support/clock.ts'

const operation = createOperation({
  id: 'test',
  clock: createFakeClock(),
  freshness: { maxAgeMs: 60_000, staleMs: 900_000 },
  maxRequests: 10,
  maxWaitMs: 25_000,
})

/** They read nothing but the store, which declares what it gives. */
const declaring = ['row', 'texts', 'find', 'related', 'list']

const names = Object.keys(createLoaders(new Map(), operation))

/** Whether an answer is volatile for having asked that loader; all of them answer with what they were asked. */
const isVolatile = (name: string): boolean => {
  let marked = false
  const loaders = Object.fromEntries(
    [...names, 'added'].map(each => [each, (...args: readonly unknown[]) => args]),
  )
  const gated = volatileByDefault(loaders as unknown as Loaders, {
    markVolatile: () => {
      marked = true
    },
  }) as unknown as Readonly<Record<string, (...args: readonly unknown[]) => unknown>>
  expect(marked).toBe(false)
  expect(gated[name]?.(1, 'two')).toEqual([1, 'two'])
  return marked
}

describe('an answer', () => {
  test('is not volatile for rows of the store', () => {
    expect(declaring.filter(name => !names.includes(name) || isVolatile(name))).toEqual([])
  })

  test.each(names.filter(name => !declaring.includes(name)))(
    'is volatile once it has asked for %s',
    name => {
      expect(isVolatile(name)).toBe(true)
    },
  )

  test('is volatile once it has asked a loader that was added and declares nothing', () => {
    expect(isVolatile('added')).toBe(true)
  })
})
