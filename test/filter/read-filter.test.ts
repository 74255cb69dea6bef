import { describe, expect, it } from 'vitest'
import { BadInputError } from '../../src/errors.ts'
import { conjuncts, type Filter, type FilterScope } from '../../src/filter/filter.ts'
import { readFilter } from '../../src/filter/read-filter.ts'

const nowSeconds = 1_714_564_800
const read = (scope: FilterScope, input: unknown): Filter =>
  readFilter(scope, input, { now: () => nowSeconds * 1_000 })

const refusal = (run: () => unknown): BadInputError => {
  try {
    run()
  } catch (error) {
    if (error instanceof BadInputError) return error
    throw error
  }
  throw new Error('It was not refused')
}

const employee = { name: 'employee', idField: 'employeeId', to: 'employees' }
const text = { kind: 'text', field: 'email', caseSensitive: false }

describe('reading a filter', () => {
  it.each<[string, unknown, object]>([
    ['no argument', undefined, { kind: 'all' }],
    ['an empty filter', {}, { kind: 'all' }],
    ['a filter of empty operands', { email: {}, loginMethods: {}, findings: {} }, { kind: 'all' }],
    ['an absent variable', { email: { eq: undefined }, and: undefined }, { kind: 'all' }],
    ['and of nothing', { and: [] }, { kind: 'all' }],
    ['or of nothing', { or: [] }, { kind: 'nothing' }],
    ['or with a part that passes all', { or: [{}, { email: { eq: 'a' } }] }, { kind: 'all' }],
    ['an empty in', { email: { in: [] } }, { kind: 'nothing' }],
    ['an empty notIn', { email: { notIn: [] } }, { kind: 'all' }],
    ['an empty in of ids', { id: { in: [] } }, { kind: 'nothing' }],
    ['not of nothing', { not: { or: [] } }, { kind: 'all' }],
    ['a double negation', { not: { not: { id: { eq: '1' } } } }, eq('id', '1')],
    ['one value in a list', { id: { in: ['1', '1'] } }, eq('id', '1')],
    ['a single value for a list', { id: { in: '1' } }, eq('id', '1')],
    ['a single filter for a list of them', { and: { id: { eq: '1' } } }, eq('id', '1')],
    [
      'two members of one object',
      { id: { eq: '1' }, mfaRegistered: { eq: true } },
      { kind: 'and', of: [eq('id', '1'), eq('mfaRegistered', true)] },
    ],
    [
      'and inside and',
      { and: [{ id: { eq: '1' } }, { and: [{ appId: { eq: '2' } }, {}] }] },
      { kind: 'and', of: [eq('id', '1'), eq('appId', '2')] },
    ],
    ['ne as the opposite of eq', { id: { ne: '1' } }, { kind: 'not', of: eq('id', '1') }],
    [
      'isNull: false as the opposite of isNull: true',
      { passwordId: { isNull: false } },
      { kind: 'not', of: { kind: 'isNull', field: 'passwordId' } },
    ],
    ['a text', { email: { eq: 'Ann' } }, { ...text, op: 'eq', value: 'Ann' }],
    [
      'half a letter as what it became in the rows',
      { email: { eq: 'Ann \ud83d' } },
      { ...text, op: 'eq', value: 'Ann \ufffd' },
    ],
    [
      'a text whose case matters',
      { email: { eq: 'Ann', caseSensitive: true } },
      { ...text, op: 'eq', value: 'Ann', caseSensitive: true },
    ],
    ['a pattern without wildcards', { email: { like: 'a' } }, { ...text, op: 'eq', value: 'a' }],
    ['a pattern open to the right', like('a*'), { ...text, op: 'startsWith', value: 'a' }],
    ['a pattern open to the left', like('**a'), { ...text, op: 'endsWith', value: 'a' }],
    ['a pattern open to both', like('*a*'), { ...text, op: 'contains', value: 'a' }],
    ['any pattern else', like('a**b'), { ...text, op: 'like', value: 'a*b' }],
    ['a pattern of one character', like('?'), { ...text, op: 'like', value: '?' }],
    ['a pattern for everything', like('**'), not({ kind: 'isNull', field: 'email' })],
    ['contains of an empty text', { email: { contains: '' } }, not(isNull('email'))],
    [
      'a login method',
      { loginMethods: { passwordLogin: { eq: true } } },
      eq('passwordLogin', true),
    ],
    [
      'a login method not in use',
      { loginMethods: { not: { oidcLogin: { isNull: false } } } },
      isNull('oidcLogin'),
    ],
    [
      'words of an enumeration with those that are new',
      { mfaMethods: { any: { in: ['U2F', 'UNRECOGNIZED'] } } },
      {
        kind: 'list',
        field: 'mfaMethods',
        element: 'value',
        quantifier: 'any',
        of: {
          kind: 'or',
          of: [eq('', 'U2F'), { kind: 'unrecognized', field: '', enum: 'MfaMethod' }],
        },
      },
    ],
    [
      'words as sent',
      { mfaMethodsRaw: { any: { eq: 'New' } } },
      {
        kind: 'list',
        field: 'mfaMethods',
        element: 'value',
        quantifier: 'any',
        of: { kind: 'text', field: '', op: 'eq', value: 'New', caseSensitive: false },
      },
    ],
    ['all elements of any kind', { mfaMethods: { all: {} } }, not(isNull('mfaMethods'))],
    [
      'no element of any kind',
      { mfaMethods: { none: {} } },
      { kind: 'isEmpty', field: 'mfaMethods' },
    ],
    ['a link that leads somewhere', { employee: {} }, { kind: 'toOne', link: employee, of: all }],
    ['a link to what cannot be', { employee: { or: [] } }, { kind: 'nothing' }],
    ['every related row of any kind', { findings: { every: {} } }, { kind: 'all' }],
    ['some related row that cannot be', { findings: { some: { or: [] } } }, { kind: 'nothing' }],
    [
      'a length of time',
      { createdAt: { within: 'P7D' } },
      { kind: 'compare', field: 'createdAt', op: 'gte', value: nowSeconds - 604_800, ago: 'P7D' },
    ],
    [
      'what is older',
      { lastUsedAt: { olderThan: 'pt1,5h' } },
      { kind: 'compare', field: 'lastUsedAt', op: 'lt', value: nowSeconds - 5_400, ago: 'PT1,5H' },
    ],
  ])('takes %s', (_, input, expected) => {
    expect(read('accounts', input)).toMatchObject(expected)
  })

  it('takes an event of a detection by the words of a relation', () => {
    const input = { events: { some: { account: { email: { eq: 'a' } } } } }
    expect(read('detections', input)).toMatchObject({
      kind: 'list',
      element: 'detectionEvents',
      quantifier: 'any',
      of: { kind: 'toOne', link: { to: 'accounts' } },
    })
  })

  it('hands the planner the parts that must all hold', () => {
    const parts = (input: unknown) => conjuncts(read('accounts', input)).map(({ kind }) => kind)
    expect(parts({})).toEqual([])
    expect(parts({ id: { eq: '1' } })).toEqual(['compare'])
    expect(parts({ id: { eq: '1' }, or: [{ email: { eq: 'a' } }, { employee: {} }] })).toEqual([
      'compare',
      'or',
    ])
  })
})

