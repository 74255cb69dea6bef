import { join } from 'node:path'
import type { DatabaseSync } from 'node:sqlite'
import { describe, expect, it, onTestFinished } from 'vitest'
import { openEventFile } from '../../src/events/event-file.ts'
import { openEvents } from '../../src/events/events.ts'
import { createWriting } from '../../src/events/writing.ts'
import { systemClock } from '../../src/model/clock.ts'
import type { NewEvent } from '../../src/model/events.ts'
import { readDelivery } from '../../src/webhooks/delivery.ts'
import { createFakeClock } from '../support/clock.ts'
import { delivery } from '../support/deliveries.ts'
import { directoryForTest } from '../support/directory.ts'

const event = (id: string, receivedAt = 1_000): NewEvent => {
  const read = readDelivery(delivery({ id }))
  if (!read.ok) throw new Error(read.problem)
  return { ...read.event, connector: 'default', receivedAt }
}

const fileForTest = (path = ':memory:'): DatabaseSync => {
  const file = openEventFile(path)
  onTestFinished(() => {
    file.close()
  })
  return file
}

/** Events, bodies, and bodies of no event. */
const countsIn = (file: DatabaseSync): number[] =>
  [
    'SELECT count(*) AS n FROM event',
    'SELECT count(*) AS n FROM event_body',
    'SELECT count(*) AS n FROM event_body WHERE sequence NOT IN (SELECT sequence FROM event)',
  ].map(sql => Number(file.prepare(sql).get()?.['n']))

describe('the event file', () => {
  it('has a commit on disk when it returns, and lets others read meanwhile', () => {
    const file = fileForTest(join(directoryForTest(), 'events.db'))
    // 2 is FULL.
    expect(file.prepare('PRAGMA synchronous').get()).toEqual({ synchronous: 2 })
    expect(file.prepare('PRAGMA journal_mode').get()).toEqual({ journal_mode: 'wal' })
  })

  it('stores all of what comes together or none, and goes on after a failure', () => {
    const file = fileForTest()
    const writing = createWriting(file)
    const broken = { ...event('b'), id: null as unknown as string }
    expect(() => writing.append([event('a'), broken, event('c')])).toThrow('NOT NULL')
    expect(countsIn(file)).toEqual([0, 0, 0])
    expect(writing.append([event('a'), event('a'), event('c')])).toEqual([
      expect.any(Number),
      null,
      expect.any(Number),
    ])
    expect(countsIn(file)).toEqual([2, 2, 0])
  })

  it('keeps no body of an event that has gone, and deletes the oldest first', () => {
    const file = fileForTest()
    const writing = createWriting(file)
    writing.append([3, 1, 5, 2, 4].map(at => event(`at ${at}`, at)))
    expect(writing.purge(5, 3)).toBe(3)
    expect(countsIn(file)).toEqual([2, 2, 0])
    const left = file.prepare('SELECT id FROM event ORDER BY received_at').all()
    expect(left.map(({ id }) => id)).toEqual(['at 4', 'at 5'])
    // What arrived at that very moment stays.
    expect([writing.purge(5, 3), writing.purge(5, 3)]).toEqual([1, 0])
  })

  it('of the very next version is left alone', () => {
    const path = join(directoryForTest(), 'events.db')
    const file = openEventFile(path)
    const version = Number(file.prepare('PRAGMA user_version').get()?.['user_version'])
    file.exec(`PRAGMA user_version = ${version + 1}`)
    file.close()
    expect(() => openEventFile(path)).toThrow('newer version of Pushgraph')
  })
})

describe('the store of events', () => {
  it.each(['in memory', 'in a file'])(
    'stores what is under way before it closes, %s',
    async where => {
      const path = where === 'in memory' ? ':memory:' : join(directoryForTest(), 'events.db')
      const events = await openEvents({ path, clock: systemClock, retentionDays: 36_500 })
      const appends: Promise<unknown>[] = []
      // The first goes to the disk at once, the others wait for it.
      for (let turn = 0; turn < 20; turn += 1) {
        appends.push(events.append(event(String(turn))))
        for (let tick = 0; tick < 5; tick += 1) await Promise.resolve()
      }
      await events.close()
      expect((await Promise.all(appends)).filter(stored => stored !== null)).toHaveLength(20)
      if (path !== ':memory:') expect(countsIn(fileForTest(path))).toEqual([20, 20, 0])
    },
  )

  it('deletes all that is past its retention, however much that is', async () => {
    const clock = createFakeClock()
    const events = await openEvents({ path: ':memory:', clock, retentionDays: 1 })
    onTestFinished(() => events.close())
    const old = clock.now() / 1_000 - 2 * 86_400
    await Promise.all(Array.from({ length: 4_100 }, (_, n) => events.append(event(`${n}`, old))))
    await events.append(event('new', clock.now() / 1_000))
    expect(await events.purge()).toBe(4_100)
    expect((await events.size()).stored).toMatchObject([{ events: 1 }])
  })
})
