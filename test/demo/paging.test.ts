import { describe, expect, test } from 'vitest'
import type { StandIn } from '../../src/demo/stand-in.ts'
import { type Envelope, ask, readPages, standInForTest } from '../support/stand-in.ts'

const idsOf = (pages: readonly Envelope[]): unknown[] =>
  pages.flatMap(page => page.result.map(row => row['id']))
const accountIds = ({ data }: StandIn): string[] => data.accounts.map(row => row.id)
const lengths = (pages: readonly Envelope[]): number[] => pages.map(page => page.result.length)
const tokenOf = ({ paging }: Envelope): string => encodeURIComponent(paging.nextToken ?? '')
const first = async (standIn: StandIn, path: string): Promise<Envelope> =>
  (await ask(standIn, path)).body

describe('a list', () => {
  test.each([
    '/employees',
    '/accounts',
    '/apps',
    '/browsers',
    '/browserExtensions',
    '/findings',
    '/detections',
  ])('%s gives every row once, in order, by following the tokens', async path => {
    const standIn = await standInForTest()
    const pages = await readPages(standIn, `${path}?limit=7`)
    const rows = standIn.data[path.slice(1) as 'employees']
    expect(idsOf(pages)).toEqual(rows.map(({ id }) => id))
    expect(pages.slice(0, -1).every(page => page.result.length === 7)).toBe(true)
  })

  test('gives by offset the same rows as by token, and goes on from there', async () => {
    const standIn = await standInForTest()
    const ids = accountIds(standIn)
    const { body } = await ask(standIn, '/accounts?limit=50&offset=120')
    expect(idsOf([body])).toEqual(ids.slice(120, 170))
    const { body: next } = await ask(standIn, `/accounts?limit=50&nextToken=${tokenOf(body)}`)
    expect(idsOf([next])).toEqual(ids.slice(170, 220))
    expect(await first(standIn, '/accounts?offset=5000')).toEqual({
      result: [],
      paging: { moreResults: false, nextToken: null },
    })
  })

  test('gives the default page without a limit', async () => {
    const standIn = await standInForTest({ switches: { defaultPage: 30 } })
    expect((await first(standIn, '/accounts')).result).toHaveLength(30)
  })

  test.each(['limit=0', 'limit=-1', 'limit=ten', 'limit=', 'offset=-1', 'offset=1.5', 'offset='])(
    'refuses %s',
    async query => {
      const { status, body } = await ask(await standInForTest(), `/accounts?${query}`)
      expect(status).toBe(400)
      expect(body).toEqual({ message: expect.any(String) as string })
    },
  )
})

describe('a token', () => {
  test('needs escaping in a URL', async () => {
    const { paging } = await first(await standInForTest(), '/accounts?limit=1')
    expect(paging.nextToken).toMatch(/\+.*\/.*=$/)
  })

  test('is refused when it was changed, made up, or came from elsewhere', async () => {
    const standIn = await standInForTest()
    const { paging } = await first(standIn, '/accounts?limit=1')
    const token = paging.nextToken ?? ''
    const ask400 = async (path: string, changed: string): Promise<void> => {
      const { status } = await ask(standIn, `${path}nextToken=${encodeURIComponent(changed)}`)
      expect([changed, status]).toEqual([changed, 400])
    }
    const letters = [...token.slice(0, -2)]
    for (let index = 0; index < letters.length; index++) {
      const other = letters[index] === 'A' ? 'B' : 'A'
      await ask400('/accounts?', letters.with(index, other).join('') + token.slice(-2))
    }
    for (const madeUp of ['', '0', 'bm90IGEgdG9rZW4=', token.slice(0, -4), token + token])
      await ask400('/accounts?', madeUp)
    await ask400('/findings?', token)
    await ask400('/accounts?appType=SLACK&', token)
    const other = await standInForTest({ seed: 2 })
    expect((await ask(other, `/accounts?nextToken=${encodeURIComponent(token)}`)).status).toBe(400)
  })

  test('is refused together with an offset', async () => {
    const standIn = await standInForTest()
    const token = tokenOf(await first(standIn, '/accounts?limit=1'))
    const { status } = await ask(standIn, `/accounts?offset=10&nextToken=${token}`)
    expect(status).toBe(400)
  })

  test('may be used with another limit', async () => {
    const standIn = await standInForTest()
    const token = tokenOf(await first(standIn, '/accounts?limit=1'))
    const { result } = await first(standIn, `/accounts?limit=3&nextToken=${token}`)
    expect(result.map(row => row['id'])).toEqual(accountIds(standIn).slice(1, 4))
  })

  test('goes on after its row while others come and go, that row too', async () => {
    const standIn = await standInForTest()
    const ids = accountIds(standIn)
    const token = tokenOf(await first(standIn, '/accounts?limit=10'))
    for (const id of ids.slice(5, 10)) standIn.remove('accounts', id)
    const [sample] = standIn.data.accounts
    if (sample === undefined) throw new Error('no account')
    standIn.insert('accounts', { ...sample, id: 'new at the start' }, 0)
    standIn.insert('accounts', { ...sample, id: 'new further on' }, 8)
    const { result } = await first(standIn, `/accounts?limit=5&nextToken=${token}`)
    expect(result.map(row => row['id'])).toEqual([
      ...ids.slice(10, 12),
      'new further on',
      ...ids.slice(12, 14),
    ])
  })

  test('that is a position shifts with the rows before it', async () => {
    const standIn = await standInForTest({ switches: { tokens: 'position' } })
    const ids = accountIds(standIn)
    const token = tokenOf(await first(standIn, '/accounts?limit=10'))
    for (const id of ids.slice(0, 4)) standIn.remove('accounts', id)
    const { result } = await first(standIn, `/accounts?limit=2&nextToken=${token}`)
    expect(result.map(row => row['id'])).toEqual(ids.slice(14, 16))
  })
})

