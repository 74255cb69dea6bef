import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe, expect, it, onTestFinished } from 'vitest'
import { EventFileUnavailable, openEvents, type Events } from '../../src/events/events.ts'
import { migrations } from '../../src/events/schema.ts'
import { systemClock } from '../../src/model/clock.ts'
import type { NewEvent } from '../../src/model/events.ts'
import { readDelivery } from '../../src/webhooks/delivery.ts'
import { createFakeClock } from '../support/clock.ts'
import { delivery, type MadeUp } from '../support/deliveries.ts'
import { directoryForTest } from '../support/directory.ts'

const RECEIVED = Date.UTC(2026, 0, 1) / 1_000

const event = (made: MadeUp, connector = 'default', receivedAt = RECEIVED): NewEvent => {
  const read = readDelivery(delivery(made))
  if (!read.ok) throw new Error(read.problem)
  return { ...read.event, connector, receivedAt }
}

const open = async (path: string, clock = systemClock, retentionDays = 36_500): Promise<Events> => {
  const events = await openEvents({ path, clock, retentionDays })
  onTestFinished(() => events.close())
  return events
}

const stored = async (events: Events): Promise<number> =>
  (await events.size()).stored.reduce((sum, of) => sum + of.events, 0)

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
    expect(await events.purge()).toBe(9)
    expect(await stored(events)).toBe(31)
    clock.jump(365 * 86_400_000)
    expect(await events.purge()).toBe(31)
    expect(await events.append(event({ id: 'new' }))).toMatchObject({ sequence: 41 })
  })
})

it('a file of the first version is brought up to the newest, each event with the moment it tells', async () => {
  const path = join(directoryForTest(), 'events.db')
  const old = new DatabaseSync(path)
  old.exec(`PRAGMA application_id = 0x50455654; ${migrations[0] ?? ''} PRAGMA user_version = 1`)
  const insert = old.prepare(
    `INSERT INTO event (connector, id, category, object, object_key, occurred_at, received_at)
      VALUES ('default', ?, 'ACTIVITY', ?, 'x', 1757000000, 1757000001)`,
  )
  const bodies: [string, string][] = [
    ['LOGIN', '{"new":{"loginTimestamp":1756999990}}'],
    ['LOGIN', '{"new":{"loginTimestamp":"1756999990"}}'],
    ['LOGIN', '{"new":{"loginTimestamp":1756999990123}}'],
    ['LOGIN', '{"new":null}'],
    ['LOGIN', 'no JSON'],
    ['OTHER', '{"new":{"loginTimestamp":1756999990}}'],
  ]
  for (const [index, [object, body]] of bodies.entries()) {
    const { lastInsertRowid } = insert.run(`${index}`, object)
    old.prepare('INSERT INTO event_body VALUES (?, ?)').run(lastInsertRowid, body)
  }
  old.close()
  await (await open(path)).close()
  const file = new DatabaseSync(path, { readOnly: true })
  expect(
    file
      .prepare('SELECT happened_at FROM event ORDER BY sequence')
      .all()
      .map(row => row['happened_at']),
  ).toEqual([1_756_999_990, ...Array.from({ length: 5 }, () => 1_757_000_000)])
  file.close()
})

describe('a file that cannot be used', () => {
  const cases: readonly (readonly [string, (path: string) => void, RegExp])[] = [
    [
      'is no database',
      path => {
        writeFileSync(path, 'not a database, but longer than a header would be'.repeat(100))
      },
      /is damaged/,
    ],
    [
      'has damaged pages',
      path => {
        const file = new DatabaseSync(path)
        file.exec('CREATE TABLE t (x); PRAGMA application_id = 0x50455654')
        file.exec('PRAGMA user_version = 1')
        for (let i = 0; i < 500; i++) file.exec(`INSERT INTO t VALUES (randomblob(500))`)
        file.close()
        const bytes = readFileSync(path)
        bytes.fill(0xab, 8_192, 60_000)
        writeFileSync(path, bytes)
      },
      /is damaged/,
    ],
    [
      "is somebody else's",
      path => {
        const file = new DatabaseSync(path)
        file.exec('CREATE TABLE theirs (x)')
        file.close()
      },
      /is not an event file of Pushgraph/,
    ],
    [
      'is of a newer version',
      path => {
        const file = new DatabaseSync(path)
        file.exec(
          'CREATE TABLE t (x); PRAGMA application_id = 0x50455654; PRAGMA user_version = 99',
        )
        file.close()
      },
      /newer version of Pushgraph/,
    ],
  ]

  it.each(cases)('since it %s gives a clear error and stays as it is', async (_, make, message) => {
    const path = join(directoryForTest(), 'events.db')
    make(path)
    const before = readFileSync(path)
    await expect(openEvents({ path, clock: systemClock, retentionDays: 90 })).rejects.toThrow(
      message,
    )
    expect(readFileSync(path).equals(before)).toBe(true)
  })

  it('since another program holds it gives a clear error', async () => {
    const path = join(directoryForTest(), 'events.db')
    const holder = new DatabaseSync(path)
    onTestFinished(() => {
      holder.close()
    })
    holder.exec('CREATE TABLE t (x); PRAGMA application_id = 0x50455654; BEGIN EXCLUSIVE')
    await expect(openEvents({ path, clock: systemClock, retentionDays: 90 })).rejects.toThrow(
      /is locked by another program/,
    )
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
        expect(error).toEqual(new EventFileUnavailable('database or disk is full'))
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
