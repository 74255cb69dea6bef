import { describe, expect, test } from 'vitest'
import { UpstreamRefusedError, UpstreamUnavailableError } from '../../../src/errors.ts'
import type { Account } from '../../../src/model/rows.ts'
import { createScan, type Scan } from '../../../src/store/reading/scan.ts'
import { createTable, type Table } from '../../../src/store/table/table.ts'
import { createFakeClock, type FakeClock, settle } from '../../support/clock.ts'
import {
  callAt,
  createFakeClient,
  type FakeClient,
  type FakeClientOptions,
} from '../../support/fake-client.ts'
import { rowOf } from '../../support/rows.ts'

const account = (id: string): Account => rowOf('accounts', { id })
const accounts = (from: number, to: number): Account[] =>
  Array.from({ length: to - from }, (_, index) => account(String(from + index).padStart(3, '0')))
const idsOf = (rows: Iterable<{ readonly id: string }>): string[] => [...rows].map(({ id }) => id)
const never = (): boolean => false

interface Bench {
  readonly clock: FakeClock
  readonly client: FakeClient
  readonly list: Account[]
  readonly table: Table<'accounts'>
  readonly sizes: (number | undefined)[]
  readonly scan: (expectedRows?: number) => Scan
}

/** A list of 45 accounts in pages of ten. */
const bench = ({
  rows = 45,
  ...options
}: Partial<FakeClientOptions> & { rows?: number } = {}): Bench => {
  const clock = createFakeClock()
  const list = accounts(0, rows)
  const client = createFakeClient({ clock, lists: { accounts: list }, ...options })
  const table = createTable('accounts', 'epoch')
  const sizes: (number | undefined)[] = []
  return {
    clock,
    client,
    list,
    table,
    sizes,
    scan: expectedRows =>
      createScan({
        table,
        client,
        clock,
        expected: expectedRows === undefined ? undefined : { rows: expectedRows, at: 0 },
        onDone: size => {
          sizes.push(size?.rows)
        },
      }),
  }
}

/** Something that a test opens when it wants. */
const gate = (): { readonly opened: Promise<void>; readonly open: () => void } => {
  const { promise, resolve } = Promise.withResolvers<void>()
  return { opened: promise, open: resolve }
}