describe('the switches of paging', () => {
  test('clamp a limit above the largest page, or refuse it', async () => {
    const standIn = await standInForTest({ switches: { maxPage: 25 } })
    expect((await first(standIn, '/accounts?limit=1000')).result).toHaveLength(25)
    standIn.set({ abovePage: 'refuse' })
    expect((await ask(standIn, '/accounts?limit=26')).status).toBe(400)
    expect((await ask(standIn, '/accounts?limit=25')).status).toBe(200)
  })

  test.each([
    ['null', { moreResults: false, nextToken: null }],
    ['absent', { moreResults: false }],
    ['present', { moreResults: false, nextToken: expect.any(String) as string }],
    ['more-without-token', { moreResults: true, nextToken: null }],
  ] as const)('say of a last page: %s', async (lastToken, paging) => {
    const standIn = await standInForTest({ switches: { lastToken } })
    const pages = await readPages(standIn, '/employees?limit=20')
    expect(lengths(pages)).toEqual([20, 20, 10])
    expect(pages.at(-1)?.paging).toEqual(paging)
  })

  test('give no token though more follows', async () => {
    const standIn = await standInForTest({ switches: { tokens: 'none' } })
    const page = await first(standIn, '/employees?limit=20')
    expect(page.result).toHaveLength(20)
    expect(page.paging).toEqual({ moreResults: true, nextToken: null })
  })

  test('end a list with an empty page', async () => {
    const standIn = await standInForTest({ switches: { lastToken: 'empty-page' } })
    const pages = await readPages(standIn, '/employees?limit=20')
    expect(lengths(pages)).toEqual([20, 20, 10, 0])
    expect(pages.at(-1)?.paging).toEqual({ moreResults: false, nextToken: null })
  })

  test.each([
    [{ emptyPages: 3 }, [20, 20, 0, 10]],
    [{ emptyPages: 2, tokens: 'position' }, [20, 0, 20, 0, 10]],
    [{ shortPages: true }, [20, 10, 20]],
  ] as const)('break a list up: %j', async (switches, expected) => {
    const standIn = await standInForTest({ switches })
    const pages = await readPages(standIn, '/employees?limit=20')
    expect(lengths(pages)).toEqual(expected)
    expect(idsOf(pages)).toEqual(standIn.data.employees.map(({ id }) => id))
  })

  test('ignore an offset, or refuse it', async () => {
    const standIn = await standInForTest({ switches: { offset: 'ignored' } })
    const { result } = await first(standIn, '/accounts?limit=2&offset=100')
    expect(result.map(row => row['id'])).toEqual(accountIds(standIn).slice(0, 2))
    standIn.set({ offset: 'refused' })
    expect((await ask(standIn, '/accounts?limit=2&offset=100')).status).toBe(400)
  })

  test('shuffle each scan anew, but keep the order along one chain', async () => {
    const standIn = await standInForTest({ switches: { order: 'shuffled-per-scan' } })
    const scans = [
      idsOf(await readPages(standIn, '/accounts?limit=99')),
      idsOf(await readPages(standIn, '/accounts?limit=99')),
      accountIds(standIn),
    ]
    expect(new Set(scans.map(ids => ids.join())).size).toBe(3)
    expect(new Set(scans.map(ids => ids.toSorted().join())).size).toBe(1)
    const pages = await Promise.all(
      [0, 200, 400].map(offset => first(standIn, `/accounts?limit=200&offset=${offset}`)),
    )
    expect(new Set(idsOf(pages)).size).toBeLessThan(600)
  })

  test('shuffle by what is asked, whatever was asked for before', async () => {
    const paths = ['/accounts?limit=50', '/accounts?limit=50&offset=50', '/apps?limit=20']
    const orders = await Promise.all(
      [paths, paths.toReversed()].map(async asked => {
        const standIn = await standInForTest({ switches: { order: 'shuffled-per-scan' } })
        const came = new Map<string, string>()
        for (const path of asked) came.set(path, idsOf([await first(standIn, path)]).join())
        return paths.map(path => came.get(path))
      }),
    )
    expect(orders[0]).toEqual(orders[1])
  })
})

describe('rows that a test changes', () => {
  test('are seen by the next request', async () => {
    const standIn = await standInForTest()
    const [id = '', other = ''] = accountIds(standIn)
    standIn.update('accounts', id, { email: 'new@example.com' })
    expect(standIn.remove('accounts', other)).toBe(true)
    expect(standIn.remove('accounts', other)).toBe(false)
    expect(standIn.update('accounts', other, {})).toBeUndefined()
    const { result } = await first(standIn, '/accounts?limit=2')
    expect(result[0]).toMatchObject({ id, email: 'new@example.com' })
    expect(accountIds(standIn)).toEqual(standIn.origin.accounts.map(row => row.id).toSpliced(1, 1))
  })

  test('can be put into another order', async () => {
    const standIn = await standInForTest()
    const before = accountIds(standIn)
    standIn.reorder('accounts', 7)
    const after = idsOf(await readPages(standIn, '/accounts'))
    expect(after).not.toEqual(before)
    expect(after.toSorted()).toEqual(before.toSorted())
  })
})
