import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createData, type TenantData } from '../../../src/demo/data.ts'
import type { PushAccount, PushEmployee } from '../../../src/demo/stand-in.ts'
import { createGraph, type Graph } from '../../support/graph.ts'
import { createSteppingClock } from '../../support/parity.ts'
import { referencePasses } from '../../support/reference-filter.ts'
import { toDataset } from '../../support/reference-graph.ts'
import { TEST_NOW } from '../../support/stand-in.ts'

const employees = [
  ['Ida', 'İstanbul', 'DİYARBAKIR'],
  ['ıda', 'istanbul', 'diyarbakır'],
  ['IDA', 'ISTANBUL', 'DIYARBAKIR'],
  ['Zoë', 'Café', 'Résumé'],
  ['Zoe\u0308', 'Cafe\u0301', 'Re\u0301sume\u0301'],
  ['ZOË', 'CAFE', 'RESUME'],
  ['👩🏽‍💻', 'a👩b', '🏳️‍🌈'],
  ['👩', 'ab', '🏳'],
  ['Straße', 'STRASSE', 'ΣΊΣΥΦΟΣ'],
  ['STRAẞE', 'strasse', 'Σίσυφος'],
  ['a*b?c', 'a.b', '100%'],
  ['\u212Aelvin', 'kelvin', '\u1e69'],
  ['', ' ', 's\u0307\u0323'],
] as const

const edges = [-62_135_596_800, -1, 0, 1, TEST_NOW, 253_402_300_799]

/** A tenant whose texts and times are hard to compare. */
const createHardData = (): TenantData => {
  const data = createData({ seed: 1, scale: 0.01, now: TEST_NOW })
  const [employee] = data.employees as [PushEmployee]
  const [account] = data.accounts as [PushAccount]
  return {
    ...data,
    employees: employees.map(([firstName, location, department], index) => ({
      ...employee,
      id: `e${index}`,
      firstName,
      location,
      department,
      creationTimestamp: edges[index % edges.length] ?? 0,
    })),
    accounts: employees.map(([appType, local], index) => ({
      ...account,
      id: `a${index}`,
      employeeId: `e${index % 5}`,
      appType: `${appType}!`,
      email: `${local}@Example.com`,
      creationTimestamp: edges[index % edges.length] ?? 0,
      lastUsedTimestamp: edges[(index + 1) % edges.length] ?? null,
    })),
  }
}

const data = createHardData()
const world = { data: toDataset(data), connectorAlias: 'default', nowSeconds: TEST_NOW }

const operators = ['eq', 'contains', 'startsWith', 'endsWith', 'like', 'ne'] as const
const texts = [...new Set(employees.flat())]

interface Asked {
  readonly name: 'employees' | 'accounts'
  readonly filter: object
}

const wantedOf = ({ name, filter }: Asked): readonly string[] => {
  const rows: readonly { readonly id: string }[] = world.data[name]
  return rows
    .filter(row => referencePasses(world, name, filter, row))
    .map(({ id }) => id)
    .toSorted()
}

/** The ids of each of those lists, sorted, in one operation. */
const askedOf = async (
  graph: Graph,
  all: readonly Asked[],
): Promise<readonly (readonly string[])[]> => {
  const types = { employees: 'EmployeeFilter', accounts: 'AccountFilter' } as const
  const answer = await graph.run(
    `query (${all.map(({ name }, index) => `$f${index}: ${types[name]}`).join(' ')}) {
      ${all.map(({ name }, index) => `q${index}: ${name}(filter: $f${index}) { nodes { id } }`).join('\n')}
    }`,
    Object.fromEntries(all.map(({ filter }, index) => [`f${index}`, filter])),
  )
  expect(answer.errors).toEqual([])
  const lists = answer.data as Readonly<Record<string, { nodes: readonly { id: string }[] }>>
  return all.map((_, index) => (lists[`q${index}`]?.nodes ?? []).map(({ id }) => id).toSorted())
}

