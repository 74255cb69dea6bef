import fc from 'fast-check'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { BadInputError } from '../../src/errors.ts'
import { groupRows, type Group } from '../../src/filter/groups.ts'
import { readDimension, readGrouping, type GroupArguments } from '../../src/filter/read-grouping.ts'
import { distinctSteps } from '../../src/filter/tally-rows.ts'
import { collectionNames } from '../../src/model/collections.ts'
import { dimensions } from '../../src/model/dimensions.ts'
import type { Maybe } from '../../src/model/maybe.ts'
import type { Account, CollectionName, Rows } from '../../src/model/rows.ts'
import { datasets } from '../support/random-filters.ts'
import type { Dataset } from '../support/reference-filter.ts'
import { rowOf } from '../support/rows.ts'
import { surroundingsOf } from '../support/surroundings.ts'
import { Turns } from '../../src/work/turns.ts'
import { Work } from '../../src/work/work.ts'
import { hastyTurns, workInOneTurn } from '../support/work.ts'

const groupsOf = <Name extends CollectionName>(
  name: Name,
  rows: readonly Rows[Name][],
  args: GroupArguments,
  data: Partial<Dataset> = {},
): readonly Group[] =>
  atOnce(
    groupRows(
      name,
      readGrouping(name, args),
      [{ rows, around: surroundingsOf(data) }],
      workInOneTurn(),
    ),
  )

const atOnce = (groups: Maybe<readonly Group[]>): readonly Group[] => {
  if (groups instanceof Promise) throw new Error('it took more than one turn')
  return groups
}

const accounts = (given: readonly Partial<Account>[]): readonly Account[] =>
  given.map((row, index) => rowOf('accounts', { id: `${index}`, ...row }))

const at = (iso: string): number => Date.parse(iso) / 1_000

