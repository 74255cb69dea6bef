import { describe, expect, test } from 'vitest'
import type { CollectionName } from '../../src/model/rows.ts'
import type { StandIn } from '../../src/demo/stand-in.ts'
import { ask, readPages, standInForTest } from '../support/stand-in.ts'

type Fields = Readonly<Record<string, unknown>> & { readonly id: string }

const rowsOf = ({ data }: StandIn, name: CollectionName): readonly Fields[] =>
  data[name] as readonly unknown[] as readonly Fields[]

const asked = async (standIn: StandIn, path: string): Promise<string[]> =>
  (await readPages(standIn, path)).flatMap(page => page.result.map(row => row.id)).sort()

const expected = (
  standIn: StandIn,
  name: CollectionName,
  test: (row: Fields) => boolean,
): string[] =>
  rowsOf(standIn, name)
    .filter(test)
    .map(({ id }) => id)
    .sort()

/** A value of this field that some rows have and others do not. */
const sample = (standIn: StandIn, name: CollectionName, field: string): string => {
  const values = rowsOf(standIn, name).flatMap(row => {
    const value = row[field]
    return value === null || value === undefined ? [] : [value as string | number | boolean]
  })
  return String(values[values.length >> 1])
}

describe('a parameter', () => {
  test.each([
    ['accounts', 'appType'],
    ['accounts', 'employeeId'],
    ['accounts', 'passwordId'],
    ['browserExtensions', 'extensionId'],
    ['browserExtensions', 'employeeId'],
    ['browserExtensions', 'browserId'],
    ['browserExtensions', 'deploymentMode'],
    ['browserExtensions', 'enabled'],
    ['detections', 'severity'],
    ['detections', 'archived'],
    ['detections', 'detectionType'],
  ] as const)('of %s selects by the value of %s', async (name, field) => {
    const standIn = await standInForTest()
    const value = sample(standIn, name, field)
    const rows = expected(standIn, name, row => field in row && String(row[field]) === value)
    expect(rows.length).toBeGreaterThan(0)
    expect(rows.length).toBeLessThan(rowsOf(standIn, name).length)
    expect(await asked(standIn, `/${name}?${field}=${value}`)).toEqual(rows)
    expect(await asked(standIn, `/${name}?limit=2&${field}=${value}`)).toEqual(rows)
  })

  test.each([
    ['employees', 'creationTimestampAfter', 'creationTimestamp', 1],
    ['apps', 'creationTimestampAfter', 'creationTimestamp', 1],
    ['findings', 'creationTimestampAfter', 'creationTimestamp', 1],
    ['detections', 'creationTimestampAfter', 'creationTimestamp', 1],
    ['browsers', 'lastOnlineTimestampAfter', 'lastOnlineTimestamp', 1],
    ['accounts', 'lastUsedTimestampAfter', 'lastUsedTimestamp', 1],
    ['accounts', 'lastUsedTimestampBefore', 'lastUsedTimestamp', -1],
  ] as const)(
    'of %s, %s, selects by time, the bound as switched',
    async (name, by, field, sign) => {
      const standIn = await standInForTest()
      const bound = Number(sample(standIn, name, field))
      // Rows on the bound and one and two seconds to either side, so that each reading differs.
      const [row] = rowsOf(standIn, name)
      for (const shift of [-2, -1, 0, 1, 2])
        standIn.insert(name, { ...row, id: `shift ${shift}`, [field]: bound + shift } as never)

      const margins = { exclusive: 1, inclusive: 0, wider: -1, narrower: 2 } as const
      for (const bounds of ['exclusive', 'inclusive', 'wider', 'narrower'] as const) {
        standIn.set({ bounds })
        const rows = expected(standIn, name, ({ [field]: seconds }) =>
          sign === 1
            ? typeof seconds === 'number' && seconds >= bound + margins[bounds]
            : typeof seconds === 'number' && seconds <= bound - margins[bounds],
        )
        expect(await asked(standIn, `/${name}?${by}=${bound}`)).toEqual(rows)
      }
    },
  )

  test('`email` selects by a part of the address, minding letter case or not', async () => {
    const standIn = await standInForTest()
    const part = 'CONTRACTOR@partner'
    const all = expected(standIn, 'accounts', ({ email }) =>
      String(email).includes('Contractor@Partner'),
    )
    expect(all.length).toBeGreaterThan(0)
    expect(await asked(standIn, `/accounts?email=${part}`)).toEqual(all)
    standIn.set({ emailCase: 'minds' })
    expect(await asked(standIn, `/accounts?email=${part}`)).toEqual([])
    expect(await asked(standIn, '/accounts?email=Contractor@Partner')).toEqual(all)
  })

  test.each([
    'permissions=storage&permissions=tabs',
    'permissions=storage,tabs',
    'permissions=storage%2Ctabs',
  ])('takes several values: %s', async query => {
    const standIn = await standInForTest({ scale: 0.5 })
    const rows = expected(standIn, 'browserExtensions', ({ permissions = [] }) => {
      const words = permissions as readonly string[]
      return words.includes('storage') && words.includes('tabs')
    })
    expect(rows.length).toBeGreaterThan(0)
    expect(await asked(standIn, `/browserExtensions?${query}`)).toEqual(rows)
  })

  test('combines with others', async () => {
    const standIn = await standInForTest({ scale: 0.3 })
    const bound = Number(sample(standIn, 'accounts', 'lastUsedTimestamp'))
    const rows = expected(
      standIn,
      'accounts',
      row => row['appType'] === 'SLACK' && Number(row['lastUsedTimestamp'] ?? 0) > bound,
    )
    const path = `/accounts?limit=5&appType=SLACK&lastUsedTimestampAfter=${bound}`
    expect(rows.length).toBeGreaterThan(5)
    expect(await asked(standIn, path)).toEqual(rows)
  })

  test.each([
    '/accounts?lastUsedTimestampAfter=yesterday',
    '/accounts?lastUsedTimestampBefore=2025-01-01',
    '/findings?creationTimestampAfter=',
    '/browserExtensions?enabled=yes',
    '/accounts?employeeId=a&employeeId=b',
  ])('is refused with a value that it cannot have: %s', async path => {
    expect((await ask(await standInForTest(), path)).status).toBe(400)
  })
})

