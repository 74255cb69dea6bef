import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import {
  createEvents,
  openEvents,
  type Events,
  type PageQuery,
} from '../../../src/events/events.ts'
import { everything, type Filter } from '../../../src/filter/filter.ts'
import { compareCodePoints } from '../../../src/filter/letters.ts'
import { systemClock } from '../../../src/model/clock.ts'
import type { NewEvent } from '../../../src/model/events.ts'
import type { StoredName } from '../../../src/model/stored.ts'
import { placeOrderOf, readFound } from '../../../src/postgres/events/found-rows.ts'
import { createSharedTasks } from '../../../src/postgres/events/shared-tasks.ts'
import { createHistoryTasks } from '../../../src/postgres/history/history-tasks.ts'
import { createFakeClock, settle } from '../../support/clock.ts'
import { delivery, eventOf, type MadeUp } from '../../support/deliveries.ts'
import { createDatabase } from '../../support/postgres.ts'
import { openSharedEvents, type SharedEvents } from '../../support/shared-events.ts'

const event = (made: MadeUp, given: Partial<NewEvent> = {}): NewEvent =>
  eventOf(delivery(made), given)

const all = (list: StoredName, filter: Filter = everything): PageQuery => ({
  list,
  parts: [{ connectors: ['default', 'other'], filter }],
  ordering: 'arrival',
  from: undefined,
  until: undefined,
  backward: false,
  limit: 1_000,
})

const replicas: SharedEvents[] = []
const open = async (url?: string): Promise<SharedEvents> => {
  const opened = await openSharedEvents(url)
  replicas.push(opened)
  return opened
}
afterAll(async () => {
  for (const { close } of replicas) await close()
})

test('an event that comes alone is stored at once, those that follow it closely in one commit', async () => {
  const { database } = await open()
  const clock = createFakeClock({ startMs: Date.now() })
  const kept = { database: { ...database, clock }, retentionDays: 36_500 }
  const tasks = await createSharedTasks(kept, createHistoryTasks(database))
  const commits: number[] = []
  const write: typeof tasks.write = {
    ...tasks.write,
    append: together => {
      commits.push(together.length)
      return tasks.write.append(together)
    },
  }
  const events = await createEvents({ ...tasks, write }, { clock, retentionDays: 36_500 })
  onTestFinished(events.close)
  const stored = [await events.append(event({ id: 'alone' }))]
  const following = ['b', 'c'].map(id => events.append(event({ id })))
  await clock.advance(19)
  following.push(events.append(event({ id: 'd' })))
  await settle()
  expect(commits).toEqual([1])
  await clock.advance(1)
  stored.push(...(await Promise.all(following)))
  expect(commits).toEqual([1, 3])
  expect(stored.map(row => row?.sequence)).toEqual([1, 2, 3, 4])
})

test('an event is stored once, on whichever replica it comes again and whatever time is inferred for it', async () => {
  const url = await createDatabase()
  const [one, other] = [(await open(url)).events, (await open(url)).events]
  const first = event({ id: 'a' }, { occurredAt: 1_700_000_000, inferred: ['timestamp'] })
  const again = { ...first, occurredAt: 1_700_700_000 }
  const elsewhere = { ...first, connector: 'other' }
  // Both in one batch, then in another one, and on another replica.
  const stored = await Promise.all([first, again, elsewhere].map(each => one.append(each)))
  expect(stored.map(row => row?.sequence)).toEqual([1, undefined, 2])
  expect(await one.append(again)).toBeNull()
  expect(await other.append(again)).toBeNull()
  expect(await other.append(event({ id: 'b' }))).toMatchObject({ sequence: 3 })
  const found = await other.page(all('events'))
  expect(found.map(({ row }) => row)).toMatchObject([
    { ...first, sequence: 1 },
    { ...elsewhere, sequence: 2 },
    { id: 'b', sequence: 3 },
  ])
})

test('what PostgreSQL cannot hold is found again, and read as what stands for it', async () => {
  const { events } = await open()
  const body = JSON.stringify({ text: '\0' })
  await events.append(event({ id: 'a' }, { email: 'Jane\0@x', url: '\ud800', body }))
  const thatContain = (value: string, caseSensitive: boolean) =>
    events.page(
      all('events', { kind: 'text', field: 'email', op: 'contains', value, caseSensitive }),
    )
  const row = { id: 'a', email: 'Jane\ufffd@x', url: '\ufffd', body }
  expect(await thatContain('NE\0@', false)).toMatchObject([{ row }])
  expect(await thatContain('ne\0@', true)).toMatchObject([{ row }])
  expect(await thatContain('NE\0@', true)).toEqual([])
  expect(await thatContain('n\0e', false)).toEqual([])
})

/** Text that nothing makes shorter. */
const noise = (length: number): string => randomBytes(length).toString('base64').slice(0, length)