describe('groups', () => {
  /** One row an hour. */
  const hourly = accounts(
    Array.from({ length: 3_000 }, (_, hour) => ({
      lastPasswordLoginAt: at('2024-05-01') + hour * 3_600,
    })),
  )
  const byHour = { by: ['LAST_PASSWORD_LOGIN_HOUR', 'ID'] } as const

  it('have texts only where they are answered', () => {
    const written = vi.spyOn(Date.prototype, 'toISOString')
    onTestFinished(() => written.mockRestore())
    const given = groupsOf('accounts', hourly, { ...byHour, first: 2 })
    expect(given).toEqual([
      { keys: ['2024-05-01T00:00:00Z', '0'], count: 1 },
      { keys: ['2024-05-01T01:00:00Z', '1'], count: 1 },
    ])
    expect(written.mock.calls.length).toBeLessThanOrEqual(4)
  })

  it('are written in turns', async () => {
    const counted = async (first: number): Promise<number> => {
      const turns = hastyTurns(3)
      const work = new Work({ turns })
      const parts = [{ rows: hourly, around: surroundingsOf({}) }]
      const groups = await groupRows(
        'accounts',
        readGrouping('accounts', { ...byHour, first }),
        parts,
        work,
      )
      expect(groups).toHaveLength(first)
      return turns.number
    }
    // Of all 3,000 two keys each are written, which is all that they take more.
    expect((await counted(2_999)) - (await counted(1))).toBeGreaterThan(100)
  })

  it('come most first, then by key, null last', () => {
    const rows = accounts([
      { oidcLogin: 'b' },
      { oidcLogin: 'a' },
      { oidcLogin: null },
      { oidcLogin: 'c' },
      { oidcLogin: 'c' },
    ])
    expect(groupsOf('accounts', rows, { by: ['OIDC_LOGIN'] })).toEqual([
      { keys: ['c'], count: 2 },
      { keys: ['a'], count: 1 },
      { keys: ['b'], count: 1 },
      { keys: [null], count: 1 },
    ])
  })

  it('tell letters apart by case, as they were sent', () => {
    const rows = accounts([{ oidcLogin: 'Okta' }, { oidcLogin: 'OKTA' }])
    expect(groupsOf('accounts', rows, { by: ['OIDC_LOGIN'] })).toHaveLength(2)
  })

  it('name booleans true and false, and a missing one null', () => {
    const rows = accounts([{ mfaRegistered: true }, { mfaRegistered: false }, {}])
    const keys = groupsOf('accounts', rows, { by: ['MFA_REGISTERED'] }).map(group => group.keys)
    expect(keys).toEqual([['false'], ['true'], [null]])
  })

  it('show a new word as it was sent', () => {
    const rows = [rowOf('findings', { type: 'BRAND_NEW' })]
    expect(groupsOf('findings', rows, { by: ['TYPE'] })).toEqual([
      { keys: ['BRAND_NEW'], count: 1 },
    ])
  })

  it('count a row once for each distinct element, and one without elements under null', () => {
    const rows = accounts([
      { mfaMethods: ['U2F', 'SMS', 'U2F'] },
      { mfaMethods: ['SMS'] },
      { mfaMethods: [] },
      { mfaMethods: null },
    ])
    expect(groupsOf('accounts', rows, { by: ['MFA_METHODS'] })).toEqual([
      { keys: ['SMS'], count: 2 },
      { keys: [null], count: 2 },
      { keys: ['U2F'], count: 1 },
    ])
  })

  it('follow a link, and count one that leads nowhere under null', () => {
    const employees = [rowOf('employees', { id: 'e', department: 'Legal', groups: ['x', 'y'] })]
    const rows = accounts([{ employeeId: 'e' }, { employeeId: 'e' }, { employeeId: 'gone' }])
    const data = { employees }
    expect(groupsOf('accounts', rows, { by: ['EMPLOYEE_DEPARTMENT'] }, data)).toEqual([
      { keys: ['Legal'], count: 2 },
      { keys: [null], count: 1 },
    ])
    expect(groupsOf('accounts', rows, { by: ['EMPLOYEE_GROUPS'] }, data)).toEqual([
      { keys: ['x'], count: 2 },
      { keys: ['y'], count: 2 },
      { keys: [null], count: 1 },
    ])
  })

  it('name an app for people', () => {
    const apps = [rowOf('apps', { id: 'p', type: 'SLACK' })]
    const [group] = groupsOf('accounts', accounts([{ appId: 'p' }]), { by: ['APP_NAME'] }, { apps })
    expect(group?.keys).toEqual(['SLACK'])
  })

  it('put keys in the order in which they were asked for', () => {
    const rows = accounts([{ appType: 'A', mfaRegistered: true }])
    const [group] = groupsOf('accounts', rows, { by: ['MFA_REGISTERED', 'APP_TYPE'] })
    expect(group?.keys).toEqual(['true', 'A'])
  })

  it('keep connectors apart only where asked to', () => {
    const parts = ['one', 'two'].map(alias => ({
      rows: accounts([{ appType: 'A' }]),
      around: surroundingsOf({}, alias),
    }))
    const by = (...names: string[]): readonly Group[] =>
      atOnce(groupRows('accounts', readGrouping('accounts', { by: names }), parts, workInOneTurn()))
    expect(by('APP_TYPE')).toEqual([{ keys: ['A'], count: 2 }])
    expect(by('CONNECTOR', 'APP_TYPE')).toEqual([
      { keys: ['one', 'A'], count: 1 },
      { keys: ['two', 'A'], count: 1 },
    ])
  })

  it('are at most as many as asked for', () => {
    const rows = accounts([{ appType: 'A' }, { appType: 'B' }, { appType: 'B' }])
    const groups = groupsOf('accounts', rows, { by: ['APP_TYPE'], first: 1 })
    expect(groups).toEqual([{ keys: ['B'], count: 2 }])
  })

  it('are all there, however many they are, and never some of too many', () => {
    const rows = accounts(Array.from({ length: 20_001 }, (_, n) => ({ email: `${n % 7}-${n}` })))
    const args = { by: ['EMAIL'] }
    const most = groupsOf('accounts', rows.slice(1), args)
    expect(most).toHaveLength(20_000)
    expect(most.reduce((sum, { count }) => sum + count, 0)).toBe(20_000)
    expect(() => groupsOf('accounts', rows, args)).toThrow(
      expect.objectContaining({
        constructor: BadInputError,
        message: expect.stringMatching(/20000 groups .* "first"/) as string,
        fields: { path: 'first' },
      }),
    )
    expect(groupsOf('accounts', rows, { ...args, first: 3 }).map(({ keys }) => keys[0])).toEqual([
      '0-0',
      '0-10003',
      '0-1001',
    ])
  })

  it('come the same with and without a limit, as far as that goes', () => {
    fc.assert(
      fc.property(datasets, fc.nat(4), (data, limit) => {
        const rows: readonly Account[] = data.accounts
        for (const by of [['EMAIL'], ['CREATED_MONTH', 'APP_TYPE'], ['APP_TYPE', 'CREATED_WEEK']]) {
          const all = groupsOf('accounts', rows, { by }, data)
          expect(groupsOf('accounts', rows, { by, first: limit + 1 }, data)).toEqual(
            all.slice(0, limit + 1),
          )
        }
      }),
      { numRuns: 50 },
    )
  })

  it('add up: every row counts in each dimension of one value once', () => {
    fc.assert(
      fc.property(datasets, data => {
        for (const name of collectionNames)
          for (const [dimension, of] of dimensions[name]) {
            const rows: readonly Rows[CollectionName][] = data[name]
            const groups = groupsOf<CollectionName>(name, rows, { by: [dimension] }, data)
            const sum = groups.reduce((total, { count }) => total + count, 0)
            const isList =
              of.kind === 'field' && /groups|Methods|labels|ermissions|Reasons/.test(of.field)
            expect(sum >= rows.length && (isList || sum === rows.length)).toBe(true)
            expect(new Set(groups.map(({ keys }) => keys[0])).size).toBe(groups.length)
          }
      }),
      { numRuns: 50 },
    )
  })
})

