import { DatabaseSync } from 'node:sqlite'
import { join } from 'node:path'
import { statSync } from 'node:fs'
import { describe, expect, onTestFinished, test } from 'vitest'
import { systemClock } from '../../src/model/clock.ts'
import { openDatabase } from '../../src/postgres/connecting/database.ts'
import { DatabaseUnavailable } from '../../src/postgres/connecting/failures.ts'
import { openSharedRecords } from '../../src/postgres/writes/open-shared-records.ts'
import { openWriteRecords, REMEMBERED_MS, type WriteRecords } from '../../src/writes/records.ts'
import { sealRecords } from '../../src/writes/sealed-records.ts'
import { createFakeClock, type FakeClock } from '../support/clock.ts'
import { directoryForTest } from '../support/directory.ts'
import { createDatabase } from '../support/postgres.ts'

interface Maker {
  readonly name: string
  place(): Promise<string>
  open(place: string, clock: FakeClock): Promise<WriteRecords>
}

const inFile: Maker = {
  name: 'in a file',
  place: () => Promise.resolve(join(directoryForTest(), 'writes.db')),
  open: (path, clock) => {
    const records = openWriteRecords(path, clock)
    onTestFinished(records.close)
    return Promise.resolve(records)
  },
}

const inDatabase: Maker = {
  name: 'in a database',
  place: createDatabase,
  open: async (url, clock) => {
    const database = await openDatabase({ url, clock: systemClock })
    onTestFinished(database.close)
    return openSharedRecords({ database, clock })
  },
}

describe.each([inFile, inDatabase])('what is recorded $name', maker => {
  const open = async (place?: string, clock = createFakeClock()) => {
    const at = place ?? (await maker.place())
    return { records: await maker.open(at, clock), clock, place: at }
  }

  test('was begun, and has its result once there is one, for ten minutes to the millisecond', async () => {
    const { records, clock } = await open()
    expect(await records.begin('a', 'input')).toBeUndefined()
    expect(await records.begin('a', 'input')).toMatchObject({ input: 'input', result: null })
    await records.finish('a', '{"id":"1"}')
    await clock.advance(REMEMBERED_MS)
    expect(await records.find('a')).toMatchObject({ input: 'input', result: '{"id":"1"}' })
    await clock.advance(1)
    expect(await records.find('a')).toBeUndefined()
    expect(await records.begin('a', 'another')).toBeUndefined()
    expect(await records.find('a')).toMatchObject({ input: 'another', result: null })
  })

  test('may begin again once it was forgotten', async () => {
    const { records } = await open()
    await records.begin('a', 'input')
    await records.forget('a')
    expect(await records.find('a')).toBeUndefined()
    expect(await records.begin('a', 'another')).toBeUndefined()
  })

  test('and seems to come yet is forgotten by a clock that was set back by more than that', async () => {
    const { records, clock } = await open()
    await records.begin('a', 'input')
    clock.jump(-REMEMBERED_MS)
    expect(await records.find('a')).toBeDefined()
    clock.jump(-1)
    expect(await records.find('a')).toBeUndefined()
  })

  test('is shared, as is the secret, which stays', async () => {
    const { records, clock, place } = await open()
    const other = (await open(place, clock)).records
    await records.begin('a', 'input')
    expect(await other.begin('a', 'input')).toMatchObject({ result: null })
    await records.finish('a', '{}')
    expect(await other.find('a')).toMatchObject({ result: '{}' })
    expect(Buffer.from(other.secret)).toEqual(Buffer.from(records.secret))
    expect(records.secret).toHaveLength(32)
    expect((await open()).records.secret).not.toEqual(records.secret)
  })

  test('is begun by one alone of all who begin it at once', async () => {
    const { records, clock, place } = await open()
    const all = [records, (await open(place, clock)).records, (await open(place, clock)).records]
    for (let n = 0; n < 20; n += 1) {
      const begun = await Promise.all([...all, ...all].map(each => each.begin(`id ${n}`, 'input')))
      expect(begun.filter(known => known === undefined)).toHaveLength(1)
    }
  })
})

test('the file is for its owner alone', async () => {
  const path = await inFile.place()
  await inFile.open(path, createFakeClock())
  expect(statSync(path).mode & 0o777).toBe(0o600)
  const database = new DatabaseSync(path, { readOnly: true })
  onTestFinished(() => database.close())
  expect(database.prepare('PRAGMA journal_mode').get()).toEqual({ journal_mode: 'wal' })
})

test('a file of another kind is refused and left as it is', () => {
  const path = join(directoryForTest(), 'writes.db')
  const database = new DatabaseSync(path)
  database.exec('CREATE TABLE other (a)')
  database.close()
  expect(() => openWriteRecords(path, createFakeClock())).toThrow('is not a file of writes')
})