describe('texts that no index has room for', () => {
  const long = `https://${noise(600)}`
  const urls = [
    ...[long, `${long}a`, `${long}b`, long.slice(0, 600), long.slice(0, 599), 'https://x', ''],
    ...[`${'\u{1f600}'.repeat(600)}a`, `${'\u{1f600}'.repeat(600)}b`, `${long}${noise(20_000)}`],
  ]
  let events: Events
  beforeAll(async () => {
    ;({ events } = await open())
    const [email, sourceIpAddress] = [`Ann${noise(5_000)}@x`, noise(4_000)]
    for (const [n, url] of urls.entries())
      await events.append(event({ id: `url ${n}` }, { url, email, sourceIpAddress }))
  })
  const found = async (filter: Filter): Promise<unknown[]> =>
    (await events.page(all('events', filter))).map(({ row }) => (row as { url: unknown }).url)

  test('are stored, and found by all of themselves', async () => {
    for (const url of urls) {
      expect(await found({ kind: 'compare', field: 'url', op: 'eq', value: url })).toEqual([url])
      const text = { field: 'url', caseSensitive: true } as const
      expect(await found({ kind: 'text', op: 'eq', value: url, ...text })).toEqual([url])
    }
    const some = urls.slice(1, 4)
    expect(await found({ kind: 'in', field: 'url', values: [...some, `${long}c`] })).toEqual(some)
    const [one] = await events.page(all('events'))
    for (const field of ['email', 'sourceIpAddress'] as const) {
      const value = String((one?.row as Record<string, unknown>)[field]).toUpperCase()
      for (const [wanted, count] of [
        [value, urls.length],
        [value.slice(0, -1), 0],
      ] as const)
        expect(
          await found({ kind: 'text', field, op: 'eq', value: wanted, caseSensitive: false }),
        ).toHaveLength(count)
    }
  })

  test.each(['gt', 'gte', 'lt', 'lte'] as const)('stand in their order, by %s', async op => {
    const passes = { gt: [1], gte: [0, 1], lt: [-1], lte: [-1, 0] }[op]
    for (const value of urls)
      expect(await found({ kind: 'compare', field: 'url', op, value })).toEqual(
        urls.filter(url => passes.includes(Math.sign(compareCodePoints(url, value)))),
      )
  })
})

const told = fc.record({
  object: fc.constantFrom('APP_OTHER', 'ACCOUNT_OTHER', 'LOGIN'),
  type: fc.constantFrom('CREATE', 'UPDATE', 'DELETE'),
  timestamp: fc.integer({ min: 1_700_000_000, max: 1_700_000_006 }),
  subject: fc.record(
    {
      id: fc.constantFrom('1', '2'),
      name: fc.constantFrom('A', 'b', null, 3),
      email: fc.constantFrom('Jané@x', null),
      hidden: fc.boolean(),
      creationTimestamp: fc.constantFrom(1_600_000_000, 'soon'),
      loginMethods: fc.constantFrom({ passwordLogin: true }, { oidcLogin: 'Google' }, null),
    },
    { requiredKeys: ['id'] },
  ),
})

test('objects that events alone tell of become the same as in the file, in whatever order they are told of', async () => {
  const shared = await open()
  const file: Events = await openEvents({
    path: ':memory:',
    retentionDays: 36_500,
    clock: systemClock,
  })
  onTestFinished(() => file.close())
  let ids = 0
  const state = async (events: Events, list: StoredName) =>
    (await events.page({ ...all(list), ordering: [{ field: 'id', direction: 'ASC' }] })).map(
      ({ row, connector }) => ({ row, connector }),
    )
  await fc.assert(
    fc.asyncProperty(fc.array(told, { minLength: 1, maxLength: 6 }), async steps => {
      const made = steps.map(({ subject, ...of }) =>
        event({ id: String((ids += 1)), category: 'ENTITY', ...of, new: subject }),
      )
      for (const events of [shared.events, file])
        await Promise.all(made.map(each => events.append(each)))
      for (const list of ['otherAccounts', 'otherApps'] as const)
        expect(await state(shared.events, list)).toEqual(await state(file, list))
    }),
    { numRuns: 40 },
  )
})

test('bodies that are too large together are not read', async () => {
  const { events, database } = await open()
  for (const id of ['a', 'b'])
    await events.append(event({ id }, { body: JSON.stringify({ text: 'é'.repeat(500) }) }))
  const read = (limit: number, mostBytes: number) =>
    readFound((sql, values) => database.query('read', sql, values), {
      list: 'events',
      order: placeOrderOf({ list: 'events', ordering: 'arrival' }),
      where: 'true',
      backward: false,
      limit,
      values: [],
      mostBytes,
    })
  expect(await read(1, 2_021)).toHaveLength(1)
  expect(await read(2, 2_022)).toHaveLength(2)
  await expect(read(2, 2_021)).rejects.toMatchObject({
    code: 'BUDGET_EXCEEDED',
    fields: { limit: 'event bytes', value: 2_022, max: 2_021 },
  })
})