describe('time buckets', () => {
  const rows = accounts([
    { lastUsedAt: at('2024-05-01T10:00:00Z') },
    { lastUsedAt: at('2024-05-01T11:00:00Z'), mfaRegistered: true },
    { lastUsedAt: at('2024-05-04T11:00:00Z') },
    { lastUsedAt: null },
  ])

  it.each([
    [
      'LAST_USED_HOUR',
      ['2024-05-01T10:00:00Z', '2024-05-01T11:00:00Z', '2024-05-04T11:00:00Z', null],
    ],
    ['LAST_USED_DAY', ['2024-05-01', '2024-05-04', null]],
    ['LAST_USED_WEEK', ['2024-W18', null]],
    ['LAST_USED_MONTH', ['2024-05', null]],
  ])('of %s', (dimension, expected) => {
    const keys = groupsOf('accounts', rows, { by: [dimension] }).map(group => group.keys[0])
    expect(keys).toEqual(expected)
  })

  it('are filled between the first and the last that has a row', () => {
    expect(groupsOf('accounts', rows, { by: ['LAST_USED_DAY'], fill: true })).toEqual([
      { keys: ['2024-05-01'], count: 2 },
      { keys: ['2024-05-02'], count: 0 },
      { keys: ['2024-05-03'], count: 0 },
      { keys: ['2024-05-04'], count: 1 },
      { keys: [null], count: 1 },
    ])
  })

  it('come in the order of time where they are the first key, then most first', () => {
    const more = [...rows, ...accounts([{ lastUsedAt: at('2024-05-04T12:00:00Z') }])]
    expect(groupsOf('accounts', more, { by: ['LAST_USED_DAY', 'MFA_REGISTERED'] })).toEqual([
      { keys: ['2024-05-01', 'true'], count: 1 },
      { keys: ['2024-05-01', null], count: 1 },
      { keys: ['2024-05-04', null], count: 2 },
      { keys: [null, null], count: 1 },
    ])
    // Years of other than four digits have a sign, by which texts would sort them wrong.
    const years = accounts([4e11, 0, -1e11].map(createdAt => ({ createdAt })))
    const times = groupsOf('accounts', years, { by: ['CREATED_MONTH'] }).map(({ keys }) => keys[0])
    expect(times.map(time => time?.[0])).toEqual(['-', '1', '+'])
  })

  it('are filled over the range asked for, which leaves out rows beyond it', () => {
    const range = { from: at('2024-05-01T10:30:00Z'), until: at('2024-05-03T00:00:00Z') }
    const args = { by: ['LAST_USED_DAY'], fill: true, ...range }
    expect(groupsOf('accounts', rows, args)).toEqual([
      { keys: ['2024-05-01'], count: 1 },
      { keys: ['2024-05-02'], count: 0 },
    ])
    expect(groupsOf('accounts', [], args).map(({ keys }) => keys)).toEqual([
      ['2024-05-01'],
      ['2024-05-02'],
    ])
  })

  it('leave out the moment at which the range ends', () => {
    const range = { from: at('2024-05-01T11:00:00Z'), until: at('2024-05-04T11:00:00Z') }
    const args = { by: ['LAST_USED_DAY'], ...range }
    expect(groupsOf('accounts', rows, args)).toEqual([{ keys: ['2024-05-01'], count: 1 }])
  })

  it('are filled up to the last that has a row with any keys', () => {
    const args = { by: ['MFA_REGISTERED', 'LAST_USED_DAY'], fill: true }
    const days = groupsOf('accounts', rows, args)
      .filter(({ keys }) => keys[0] === 'true')
      .map(({ keys }) => keys[1])
    expect(days).toEqual(['2024-05-01', '2024-05-02', '2024-05-03', '2024-05-04'])
  })

  it('are filled for each combination of the other keys', () => {
    const args = { by: ['MFA_REGISTERED', 'LAST_USED_MONTH'], fill: true }
    const range = { from: at('2024-05-01T00:00:00Z'), until: at('2024-07-01T00:00:00Z') }
    expect(groupsOf('accounts', rows, { ...args, ...range })).toEqual([
      { keys: [null, '2024-05'], count: 2 },
      { keys: ['true', '2024-05'], count: 1 },
      { keys: ['true', '2024-06'], count: 0 },
      { keys: [null, '2024-06'], count: 0 },
    ])
  })

  it('are none where nothing is there to fill between', () => {
    expect(groupsOf('accounts', [], { by: ['LAST_USED_DAY'], fill: true })).toEqual([])
    const open = { by: ['LAST_USED_DAY'], fill: true, until: at('2024-07-01T00:00:00Z') }
    expect(groupsOf('accounts', [], open)).toEqual([])
  })

  it('are refused where they would be too many', () => {
    const range = { from: at('0001-01-01T00:00:00Z'), until: at('9999-12-31T00:00:00Z') }
    const run = (): unknown =>
      groupsOf('accounts', rows, { by: ['CREATED_HOUR'], fill: true, ...range })
    expect(run).toThrow('more than 100000 empty buckets')
  })

  it('are filled in many turns as in one', async () => {
    const times = Array.from({ length: 200 }, (_, index) => ({
      createdAt: at('2024-01-01') + index * 3_601,
      email: `${index % 20}@example.com`,
    }))
    const args = { by: ['EMAIL', 'CREATED_HOUR'], fill: true }
    const once = groupsOf('accounts', accounts(times), args)
    const turns = hastyTurns(1)
    const parts = [{ rows: accounts(times), around: surroundingsOf({}) }]
    const work = new Work({ turns })
    const filled = await groupRows('accounts', readGrouping('accounts', args), parts, work)
    expect(filled).toEqual(once)
    expect(once.length).toBeGreaterThan(3_000)
    expect(turns.number).toBeGreaterThan(3)
  })
})

