import { describe, expect, it } from 'vitest'
import { compile } from '../../src/filter/compile.ts'
import { readFilter } from '../../src/filter/read-filter.ts'
import type { Account, App, CollectionName, Detection, Rows } from '../../src/model/rows.ts'
import type { Dataset } from '../support/reference-filter.ts'
import { detectionEvent, rowOf } from '../support/rows.ts'
import { surroundingsOf } from '../support/surroundings.ts'

const nowSeconds = Date.UTC(2024, 4, 8, 12) / 1_000

const passes = <Name extends CollectionName>(
  name: Name,
  input: unknown,
  row: Rows[Name],
  data: Partial<Dataset> = {},
): boolean =>
  compile(
    readFilter(name, input, { now: () => nowSeconds * 1_000 }),
    name,
    surroundingsOf(data, 'Main'),
  )(row)

type Case<Value> = readonly [operators: object, value: Value | null, expected: boolean]

describe('the operators of a text', () => {
  it.each<Case<string>>([
    [{}, null, true],
    [{ eq: 'legal' }, 'Legal', true],
    [{ eq: 'legal' }, 'Legal ', false],
    [{ eq: 'legal' }, null, false],
    [{ eq: '' }, '', true],
    [{ eq: '' }, null, false],
    [{ eq: 'legal', caseSensitive: true }, 'Legal', false],
    [{ eq: 'Legal', caseSensitive: true }, 'Legal', true],
    [{ eq: 'caf\u00e9', caseSensitive: true }, 'cafe\u0301', true],
    [{ eq: 'i' }, '\u0131', false],
    [{ eq: '\u{1f600}' }, '\u{1f600}', true],
    [{ ne: 'legal' }, 'LEGAL', false],
    [{ ne: 'legal' }, 'Sales', true],
    [{ ne: 'legal' }, null, true],
    [{ ne: 'legal', caseSensitive: true }, 'LEGAL', true],
    [{ in: ['hr', 'legal'] }, 'HR', true],
    [{ in: ['hr', 'legal'] }, 'Sales', false],
    [{ in: ['hr', 'legal'] }, null, false],
    [{ in: ['hr', 'legal'], caseSensitive: true }, 'HR', false],
    [{ in: [] }, 'HR', false],
    [{ in: [] }, null, false],
    [{ notIn: ['hr', 'legal'] }, 'HR', false],
    [{ notIn: ['hr', 'legal'] }, 'Sales', true],
    [{ notIn: ['hr', 'legal'] }, null, true],
    [{ notIn: [] }, null, true],
    [{ contains: 'GA' }, 'Legal', true],
    [{ contains: 'GA', caseSensitive: true }, 'Legal', false],
    [{ contains: '' }, '', true],
    [{ contains: '' }, null, false],
    [{ contains: 'a' }, null, false],
    [{ startsWith: 'le' }, 'Legal', true],
    [{ startsWith: 'eg' }, 'Legal', false],
    [{ startsWith: 'le', caseSensitive: true }, 'Legal', false],
    [{ startsWith: 'le' }, null, false],
    [{ endsWith: 'AL' }, 'Legal', true],
    [{ endsWith: 'ga' }, 'Legal', false],
    [{ endsWith: 'al' }, null, false],
    [{ like: 'l*L' }, 'Legal', true],
    [{ like: 'l?L' }, 'Legal', false],
    [{ like: 'l?g*' }, 'Legal', true],
    [{ like: 'l?g*', caseSensitive: true }, 'Legal', false],
    [{ like: '*' }, '', true],
    [{ like: '*' }, null, false],
    [{ isNull: true }, null, true],
    [{ isNull: true }, '', false],
    [{ isNull: false }, null, false],
    [{ isNull: false }, '', true],
    [{ isNull: true, eq: 'a' }, null, false],
    [{ startsWith: 'l', endsWith: 'l' }, 'Legal', true],
    [{ startsWith: 'l', endsWith: 'x' }, 'Legal', false],
  ])('%j on %j: %s', (operators, department, expected) => {
    const row = rowOf('employees', { department })
    expect(passes('employees', { department: operators }, row)).toBe(expected)
    expect(passes('employees', { not: { department: operators } }, row)).toBe(!expected)
  })
})

