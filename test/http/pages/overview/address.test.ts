import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  type Address,
  RANGES,
  readAddress,
  variablesOf,
  VIEWS,
  writeAddress,
} from '../../../../src/http/pages/overview/address.ts'

const text = fc.string({ minLength: 1, unit: 'grapheme' }).map(each => each.trim())

const addresses = fc
  .record(
    {
      view: fc.constantFrom(...VIEWS, 'person', 'app', 'search'),
      days: fc.constantFrom(...RANGES),
      connector: text,
      department: text,
      id: text,
      of: text,
      value: text,
    },
    { requiredKeys: ['view', 'days'] },
  )
  .map(each => Object.fromEntries(Object.entries(each).filter(([, value]) => value !== '')))

test('what is written into the address bar is read from it again', () => {
  fc.assert(
    fc.property(addresses, address => {
      expect(readAddress(writeAddress(address as unknown as Address))).toEqual(address)
    }),
  )
})

test.each([
  ['', 'overview', 30],
  ['#/nowhere?days=12', 'overview', 30],
  ['#/people?days=7', 'people', 7],
  ['#findings?days=90&department=', 'findings', 90],
])('%j leads to the view %s over %d days', (hash, view, days) => {
  expect(readAddress(hash)).toEqual({ view, days })
})

test('filters become variables, and a range begins with a whole day', () => {
  const now = Date.UTC(2026, 2, 10, 15, 4)
  const address = readAddress('#/people?days=7&connector=acme&department=R%26D')
  expect(variablesOf(address, now)).toEqual({
    connectors: ['acme'],
    who: { department: { eq: 'R&D' } },
    employee: { department: { eq: 'R&D' } },
    from: '2026-03-04T00:00:00.000Z',
    until: '2026-03-10T15:04:00.000Z',
    weekAgo: '2026-03-03T15:04:00.000Z',
  })
})

test('an object is asked for of its own connector', () => {
  const address = readAddress('#/person?id=1&of=acme&connector=other')
  expect(variablesOf(address, 0)).toMatchObject({ id: '1', connector: 'acme' })
})