describe('very many groups', () => {
  const rows = accounts(Array.from({ length: 12_000 }, (_, index) => ({ email: `${index}` })))

  it.each([
    ['by one dimension', ['ID']],
    ['by several', ['ID', 'EMAIL', 'MFA_METHODS']],
    ['with different values', ['ID', 'MFA_METHODS'], 'EMAIL'],
  ])('are held %s for one operation of a caller at a time', async (_, by, of?: string) => {
    let now = 0
    const turns = new Turns({
      now: () => now,
      cpu: () => now,
      defer: callback => setImmediate(callback),
    })
    const read = [0, 0]
    const readByOthers: number[] = []
    const start = (index: number): Maybe<unknown> => {
      const work = new Work({ turns, caller: 'anna' })
      const noted = function* () {
        for (const row of rows) {
          read[index] = (read[index] ?? 0) + 1
          now += 0.1
          yield row
        }
        readByOthers.push(read[1 - index] ?? 0)
      }
      const parts = [{ rows: noted(), around: surroundingsOf({}) }]
      const grouping = readGrouping('accounts', { by, first: 3 })
      if (of === undefined) return groupRows('accounts', grouping, parts, work)
      const dimension = readDimension('accounts', of, 'of')
      return work.hold(held =>
        work.run(distinctSteps('accounts', grouping, dimension, parts, work, held)),
      )
    }
    await Promise.all([start(0), start(1)])
    expect(read).toEqual([12_000, 12_000])
    expect(readByOthers[0]).toBeLessThan(5_010)
  })
})

