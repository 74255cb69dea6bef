import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe, expect, it, onTestFinished } from 'vitest'
import { openEventFile } from '../../src/events/event-file.ts'
import { openEvents } from '../../src/events/events.ts'
import { migrations } from '../../src/events/schema.ts'
import { systemClock } from '../../src/model/clock.ts'
import { directoryForTest } from '../support/directory.ts'

const open = (path: string) => openEvents({ path, clock: systemClock, retentionDays: 36_500 })

it('the event file has a commit on disk when it returns, and lets others read meanwhile', () => {
  const file = openEventFile(join(directoryForTest(), 'events.db'))
  onTestFinished(() => {
    file.close()
  })
  // 2 is FULL.
  expect(file.prepare('PRAGMA synchronous').get()).toEqual({ synchronous: 2 })
  expect(file.prepare('PRAGMA journal_mode').get()).toEqual({ journal_mode: 'wal' })
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
    ['LOGIN', '{"new":{"loginTimestamp":1756999990.5,"appType":"SLACK"}}'],
    ['LOGIN', '{"new":{"loginTimestamp":4070908800}}'],
  ]
  for (const [index, [object, body]] of bodies.entries()) {
    const { lastInsertRowid } = insert.run(`${index}`, object)
    old.prepare('INSERT INTO event_body VALUES (?, ?)').run(lastInsertRowid, body)
  }
  old.exec(`INSERT INTO event (connector, id, category, object, object_key, occurred_at, received_at)
    VALUES ('default', 'of 2099', 'ACTIVITY', 'OTHER', 'x', 4070908800, 1757000001.5)`)
  old.exec(`INSERT INTO other_account (connector, id, times, created_at)
    VALUES ('default', 'pinned', '{"email":4070908800,"created_at":5}', 99999999999999)`)
  old.close()
  await (await open(path)).close()
  const file = new DatabaseSync(path, { readOnly: true })
  const events = file.prepare('SELECT * FROM event ORDER BY sequence').all()
  expect(events.map(row => row['happened_at'])).toEqual([
    1_756_999_990,
    ...Array.from({ length: 5 }, () => 1_757_000_000),
    1_756_999_990,
    1_757_000_000,
    1_757_000_001,
  ])
  expect(events.map(row => row['app_type']).filter(type => type !== null)).toEqual(['SLACK'])
  expect(events.at(-1)).toMatchObject({ occurred_at: 1_757_000_001, inferred: 'timestamp' })
  const account = file.prepare('SELECT * FROM other_account').get()
  const times = JSON.parse(String(account?.['times'])) as Record<string, number>
  expect(times['email']).toBeLessThan(Date.now() / 1_000 + 1)
  expect([times['created_at'], account?.['created_at']]).toEqual([5, null])
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
    await expect(open(path)).rejects.toThrow(message)
    expect(readFileSync(path).equals(before)).toBe(true)
  })

  it('since it is of the very next version is left alone', () => {
    const path = join(directoryForTest(), 'events.db')
    const file = openEventFile(path)
    const version = Number(file.prepare('PRAGMA user_version').get()?.['user_version'])
    file.exec(`PRAGMA user_version = ${version + 1}`)
    file.close()
    expect(() => openEventFile(path)).toThrow('newer version of Pushgraph')
  })

  it('since another program holds it gives a clear error', async () => {
    const path = join(directoryForTest(), 'events.db')
    const holder = new DatabaseSync(path)
    onTestFinished(() => {
      holder.close()
    })
    holder.exec('CREATE TABLE t (x); PRAGMA application_id = 0x50455654; BEGIN EXCLUSIVE')
    await expect(open(path)).rejects.toThrow(/is locked by another program/)
  })
})