describe('what cannot be read', () => {
  it.each<[unknown, string]>([
    [null, 'filter'],
    [{ email: null }, 'filter.email'],
    [{ and: [{}, { email: { eq: null } }] }, 'filter.and[1].email.eq'],
    [{ and: null }, 'filter.and'],
    [{ and: [null] }, 'filter.and[0]'],
    [{ or: { not: null } }, 'filter.or[0].not'],
    [{ email: { in: ['a', null] } }, 'filter.email.in[1]'],
    [{ email: { in: null } }, 'filter.email.in'],
    [{ email: { caseSensitive: null } }, 'filter.email.caseSensitive'],
    [{ id: { eq: null } }, 'filter.id.eq'],
    [{ mfaRegistered: { isNull: null } }, 'filter.mfaRegistered.isNull'],
    [{ createdAt: { within: null } }, 'filter.createdAt.within'],
    [{ mfaMethods: { any: { eq: null } } }, 'filter.mfaMethods.any.eq'],
    [{ mfaMethods: { isEmpty: null } }, 'filter.mfaMethods.isEmpty'],
    [{ employee: { groups: { all: null } } }, 'filter.employee.groups.all'],
    [{ findings: { some: { type: { ne: null } } } }, 'filter.findings.some.type.ne'],
    [{ loginMethods: { samlLogin: { eq: null } } }, 'filter.loginMethods.samlLogin.eq'],
  ])('is an explicit null: %j', (input, path) => {
    const error = refusal(() => read('accounts', input))
    expect(error.fields).toEqual({ path })
    expect(error.message).toContain(`${path} is null`)
  })

  it.each<[unknown, string]>([
    [{ shoeSize: { eq: 1 } }, 'filter.shoeSize'],
    [{ email: { near: 'a' } }, 'filter.email.near'],
    [{ id: { contains: 'a' } }, 'filter.id.contains'],
    [{ email: { eq: 1 } }, 'filter.email.eq'],
    [{ email: 'a' }, 'filter.email'],
    [{ mfaRegistered: { eq: 'yes' } }, 'filter.mfaRegistered.eq'],
    [{ mfaRegistered: { gt: true } }, 'filter.mfaRegistered.gt'],
    [{ createdAt: { eq: Number.NaN } }, 'filter.createdAt.eq'],
    [{ createdAt: { contains: 1 } }, 'filter.createdAt.contains'],
    [{ findings: { any: {} } }, 'filter.findings.any'],
    [{ mfaMethods: { one: {} } }, 'filter.mfaMethods.one'],
    [{ createdAt: { within: 'P1M' } }, 'filter.createdAt.within'],
    [{ createdAt: { within: 'P' } }, 'filter.createdAt.within'],
    [{ createdAt: { within: 'P1DT' } }, 'filter.createdAt.within'],
    [{ createdAt: { within: '-P7D' } }, 'filter.createdAt.within'],
    [{ createdAt: { within: '7 days' } }, 'filter.createdAt.within'],
  ])('is %j', (input, path) => {
    expect(refusal(() => read('accounts', input)).fields).toEqual({ path })
  })

  it('is named by where the filter stands', () => {
    const run = () =>
      readFilter(
        'accounts',
        { id: null },
        { now: () => nowSeconds * 1_000, path: 'findings.filter' },
      )
    expect(refusal(run).fields).toEqual({ path: 'findings.filter.id' })
  })
})