describe('the operators of an id', () => {
  it.each<Case<string>>([
    [{}, null, true],
    [{ eq: 'a' }, 'a', true],
    [{ eq: 'a' }, 'A', false],
    [{ eq: '\u00e9' }, 'e\u0301', false],
    [{ eq: 'a' }, null, false],
    [{ ne: 'a' }, 'A', true],
    [{ ne: 'a' }, 'a', false],
    [{ ne: 'a' }, null, true],
    [{ in: ['a', 'b'] }, 'b', true],
    [{ in: ['a', 'b'] }, 'B', false],
    [{ in: ['a', 'b'] }, null, false],
    [{ notIn: ['a', 'b'] }, 'b', false],
    [{ notIn: ['a', 'b'] }, 'c', true],
    [{ notIn: ['a', 'b'] }, null, true],
    [{ isNull: true }, null, true],
    [{ isNull: true }, 'a', false],
    [{ isNull: false }, 'a', true],
    [{ isNull: false }, null, false],
  ])('%j on %j: %s', (operators, ownerId, expected) => {
    expect(passes('apps', { ownerId: operators }, rowOf('apps', { ownerId }))).toBe(expected)
  })
})

describe('the operators of a word of an enumeration', () => {
  it.each<Case<string>>([
    [{ eq: 'APPROVED' }, 'APPROVED', true],
    [{ eq: 'APPROVED' }, 'approved', false],
    [{ eq: 'APPROVED' }, null, false],
    [{ eq: 'UNRECOGNIZED' }, 'APPROVED', false],
    [{ eq: 'UNRECOGNIZED' }, 'approved', true],
    [{ eq: 'UNRECOGNIZED' }, 'BLESSED', true],
    [{ eq: 'UNRECOGNIZED' }, 'UNRECOGNIZED', true],
    [{ eq: 'UNRECOGNIZED' }, null, false],
    [{ ne: 'UNRECOGNIZED' }, 'BLESSED', false],
    [{ ne: 'UNRECOGNIZED' }, 'APPROVED', true],
    [{ ne: 'UNRECOGNIZED' }, null, true],
    [{ ne: 'APPROVED' }, 'BLESSED', true],
    [{ in: ['APPROVED', 'UNRECOGNIZED'] }, 'BLESSED', true],
    [{ in: ['APPROVED', 'UNRECOGNIZED'] }, 'APPROVED', true],
    [{ in: ['APPROVED', 'UNRECOGNIZED'] }, 'NOT_APPROVED', false],
    [{ notIn: ['APPROVED', 'UNRECOGNIZED'] }, 'BLESSED', false],
    [{ notIn: ['APPROVED', 'UNRECOGNIZED'] }, null, true],
    [{ isNull: true }, null, true],
    [{ isNull: true }, 'BLESSED', false],
  ])('%j on %j: %s', (operators, approvalStatus, expected) => {
    const row = rowOf('apps', { approvalStatus })
    expect(passes('apps', { approvalStatus: operators }, row)).toBe(expected)
  })

  it('compares the word as sent like any text', () => {
    const row = rowOf('apps', { approvalStatus: 'Blessed' })
    expect(passes('apps', { approvalStatusRaw: { eq: 'BLESSED' } }, row)).toBe(true)
    expect(passes('apps', { approvalStatusRaw: { contains: 'less' } }, row)).toBe(true)
  })
})

describe('the operators of a boolean', () => {
  it.each<Case<boolean>>([
    [{ eq: true }, true, true],
    [{ eq: true }, false, false],
    [{ eq: true }, null, false],
    [{ eq: false }, false, true],
    [{ eq: false }, null, false],
    [{ isNull: true }, null, true],
    [{ isNull: true }, false, false],
    [{ isNull: false }, false, true],
  ])('%j on %j: %s', (operators, mfaRegistered, expected) => {
    const row = rowOf('accounts', { mfaRegistered })
    expect(passes('accounts', { mfaRegistered: operators }, row)).toBe(expected)
  })
})

const yearOne = -62_135_596_800
const year9999 = 253_402_300_799
const weekAgo = nowSeconds - 7 * 86_400

