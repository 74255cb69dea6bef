import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { conjuncts, type Filter } from '../../../src/filter/filter.ts'
import { readFilter } from '../../../src/filter/read-filter.ts'
import { collectionNames, collections } from '../../../src/model/collections.ts'
import type { CollectionName } from '../../../src/model/rows.ts'
import type { Statistics } from '../../../src/query/planning/statistics.ts'
import { plan } from '../../../src/query/planning/plan.ts'
import { filterInputs, NOW_SECONDS } from '../../support/random-filters.ts'

/** A connector of which the sizes are known, and nothing read yet; every access path is open. */
const open: Statistics = {
  rows: name => collections[name].size.usualRows,
  covered: () => false,
  isWhole: () => false,
  has: () => false,
  hasSlice: () => false,
  walked: () => ({ rows: 0, pages: 0 }),
  comesDetailed: () => false,
  byId: () => true,
  bySlice: () => true,
  byParameter: () => true,
  isLearnt: () => true,
  byOffset: () => true,
  passing: () => undefined,
  observedReads: () => undefined,
  pageSize: 200,
  nowSeconds: NOW_SECONDS,
  terms: { available: 10, burst: 10, rate: 10, latencyMs: 120 },
}

const DAY = 86_400
const weekAgo = NOW_SECONDS - 7 * DAY

const planOf = (
  name: CollectionName,
  input: object,
  known: Partial<Statistics> = {},
  ask: { readonly enough?: number; readonly scanned?: boolean } = {},
) =>
  plan(
    {
      collection: name,
      filter: readFilter(name, input, { now: () => NOW_SECONDS * 1_000 }),
      enough: ask.enough,
      scanned: ask.scanned ?? false,
    },
    { ...open, ...known },
  )

type Row = readonly [
  what: string,
  name: CollectionName,
  input: object,
  accessPath: object,
  requests: number,
  residual: number,
]