describe('letters that look or mean the same', () => {
  const clock = createSteppingClock()
  let warm: Graph
  beforeAll(async () => {
    warm = await createGraph({ data, clock, rate: 1e6 })
    await warm.run('{ employees { totalCount } accounts { totalCount } }')
  })
  afterAll(() => warm.close())

  it.each(operators)('are told apart or not as the rules say, by %s', async operator => {
    const asked = texts.flatMap(text =>
      ['firstName', 'location', 'department'].flatMap(field =>
        [true, false].map((caseSensitive): Asked => ({
          name: 'employees',
          filter: { [field]: { [operator]: text, caseSensitive } },
        })),
      ),
    )
    expect(await askedOf(warm, asked)).toEqual(asked.map(wantedOf))
  })

  it('are the same to a reader who finds them by what Push can be asked for', async () => {
    const asked = employees.flatMap(([appType, local]): readonly Asked[] => {
      const spelt = [`${appType}!`, `${appType}!`.normalize('NFC'), `${appType}!`.normalize('NFD')]
      const addresses = [`${local}@example.com`, `${local}@EXAMPLE.COM`.normalize('NFC')]
      return [
        ...spelt.map(eq => ({
          name: 'accounts' as const,
          filter: { appType: { eq, caseSensitive: true } },
        })),
        ...addresses.map(eq => ({ name: 'accounts' as const, filter: { email: { eq } } })),
      ]
    })
    for (const one of asked) {
      const cold = await createGraph({ data, clock, rate: 1e6 })
      try {
        expect(await askedOf(cold, [one])).toEqual([wantedOf(one)])
      } finally {
        await cold.close()
      }
    }
  })

  it('leave Turkish letters without the rules of one language', async () => {
    const find = async (eq: string): Promise<readonly string[] | undefined> =>
      (await askedOf(warm, [{ name: 'employees', filter: { location: { eq } } }]))[0]
    expect(await find('istanbul')).toEqual(['e1', 'e2'])
    expect(await find('İSTANBUL')).toEqual(['e0'])
    expect(await find('I\u0307stanbul')).toEqual(['e0'])
    expect(await find('ıstanbul')).toEqual([])
  })

  it('hold composed and decomposed accents for the same, and emoji for what they are', async () => {
    const find = async (filter: object): Promise<readonly string[] | undefined> =>
      (await askedOf(warm, [{ name: 'employees', filter }]))[0]
    expect(await find({ location: { eq: 'CAF\u00c9' } })).toEqual(['e3', 'e4'])
    expect(await find({ location: { eq: 'cafe\u0301', caseSensitive: false } })).toEqual([
      'e3',
      'e4',
    ])
    expect(await find({ firstName: { contains: '👩' } })).toEqual(['e6', 'e7'])
    expect(await find({ location: { like: 'a?b' } })).toEqual(['e10', 'e6'])
    expect(await find({ firstName: { eq: '👩🏽‍💻' } })).toEqual(['e6'])
  })
})

describe('moments at the edges of the calendar', () => {
  const moments = [
    ['the first second', '0001-01-01T00:00:00Z', -62_135_596_800],
    ['the last second', '9999-12-31T23:59:59Z', 253_402_300_799],
    ['a little before the end', '9999-12-31T23:59:59.999Z', 253_402_300_799.999],
    ['an offset that leads to the day before', '1970-01-01T01:00:00+01:00', 0],
    ['an offset that leads to the day after', '1969-12-31T23:59:59-00:00', -1],
    ['half a second', '1970-01-01T00:00:00.5Z', 0.5],
  ] as const

  it.each(moments)('are compared as moments: %s', async (_, text, seconds) => {
    const compared = ['eq', 'ne', 'gt', 'gte', 'lt', 'lte'].flatMap(operator =>
      (['createdAt', 'lastUsedAt'] as const).map(field => ({ operator, field })),
    )
    const asked = compared.map(({ operator, field }): Asked => ({
      name: 'accounts',
      filter: { [field]: { [operator]: text } },
    }))
    const wanted = compared.map(({ operator, field }) =>
      wantedOf({ name: 'accounts', filter: { [field]: { [operator]: seconds } } }),
    )
    const graph = await createGraph({ data, clock: createSteppingClock(), rate: 1e6 })
    try {
      for (const [index, one] of asked.entries())
        expect(await askedOf(graph, [one])).toEqual([wanted[index]])
    } finally {
      await graph.close()
    }
  })

  it.each(['P999999999W', `P${'9'.repeat(300)}D`, 'PT0S'])(
    'lie within %s or not, also where Push is asked first',
    async duration => {
      const graph = await createGraph({ data, clock: createSteppingClock(), rate: 1e6 })
      try {
        const since = duration === 'PT0S' ? TEST_NOW : -Infinity
        const [within, older] = await askedOf(graph, [
          { name: 'accounts', filter: { lastUsedAt: { within: duration } } },
          { name: 'accounts', filter: { lastUsedAt: { olderThan: duration } } },
        ])
        const ids = (holds: (seconds: number) => boolean): readonly string[] =>
          world.data.accounts
            .filter(({ lastUsedAt }) => lastUsedAt !== null && holds(lastUsedAt))
            .map(({ id }) => id)
            .toSorted()
        expect(within).toEqual(ids(seconds => seconds >= since))
        expect(older).toEqual(ids(seconds => seconds < since))
      } finally {
        await graph.close()
      }
    },
  )
})