describe('a scan', () => {
  test('reads every page once for fifty who come at once', async () => {
    const { client, clock, table, sizes, scan: begin } = bench()
    const scan = begin()
    const all = Array.from({ length: 50 }, () => scan.until(never, callAt(clock), true))
    expect(new Set(await Promise.all(all))).toEqual(new Set([true]))
    expect(client.origins).toEqual(['start', 'after 009', 'after 019', 'after 029', 'after 039'])
    expect(idsOf(table.frozen().rows)).toEqual(idsOf(accounts(0, 45)))
    expect(scan.done).toBe(true)
    expect(table.whole).toBe(clock.now())
    expect(sizes).toEqual([45])
  })

  test('reads no page that nobody waits for, and goes on where it stood', async () => {
    const { client, clock, table, scan: begin } = bench()
    const scan = begin()
    await scan.until(() => table.size >= 5, callAt(clock))
    expect(client.origins).toEqual(['start'])
    expect(scan.running).toBe(false)
    await scan.until(() => table.size >= 15, callAt(clock))
    expect(client.origins).toEqual(['start', 'after 009'])
    expect(scan.done).toBe(false)
    expect(table.whole).toBeUndefined()
  })

  test('asks for nothing where somebody has enough already', async () => {
    const { client, clock, scan: begin } = bench()
    expect(await begin().until(() => true, callAt(clock))).toBe(true)
    expect(client.asked).toEqual([])
  })

  test('goes on for the others when one leaves at an earlier deadline', async () => {
    const slow = gate()
    const {
      client,
      clock,
      table,
      scan: begin,
    } = bench({
      before: (_asked, n) => (n === 2 ? slow.opened : undefined),
    })
    const scan = begin()
    const patient = scan.until(never, callAt(clock), true)
    const brief = scan.until(never, callAt(clock, { deadline: clock.now() + 100 }), true)
    await clock.advance(100)
    expect(await brief).toBe(false)
    expect(client.asked).toHaveLength(2)
    slow.open()
    expect(await patient).toBe(true)
    expect(client.asked).toHaveLength(5)
    expect(table.size).toBe(45)
  })

  test('takes its waiting page out of the queue when the last one leaves', async () => {
    const { client, clock, scan: begin } = bench({ before: () => new Promise(() => undefined) })
    const scan = begin()
    const leaving = new AbortController()
    const first = scan.until(never, callAt(clock, { signal: leaving.signal }))
    const second = scan.until(never, callAt(clock, { deadline: clock.now() + 100 }))
    await settle()
    leaving.abort(new Error('the caller has gone'))
    await expect(first).rejects.toThrow('the caller has gone')
    expect(client.asked[0]?.call.signal?.aborted).toBe(false)
    await clock.advance(100)
    expect(await second).toBe(false)
    expect(client.asked[0]?.call.signal?.aborted).toBe(true)
    expect(scan.running).toBe(false)
    expect(clock.waiting()).toBe(0)
  })

  test('reads on for somebody who comes in the moment in which the last one leaves', async () => {
    const {
      client,
      clock,
      scan: begin,
    } = bench({
      before: (_asked, n) => (n === 1 ? new Promise(() => undefined) : undefined),
    })
    const scan = begin()
    const leaving = new AbortController()
    const first = scan.until(never, callAt(clock, { signal: leaving.signal }))
    await settle()
    leaving.abort(new Error('the caller has gone'))
    const second = scan.until(never, callAt(clock), true)
    await expect(first).rejects.toThrow('the caller has gone')
    expect(await second).toBe(true)
    expect(client.origins[1]).toBe('start')
  })

  test('refuses a caller whose time is over, and one who has left, without a request', async () => {
    const { client, clock, scan: begin } = bench()
    expect(await begin().until(never, callAt(clock, { deadline: clock.now() }))).toBe(false)
    const signal = AbortSignal.abort(new Error('gone'))
    await expect(begin().until(never, callAt(clock, { signal }))).rejects.toThrow('gone')
    expect(client.asked).toEqual([])
  })

  test('tells a failure to all who wait, and the next one goes on from the same token', async () => {
    const failure = new UpstreamUnavailableError('down', 503)
    const {
      client,
      clock,
      table,
      scan: begin,
    } = bench({
      before: (_asked, n) => (n === 3 ? Promise.reject(failure) : undefined),
    })
    const scan = begin()
    const waiting = [scan.until(never, callAt(clock), true), scan.until(never, callAt(clock), true)]
    for (const wait of waiting) await expect(wait).rejects.toBe(failure)
    expect(scan.running).toBe(false)
    expect(await scan.until(never, callAt(clock), true)).toBe(true)
    expect(client.origins).toEqual([
      'start',
      'after 009',
      'after 019',
      'after 019',
      'after 029',
      'after 039',
    ])
    expect(idsOf(table.frozen().rows)).toEqual(idsOf(accounts(0, 45)))
  })

  test('waits in the background as long as it takes', async () => {
    const slow = gate()
    const { clock, scan: begin } = bench({ before: () => slow.opened })
    const background = callAt(clock, { priority: 'background', deadline: Number.MAX_SAFE_INTEGER })
    const reading = begin().until(never, background, true)
    await clock.advance(86_400_000)
    slow.open()
    expect(await reading).toBe(true)
  })

  test('moves a background page forward when somebody in a hurry joins', async () => {
    const slow = gate()
    const { client, clock, scan: begin } = bench({ before: () => slow.opened })
    const scan = begin()
    const background = scan.until(never, callAt(clock, { priority: 'background' }), true)
    const interactive = scan.until(never, callAt(clock), true)
    expect(client.asked.map(({ call }) => call.priority)).toEqual(['background', 'interactive'])
    expect(client.asked[1]?.request).toEqual(client.asked[0]?.request)
    slow.open()
    expect(await Promise.all([background, interactive])).toEqual([true, true])
  })

  test('takes an answer that was asked for before it began, and is no newer than that', async () => {
    const {
      clock,
      table,
      scan: begin,
    } = bench({
      rows: 5,
      before: () => ({ readAt: clock.now() - 10 }),
    })
    const scan = begin()
    await scan.until(never, callAt(clock), true)
    expect(table.size).toBe(5)
    expect(table.whole).toBe(clock.now() - 10)
    expect(scan.startedAt).toBe(clock.now() - 10)
  })

  test('says where and why rows could not be read', async () => {
    const unreadable = [{ path: 'result[3].email', reason: 'is missing' }]
    const {
      clock,
      table,
      scan: begin,
    } = bench({
      before: (_asked, n) => (n === 2 ? { unreadable } : undefined),
    })
    const scan = begin()
    await scan.until(() => table.size > 15, callAt(clock))
    expect(scan.gaps).toEqual(unreadable)
    expect(table.gaps).toEqual([])
    await scan.until(never, callAt(clock), true)
    expect(table.gaps).toEqual(unreadable)
  })
})