describe('the cheapest access path', () => {
  it.each<Row>([
    ['no filter', 'accounts', {}, { kind: 'scan' }, 60, 0],
    [
      'a field that Push does not filter by',
      'accounts',
      { mfaRegistered: { eq: true } },
      { kind: 'scan' },
      60,
      1,
    ],
    ['an id', 'accounts', { id: { eq: 'a' } }, { kind: 'ids', ids: ['a'] }, 1, 0],
    [
      'ids, one of them twice',
      'apps',
      { id: { in: ['a', 'b', 'a'] } },
      { kind: 'ids', ids: ['a', 'b'] },
      2,
      0,
    ],
    ['few ids', 'accounts', { id: { in: ['a', 'b'] } }, { kind: 'ids', ids: ['a', 'b'] }, 2, 0],
    [
      'an id and more',
      'accounts',
      { id: { eq: 'a' }, email: { eq: 'x@y.z' } },
      { kind: 'ids', ids: ['a'] },
      1,
      1,
    ],
    [
      'a link',
      'accounts',
      { employeeId: { eq: 'e' } },
      { kind: 'equal', field: 'employeeId', parameter: 'employeeId', values: ['e'] },
      1,
      0,
    ],
    [
      'a link that has no parameter',
      'findings',
      { employeeId: { eq: 'e' } },
      { kind: 'scan' },
      30,
      1,
    ],
    [
      'a text in its letters',
      'accounts',
      { appType: { eq: 'GITHUB', caseSensitive: true } },
      { kind: 'equal', field: 'appType', parameter: 'appType', values: ['GITHUB'] },
      1,
      0,
    ],
    ['a text in any letters', 'accounts', { appType: { eq: 'SLACK' } }, { kind: 'scan' }, 60, 1],
    [
      'a text that can be written in two ways',
      'accounts',
      { appType: { eq: 'CAF\u00c9', caseSensitive: true } },
      { kind: 'scan' },
      60,
      1,
    ],
    [
      'what is on',
      'browserExtensions',
      { enabled: { eq: true } },
      { kind: 'equal', field: 'enabled', parameter: 'enabled', values: ['true'] },
      1,
      0,
    ],
    [
      'a word',
      'browserExtensions',
      { deploymentMode: { eq: 'MANUAL' } },
      { kind: 'equal', field: 'deploymentMode', parameter: 'deploymentMode', values: ['MANUAL'] },
      1,
      0,
    ],
    [
      'a word that is new to us',
      'browserExtensions',
      { deploymentMode: { eq: 'UNRECOGNIZED' } },
      { kind: 'scan' },
      10,
      1,
    ],
    [
      'a parameter that nobody has tried',
      'detections',
      { severity: { eq: 'HIGH' } },
      { kind: 'scan' },
      3,
      1,
    ],
    [
      'the last week',
      'findings',
      { createdAt: { gte: weekAgo } },
      { kind: 'range', field: 'createdAt', parameter: 'creationTimestampAfter', seconds: weekAgo },
      1,
      0,
    ],
    [
      'the last week, as a duration',
      'findings',
      { createdAt: { within: 'P7D' } },
      { kind: 'range', field: 'createdAt', parameter: 'creationTimestampAfter', seconds: weekAgo },
      1,
      0,
    ],
    ['all but the last week', 'findings', { createdAt: { lt: weekAgo } }, { kind: 'scan' }, 30, 1],
    ['since long ago', 'findings', { createdAt: { gt: 0 } }, { kind: 'scan' }, 30, 1],
    [
      'an address',
      'accounts',
      { email: { eq: 'Ann@Example.com' } },
      { kind: 'emails', field: 'email', parameter: 'email', values: ['ann@example.com'] },
      1,
      0,
    ],
    [
      'an address beyond ASCII',
      'accounts',
      { email: { eq: 'j\u00f6rg@example.com' } },
      { kind: 'scan' },
      60,
      1,
    ],
    ['an address with a space', 'accounts', { email: { eq: 'ann @x.y' } }, { kind: 'scan' }, 60, 1],
    ['a part of an address', 'accounts', { email: { contains: 'ann' } }, { kind: 'scan' }, 60, 1],
    [
      'what is not an address',
      'accounts',
      { email: { ne: 'ann@example.com' } },
      { kind: 'scan' },
      60,
      1,
    ],
    [
      'one or another',
      'accounts',
      { or: [{ employeeId: { eq: 'e' } }, { id: { eq: 'a' } }] },
      { kind: 'scan' },
      60,
      1,
    ],
    [
      'the better of two',
      'accounts',
      { and: [{ employeeId: { in: ['e', 'f', 'g'] } }, { passwordId: { eq: 'p' } }] },
      { kind: 'equal', field: 'passwordId', parameter: 'passwordId', values: ['p'] },
      1,
      1,
    ],
    ['nothing', 'accounts', { id: { in: [] } }, { kind: 'ids', ids: [] }, 0, 0],
    [
      'nothing, among others',
      'accounts',
      { email: { contains: 'a' }, id: { in: [] } },
      { kind: 'ids', ids: [] },
      0,
      0,
    ],
  ])('for %s', (_, name, input, accessPath, requests, residual) => {
    const { accessPath: chosen, cost, residual: left } = planOf(name, input)
    expect(chosen).toEqual(accessPath)
    expect(cost.requests).toBe(requests)
    expect(left).toHaveLength(residual)
  })

  it('goes through few objects of a link to the rows of each', () => {
    const input = { employee: { email: { eq: 'ann@example.com' } } }
    const { accessPath, cost } = planOf('accounts', input)
    expect(accessPath).toMatchObject({
      kind: 'semiJoin',
      link: { name: 'employee' },
      parameter: 'employeeId',
    })
    // Six pages of employees side by side, or five in turn, then the accounts of one.
    expect(cost).toEqual({ requests: 7, depth: 2 })
    const inTurn = planOf('accounts', input, { byOffset: () => false })
    expect(inTurn.cost).toEqual({ requests: 6, depth: 6 })
  })

  it('scans rather than going through many objects of a link', () => {
    const { accessPath } = planOf('accounts', { employee: { licensed: { eq: true } } })
    expect(accessPath).toEqual({ kind: 'scan' })
  })

  it('scans rather than reading very many ids or values one by one', () => {
    const ids = Array.from({ length: 500 }, (_, index) => `${index}`)
    expect(planOf('accounts', { id: { in: ids } }).accessPath).toEqual({ kind: 'scan' })
    expect(planOf('accounts', { employeeId: { in: ids } }).accessPath).toEqual({ kind: 'scan' })
    expect(planOf('accounts', { id: { in: ids.slice(0, 50) } }).accessPath.kind).toBe('ids')
  })

  it('is the store where it has all rows', () => {
    const known = { covered: () => true }
    expect(planOf('accounts', { id: { eq: 'a' } }, known)).toMatchObject({
      accessPath: { kind: 'store' },
      cost: { requests: 0, depth: 0 },
    })
  })

  it('is the scan that is needed anyway', () => {
    const { accessPath } = planOf('accounts', { id: { eq: 'a' } }, {}, { scanned: true })
    expect(accessPath).toEqual({ kind: 'scan' })
  })

  it('asks for no row that the store has', () => {
    const known: Partial<Statistics> = { has: (_, id) => id === 'a', hasSlice: () => true }
    const byId = planOf('accounts', { id: { in: ['a', 'b'] } }, known)
    expect(byId.cost).toEqual({ requests: 1, depth: 1 })
    const slice = planOf('accounts', { employeeId: { eq: 'e' } }, known)
    expect(slice.cost).toEqual({ requests: 0, depth: 0 })
  })

  it.each<readonly [string, object, Partial<Statistics>]>([
    ['ids', { id: { eq: 'a' } }, { byId: () => false }],
    ['equal', { employeeId: { eq: 'e' } }, { bySlice: () => false }],
    ['range', { lastUsedAt: { gt: weekAgo } }, { byParameter: () => false }],
    ['emails', { email: { eq: 'ann@example.com' } }, { byParameter: () => false }],
    ['semiJoin', { employee: { id: { eq: 'e' } } }, { bySlice: () => false }],
  ])('is no longer %s once the API is known not to allow it', (kind, input, known) => {
    expect(planOf('accounts', input).accessPath.kind).toBe(kind)
    expect(planOf('accounts', input, known).accessPath.kind).toBe('scan')
  })

  it('walks no further than the rows that suffice need', () => {
    const first = (input: object, enough: number): number =>
      planOf('accounts', input, {}, { enough }).cost.requests
    expect(first({}, 50)).toBe(1)
    expect(first({}, 1_000)).toBe(5)
    expect(first({ mfaRegistered: { eq: true } }, 200)).toBe(2)
  })

  it('counts on two more requests where an address was never looked for', () => {
    const input = { email: { eq: 'ann@example.com' } }
    expect(planOf('accounts', input, { isLearnt: () => false }).cost.requests).toBe(3)
  })
})

