import { afterAll, describe, expect, test } from 'vitest'
import type { Events } from '../../../src/events/events.ts'
import { everything } from '../../../src/filter/filter.ts'
import type { NewEvent } from '../../../src/model/events.ts'
import { systemClock } from '../../../src/model/clock.ts'
import { type Database, openDatabase } from '../../../src/postgres/connecting/database.ts'
import { createFakeClock, type FakeClock } from '../../support/clock.ts'
import { delivery, eventOf, type MadeUp } from '../../support/deliveries.ts'
import { createEventParts } from '../../../src/postgres/events/event-parts.ts'
import { createDatabase, onServer } from '../../support/postgres.ts'
import { openSharedEvents, type SharedEvents } from '../../support/shared-events.ts'

const DAY = 86_400

const replicas: SharedEvents[] = []
const open = async (
  retentionDays: number,
  url?: string,
): Promise<SharedEvents & { clock: FakeClock }> => {
  // The database's time is today's, and so must be that of what is stored.
  const clock = createFakeClock({ startMs: Date.now() })
  const opened = await openSharedEvents(url, { retentionDays, clock })
  replicas.push(opened)
  return { ...opened, clock }
}
afterAll(async () => {
  for (const { close } of replicas) await close()
})

let ids = 0
const event = (at: number, made: Partial<MadeUp> = {}, given: Partial<NewEvent> = {}): NewEvent =>
  eventOf(delivery({ id: String((ids += 1)), timestamp: Math.floor(at), ...made }), {
    receivedAt: at,
    ...given,
  })

const namesIn = async (database: Database, table: string): Promise<unknown[]> => {
  const rows = await database.query(
    'read',
    'SELECT relid::text AS name FROM pg_partition_tree($1) WHERE isleaf ORDER BY 1',
    [table],
  )
  return rows.map(({ name }) => name)
}

/** A table goes while nobody reads: whoever counts what is stored does now and then. */
const tablesAfterPurge = async (events: Events, database: Database): Promise<number> => {
  expect(await events.purge()).toBe(0)
  return (await namesIn(database, 'event')).length
}

const countOf = async (database: Database, table: string): Promise<unknown> =>
  (await database.query('read', `SELECT count(*) AS n FROM ${table}`))[0]?.['n']

/** How many rows of events there are whose whole stretch of time is over, and of which not all beside them are there. */
const leftBehind = async (database: Database): Promise<unknown> => {
  const [found] = await database.query(
    'read',
    `SELECT (SELECT count(*) FROM event WHERE occurred_at < (
          SELECT from_at FROM event_part, event_store WHERE over_at >= from_at AND over_at < until_at
        )) AS old,
        (SELECT count(*) FROM event) - (SELECT count(*) FROM event_id) AS ids,
        (SELECT count(*) FROM event) - (SELECT count(*) FROM event_body) AS bodies`,
  )
  return found
}
const NOTHING_LEFT = { old: 0, ids: 0, bodies: 0 }

const idsAfter = async (events: Events, sequence = 0): Promise<readonly string[]> =>
  (await events.after(sequence, 100)).map(({ id }) => id)

const asked = { list: 'events', parts: [{ connectors: ['default'], filter: everything }] } as const
const pageOf = async (events: Events, backward = false): Promise<readonly number[]> =>
  (
    await events.page({
      ...asked,
      ...{ ordering: 'newest', from: undefined, until: undefined, backward, limit: 10 },
    })
  ).map(({ place }) => place.sequence)