describe('a second scan', () => {
  test('drops what has gone, adds what is new at the end, and keeps every position', async () => {
    const { clock, list, table, scan: begin } = bench()
    await begin().until(never, callAt(clock), true)
    list.splice(12, 1)
    list.splice(3, 0, account('new'))
    await clock.advance(1000)
    await begin().until(never, callAt(clock), true)
    const expected = idsOf(accounts(0, 45)).filter(id => id !== '012')
    expect(idsOf(table.frozen().rows)).toEqual([...expected, 'new'])
    expect(table.positionOf('044')).toBe(44)
    expect(table.whole).toBe(clock.now())
  })

  test('is not undone by an older one that ends later', async () => {
    const slow = gate()
    const {
      client,
      clock,
      list,
      table,
      scan: begin,
    } = bench({
      before: (_asked, n) => (n === 2 ? slow.opened : undefined),
    })
    const older = begin().until(never, callAt(clock), true)
    await clock.advance(1000)
    list.splice(44, 1)
    await begin().until(never, callAt(clock), true)
    const since = clock.now()
    expect(table.whole).toBe(since)
    await clock.advance(1000)
    slow.open()
    expect(await older).toBe(true)
    expect(client.asked.length).toBe(10)
    expect(table.whole).toBe(since)
    expect(table.size).toBe(44)
  })

  test('does not take rows that another scan has just read for a circle', async () => {
    const { clock, table, scan: begin } = bench({ rows: 400 })
    const older = begin()
    await older.until(() => table.size > 0, callAt(clock))
    await clock.advance(1000)
    await begin().until(never, callAt(clock), true)
    // Everything that the older one still has to read is known, and newer than its start.
    expect(await older.until(never, callAt(clock), true)).toBe(true)
  })
})

