import { expect, test } from 'vitest'
import { FollowedFilter } from '../../../src/query/stored/followed-filter.ts'
import type { Surroundings } from '../../../src/filter/values.ts'
import { eventOf, sample } from '../../support/deliveries.ts'

const event = { ...eventOf(sample('LOGIN-1'), { connector: 'one' }), sequence: 1 }
const { occurredAt } = event

const nothingAround = (): Surroundings => {
  throw new Error('Nothing around it is asked for')
}

test('what does not depend on the moment is read once, however many rows are asked about', () => {
  let read = 0
  const input = {
    get object() {
      read += 1
      return { eq: 'LOGIN' }
    },
  }
  const followed = new FollowedFilter('events', input)
  const first = followed.at(() => 0)
  const readOnce = read
  const again = followed.at(() => 1)
  expect(again.test('one', nothingAround)(event)).toBe(true)
  expect(again.test('one', nothingAround)).toBe(first.test('one', nothingAround))
  expect(read).toBe(readOnce)
})

test('what depends on the moment is that of each row', () => {
  const followed = new FollowedFilter('events', { occurredAt: { within: 'P1D' } })
  const passesAt = (seconds: number): boolean =>
    followed.at(() => seconds * 1_000).test('one', nothingAround)(event)
  expect(passesAt(occurredAt + 60)).toBe(true)
  expect(passesAt(occurredAt + 2 * 86_400)).toBe(false)
  expect(passesAt(occurredAt + 60)).toBe(true)
})

test('a connector is called by its own name', () => {
  const followed = new FollowedFilter('events', { connectorAlias: { eq: 'one' } })
  const { test: passes } = followed.at(() => 0)
  expect(passes('one', nothingAround)(event)).toBe(true)
  expect(passes('other', nothingAround)(event)).toBe(false)
  expect(passes('one', nothingAround)(event)).toBe(true)
})

test('without a filter everything passes, and what cannot be asked is refused each time', () => {
  expect(new FollowedFilter('events', undefined).at(() => 0).filter).toEqual({ kind: 'all' })
  const wrong = new FollowedFilter('events', { url: { like: '%'.repeat(2_001) } })
  for (const now of [0, 1]) expect(() => wrong.at(() => now)).toThrow('at most 2000')
})