describe('the operators of a moment', () => {
  it.each<Case<number>>([
    [{ eq: 5 }, 5, true],
    [{ eq: 5.5 }, 5, false],
    [{ eq: 0 }, null, false],
    [{ ne: 5 }, 5, false],
    [{ ne: 5 }, null, true],
    [{ gt: 5 }, 5, false],
    [{ gt: 4.999 }, 5, true],
    [{ gt: 5.001 }, 5, false],
    [{ gt: -1 }, null, false],
    [{ gte: 5 }, 5, true],
    [{ gte: 5.001 }, 5, false],
    [{ gte: 0 }, null, false],
    [{ lt: 5 }, 5, false],
    [{ lt: 5.001 }, 5, true],
    [{ lt: 1 }, null, false],
    [{ lte: 5 }, 5, true],
    [{ lte: 0 }, null, false],
    [{ gte: yearOne }, yearOne, true],
    [{ gt: yearOne }, yearOne, false],
    [{ lte: year9999 }, year9999, true],
    [{ lt: year9999 }, year9999, false],
    [{ gte: 5, lt: 10 }, 9, true],
    [{ gte: 5, lt: 10 }, 10, false],
    [{ isNull: true }, null, true],
    [{ isNull: true }, 0, false],
    [{ isNull: false }, 0, true],
    [{ within: 'P7D' }, weekAgo, true],
    [{ within: 'P7D' }, weekAgo - 1, false],
    [{ within: 'P7D' }, nowSeconds + 60, true],
    [{ within: 'P7D' }, null, false],
    [{ within: 'P1W' }, weekAgo, true],
    [{ within: 'P6DT23H59M60S' }, weekAgo, true],
    [{ within: 'P99999999999W' }, yearOne, true],
    [{ within: `P${'9'.repeat(400)}D` }, yearOne, true],
    [{ olderThan: 'P7D' }, weekAgo, false],
    [{ olderThan: 'P7D' }, weekAgo - 1, true],
    [{ olderThan: 'PT0.5S' }, nowSeconds - 1, true],
    [{ olderThan: 'PT0.5S' }, nowSeconds, false],
    [{ olderThan: 'P7D' }, null, false],
  ])('%j on %j: %s', (operators, lastUsedAt, expected) => {
    const row = rowOf('accounts', { lastUsedAt })
    expect(passes('accounts', { lastUsedAt: operators }, row)).toBe(expected)
  })
})

describe('the operators of a list', () => {
  it.each<Case<readonly string[]>>([
    [{}, null, true],
    [{ any: { eq: 'hr' } }, ['Sales', 'HR'], true],
    [{ any: { eq: 'hr' } }, ['Sales'], false],
    [{ any: { eq: 'hr' } }, [], false],
    [{ any: { eq: 'hr' } }, null, false],
    [{ any: {} }, [], false],
    [{ any: {} }, ['x'], true],
    [{ any: { isNull: true } }, ['x'], false],
    [{ any: { startsWith: 'h', endsWith: 's' } }, ['hr', 'sales'], false],
    [{ all: { contains: 's' } }, ['Sales', 'US'], true],
    [{ all: { contains: 's' } }, ['Sales', 'HR'], false],
    [{ all: { contains: 's' } }, [], true],
    [{ all: { contains: 's' } }, null, false],
    [{ all: {} }, null, false],
    [{ none: { eq: 'hr' } }, ['Sales'], true],
    [{ none: { eq: 'hr' } }, ['HR'], false],
    [{ none: { eq: 'hr' } }, [], true],
    [{ none: { eq: 'hr' } }, null, false],
    [{ none: { in: [] } }, null, false],
    [{ none: { in: [] } }, ['x'], true],
    [{ all: { in: [] } }, [], true],
    [{ all: { in: [] } }, ['x'], false],
    [{ isEmpty: true }, [], true],
    [{ isEmpty: true }, ['x'], false],
    [{ isEmpty: true }, null, false],
    [{ isEmpty: false }, ['x'], true],
    [{ isEmpty: false }, [], false],
    [{ isEmpty: false }, null, false],
    [{ isNull: true }, null, true],
    [{ isNull: true }, [], false],
    [{ isNull: false }, [], true],
  ])('%j on %j: %s', (operators, groups, expected) => {
    const row = rowOf('employees', { groups })
    expect(passes('employees', { groups: operators }, row)).toBe(expected)
    expect(passes('employees', { not: { groups: operators } }, row)).toBe(!expected)
  })

  it('tells new words apart inside a list', () => {
    const row = rowOf('accounts', { mfaMethods: ['U2F', 'TELEPATHY'] })
    expect(passes('accounts', { mfaMethods: { any: { eq: 'UNRECOGNIZED' } } }, row)).toBe(true)
    expect(passes('accounts', { mfaMethods: { all: { ne: 'UNRECOGNIZED' } } }, row)).toBe(false)
    expect(passes('accounts', { mfaMethodsRaw: { any: { eq: 'telepathy' } } }, row)).toBe(true)
  })
})

