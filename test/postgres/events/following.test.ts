import fc from 'fast-check'
import { afterAll, describe, expect, test } from 'vitest'
import type { EventRow, NewEvent } from '../../../src/model/events.ts'
import { resumeFrom } from '../../../src/query/stored/resume.ts'
import { createFakeClock } from '../../support/clock.ts'
import { delivery, eventOf } from '../../support/deliveries.ts'
import { createDatabase } from '../../support/postgres.ts'
import { openSharedEvents, type SharedEvents } from '../../support/shared-events.ts'

let ids = 0
const event = (): NewEvent =>
  eventOf(delivery({ id: String((ids += 1)) }), { receivedAt: 1_700_000_000 + ids / 1_000 })

const replicas: SharedEvents[] = []
const open = async (url: string): Promise<SharedEvents> => {
  const opened = await openSharedEvents(url)
  replicas.push(opened)
  return opened
}
afterAll(async () => {
  for (const { close } of replicas) await close()
})

const hearing = ({ events }: SharedEvents): { rows: EventRow[]; end: () => void } => {
  const heard = { rows: [] as EventRow[], end: (): void => undefined }
  heard.end = events.onStored(row => {
    heard.rows.push(row)
  })
  return heard
}

const idsOf = (rows: readonly EventRow[]): string[] => rows.map(({ id }) => id)

describe('whoever follows the events on any replica', () => {
  test('hears of each once and in one order, also where connections that listen are cut', async () => {
    const url = await createDatabase()
    const [one, other] = [await open(url), await open(url)]
    const heard = [one, other].map(hearing)
    const stored: EventRow[] = []
    const step = fc.record({
      replica: fc.constantFrom(one, other),
      many: fc.integer({ min: 1, max: 20 }),
      cut: fc.integer({ min: 0, max: 9 }).map(chance => chance === 0),
    })
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 8 }), async steps => {
        const appends = steps.flatMap(({ replica, many, cut }) => {
          if (cut)
            void replica.database.query(
              'step',
              "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE '%listen' AND datname = current_database()",
            )
          return Array.from({ length: many }, () => replica.events.append(event()))
        })
        // Who comes now hears of what is stored from now on, without a gap.
        const late = hearing(one)
        stored.push(...(await Promise.all(appends)).filter(row => row !== null))
        stored.sort((a, b) => a.sequence - b.sequence)
        for (const { rows } of heard) await expect.poll(() => idsOf(rows)).toEqual(idsOf(stored))
        late.end()
        expect(idsOf(late.rows)).toEqual(idsOf(stored.slice(stored.length - late.rows.length)))
      }),
      { numRuns: 15 },
    )
  })

  test('hears of it at once, without looking for it', async () => {
    const url = await createDatabase()
    const one = await open(url)
    // Its time stands still: it never looks by itself.
    const other = await openSharedEvents(url, { clock: createFakeClock() })
    replicas.push(other)
    const heard = hearing(other)
    const stored = [await one.events.append(event())]
    await expect.poll(() => idsOf(heard.rows)).toEqual(stored.map(row => row?.id))
    stored.push(await one.events.append(event()), await one.events.append(event()))
    await expect.poll(() => idsOf(heard.rows)).toEqual(stored.map(row => row?.id))
  })

  test('has every event once, however often it moves between replicas with its place', async () => {
    const url = await createDatabase()
    const both = [await open(url), await open(url)]
    const given: EventRow[] = []
    const stored: string[] = []
    const move = fc.record({
      to: fc.constantFrom(...both),
      from: fc.constantFrom(...both),
      before: fc.nat(5),
      during: fc.nat(5),
      stay: fc.nat(5),
    })
    const append = async ({ events }: SharedEvents, many: number): Promise<void> => {
      const rows = await Promise.all(Array.from({ length: many }, () => events.append(event())))
      for (const row of rows) stored.push(row?.id ?? '')
    }
    await fc.assert(
      fc.asyncProperty(fc.array(move, { maxLength: 5 }), async moves => {
        for (const { to, from, before, during, stay } of moves) {
          await append(from, before)
          // As a subscription does: what is live is gathered while what is stored is read.
          const live = hearing(to)
          const storing = append(from, during)
          const last = given.at(-1)?.sequence ?? 0
          given.push(...(await to.events.after(last, 1_000)))
          await storing
          const wanted = given.length + stay
          for (let taken = 0; given.length < Math.min(wanted, stored.length);) {
            await expect.poll(() => live.rows.length).toBeGreaterThan(taken)
            const next = live.rows[taken]
            taken += 1
            if (next !== undefined && next.sequence > (given.at(-1)?.sequence ?? 0))
              given.push(next)
          }
          live.end()
        }
      }),
      { numRuns: 15 },
    )
    given.push(...(await both[0]!.events.after(given.at(-1)?.sequence ?? 0, 1_000)))
    expect(new Set(idsOf(given)).size).toBe(given.length)
    expect(idsOf(given).sort()).toEqual(stored.sort())
    expect(given.map(({ sequence }) => sequence)).toEqual(given.map((_, index) => index + 1))
  })

  test('goes on from a place that another replica gave', async () => {
    const url = await createDatabase()
    const one = await open(url)
    const rows = await Promise.all([event(), event(), event()].map(each => one.events.append(each)))
    const [first] = rows
    if (!first) throw new Error('not stored')
    const other = await open(url)
    const { sequence, receivedAt } = first
    const given = { store: one.events.identity, sequence, receivedAt }
    const place = await resumeFrom(given, other.events)
    expect(idsOf(await other.events.after(place.sequence, 10))).toEqual(
      rows.slice(1).map(row => row?.id),
    )
  })
})