describe('groups that are asked for by their size', () => {
  const rows = accounts(['A', 'B', 'B', 'C', 'C', 'D'].map(appType => ({ appType })))
  const keysOf = (args: Omit<GroupArguments, 'by'>): readonly unknown[] =>
    groupsOf('accounts', rows, { by: ['APP_TYPE'], ...args }).map(({ keys }) => keys[0])

  it('are those, before the first of them are taken', () => {
    expect(keysOf({ having: { gte: 2 } })).toEqual(['B', 'C'])
    expect(keysOf({ having: { lt: 2 }, first: 1 })).toEqual(['A'])
    expect(keysOf({ having: { ne: 1, isNull: false } })).toEqual(['B', 'C'])
    expect(keysOf({ having: { isNull: true } })).toEqual([])
    expect(keysOf({ having: {} })).toEqual(['B', 'C', 'A', 'D'])
  })

  it('come in the order asked for, what ties in their usual one', () => {
    expect(keysOf({ orderBy: [{ by: 'COUNT' }] })).toEqual(['A', 'D', 'B', 'C'])
    expect(keysOf({ orderBy: [{ by: 'KEY', direction: 'DESC' }] })).toEqual(['D', 'C', 'B', 'A'])
    expect(keysOf({ orderBy: { by: 'COUNT', direction: 'DESC' }, first: 2 })).toEqual(['B', 'C'])
  })

  it('are not too many where only some of them are wanted', () => {
    const many = accounts(Array.from({ length: 20_002 }, (_, n) => ({ email: `${n}` })))
    const args = { by: ['EMAIL'], having: { gt: 1 } }
    expect(groupsOf('accounts', [...many, ...many.slice(0, 1)], args)).toHaveLength(1)
    expect(() => groupsOf('accounts', many, { by: ['EMAIL'] })).toThrow(/"having"/)
  })

  it('say when their first bucket of time begins', () => {
    const times = accounts([{ lastUsedAt: at('2024-05-04T11:00:00Z') }, { lastUsedAt: null }])
    const timesOf = (by: readonly string[]) =>
      groupsOf('accounts', times, { by }).map(of => of.time)
    expect(timesOf(['APP_TYPE', 'LAST_USED_WEEK'])).toEqual([at('2024-04-29'), null])
    expect(timesOf(['APP_TYPE'])).toEqual([null])
    const far = accounts([{ createdAt: 4e11 }])
    expect(groupsOf('accounts', far, { by: ['CREATED_DAY'] })[0]?.time).toBeNull()
  })
})

describe('reading a grouping', () => {
  it('takes a key of an order that stands there twice where it stands first', () => {
    const keys = ['COUNT', 'KEY', 'COUNT', 'KEY'] as const
    const directions = ['DESC', 'ASC', 'ASC', 'DESC'] as const
    const orderBy = keys.map((by, index) => ({ by, direction: directions[index] }))
    expect(readGrouping('accounts', { by: ['ID'], orderBy }).order).toEqual(orderBy.slice(0, 2))
  })

  it.each<readonly [GroupArguments, string]>([
    [{ by: [] }, 'by'],
    [{ by: Array<string>(7).fill('APP_TYPE') }, 'by'],
    [{ by: ['APP_TYPE', 'SHOE_SIZE'] }, 'by[1]'],
    [{ by: ['APP_TYPE'], first: 0 }, 'first'],
    [{ by: ['APP_TYPE'], first: 20_001 }, 'first'],
    [{ by: ['APP_TYPE'], fill: true }, 'fill'],
    [{ by: ['APP_TYPE'], from: 0 }, 'from'],
    [{ by: ['APP_TYPE'], until: 0 }, 'until'],
    [{ by: ['CREATED_DAY', 'LAST_USED_DAY'], fill: true }, 'fill'],
    [{ by: ['APP_TYPE'], having: { gt: null } }, 'having.gt'],
    [{ by: ['APP_TYPE'], having: { within: 1 } }, 'having.within'],
    [{ by: ['APP_TYPE'], orderBy: [{ by: 'SIZE' }] }, 'orderBy[0].by'],
    [{ by: ['APP_TYPE'], orderBy: [{ by: 'KEY' }, { by: 'TIME' }] }, 'orderBy[1].by'],
    [{ by: ['APP_TYPE'], orderBy: [{ by: 'KEY', direction: 'UP' }] }, 'orderBy[0].direction'],
  ])('refuses %j', (args, path) => {
    const run = (): unknown => readGrouping('accounts', args)
    expect(run).toThrow(expect.objectContaining({ constructor: BadInputError, fields: { path } }))
  })

  it('takes six dimensions, and twenty thousand groups', () => {
    const args = { by: Array<string>(6).fill('APP_TYPE'), first: 20_000 }
    expect(readGrouping('accounts', args)).toMatchObject({ first: 20_000 })
  })

  it('takes null for absent', () => {
    const nulls = { first: null, fill: null, from: null, until: null }
    expect(readGrouping('accounts', { by: ['APP_TYPE'], ...nulls })).toMatchObject({
      first: undefined,
      fill: false,
      from: undefined,
    })
  })
})