const legal = rowOf('employees', { id: 'e1', department: 'Legal' })
const accountOf = (given: Partial<Account>): Account => rowOf('accounts', given)

describe('a filter through a link', () => {
  it.each<readonly [object, string | null, boolean]>([
    [{ owner: {} }, 'e1', true],
    [{ owner: {} }, 'gone', false],
    [{ owner: {} }, null, false],
    [{ owner: { department: { eq: 'legal' } } }, 'e1', true],
    [{ owner: { department: { ne: 'sales' } } }, 'gone', false],
    [{ owner: { department: { ne: 'sales' } } }, null, false],
    [{ not: { owner: {} } }, 'gone', true],
    [{ owner: { not: {} } }, 'e1', false],
  ])('%j on %j: %s', (input, ownerId, expected) => {
    const app: App = rowOf('apps', { ownerId })
    expect(passes('apps', input, app, { employees: [legal] })).toBe(expected)
  })

  it('follows a link of an event inside a detection', () => {
    const accounts = [accountOf({ id: 'a1', email: 'x@example.com' })]
    const input = { events: { some: { account: { email: { eq: 'X@example.com' } } } } }
    const detectionWith = (accountId: string): Detection =>
      rowOf('detections', { events: [detectionEvent(), detectionEvent({ accountId })] })
    expect(passes('detections', input, detectionWith('a1'), { accounts })).toBe(true)
    expect(passes('detections', input, detectionWith('a2'), { accounts })).toBe(false)
  })
})

describe('a filter through related rows', () => {
  const findings = [
    rowOf('findings', { id: 'f1', employeeId: 'e1', state: 'OPEN' }),
    rowOf('findings', { id: 'f2', employeeId: 'e1', state: 'RESOLVED' }),
    rowOf('findings', { id: 'f3', employeeId: 'e2', state: 'OPEN' }),
  ]
  const open = { state: { eq: 'OPEN' } }
  it.each<readonly [object, id: string, boolean]>([
    [{ some: {} }, 'e1', true],
    [{ some: {} }, 'none', false],
    [{ some: open }, 'e1', true],
    [{ some: open }, 'none', false],
    [{ every: open }, 'e1', false],
    [{ every: open }, 'e2', true],
    [{ every: open }, 'none', true],
    [{ none: open }, 'e1', false],
    [{ none: { state: { eq: 'UNRECOGNIZED' } } }, 'e1', true],
    [{ none: open }, 'none', true],
    [{ none: {} }, 'none', true],
    [{ none: {} }, 'e1', false],
    [{ some: {}, every: open }, 'none', false],
    [{}, 'none', true],
  ])('%j on %s: %s', (input, id, expected) => {
    const row = rowOf('employees', { id })
    expect(passes('employees', { findings: input }, row, { findings })).toBe(expected)
  })

  const accounts = [
    accountOf({ id: 'a1', passwordId: 'p1', email: 'one' }),
    accountOf({ id: 'a2', passwordId: 'p1', email: 'two' }),
    accountOf({ id: 'a3', passwordId: 'p2', email: 'three' }),
    accountOf({ id: 'a4', passwordId: null, email: 'four' }),
    accountOf({ id: 'a5', passwordId: null, email: 'five' }),
  ]
  it.each([
    ['a1', { some: {} }, true],
    ['a1', { some: { email: { eq: 'one' } } }, false],
    ['a1', { some: { email: { eq: 'two' } } }, true],
    ['a3', { some: {} }, false],
    ['a4', { some: {} }, false],
    ['a4', { every: { email: { eq: 'x' } } }, true],
  ])('the password peers of %s, %j: %s', (id, input, expected) => {
    const row = accounts.find(account => account.id === id) ?? accountOf({})
    expect(passes('accounts', { passwordPeers: input }, row, { accounts })).toBe(expected)
  })

  it('leaves no account out of the password peers of a finding', () => {
    const finding = rowOf('findings', { id: 'a1', passwordId: 'p1' })
    const input = { passwordPeers: { some: { email: { eq: 'one' } } } }
    expect(passes('findings', input, finding, { accounts })).toBe(true)
  })
})

