import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe, expect, it, onTestFinished } from 'vitest'
import { EventsUnavailable, openEvents, type Events } from '../../src/events/events.ts'
import { everything } from '../../src/filter/filter.ts'
import { systemClock } from '../../src/model/clock.ts'
import type { NewEvent } from '../../src/model/events.ts'
import { createFakeClock } from '../support/clock.ts'
import { delivery, eventOf, type MadeUp } from '../support/deliveries.ts'
import { directoryForTest } from '../support/directory.ts'

const RECEIVED = Date.UTC(2026, 0, 1) / 1_000

const event = (made: MadeUp, connector = 'default', receivedAt = RECEIVED): NewEvent =>
  eventOf(delivery(made), { connector, receivedAt })

const open = async (path: string, clock = systemClock, retentionDays = 36_500): Promise<Events> => {
  const events = await openEvents({ path, clock, retentionDays })
  onTestFinished(() => events.close())
  return events
}

/** Counted anew each time: what `size` counted slowly serves for a while. */
const stored = (events: Events): Promise<number> =>
  events.count({ list: 'events', parts: [{ connectors: ['default'], filter: everything }] })

describe('an event', () => {
  it('is stored once, however often and however much at once it comes', async () => {
    const events = await open(join(directoryForTest(), 'events.db'))
    const sends = Array.from({ length: 200 }, (_, index) =>
      events.append(event({ id: String(index % 10) })),
    )
    const answers = await Promise.all(sends)
    expect(answers.filter(answer => answer !== null)).toHaveLength(10)
    expect(await events.append(event({ id: '3', description: 'again' } as MadeUp))).toBeNull()
    expect(await stored(events)).toBe(10)
  })

  it('is known again after a restart', async () => {
    const path = join(directoryForTest(), 'events.db')
    const before = await open(path)
    await before.append(event({ id: '1' }))
    await before.close()
    const after = await open(path)
    expect(await after.append(event({ id: '1' }))).toBeNull()
    expect(await after.append(event({ id: '2' }))).not.toBeNull()
  })

  it('of another connector is another event, whatever its id', async () => {
    const events = await open(':memory:')
    expect(await events.append(event({ id: '1' }, 'a'))).not.toBeNull()
    expect(await events.append(event({ id: '1' }, 'b'))).not.toBeNull()
    expect((await events.size()).stored.map(({ connector }) => connector)).toEqual(['a', 'b'])
  })

  it('counts at once among those that are stored, of the connectors that are meant', async () => {
    const path = join(directoryForTest(), 'events.db')
    const before = await open(path)
    for (const [id, connector] of [
      ['1', 'a'],
      ['2', 'a'],
      ['1', 'b'],
    ] as const)
      await before.append(event({ id }, connector))
    await before.close()
    const events = await open(path)
    await events.size()
    const counted = (...of: readonly string[]) => events.counted(alias => of.includes(alias))
    expect([counted('a'), counted('b'), counted('a', 'b'), counted()]).toEqual([2, 1, 3, 0])
    for (const [id, connector] of [
      ['3', 'a'],
      ['1', 'c'],
    ] as const)
      await events.append(event({ id }, connector))
    await expect.poll(() => counted('c')).toBe(1)
    expect([counted('a'), counted('b'), counted('c')]).toEqual([3, 1, 1])
    await events.size()
    expect([counted('a'), counted('b'), counted('c')]).toEqual([3, 1, 1])
  })

  it('is told of in the order of arrival, once it is on disk', async () => {
    const path = join(directoryForTest(), 'events.db')
    const events = await open(path)
    const heard: { readonly sequence: number; readonly onDisk: unknown }[] = []
    const other = new DatabaseSync(path, { readOnly: true })
    onTestFinished(() => {
      other.close()
    })
    const count = other.prepare('SELECT count(*) AS n FROM event WHERE sequence <= ?')
    events.onStored(({ sequence }) => {
      heard.push({ sequence, onDisk: count.get(sequence)?.['n'] })
    })
    await Promise.all(
      Array.from({ length: 100 }, (_, index) => events.append(event({ id: String(index % 60) }))),
    )
    const inOrder = Array.from({ length: 60 }, (_, index) => index + 1)
    expect(heard).toEqual(inOrder.map(sequence => ({ sequence, onDisk: sequence })))
  })

  it('goes when its retention is over, and its number is not given again', async () => {
    const clock = createFakeClock({ startMs: RECEIVED * 1_000 })
    const events = await open(join(directoryForTest(), 'events.db'), clock, 30)
    for (let day = 0; day < 40; day++)
      await events.append(event({ id: String(day) }, 'default', RECEIVED - day * 86_400))
    // A day of them at a time.
    for (let left = 39; left >= 31; left--) {
      expect(await events.purge()).toBe(1)
      expect(await stored(events)).toBe(left)
    }
    expect(await events.purge()).toBe(0)
    clock.jump(365 * 86_400_000)
    await events.append(event({ id: 'next' }, 'default', clock.now() / 1_000))
    while ((await events.purge()) > 0);
    expect(await stored(events)).toBe(1)
    expect(await events.append(event({ id: 'new' }))).toMatchObject({ sequence: 42 })
  })
})

