import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { BadInputError } from '../../src/errors.ts'
import { firstOf } from '../../src/filter/first-of.ts'
import { createOrder, readOrder, type OrderKey } from '../../src/filter/order.ts'
import type { Account } from '../../src/model/rows.ts'
import { datasets } from '../support/random-filters.ts'
import { rowOf } from '../support/rows.ts'
import { workInOneTurn } from '../support/work.ts'

const sortedBy = (keys: readonly OrderKey[], rows: readonly Account[]): readonly Account[] =>
  rows.toSorted(createOrder('accounts', keys).compare)

const emails = (values: readonly string[]): readonly Account[] =>
  values.map((email, index) => rowOf('accounts', { id: `${index}`, email }))

const asc = (field: string): OrderKey => ({ field, direction: 'ASC' })
const desc = (field: string): OrderKey => ({ field, direction: 'DESC' })

describe('the order of rows', () => {
  it.each<readonly [string, string[], string[]]>([
    ['without regard to letter case', ['b', 'C', 'A'], ['A', 'b', 'C']],
    ['by code point, not UTF-16 unit', ['\u{1f600}', '\uffe5', 'z'], ['z', '\uffe5', '\u{1f600}']],
    ['by composed letters', ['f', 'e\u0301', '\u00e8'], ['f', '\u00e8', 'e\u0301']],
    ['a beginning before what goes on', ['ab', 'a', ''], ['', 'a', 'ab']],
  ])('puts texts %s', (_, given, expected) => {
    const texts = (keys: readonly OrderKey[]): readonly string[] =>
      sortedBy(keys, emails(given)).map(({ email }) => email)
    expect(texts([asc('email')])).toEqual(expected)
    expect(texts([desc('email')])).toEqual(expected.toReversed())
  })

  it.each([asc('lastUsedAt'), desc('lastUsedAt'), asc('oidcLogin'), desc('mfaRegistered')])(
    'puts rows without a value last: %j',
    key => {
      const has = { lastUsedAt: -5, oidcLogin: 'x', mfaRegistered: false }
      const rows = [
        rowOf('accounts', { id: '1' }),
        rowOf('accounts', { id: '3', ...has }),
        rowOf('accounts', { id: '2' }),
      ]
      expect(sortedBy([key], rows).map(({ id }) => id)).toEqual(['3', '1', '2'])
    },
  )

  it('puts false before true and earlier before later', () => {
    const rows = [
      rowOf('accounts', { id: '1', mfaRegistered: true, createdAt: 2 }),
      rowOf('accounts', { id: '2', mfaRegistered: false, createdAt: 10 }),
      rowOf('accounts', { id: '3', mfaRegistered: true, createdAt: -1 }),
    ]
    const ids = sortedBy([asc('mfaRegistered'), asc('createdAt')], rows).map(({ id }) => id)
    expect(ids).toEqual(['2', '3', '1'])
  })

  it('puts severities by their rank, new words after those that are known', () => {
    const severities = ['MEDIUM', 'EXTREME', 'CRITICAL', 'LOW', 'HIGH']
    const rows = severities.map((severity, index) =>
      rowOf('detections', { id: `${index}`, severity }),
    )
    const order = createOrder('detections', [asc('severity')])
    expect(rows.toSorted(order.compare).map(({ severity }) => severity)).toEqual([
      'LOW',
      'MEDIUM',
      'HIGH',
      'CRITICAL',
      'EXTREME',
    ])
  })

  it('breaks ties by the next key, then by id, ascending in either direction', () => {
    const rows = [
      rowOf('accounts', { id: 'b', email: 'X', appType: '1' }),
      rowOf('accounts', { id: 'a', email: 'x', appType: '1' }),
      rowOf('accounts', { id: 'B', email: 'x', appType: '2' }),
    ]
    const ids = sortedBy([desc('email'), desc('appType')], rows).map(({ id }) => id)
    expect(ids).toEqual(['B', 'a', 'b'])
  })

  it('sorts apps by the name that people see', () => {
    const apps = [
      rowOf('apps', { id: '1', type: 'ZOOM' }),
      rowOf('apps', { id: '2', type: 'ZZZ', friendlyName: 'Acme' }),
    ]
    const { compare } = createOrder('apps', [asc('name')])
    expect(apps.toSorted(compare).map(({ id }) => id)).toEqual(['2', '1'])
  })

  it('is total: no two different rows stand in the same place, and never in a circle', () => {
    const keys = fc.constantFrom(asc('email'), desc('lastName'), asc('licensed'), desc('createdAt'))
    fc.assert(
      fc.property(datasets, fc.array(keys, { maxLength: 3 }), ({ employees }, by) => {
        const { compare } = createOrder('employees', by)
        for (const a of employees)
          for (const b of employees) {
            expect(Math.sign(compare(a, b))).toBe(-Math.sign(compare(b, a)) + 0)
            expect(compare(a, b) === 0).toBe(a.id === b.id)
            for (const c of employees)
              if (compare(a, b) < 0 && compare(b, c) < 0) expect(compare(a, c)).toBeLessThan(0)
          }
      }),
    )
  })
})

describe('reading orderBy', () => {
  it.each<readonly [string, unknown, readonly OrderKey[]]>([
    ['nothing', undefined, []],
    ['no key', [], []],
    ['a key without a direction', [{ field: 'LAST_USED_AT' }], [asc('lastUsedAt')]],
    ['a single key', { field: 'EMAIL', direction: 'DESC' }, [desc('email')]],
    ['a login method', [{ field: 'OIDC_LOGIN' }], [asc('oidcLogin')]],
    ['a key twice', [{ field: 'ID' }, { field: 'ID', direction: 'DESC' }], [asc('id')]],
  ])('takes %s', (_, input, expected) => {
    expect(readOrder('accounts', input)).toEqual(expected)
  })

  it.each([
    [[{ field: 'MFA_METHODS' }], 'orderBy[0].field'],
    [[{ field: 'ID' }, { field: 'lastUsedAt' }], 'orderBy[1].field'],
    [[{ field: 'MFA_METHODS_RAW' }], 'orderBy[0].field'],
    [[{ field: null }], 'orderBy[0].field'],
    [[{ field: 'ID', direction: null }], 'orderBy[0].direction'],
    [[{ field: 'ID', direction: 'UP' }], 'orderBy[0].direction'],
    [[null], 'orderBy[0]'],
    [[{}], 'orderBy[0].field'],
    [null, 'orderBy[0]'],
  ])('refuses %j', (input, path) => {
    const run = (): unknown => readOrder('accounts', input)
    expect(run).toThrow(expect.objectContaining({ constructor: BadInputError, fields: { path } }))
  })

  it('gives the same text for the same order, and only then', () => {
    const keyOf = (...keys: readonly OrderKey[]): string => createOrder('accounts', keys).key
    expect(keyOf(asc('email'), asc('id'))).toBe(keyOf(asc('email'), asc('id')))
    expect(keyOf(asc('email'))).not.toBe(keyOf(desc('email')))
    expect(keyOf(asc('email'), asc('id'))).not.toBe(keyOf(asc('id'), asc('email')))
  })
})

describe('the first rows in an order', () => {
  it('are those that sorting all of them would bring first', () => {
    const row = fc.record({ value: fc.integer({ min: 0, max: 5 }), name: fc.string() })
    const compare = (a: { value: number }, b: { value: number }): number => a.value - b.value
    fc.assert(
      fc.property(fc.array(row), fc.nat(12), (rows, count) => {
        expect(firstOf(rows, count, compare, workInOneTurn())).toEqual(
          rows.toSorted(compare).slice(0, count),
        )
      }),
    )
  })
})
