import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createData } from '../../../src/demo/data.ts'
import { createGraph, type Graph } from '../../support/graph.ts'
import { createSteppingClock } from '../../support/parity.ts'
import { TEST_NOW } from '../../support/stand-in.ts'

const data = createData({ seed: 1, scale: 0.5, now: TEST_NOW })
const count = data.accounts.length

let graph: Graph
beforeAll(async () => {
  const switches = { listDetails: true, maxPage: 1_000 }
  graph = await createGraph({ data, clock: createSteppingClock(), rate: 1e6, switches })
  await graph.run('{ accounts { totalCount } employees { totalCount } apps { totalCount } }')
})
afterAll(() => graph.close())

const ask = (filter: unknown) =>
  graph.run('query ($filter: AccountFilter) { accounts(filter: $filter) { totalCount } }', {
    filter,
  })

/** So many filters inside one another, around the innermost. */
const nest = (
  levels: number,
  around: (inner: object, level: number) => object,
  innermost: object,
): object => {
  let filter = innermost
  for (let level = 1; level < levels; level += 1) filter = around(filter, level)
  return filter
}

const nots = (levels: number): object =>
  nest(levels, inner => ({ not: inner }), { email: { contains: '@' } })

const parts = (leaves: number): readonly object[] =>
  Array.from({ length: leaves }, (_, index) => ({ email: { ne: `nobody${index}@example.com` } }))

describe('a filter as large as it may be', () => {
  it.each<readonly [string, object, number]>([
    ['thirty levels of not', nots(30), 0],
    ['thirty levels of and', nest(30, inner => ({ and: [inner] }), {}), count],
    [
      'thirty levels of relations',
      nest(15, inner => ({ employee: { accounts: { some: inner } } }), {
        email: { contains: 'nobody at all' },
      }),
      0,
    ],
    ['a thousand leaves', { and: parts(1_000) }, count],
    [
      'ten thousand values',
      { email: { notIn: Array.from({ length: 10_000 }, (_, index) => `${index}@example.com`) } },
      count,
    ],
    ['a pattern of two thousand characters', { email: { like: '*a'.repeat(1_000) } }, 0],
    ['a pattern of nothing but stars', { email: { like: '*'.repeat(4_000) } }, count],
    ['a pattern that could fit in very many ways', { email: { like: '*?'.repeat(1_000) } }, 0],
  ])('is answered: %s', async (_, filter, wanted) => {
    const answer = await ask(filter)
    expect(answer.errors).toEqual([])
    expect(answer.data).toEqual({ accounts: { totalCount: wanted } })
  })
})

describe('a filter that is larger', () => {
  it.each<readonly [string, object, path: string, limit: RegExp]>([
    ['a level', nots(31), `filter${'.not'.repeat(30)}`, /at most 30 levels/],
    [
      'a level of relations',
      nest(16, inner => ({ employee: { accounts: { some: inner } } }), { email: { eq: '' } }),
      `filter${'.employee.accounts.some'.repeat(15)}`,
      /at most 30 levels/,
    ],
    ['a leaf', { and: parts(1_001) }, 'filter.and[1000].email.ne', /at most 1000 comparisons/],
    ['ten times the leaves', { or: parts(10_000) }, 'filter.or[1000].email.ne', /1000 comparisons/],
    [
      'a value',
      { email: { in: Array.from({ length: 10_001 }, () => 'x') } },
      'filter.email.in',
      /at most 10000 values/,
    ],
    [
      'a character of a pattern',
      { email: { like: '*a'.repeat(1_001) } },
      'filter.email.like',
      /at most 2000 characters/,
    ],
  ])('is refused with the limit named, by %s', async (_, filter, path, limit) => {
    const answer = await ask(filter)
    expect(answer.errors).toMatchObject([{ code: 'BAD_USER_INPUT' }])
    expect(answer.errors[0]?.message).toMatch(limit)
    expect(answer.errors[0]?.message).toContain(path)
    expect(answer.requests).toBe(0)
  })

  it('is refused, however deep it is', async () => {
    for (const levels of [100, 1_000, 100_000]) {
      const answer = await ask(nots(levels))
      expect(answer.errors).toHaveLength(1)
      // And whoever asks next is answered.
      expect((await ask({})).data).toEqual({ accounts: { totalCount: count } })
    }
  })
})