describe('the switches of parameters', () => {
  const path = '/accounts?appType=SLACK'
  const slack = (standIn: StandIn): string[] =>
    expected(standIn, 'accounts', row => row['appType'] === 'SLACK')

  test('ignore them', async () => {
    const standIn = await standInForTest({ switches: { parameters: 'ignored' } })
    expect(await asked(standIn, path)).toEqual(expected(standIn, 'accounts', () => true))
  })

  test('widen them: no row asked for is lost, some others come', async () => {
    const standIn = await standInForTest({ switches: { parameters: 'widened' } })
    const rows = await asked(standIn, path)
    const wanted = slack(standIn)
    expect(wanted.filter(id => !rows.includes(id))).toEqual([])
    expect(rows.length).toBeGreaterThan(wanted.length)
    expect(rows.length).toBeLessThan(wanted.length + 600 / 4)
  })

  test('refuse them', async () => {
    const standIn = await standInForTest({ switches: { parameters: 'refused' } })
    expect((await ask(standIn, path)).status).toBe(400)
    expect((await ask(standIn, '/accounts?limit=5')).status).toBe(200)
  })

  test('are set by collection and by parameter', async () => {
    const standIn = await standInForTest({
      switches: { parameters: { accounts: { email: 'refused' }, findings: 'refused' } },
    })
    expect(await asked(standIn, path)).toEqual(slack(standIn))
    expect((await ask(standIn, '/accounts?email=a')).status).toBe(400)
    expect((await ask(standIn, '/findings?creationTimestampAfter=1')).status).toBe(400)
    expect((await ask(standIn, '/apps?creationTimestampAfter=1')).status).toBe(200)
  })

  test('pass over what nobody documents, or refuse it', async () => {
    const standIn = await standInForTest()
    expect((await ask(standIn, '/accounts?color=red')).status).toBe(200)
    standIn.set({ unknownParameters: 'refused' })
    expect((await ask(standIn, '/accounts?color=red')).status).toBe(400)
    expect((await ask(standIn, '/accounts?limit=5&offset=0')).status).toBe(200)
  })
})