describe('what is past the retention', () => {
  test('goes, a whole table where all of it does, and is not sent again as new before that', async () => {
    const { events, database, clock } = await open(28)
    const now = clock.now() / 1_000
    const made = [27, 26.9, 20, 13, 1].map(days => event(now - days * DAY))
    await Promise.all(made.map(each => events.append(each)))
    const before = await namesIn(database, 'event')
    expect(before.length).toBeGreaterThanOrEqual(6)
    clock.jump(14.5 * DAY * 1_000)
    const newest = event(clock.now() / 1_000)
    await events.append(newest)
    let gone = 0
    for (let went = 1; went > 0; gone += went) went = await events.purge()
    expect(gone).toBe(3)
    expect(await idsAfter(events)).toEqual([...made.slice(3), newest].map(({ id }) => id))
    expect(await events.standing(2)).toMatchObject({ receivedAt: null, purged: 3, given: 6 })
    expect((await events.size()).stored).toMatchObject([{ events: 3 }])
    await expect.poll(() => tablesAfterPurge(events, database)).toBeLessThan(before.length)
    expect(await leftBehind(database)).toEqual(NOTHING_LEFT)
    const left = await namesIn(database, 'event')
    expect(await namesIn(database, 'event_body')).toEqual(
      left.map(name => String(name).replace('event', 'event_body')),
    )
    const known = made.at(-1)
    expect(known && (await events.append(known))).toBeNull()
  })

  test('is found by nobody, on whichever replica, while its table is there for what is not', async () => {
    const url = await createDatabase()
    const { events, database, clock } = await open(28, url)
    const monday = Math.floor((clock.now() / 1_000 - 18 * DAY) / (7 * DAY)) * 7 * DAY + 4 * DAY
    const [old, young] = [event(monday + 60), event(monday + 3 * DAY)]
    await events.append(old)
    await events.append(young)
    const other = await open(28, url)
    other.clock.jump((monday + 30 * DAY) * 1_000 - other.clock.now())
    clock.jump((monday + 30 * DAY) * 1_000 - clock.now())
    await events.append(event(clock.now() / 1_000))
    expect((await other.events.size()).stored).toMatchObject([{ events: 3 }])
    const tables = await namesIn(database, 'event')
    for (let went = 1; went > 0;) went = await events.purge()
    expect(await namesIn(database, 'event')).toEqual(tables)
    expect(await countOf(database, 'event')).toBe(3)
    // One that is told of it by its own hourly step, and one that begins.
    expect(await other.events.purge()).toBe(0)
    for (const each of [events, other.events, (await open(28, url)).events]) {
      expect(await pageOf(each)).toEqual([3, 2])
      expect(await pageOf(each, true)).toEqual([3, 2])
      expect(await each.count(asked)).toBe(2)
      expect(await each.groups({ ...asked, by: [], first: undefined })).toMatchObject([
        { count: 2 },
      ])
      expect((await each.after(0, 10)).map(({ sequence }) => sequence)).toEqual([2, 3])
      const byId = { kind: 'in', field: 'id', values: [old.id, young.id] } as const
      expect(
        await each.count({ ...asked, parts: [{ connectors: ['default'], filter: byId }] }),
      ).toBe(1)
      expect((await each.size()).stored).toMatchObject([{ events: 2 }])
      expect(await each.standing(1)).toMatchObject({ receivedAt: null, purged: 1 })
      expect(await each.append(old)).toBeNull()
    }
  })

  test('has its table go once nobody reads, and is found by nobody before', async () => {
    const { events, database, clock } = await open(28)
    const now = clock.now() / 1_000
    await events.append(event(now - 27 * DAY))
    await events.append(event(now))
    const before = await namesIn(database, 'event')
    clock.jump(20 * DAY * 1_000)
    await events.append(event(clock.now() / 1_000))
    const { promise: over, resolve: end } = Promise.withResolvers<undefined>()
    const { promise: reading, resolve: begin } = Promise.withResolvers<undefined>()
    const reader = database.transaction('read', async query => {
      await query('SELECT count(*) FROM event')
      begin(undefined)
      await over
    })
    await reading
    expect(await events.purge()).toBe(1)
    expect(await events.purge()).toBe(0)
    expect(await namesIn(database, 'event')).toEqual(before)
    expect(await pageOf(events)).toEqual([3, 2])
    end(undefined)
    await reader
    await expect.poll(() => tablesAfterPurge(events, database)).toBeLessThan(before.length)
  })

  test('comes again as new once its id is forgotten, though its table is there yet, and once only', async () => {
    const { events, database, clock } = await open(28)
    const now = clock.now() / 1_000
    const old = event(now - 27 * DAY)
    await events.append(old)
    await events.append(event(now))
    clock.jump(20 * DAY * 1_000)
    await events.append(event(clock.now() / 1_000))
    await database.transaction('read', async query => {
      await query('SELECT count(*) FROM event')
      expect([await events.purge(), await events.purge()]).toEqual([1, 0])
    })
    expect(await countOf(database, 'event')).toBe(3)
    expect(await countOf(database, 'event_id')).toBe(2)
    const again = { ...old, receivedAt: clock.now() / 1_000 }
    expect(await events.append(again)).toMatchObject({ sequence: 4 })
    // The one that is past its time goes from beside it.
    expect(await events.purge()).toBe(0)
    expect(await idsAfter(events)).toContain(old.id)
    for (const table of ['event', 'event_id', 'event_body'])
      expect(await countOf(database, table)).toBe(3)
    expect(await events.append(again)).toBeNull()
  })

  test('has its table go while the database tidies up that of another week', async () => {
    const { events, database, clock } = await open(28)
    const now = clock.now() / 1_000
    await events.append(event(now - 27 * DAY))
    await events.append(event(now))
    const before = await namesIn(database, 'event')
    clock.jump(20 * DAY * 1_000)
    await events.append(event(clock.now() / 1_000))
    await database.transaction('read', async query => {
      const week = String(before.at(-2))
      // As VACUUM does.
      await query(`LOCK TABLE ${week} IN SHARE UPDATE EXCLUSIVE MODE`)
      expect([await events.purge(), await events.purge()]).toEqual([1, 0])
      expect(await namesIn(database, 'event')).not.toContain(before[0])
      expect(await namesIn(database, 'event')).toContain(week)
    })
  })

  test('stays while it arrived later than it happened, and so does its id; what lies beside it goes row by row', async () => {
    const { events, database, clock } = await open(28)
    const now = clock.now() / 1_000
    const late = event(now - 27 * DAY, {}, { receivedAt: now - 5 * DAY })
    await events.append(event(now - 27 * DAY - 60))
    await events.append(late)
    const before = await namesIn(database, 'event')
    clock.jump(20 * DAY * 1_000)
    await events.append(event(clock.now() / 1_000))
    for (let went = 1; went > 0;) went = await events.purge()
    expect(await namesIn(database, 'event')).toEqual(expect.arrayContaining(before.slice(0, 1)))
    for (const table of ['event', 'event_id', 'event_body'])
      expect(await countOf(database, table)).toBe(2)
    expect(await pageOf(events)).toEqual([3, 2])
    expect(await idsAfter(events)).toContain(late.id)
    expect(await events.append(late)).toBeNull()
  })

  test('does not hide what comes long after it happened, on whichever replica', async () => {
    const url = await createDatabase()
    const { events, database, clock } = await open(28, url)
    const now = clock.now() / 1_000
    await events.append(event(now - 27 * DAY))
    clock.jump(3 * DAY * 1_000)
    await events.append(event(clock.now() / 1_000))
    for (let went = 1; went > 0;) went = await events.purge()
    const other = await open(28, url)
    expect(await pageOf(other.events)).toEqual([2])
    const heard: number[] = []
    other.events.onStored(({ sequence }) => heard.push(sequence))
    await events.append(event(now - 60 * DAY, {}, { receivedAt: clock.now() / 1_000 }))
    expect(await pageOf(events)).toEqual([2, 3])
    await expect.poll(() => heard).toEqual([3])
    for (const each of [other.events, (await open(28, url)).events])
      expect(await pageOf(each)).toEqual([2, 3])
    // It is past its time in its turn, as it came.
    clock.jump(29 * DAY * 1_000)
    await events.append(event(clock.now() / 1_000))
    for (let went = 1; went > 0;) went = await events.purge()
    expect(await pageOf(events)).toEqual([4])
    expect(await leftBehind(database)).toEqual(NOTHING_LEFT)
  })

  test('has its ids forgotten some at a time, while others store', async () => {
    const { events, database, clock } = await open(28)
    const now = clock.now() / 1_000
    for (let n = 0; n < 5; n += 1) await events.append(event(now - 27 * DAY))
    await events.append(event(now))
    expect(
      await database.query('write', 'SELECT many FROM event_end($1)', [now - 15 * DAY]),
    ).toEqual([{ many: 5 }])
    const forgotten = async (after: number): Promise<unknown> =>
      (await database.query('write', 'SELECT event_forget_ids($1, 2) AS last', [after]))[0]?.[
        'last'
      ]
    await database.transaction('write', async query => {
      await query('SELECT event_hold()')
      expect([await forgotten(0), await forgotten(2), await forgotten(4)]).toEqual([2, 4, 5])
    })
    expect(await forgotten(5)).toBeNull()
    expect(await countOf(database, 'event_id')).toBe(1)
    expect(await database.query('write', 'SELECT event_drop_part() AS went')).toEqual([
      { went: true },
    ])
    expect(await events.newest()).toBe(6)
  })

  test.each([
    [7, 1],
    [14, 1],
    [15, 7],
    [90, 7],
    [365, 35],
  ])('kept for %i days lies in tables of %i', async (days, span) => {
    const { database } = await open(days)
    const parts = await database.query<{ readonly span: number }>(
      'read',
      'SELECT until_at - from_at AS span FROM event_part',
    )
    expect(parts.map(of => of.span / DAY)).toEqual([span, span])
  })

  test('is given tables once nobody holds those that it lies in', async () => {
    const { events, database, clock } = await open(28)
    const parts = createEventParts(database, { clock, retentionDays: 28 })
    const before = await namesIn(database, 'event')
    const old = event(clock.now() / 1_000 - 20 * DAY)
    await database.transaction('read', async query => {
      await query('LOCK TABLE event_default IN ACCESS SHARE MODE')
      await parts.ready([old])
      expect(await namesIn(database, 'event')).toEqual(before)
    })
    clock.jump(61_000)
    await parts.ready([old])
    expect(await namesIn(database, 'event')).toHaveLength(before.length + 1)
    await events.append(old)
    expect(await countOf(database, 'event_default')).toBe(0)
  })
})