describe.each([inFile, inDatabase])('what came of it, $name', maker => {
  test('stands sealed where a key is given, and counts as unknown to who has another', async () => {
    const clock = createFakeClock()
    const kept = await maker.open(await maker.place(), clock)
    const recordsOf = (...fills: number[]) =>
      sealRecords(
        kept,
        fills.map(fill => new Uint8Array(32).fill(fill)),
      )
    const records = recordsOf(1)
    const result = '{"email":"someone@example.com"}'
    for (const id of ['a', 'b', 'open']) await records.begin(id, 'input')
    await records.finish('a', result)
    const sealed = (await kept.find('a'))?.result ?? ''
    expect(sealed).toMatch(/^"[0-9a-f]{16}\.[\w+/=]+"$/)
    for (const all of [[1], [2, 1]])
      expect(await recordsOf(...all).find('a')).toMatchObject({ input: 'input', result })
    for (const other of [recordsOf(), recordsOf(2)])
      expect(await other.begin('a', 'input')).toMatchObject({ input: 'input', result: null })
    // Nor does it open as what came of another one.
    await kept.finish('b', sealed)
    expect(await records.find('b')).toMatchObject({ result: null })
    // Without a key it stands as it is.
    await recordsOf().finish('open', result)
    expect(await kept.find('open')).toMatchObject({ result })
    expect(await recordsOf().find('open')).toMatchObject({ result })
  })
})

describe('what the database did without saying so', () => {
  const FAILS = new DatabaseUnavailable('The database cannot be used now: its connection broke')
  const open = async () => {
    const database = await openDatabase({ url: await createDatabase(), clock: systemClock })
    onTestFinished(database.close)
    const clock = createFakeClock()
    const failing = { before: false, after: false }
    const query: typeof database.query = async (...asked) => {
      if (failing.before) throw FAILS
      const rows = await database.query<never>(...asked)
      if (failing.after) throw FAILS
      return rows
    }
    const [records, others] = [
      await openSharedRecords({ database: { query }, clock }),
      await openSharedRecords({ database, clock }),
    ]
    onTestFinished(records.close)
    return { records, others, clock, failing }
  }
  const soon = async (clock: FakeClock): Promise<void> => {
    await clock.advance(1_000)
  }

  test('to record what is about to be sent is undone, as it is not sent', async () => {
    const { records, others, clock, failing } = await open()
    failing.after = true
    await expect(records.begin('a', 'input')).rejects.toBe(FAILS)
    Object.assign(failing, { before: true, after: false })
    expect(await others.find('a')).toMatchObject({ result: null })
    await soon(clock)
    expect(await others.find('a')).toBeDefined()
    failing.before = false
    await soon(clock)
    await expect.poll(() => others.find('a')).toBeUndefined()
    expect(await others.begin('a', 'input')).toBeUndefined()
    // That one is another's, and stays.
    await soon(clock)
    await records.find('a')
    expect(await others.find('a')).toMatchObject({ result: null })
  })

  test('or could not do, of what came of it, is told again, and of no later one', async () => {
    const { records, others, clock, failing } = await open()
    for (const id of ['a', 'b', 'c']) await records.begin(id, 'input')
    failing.before = true
    await expect(records.finish('a', '{"id":"1"}')).rejects.toBe(FAILS)
    await expect(records.forget('b')).rejects.toBe(FAILS)
    await expect(records.forget('c')).rejects.toBe(FAILS)
    await others.forget('c')
    await clock.advance(500)
    expect(await others.begin('c', 'input')).toBeUndefined()
    failing.before = false
    await soon(clock)
    await expect.poll(() => others.find('b')).toBeUndefined()
    await expect.poll(() => others.find('a')).toMatchObject({ result: '{"id":"1"}' })
    expect(await others.find('c')).toMatchObject({ result: null })
  })

  test('or could not do, is told as long as it is remembered, and no longer', async () => {
    const { records, others, clock, failing } = await open()
    await records.begin('a', 'input')
    failing.before = true
    await expect(records.finish('a', '{}')).rejects.toBe(FAILS)
    await clock.advance(REMEMBERED_MS - 2_000)
    failing.before = false
    await soon(clock)
    await expect.poll(() => others.find('a')).toMatchObject({ result: '{}' })
    await records.begin('b', 'input')
    failing.before = true
    await expect(records.forget('b')).rejects.toBe(FAILS)
    await expect(records.begin('c', 'input')).rejects.toBe(FAILS)
    await clock.advance(REMEMBERED_MS)
    expect(clock.waiting()).toBe(0)
  })
})