const nest = (levels: number): object =>
  Array.from({ length: levels - 1 }).reduce<object>(inner => ({ not: inner }), {
    id: { eq: '1' },
  })

describe('the limits of a filter', () => {
  it('allow versions of 256 letters, of which each row takes its time', () => {
    const versions = [256, 257].map(length => '1'.padEnd(length, '.0').slice(0, length - 1) + '1')
    const [longest, longer] = versions.map(gt => () => read('browsers', { version: { gt } }))
    expect(longest?.()).toMatchObject({ kind: 'version', op: 'gt' })
    expect(refusal(longer ?? (() => undefined)).fields).toEqual({ path: 'filter.version.gt' })
  })

  it('allow thirty levels and no more', () => {
    expect(read('accounts', nest(30))).toMatchObject({ kind: 'not' })
    const error = refusal(() => read('accounts', nest(31)))
    expect(error.message).toContain('at most 30 levels')
  })

  it.each([
    ['relations', (inner: object) => ({ employee: { accounts: { some: inner } } })],
    ['or', (inner: object) => ({ or: [inner] })],
    ['login methods', (inner: object) => ({ not: inner }), 'loginMethods'],
  ])('count %s as levels, at any depth without a crash', (_, wrap, field?: string) => {
    const deep = Array.from({ length: 100_000 }).reduce<object>(wrap, {})
    const input = field === undefined ? deep : { [field]: deep }
    expect(refusal(() => read('accounts', input)).message).toContain('at most 30 levels')
  })

  it('refuse ten thousand comparisons, looking at no more than the limit, and name it', () => {
    let looked = 0
    const leaves = Array.from({ length: 10_000 }, (_, i) => ({
      get email() {
        looked += 1
        return { eq: `a${i}` }
      },
    }))
    const error = refusal(() => read('accounts', { or: leaves }))
    expect(error.message).toContain('at most 1000 comparisons')
    expect(looked).toBeLessThanOrEqual(1_001)
  })

  it('allow a thousand comparisons', () => {
    const leaves = Array.from({ length: 1_000 }, (_, i) => ({ email: { contains: `a${i}` } }))
    expect(read('accounts', { or: leaves })).toMatchObject({ kind: 'or' })
  })

  it.each([
    ['values', { id: { in: Array.from({ length: 10_001 }, String) } }, '10000 values'],
    ['a pattern', { email: { like: '*a'.repeat(1_001) } }, '2000 characters'],
    [
      'patterns together',
      { or: Array.from({ length: 21 }, () => ({ email: { like: '*a'.repeat(50) } })) },
      '2000 characters',
    ],
  ])('bound %s', (_, input, limit) => {
    expect(refusal(() => read('accounts', input)).message).toContain(limit)
  })

  it('count every object, also one that asks for nothing', () => {
    const empty = (count: number): object => ({ or: Array.from({ length: count }, () => ({})) })
    expect(read('accounts', empty(1_999))).toEqual(all)
    expect(refusal(() => read('accounts', empty(2_000))).message).toContain('2000 objects')
  })

  it('can be set', () => {
    const run = () =>
      readFilter('accounts', nest(3), { now: () => nowSeconds * 1_000, limits: { depth: 2 } })
    expect(refusal(run).message).toContain('at most 2 levels')
  })
})

const all = { kind: 'all' }
const isNull = (field: string): object => ({ kind: 'isNull', field })
const not = (of: object): object => ({ kind: 'not', of })
function eq(field: string, value: unknown): object {
  return { kind: 'compare', field, op: 'eq', value }
}
function like(pattern: string): object {
  return { email: { like: pattern } }
}