const booleans = fc.func<[string, string?, string?], boolean>(fc.boolean())

/** Whatever may be known of a connector. */
const anyKnown: fc.Arbitrary<Statistics> = fc
  .record({
    sizes: fc.func<[string], number>(fc.oneof(fc.constant(0), fc.nat(200_000))),
    covered: booleans,
    has: booleans,
    hasSlice: booleans,
    byId: booleans,
    bySlice: booleans,
    byParameter: booleans,
    isLearnt: booleans,
    byOffset: booleans,
    passing: fc.func<[string, Filter], number | undefined>(
      fc.option(fc.nat(200_000), { nil: undefined }),
    ),
    pageSize: fc.integer({ min: 1, max: 1_000 }),
    available: fc.nat(20),
    rate: fc.double({ min: 0.1, max: 100, noNaN: true }),
    latencyMs: fc.nat(60_000),
  })
  .map(({ sizes: rows, available, rate, latencyMs, ...known }) => ({
    ...open,
    ...known,
    rows,
    terms: { available, burst: Math.max(available, 10), rate, latencyMs },
  }))

const asks = fc.constantFrom(...collectionNames).chain(collection =>
  fc.record({
    collection: fc.constant(collection),
    filter: filterInputs(collection, 2).map(input =>
      readFilter(collection, input, { now: () => NOW_SECONDS * 1_000 }),
    ),
    enough: fc.option(fc.integer({ min: 1, max: 1_000 }), { nil: undefined }),
    scanned: fc.boolean(),
  }),
)

const sorted = (parts: readonly Filter[]): readonly string[] =>
  parts.map(part => JSON.stringify(part)).toSorted()

describe('any plan', () => {
  it('leaves no part of the filter out, and doubles none', () => {
    fc.assert(
      fc.property(asks, anyKnown, (ask, known) => {
        const { pushed, residual } = plan(ask, known)
        expect(sorted([...pushed, ...residual])).toEqual(sorted(conjuncts(ask.filter)))
      }),
    )
  })

  it('costs a number of requests, no fewer than those that wait for one another', () => {
    fc.assert(
      fc.property(asks, anyKnown, (ask, known) => {
        const { cost, rows } = plan(ask, known)
        expect(Number.isSafeInteger(cost.requests)).toBe(true)
        expect(Number.isSafeInteger(cost.depth)).toBe(true)
        expect(cost.depth).toBeGreaterThanOrEqual(0)
        expect(cost.requests).toBeGreaterThanOrEqual(cost.depth)
        expect(rows).toBeGreaterThanOrEqual(0)
        expect(rows).toBeLessThanOrEqual(known.rows(ask.collection))
      }),
    )
  })

  it('has no access path that the API does not allow', () => {
    fc.assert(
      fc.property(asks, anyKnown, (ask, known) => {
        const { accessPath } = plan(ask, known)
        const { collection } = ask
        const allowed: Readonly<Record<typeof accessPath.kind, () => boolean>> = {
          store: () => known.covered(collection),
          scan: () => !known.covered(collection),
          ids: () => ask.filter.kind === 'nothing' || known.byId(collection),
          equal: () => accessPath.kind === 'equal' && known.bySlice(collection, accessPath.field),
          range: () =>
            accessPath.kind === 'range' && known.byParameter(collection, accessPath.parameter),
          emails: () =>
            accessPath.kind === 'emails' && known.byParameter(collection, accessPath.parameter),
          semiJoin: () =>
            accessPath.kind === 'semiJoin' && known.bySlice(collection, accessPath.link.idField),
        }
        expect(allowed[accessPath.kind]()).toBe(true)
      }),
    )
  })

  it('is never dearer in requests than a scan, unless that takes clearly longer', () => {
    fc.assert(
      fc.property(asks, anyKnown, (ask, known) => {
        const chosen = plan(ask, known)
        const scan = plan({ ...ask, scanned: true }, known)
        const timeOf = ({ requests, depth }: typeof scan.cost): number => {
          const { available, rate, latencyMs } = known.terms
          const paced = (Math.max(0, requests - available) / rate) * 1_000 + latencyMs
          return Math.max(paced, depth * latencyMs)
        }
        const isDearer = chosen.cost.requests > scan.cost.requests
        if (isDearer) expect(timeOf(chosen.cost)).toBeLessThan(timeOf(scan.cost))
      }),
    )
  })
})