describe('a token', () => {
  /** Refuses the token once, as if it had expired. */
  const expireOnce =
    (token: string): NonNullable<FakeClientOptions['before']> =>
    (asked, n) =>
      asked.request.nextToken === token && n < 5
        ? Promise.reject(new UpstreamRefusedError('expired', 400))
        : undefined

  test('that expired sends the scan to the start, and no row is lost or repeated', async () => {
    const { clock, client, table, sizes, scan: begin } = bench({ before: expireOnce('after 019') })
    const scan = begin()
    expect(await scan.until(never, callAt(clock), true)).toBe(true)
    expect(client.origins.slice(0, 5)).toEqual([
      'start',
      'after 009',
      'after 019',
      'start',
      'after 009',
    ])
    expect(idsOf(table.frozen().rows)).toEqual(idsOf(accounts(0, 45)))
    expect(sizes).toEqual([45])
    expect(scan.rows).toBe(45)
  })

  test('that expired makes nobody say twice what cannot be read of the first page', async () => {
    const unreadable = [{ path: 'result[3].email', reason: 'is missing' }]
    const { clock, scan: begin } = bench({
      before: ({ request }, n) => {
        if (n === 2) throw new UpstreamRefusedError('Invalid nextToken', 400)
        return request.nextToken === undefined ? { unreadable } : undefined
      },
    })
    const scan = begin()
    await scan.until(never, callAt(clock))
    expect(scan.gaps).toEqual(unreadable)
  })

  test('that is refused again and again ends in an error, and the next reader may try anew', async () => {
    let refuses = true
    const {
      clock,
      client,
      scan: begin,
    } = bench({
      before: ({ request }) =>
        refuses && request.nextToken === 'after 009'
          ? Promise.reject(new UpstreamRefusedError('expired', 400))
          : undefined,
    })
    const scan = begin()
    await expect(scan.until(never, callAt(clock), true)).rejects.toMatchObject({
      code: 'UPSTREAM_INVALID',
    })
    expect(client.asked.length).toBeLessThan(12)
    refuses = false
    expect(await scan.until(never, callAt(clock), true)).toBe(true)
  })

  test('that expires whenever nobody reads on for a while does not end a scan that gets on', async () => {
    let expired = false
    const {
      clock,
      table,
      scan: begin,
    } = bench({
      rows: 95,
      before: ({ request }) => {
        if (!expired || request.nextToken === undefined) return undefined
        expired = false
        return Promise.reject(new UpstreamRefusedError('expired', 400))
      },
    })
    const scan = begin()
    for (let rows = 10; rows <= 90; rows += 10) {
      expect(await scan.until(() => table.size >= rows, callAt(clock))).toBe(true)
      expired = true
    }
    await scan.until(never, callAt(clock), true)
    expect(idsOf(table.frozen().rows)).toEqual(idsOf(accounts(0, 95)))
  })

  test('that leads back in a damaged answer is asked for again', async () => {
    const {
      clock,
      client,
      table,
      scan: begin,
    } = bench({
      before: (_asked, n) => (n === 3 ? { nextToken: 'after 019' } : undefined),
    })
    expect(await begin().until(never, callAt(clock), true)).toBe(true)
    expect(client.origins[3]).toBe('after 019')
    expect(idsOf(table.frozen().rows)).toEqual(idsOf(accounts(0, 45)))
  })

  test.each([
    ['to its own page', 'after 019'],
    ['to a page before', 'after 009'],
  ])('that always leads back %s ends in UPSTREAM_INVALID', async (_what, token) => {
    const {
      clock,
      client,
      scan: begin,
    } = bench({
      before: ({ request }) =>
        request.nextToken === 'after 019' ? { nextToken: token } : undefined,
    })
    const scan = begin()
    await expect(scan.until(never, callAt(clock), true)).rejects.toMatchObject({
      code: 'UPSTREAM_INVALID',
      fields: { path: 'paging.nextToken' },
    })
    expect(client.asked.length).toBeLessThan(10)
    expect(scan.done).toBe(false)
  })

  test('that is new each time but brings nothing new ends in UPSTREAM_INVALID', async () => {
    const {
      clock,
      client,
      scan: begin,
    } = bench({
      before: (_asked, n) => ({ rows: accounts(0, 10), nextToken: `token ${n}` }),
    })
    await expect(begin().until(never, callAt(clock), true)).rejects.toMatchObject({
      code: 'UPSTREAM_INVALID',
    })
    expect(client.asked.length).toBeLessThan(40)
  })
})

describe('a scan of pages that are kept', () => {
  test('holds them back until their end is there, and is joined by nobody who needs newer ones', async () => {
    const { client, clock, list, table } = bench()
    const readAt = clock.now()
    await clock.advance(100_000)
    const end = gate()
    const scan = createScan({
      ...{ table, clock, expected: undefined, onDone: () => undefined },
      client: {
        ...client,
        kept: async (_name, { nextToken }) => {
          const from = nextToken === undefined ? 0 : Number(nextToken.slice('after '.length)) + 1
          if (from === 40) await end.opened
          const page = {
            readAt,
            unreadable: [],
            promisesMore: false,
            sent: Math.min(10, 45 - from),
          }
          const rows = list.slice(from, from + 10) as never
          return {
            ...page,
            rows,
            nextToken: from < 40 ? `after ${list[from + 9]?.id ?? ''}` : undefined,
          }
        },
      },
      kept: { since: readAt, goOnSince: clock.now() },
    })
    expect(scan.joins(readAt)).toBe(true)
    const whole = scan.until(never, callAt(clock))
    await settle()
    // Four pages are at hand, of which nothing may be seen while the fifth may be missing.
    expect([scan.pages, scan.rows, table.size, scan.running]).toEqual([0, 0, 0, true])
    expect([scan.joins(readAt), scan.joins(readAt + 1)]).toEqual([true, false])
    end.open()
    expect(await whole).toBe(true)
    expect([scan.pages, table.size, table.whole, client.asked.length]).toEqual([5, 45, readAt, 0])
  })
})