test('a user who may make no tables has them made and dropped', async () => {
  const url = new URL(await createDatabase())
  const owner = await openDatabase({ url: url.href, clock: systemClock })
  await onServer('DROP ROLE IF EXISTS writer_of_events; CREATE ROLE writer_of_events LOGIN')
  await owner.query(
    'write',
    'GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO writer_of_events',
  )
  url.username = 'writer_of_events'
  const { events, database, clock } = await open(28, url.href)
  await expect(database.query('write', 'CREATE TABLE own (n int)')).rejects.toThrow(/lacks a right/)
  await events.append(event(clock.now() / 1_000 - 27 * DAY))
  const before = await namesIn(database, 'event')
  expect(before.length).toBeGreaterThan(2)
  clock.jump(20 * DAY * 1_000)
  await events.append(event(clock.now() / 1_000))
  expect(await events.purge()).toBe(1)
  await expect.poll(() => tablesAfterPurge(events, database)).toBeLessThan(before.length)
  await owner.close()
})

describe('what is to be forgotten', () => {
  test('leaves nothing, and its places are still known', async () => {
    const { events, database, clock } = await open(28)
    const now = clock.now() / 1_000
    const jane = { new: { id: '1', email: 'jane@x', name: 'Jané' } }
    const other = { category: 'ENTITY', object: 'APP_OTHER', type: 'CREATE' }
    await events.append(event(now, jane))
    await events.append(event(now, { ...other, ...jane }))
    await events.append(event(now))
    await events.append(event(now, {}, { connector: 'other' }))
    expect(await events.forget({ kind: 'text', text: 'jANE\u0301' })).toEqual({
      events: 3,
      rows: 0,
      changes: 0,
    })
    expect(await events.forget({ kind: 'connector', alias: 'other' })).toMatchObject({ events: 1 })
    for (const table of ['event', 'event_id', 'event_body'])
      expect(await countOf(database, table)).toBe(1)
    expect(await countOf(database, 'other_app')).toBe(0)
    expect((await events.size()).stored).toMatchObject([{ connector: 'default', events: 1 }])
    expect(await events.standing(4)).toMatchObject({ receivedAt: null, purged: 0, given: 4 })
  })
})
