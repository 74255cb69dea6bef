import {
  copyFileSync,
  existsSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe, expect, it, onTestFinished } from 'vitest'
import { EventsUnavailable, openEvents } from '../../src/events/events.ts'
import { EventFileLost, openWriter } from '../../src/events/tasks.ts'
import { openState } from '../../src/upstream/state/state.ts'
import { createFakeClock } from '../support/clock.ts'
import { delivery, eventOf } from '../support/deliveries.ts'
import { directoryForTest } from '../support/directory.ts'

const storeForTest = async () => {
  const path = join(directoryForTest(), 'events.db')
  const said: string[] = []
  const events = await openEvents({
    path,
    retentionDays: 90,
    clock: createFakeClock(),
    say: (level, message) => said.push(`${level} ${message}`),
  })
  onTestFinished(() => events.close().catch(() => undefined))
  const send = (id: string) => events.append(eventOf(delivery({ id })))
  await send('before')
  return { path, said, events, send }
}

describe('an event file that is lost while it is in use', () => {
  it.each([
    [
      'removed',
      (path: string) => {
        rmSync(path)
      },
      'was removed',
    ],
    [
      'replaced by a copy',
      (path: string) => {
        copyFileSync(path, `${path}.copy`)
        renameSync(`${path}.copy`, path)
      },
      'was replaced',
    ],
    [
      'written over',
      (path: string) => {
        writeFileSync(path, 'no database')
      },
      'was written over',
    ],
    [
      'without its log',
      (path: string) => {
        rmSync(`${path}-wal`)
      },
      'lost its -wal file',
    ],
  ])('takes no event, says so once and loudly: %s', async (_, lose, what) => {
    const { path, said, events, send } = await storeForTest()
    expect(await events.flaw()).toBeUndefined()
    lose(path)
    await expect(send('lost')).rejects.toThrow(EventsUnavailable)
    await expect(send('lost too')).rejects.toThrow(what)
    expect(await events.flaw()).toContain(what)
    expect(said).toEqual([
      expect.stringMatching(/^error The event file .* so no event can be stored/),
    ])
    expect(said[0]).toContain(what)
  })

  /** The log goes into the file itself. */
  const checkpoint = (path: string): void => {
    const other = new DatabaseSync(path)
    other.exec('PRAGMA wal_checkpoint(TRUNCATE)')
    other.close()
  }

  it('takes no event where an older copy of it was written into the same file', async () => {
    const { path, events, send } = await storeForTest()
    checkpoint(path)
    copyFileSync(path, `${path}.older`)
    // The file grows.
    const text = 'x'.repeat(10_000)
    for (let n = 0; n < 5; n += 1)
      await events.append(eventOf(delivery({ id: `after ${n}`, new: { text } })))
    checkpoint(path)
    expect(await events.flaw()).toBeUndefined()
    const { ino } = statSync(path)
    copyFileSync(`${path}.older`, path)
    expect(statSync(path).ino).toBe(ino)
    await expect(send('lost')).rejects.toThrow('was written over')
  })

  it('takes no event where another database was written into the same file', async () => {
    const { path, events, send } = await storeForTest()
    checkpoint(path)
    expect(await events.flaw()).toBeUndefined()
    const theirs = new DatabaseSync(`${path}.theirs`)
    theirs.exec('CREATE TABLE a (b); PRAGMA user_version = 1')
    for (let n = 0; n < 100; n += 1) theirs.exec(`CREATE TABLE t${n} (a)`)
    theirs.close()
    copyFileSync(`${path}.theirs`, path)
    await expect(send('lost')).rejects.toThrow('was written over')
  })

  it.each([
    [
      'a link that leads to itself',
      (path: string) => {
        rmSync(path)
        symlinkSync(path, path)
      },
      'ELOOP',
    ],
    [
      'a folder on its way that is a file',
      (path: string) => {
        const folder = dirname(path)
        renameSync(folder, `${folder}.away`)
        writeFileSync(folder, '')
        onTestFinished(() => {
          rmSync(folder)
          renameSync(`${folder}.away`, folder)
        })
      },
      'was removed',
    ],
  ])('takes no event where it cannot be looked at: %s', async (_, lose, what) => {
    const { path, events, send } = await storeForTest()
    lose(path)
    await expect(send('lost')).rejects.toThrow(what)
    expect(await events.flaw()).toContain(what)
  })

  it('takes no event where the file went while it was written', () => {
    const path = join(directoryForTest(), 'events.db')
    const { tasks, close } = openWriter({ path, isDurable: true })
    onTestFinished(close)
    const event = {
      ...eventOf(delivery({ id: 'lost' })),
      get description() {
        rmSync(path, { force: true })
        return null
      },
    }
    expect(() => tasks.append([event])).toThrow(EventFileLost)
  })

  it('goes on once the file is back', async () => {
    const { path, said, events, send } = await storeForTest()
    renameSync(path, `${path}.away`)
    await expect(send('a')).rejects.toThrow('was removed')
    renameSync(`${path}.away`, path)
    expect(await send('a')).toMatchObject({ id: 'a' })
    expect(await events.flaw()).toBeUndefined()
    expect(said.map(line => line.split(' ')[0])).toEqual(['error', 'info'])
  })
})

describe('the files of the data folder', () => {
  const modeOf = (path: string): string => (statSync(path).mode & 0o777).toString(8)

  it('are their owner alone to read, those of an older version too', async () => {
    const folder = join(directoryForTest(), 'data')
    await mkdir(folder, { mode: 0o755 })
    writeFileSync(join(folder, 'state.db'), '', { mode: 0o644 })
    const path = join(folder, 'events.db')
    const state = openState(join(folder, 'state.db'))
    const events = await openEvents({ path, retentionDays: 90, clock: createFakeClock() })
    await events.append(eventOf(delivery({ id: 'a' })))
    state.facts('a').set('b', 'c')
    for (const name of ['events.db', 'events.db-wal', 'events.db-shm', 'state.db', 'state.db-wal'])
      expect([name, modeOf(join(folder, name))]).toEqual([name, '600'])
    expect(modeOf(folder)).toBe('700')
    await events.close()
    state.close()
    expect(existsSync(path)).toBe(true)
  })

  it('leave a folder as it is that holds other things too', async () => {
    const folder = join(directoryForTest(), 'shared')
    await mkdir(folder, { mode: 0o755 })
    writeFileSync(join(folder, 'theirs.txt'), '', { mode: 0o644 })
    const events = await openEvents({
      path: join(folder, 'events.db'),
      retentionDays: 90,
      clock: createFakeClock(),
    })
    onTestFinished(() => events.close())
    expect([modeOf(folder), modeOf(join(folder, 'theirs.txt'))]).toEqual(['755', '644'])
    expect(modeOf(join(folder, 'events.db'))).toBe('600')
  })
})