/** What a standby that takes over lacks: the newest events. */
const lose = async ({ database }: SharedEvents, after: number): Promise<void> => {
  for (const table of ['event', 'event_body', 'event_id'])
    await database.query('write', `DELETE FROM ${table} WHERE sequence > $1`, [after])
  await database.query('write', 'UPDATE event_store SET given = $1', [after])
}

describe('where the database has lost what was stored', () => {
  test('what comes next is told, no number is given twice, and the places of lost events are known no more', async () => {
    const url = await createDatabase()
    const [one, other] = [await open(url), await open(url)]
    const heard = [one, other].map(hearing)
    const [kept, lost] = [await one.events.append(event()), await one.events.append(event())]
    if (!kept || !lost) throw new Error('not stored')
    for (const { rows } of heard) await expect.poll(() => rows.length).toBe(2)
    await lose(one, 1)
    const next = await other.events.append(event())
    expect(next?.sequence).toBeGreaterThan(1_000_000)
    for (const { rows } of heard)
      await expect.poll(() => idsOf(rows)).toEqual([kept.id, lost.id, next?.id])
    const placeOf = ({ sequence, receivedAt }: EventRow) => ({
      store: one.events.identity,
      sequence,
      receivedAt,
    })
    await expect(resumeFrom(placeOf(lost), one.events)).rejects.toMatchObject({
      fields: { cursor: 'UNKNOWN' },
    })
    expect(await resumeFrom(placeOf(kept), other.events)).toMatchObject({ sequence: 1 })
    const epochs = await one.database.query('read', 'SELECT epoch, began_after FROM event_epoch')
    expect(epochs).toEqual([{ epoch: 1, began_after: 1 }])
    // It goes on as ever.
    const more = await one.events.append(event())
    expect(more?.sequence).toBe((next?.sequence ?? 0) + 1)
    for (const { rows } of heard) await expect.poll(() => rows.at(-1)?.id).toBe(more?.id)
    expect(await one.database.query('read', 'SELECT epoch FROM event_store')).toEqual([
      { epoch: 1 },
    ])
  })

  test('another server that takes over begins another epoch, and what it kept is told once', async () => {
    const url = await createDatabase()
    const one = await open(url)
    const heard = hearing(one)
    const first = await one.events.append(event())
    await one.database.query('write', "UPDATE event_store SET timeline = '00000000'")
    const second = await one.events.append(event())
    await expect.poll(() => idsOf(heard.rows)).toEqual([first?.id, second?.id])
    const epochs = await one.database.query('read', 'SELECT epoch, began_after FROM event_epoch')
    expect(epochs).toEqual([{ epoch: 1, began_after: 1 }])
    const other = await open(url)
    if (!first) throw new Error('not stored')
    const { sequence, receivedAt } = first
    const given = { store: one.events.identity, sequence, receivedAt }
    expect(await resumeFrom(given, other.events)).toMatchObject({ sequence: 1 })
  })
})
