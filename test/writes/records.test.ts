import { DatabaseSync } from 'node:sqlite'
import { join } from 'node:path'
import { statSync } from 'node:fs'
import { expect, onTestFinished, test } from 'vitest'
import { openWriteRecords, REMEMBERED_MS } from '../../src/writes/records.ts'
import { createFakeClock } from '../support/clock.ts'
import { directoryForTest } from '../support/directory.ts'

const open = (path = ':memory:', clock = createFakeClock()) => {
  const records = openWriteRecords(path, clock)
  onTestFinished(records.close)
  return { records, clock }
}

test('what was begun is there, with its result once there is one, for ten minutes to the millisecond', async () => {
  const { records, clock } = open()
  expect(records.begin('a', 'input')).toBeUndefined()
  expect(records.begin('a', 'input')).toMatchObject({ input: 'input', result: null })
  records.finish('a', '{"id":"1"}')
  await clock.advance(REMEMBERED_MS)
  expect(records.find('a')).toMatchObject({ input: 'input', result: '{"id":"1"}' })
  await clock.advance(1)
  expect(records.find('a')).toBeUndefined()
  expect(records.begin('a', 'another')).toBeUndefined()
  expect(records.find('a')).toMatchObject({ input: 'another', result: null })
})

test('what was forgotten may begin again', () => {
  const { records } = open()
  records.begin('a', 'input')
  records.forget('a')
  expect(records.find('a')).toBeUndefined()
  expect(records.begin('a', 'another')).toBeUndefined()
})

test('a clock that is set back by more than that forgets what seems to come yet', () => {
  const { records, clock } = open()
  records.begin('a', 'input')
  clock.jump(-REMEMBERED_MS)
  expect(records.find('a')).toBeDefined()
  clock.jump(-1)
  expect(records.find('a')).toBeUndefined()
})

test('two processes share the file, its owner alone may read it, and its secret stays', () => {
  const path = join(directoryForTest(), 'writes.db')
  const { records, clock } = open(path)
  const other = open(path, clock).records
  records.begin('a', 'input')
  expect(other.begin('a', 'input')).toMatchObject({ result: null })
  expect(Buffer.from(other.secret)).toEqual(Buffer.from(records.secret))
  expect(records.secret).toHaveLength(32)
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