/** Events, and bodies of events, in a file that nobody has open. */
const countsIn = (path: string) => {
  const file = new DatabaseSync(path, { readOnly: true })
  const counts = file.prepare(
    `SELECT count(*) AS events, count(body.sequence) AS bodies,
      (SELECT count(*) FROM event_body) AS allBodies
      FROM event LEFT JOIN event_body AS body USING (sequence)`,
  )
  const found = counts.get()
  file.close()
  return found
}

describe('the store of events', () => {
  it.each(['in memory', 'in a file'])(
    'stores what is under way before it closes, %s',
    async where => {
      const path = where === 'in memory' ? ':memory:' : join(directoryForTest(), 'events.db')
      const events = await openEvents({ path, clock: systemClock, retentionDays: 36_500 })
      const appends: Promise<unknown>[] = []
      // The first goes to the disk at once, the others wait for it.
      for (let turn = 0; turn < 20; turn += 1) {
        appends.push(events.append(event({ id: String(turn) })))
        for (let tick = 0; tick < 5; tick += 1) await Promise.resolve()
      }
      await events.close()
      expect((await Promise.all(appends)).filter(stored => stored !== null)).toHaveLength(20)
      if (path !== ':memory:')
        expect(countsIn(path)).toEqual({ events: 20, bodies: 20, allBodies: 20 })
    },
  )

  it('deletes all that is past its retention, however much that is', async () => {
    const clock = createFakeClock()
    const events = await openEvents({ path: ':memory:', clock, retentionDays: 1 })
    onTestFinished(() => events.close())
    const old = clock.now() / 1_000 - 2 * 86_400
    await Promise.all(
      Array.from({ length: 4_100 }, (_, n) => events.append(event({ id: `${n}` }, 'default', old))),
    )
    await events.append(event({ id: 'new' }, 'default', clock.now() / 1_000))
    await events.size()
    expect(events.counted(() => true)).toBe(4_101)
    expect(await events.purge()).toBe(4_100)
    // Who is told of a number at once is soon told of what is left, without anybody who asks for the size.
    await expect.poll(() => events.counted(() => true)).toBe(1)
    expect((await events.size()).stored).toMatchObject([{ events: 1 }])
  })
})

/** A file system of 3 MB of its own, or undefined where this user may not make one. */
const tinyDisk = (): string | undefined => {
  const path = join(directoryForTest(), 'disk')
  mkdirSync(path)
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=3m', 'tmpfs', path], { stdio: 'ignore' })
  } catch {
    return undefined
  }
  onTestFinished(() => {
    execFileSync('umount', ['-l', path])
  })
  return path
}

describe('a full disk', () => {
  it('refuses what does not fit, keeps what was stored, and recovers', async ({ skip }) => {
    const disk = tinyDisk()
    if (disk === undefined) return skip('this user may not mount a small file system')
    const path = join(disk, 'events.db')
    const events = await open(path)
    const kept = new Set<string>()
    const large = (id: string): NewEvent => event({ id, new: { text: 'x'.repeat(50_000) } })
    let refusals = 0
    for (let index = 0; index < 100 && refusals < 3; index++)
      try {
        await events.append(large(String(index)))
        kept.add(String(index))
      } catch (error) {
        expect(error).toEqual(new EventsUnavailable('database or disk is full'))
        refusals += 1
      }
    expect(refusals).toBe(3)
    expect(kept.size).toBeGreaterThan(5)
    expect(await stored(events)).toBe(kept.size)

    execFileSync('mount', ['-o', 'remount,size=20m', disk])
    expect(await events.append(large('after'))).not.toBeNull()
    expect(await stored(events)).toBe(kept.size + 1)
    await events.close()
    expect(existsSync(`${path}-wal`) && statSync(`${path}-wal`).size > 0).toBe(false)
    rmSync(path)
  })
})
