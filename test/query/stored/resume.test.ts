import { copyFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { type Events, openEvents } from '../../../src/events/events.ts'
import { type GivenPlace, resumeFrom } from '../../../src/query/stored/resume.ts'
import { createFakeClock } from '../../support/clock.ts'
import { delivery, eventOf } from '../../support/deliveries.ts'
import { directoryForTest } from '../../support/directory.ts'
import { openSharedEvents } from '../../support/shared-events.ts'

const DAY = 86_400

const open = async (path: string, clock = createFakeClock()): Promise<Events> => {
  const events = await openEvents({ path, retentionDays: 30, clock })
  onTestFinished(() => events.close())
  return events
}

/** A store of its own, by each of those that can keep events. */
const makers = [
  {
    where: 'in a file',
    begin: (clock = createFakeClock()) => open(join(directoryForTest(), 'events.db'), clock),
  },
  {
    where: 'in the shared database',
    begin: async (clock = createFakeClock()) => {
      const { events, close } = await openSharedEvents(undefined, { retentionDays: 30, clock })
      onTestFinished(close)
      return events
    },
  },
]

/** Stores events of these ids, one a day from `at` on (UNIX seconds); the place of each. */
const store = async (events: Events, ids: readonly string[], at: number): Promise<GivenPlace[]> => {
  const places: GivenPlace[] = []
  for (const [index, id] of ids.entries()) {
    const receivedAt = at + index * DAY + 0.123
    const row = await events.append(
      eventOf(delivery({ id, timestamp: Math.floor(receivedAt) }), { receivedAt }),
    )
    places.push({ store: events.identity, sequence: row?.sequence ?? 0, receivedAt })
  }
  return places
}

const now = createFakeClock().now() / 1_000

describe.each(makers)('events $where', ({ begin }) => {
  test('a reader goes on from every place of its store, also of an event that was the last to go', async () => {
    const clock = createFakeClock()
    const events = await begin(clock)
    const places = await store(events, ['a', 'b', 'c', 'd'], now - 29 * DAY)
    for (const { sequence, receivedAt, ...of } of places)
      expect(await resumeFrom({ sequence, receivedAt, ...of }, events)).toEqual({
        sequence,
        receivedAt,
      })
    expect(
      await resumeFrom({ store: events.identity, sequence: 0, receivedAt: 0 }, events),
    ).toEqual({
      sequence: 0,
      receivedAt: 0,
    })
    clock.jump(2.5 * DAY * 1_000)
    await store(events, ['e'], clock.now() / 1_000)
    while ((await events.purge()) > 0);
    const [a, b, c] = places
    if (a === undefined || b === undefined || c === undefined) throw new Error('no places')
    // Of `a` and `b`, which have gone, only what came after `b` is whole.
    expect((await events.after(0, 10)).map(({ id }) => id)).toEqual(['c', 'd', 'e'])
    await expect(resumeFrom(a, events)).rejects.toMatchObject({
      code: 'BAD_USER_INPUT',
      fields: { path: 'since', cursor: 'TOO_OLD' },
    })
    expect(await resumeFrom(b, events)).toMatchObject({ sequence: b.sequence })
    expect(await resumeFrom(c, events)).toMatchObject({ sequence: c.sequence })
  })

  test('a cursor of a lost store is not taken for one of the store that was begun in its place', async () => {
    const [place] = await store(await begin(), ['a'], now)
    const other = await begin()
    await store(other, ['b', 'c'], now)
    await expect(resumeFrom(place as GivenPlace, other)).rejects.toMatchObject({
      code: 'BAD_USER_INPUT',
      message: expect.stringMatching(/begun anew.*Give the time of the last event/) as string,
      fields: { path: 'since', cursor: 'UNKNOWN' },
    })
  })

  test('a reader goes on from the place of an event that was erased', async () => {
    const events = await begin()
    const places = await store(events, ['a', 'b'], now)
    await events.forget({ kind: 'connector', alias: 'default' })
    expect(await events.newest()).toBe(0)
    for (const place of places)
      expect(await resumeFrom(place, events)).toMatchObject({ sequence: place.sequence })
    const never = { store: events.identity, sequence: 3, receivedAt: now }
    await expect(resumeFrom(never, events)).rejects.toMatchObject({ fields: { cursor: 'UNKNOWN' } })
  })
})

test('a store restored from a copy tells the places that it has lost, also once others have taken their numbers', async () => {
  const path = join(directoryForTest(), 'events.db')
  const copy = join(directoryForTest(), 'events.db')
  const before = await openEvents({ path, retentionDays: 30, clock: createFakeClock() })
  const [a] = await store(before, ['a'], now)
  await before.close()
  copyFileSync(path, copy)
  const lost = await open(path)
  const [b, c] = await store(lost, ['b', 'c'], now + 10)
  const restored = await open(copy)
  expect(restored.identity).toBe(before.identity)
  expect(await resumeFrom(a as GivenPlace, restored)).toMatchObject({ sequence: 1 })
  const unknown = { fields: { cursor: 'UNKNOWN' } }
  await expect(resumeFrom(b as GivenPlace, restored)).rejects.toMatchObject(unknown)
  await store(restored, ['d', 'e', 'f'], now + 20)
  await expect(resumeFrom(b as GivenPlace, restored)).rejects.toMatchObject(unknown)
  await expect(resumeFrom(c as GivenPlace, restored)).rejects.toMatchObject(unknown)
})