describe('what a row is not asked for', () => {
  it.each([
    ['the connector', 'accounts', { connectorAlias: { eq: 'MAIN' } }, true],
    ['another connector', 'accounts', { connectorAlias: { eq: 'Other' } }, false],
  ] as const)('is %s', (_, name, input, expected) => {
    expect(passes(name, input, rowOf(name))).toBe(expected)
  })

  it.each([
    ['its friendly name', 'Slack', { name: { eq: 'slack' } }, true],
    ['not its type then', 'Slack GmbH', { name: { eq: 'slack' } }, false],
    ['its type where there is none', null, { name: { eq: 'slack' } }, true],
  ])('is the name of an app: %s', (_, friendlyName, input, expected) => {
    expect(passes('apps', input, rowOf('apps', { friendlyName }))).toBe(expected)
  })

  it('is the name of the app that an account leads to', () => {
    const apps = [rowOf('apps', { id: 'p', friendlyName: 'Slack' })]
    const row = accountOf({ appId: 'p' })
    expect(passes('accounts', { app: { name: { eq: 'slack' } } }, row, { apps })).toBe(true)
  })
})

describe('a large filter', () => {
  it('is answered thirty levels deep', () => {
    const input = Array.from({ length: 29 }).reduce<object>(
      (inner, _, i) => (i % 2 === 0 ? { not: inner } : { and: [inner, {}], id: { eq: '1' } }),
      { id: { eq: '2' } },
    )
    expect(passes('employees', input, rowOf('employees'))).toBe(true)
  })

  it('is answered with a thousand comparisons', () => {
    const leaves = Array.from({ length: 1_000 }, (_, i) => ({ email: { eq: `${i}` } }))
    const row = rowOf('employees', { email: '999' })
    expect(passes('employees', { or: leaves }, row)).toBe(true)
    expect(passes('employees', { and: leaves }, row)).toBe(false)
  })

  it('looks at each related row once, however often relations lead back to it', () => {
    const employees = [rowOf('employees', { id: 'e' })]
    const rows = Array.from({ length: 10 }, (_, i) => accountOf({ id: `${i}`, employeeId: 'e' }))
    const around = surroundingsOf({ employees, accounts: rows })
    let asked = 0
    const counting = {
      ...around,
      many: ((...args) => {
        asked += 1
        return around.many(...args)
      }) as typeof around.many,
    }
    // Thirteen times from an account to its employee and on to ten accounts: 10^13 ways, none of them a match.
    const input = Array.from({ length: 13 }).reduce<object>(
      inner => ({ employee: { accounts: { some: inner } } }),
      { email: { eq: 'nobody' } },
    )
    const test = compile(
      readFilter('accounts', input, { now: () => nowSeconds * 1_000, limits: { depth: 30 } }),
      'accounts',
      counting,
    )
    expect(rows.map(row => test(row))).toEqual(rows.map(() => false))
    expect(asked).toBeLessThanOrEqual(13)
  })

  it('follows no relation of a row that fails a plain comparison', () => {
    const around = {
      ...surroundingsOf({}),
      one: (): never => {
        throw new Error('A link was followed')
      },
    }
    const input = {
      employee: { department: { eq: 'legal' } },
      or: [{ app: {} }, { appType: { eq: 'SLACK' } }],
      mfaRegistered: { eq: true },
    }
    const test = compile(
      readFilter('accounts', input, { now: () => nowSeconds * 1_000 }),
      'accounts',
      around,
    )
    expect(test(accountOf({ mfaRegistered: false }))).toBe(false)
  })

  it('forgets what it saw of related rows when they change', () => {
    const employees = [rowOf('employees', { id: 'e' })]
    const changing = { ...accountOf({ id: 'a', employeeId: 'e' }), email: 'old' }
    let version = 1
    const around = {
      ...surroundingsOf({ employees, accounts: [changing] }),
      version: () => version,
    }
    const input = { employee: { accounts: { some: { email: { eq: 'new' } } } } }
    const test = compile(
      readFilter('accounts', input, { now: () => nowSeconds * 1_000 }),
      'accounts',
      around,
    )
    expect(test(changing)).toBe(false)
    changing.email = 'new'
    version += 1
    expect(test(changing)).toBe(true)
  })
})