describe('an explicit null', () => {
  it.each<readonly [object, path: string]>([
    [{ email: null }, 'filter.email'],
    [{ email: { eq: null } }, 'filter.email.eq'],
    [{ email: { in: null } }, 'filter.email.in'],
    [{ email: { caseSensitive: null } }, 'filter.email.caseSensitive'],
    [{ mfaRegistered: { eq: null } }, 'filter.mfaRegistered.eq'],
    [{ lastUsedAt: { within: null } }, 'filter.lastUsedAt.within'],
    [{ id: { isNull: null } }, 'filter.id.isNull'],
    [{ and: null }, 'filter.and'],
    [{ or: [{ not: { app: null } }] }, 'filter.or[0].not.app'],
    [{ employee: { department: { ne: null } } }, 'filter.employee.department.ne'],
    [{ findings: { some: { state: { eq: null } } } }, 'filter.findings.some.state.eq'],
    [{ mfaMethods: { any: null } }, 'filter.mfaMethods.any'],
    [{ loginMethods: { samlLogin: { eq: null } } }, 'filter.loginMethods.samlLogin.eq'],
  ])('is refused with its path: %j', async (filter, path) => {
    const answer = await ask(filter)
    expect(answer.errors).toMatchObject([{ code: 'BAD_USER_INPUT', path: ['accounts'] }])
    expect(answer.errors[0]?.message).toContain(`${path} is null`)
    expect(answer.requests).toBe(0)
  })

  it('is told from a variable that is not given', async () => {
    const query = `query ($email: String, $and: [AccountFilter!]) {
      accounts(filter: { email: { eq: $email }, and: $and }) { totalCount }
    }`
    expect((await graph.run(query)).data).toEqual({ accounts: { totalCount: count } })
    const given = await graph.run(query, { email: null })
    expect(given.errors[0]?.message).toContain('filter.email.eq is null')
    const list = await graph.run(query, { and: null })
    expect(list.errors[0]?.message).toContain('filter.and is null')
  })

  it('is refused in an order too', async () => {
    const answer = await graph.run('{ accounts(orderBy: [{ field: null }]) { totalCount } }')
    expect(answer.errors).not.toEqual([])
  })
})

describe('the event loop', () => {
  /** Milliseconds of this thread's own work, so that a busy machine does not show. */
  const workMs = (): number => {
    const { user, system } = process.threadCpuUsage()
    return (user + system) / 1_000
  }

  const measured = async (filter: object): Promise<{ total: number; longest: number }> => {
    const begin = workMs()
    let last = begin
    let longest = 0
    let isDone = false
    const look = (): void => {
      const now = workMs()
      longest = Math.max(longest, now - last)
      last = now
      if (!isDone) setImmediate(look)
    }
    setImmediate(look)
    const answer = await ask(filter)
    expect(answer.errors).toEqual([])
    isDone = true
    look()
    return { total: last - begin, longest }
  }

  const contains = (leaves: number): readonly object[] =>
    Array.from({ length: leaves }, (_, index) => ({ email: { contains: `no${index}` } }))

  it.each<readonly [string, object]>([
    ['many comparisons of every row', { or: contains(1_000) }],
    [
      'many comparisons behind two relations',
      { app: { accounts: { none: { employee: { accounts: { some: { or: contains(900) } } } } } } },
    ],
    [
      'relations thirty levels deep',
      nest(
        8,
        inner => ({ app: { accounts: { every: { employee: { accounts: { every: inner } } } } } }),
        { and: parts(300) },
      ),
    ],
  ])('has room for others during %s', async (_, filter) => {
    await measured(filter)
    const { total, longest } = await measured(filter)
    // Not in one go, and no turn of it for long; what is measured is 5 to 20 ms.
    expect(longest).toBeLessThan(Math.max(100, total / 2))
    expect(longest).toBeLessThan(250)
  })
})
