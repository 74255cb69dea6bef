import { expect, onTestFinished, test } from 'vitest'
import { systemClock } from '../../../src/model/clock.ts'
import { type Database, openDatabase } from '../../../src/postgres/connecting/database.ts'
import { nameFor } from '../../../src/postgres/connecting/planned.ts'
import { createDatabase } from '../../support/postgres.ts'

const databaseForTest = async (): Promise<Database> => {
  const database = await openDatabase({ url: await createDatabase(), clock: systemClock })
  onTestFinished(database.close)
  return database
}

const SQL = 'SELECT $1::int + 1 AS more'
const ask = async (database: Database, value = 1, sql = SQL): Promise<unknown> =>
  (await database.query('read', sql, [value], { repeats: true }))[0]?.['more']

/** The statements that are planned on the connection that is asked, as long as none is asked beside it. */
const plannedOn = async ({ query }: Database): Promise<readonly unknown[]> =>
  (await query('read', 'SELECT statement FROM pg_prepared_statements')).map(of => of['statement'])

test('what is asked for the third time stays planned, whatever its values; what does not repeat never', async () => {
  const database = await databaseForTest()
  for (const value of [1, 2]) expect(await ask(database, value)).toBe(value + 1)
  for (let n = 0; n < 5; n += 1) await database.query('read', 'SELECT 1 AS one')
  expect(await plannedOn(database)).toEqual([])
  for (const value of [3, 4, 5]) expect(await ask(database, value)).toBe(value + 1)
  expect(await plannedOn(database)).toEqual([SQL])
})

test('a text comes to nothing while a hundred others are asked', async () => {
  const database = await databaseForTest()
  for (let round = 0; round < 2; round += 1) {
    await ask(database)
    for (let n = 0; n < 100; n += 1) await ask(database, 1, `SELECT $1::int + ${round}${n} AS more`)
  }
  await ask(database)
  expect(await plannedOn(database)).toEqual([])
})

test('no connection keeps more than thirty', async () => {
  const database = await databaseForTest()
  const most: number[] = []
  for (let n = 0; n < 70; n += 1) {
    for (let times = 0; times < 3; times += 1)
      expect(await ask(database, 1, `SELECT $1::int + ${n} AS more`)).toBe(n + 1)
    most.push((await plannedOn(database)).length)
  }
  expect(Math.max(...most)).toBe(29)
  expect(most.at(-1)).toBe(10)
})

test.each([
  ['are not known there', 'DEALLOCATE ALL'],
  ['are known there already', `DEALLOCATE ALL; PREPARE ${nameFor(SQL)} AS SELECT 42`, true],
  ['stand for other tables by now', 'ALTER TABLE thing ADD COLUMN another int DEFAULT 7'],
])('where names %s each is asked by itself from then on', async (_, change, isBefore = false) => {
  const database = await databaseForTest()
  await database.query('write', 'CREATE TABLE thing AS SELECT 1 AS more')
  const sql = change.startsWith('ALTER') ? 'SELECT * FROM thing WHERE more <= $1' : SQL
  const expected = change.startsWith('ALTER') ? 1 : 2
  for (let times = isBefore ? 1 : 0; times < 3; times += 1) await ask(database, 1, sql)
  await database.query('read', change)
  for (let times = 0; times < 5; times += 1) expect(await ask(database, 1, sql)).toBe(expected)
  await database.query('read', 'DEALLOCATE ALL')
  for (let times = 0; times < 5; times += 1) await ask(database, 1, `${sql} -- another`)
  expect(await plannedOn(database)).toEqual([])
})

test('what fails for another reason is not tried once more', async () => {
  const database = await databaseForTest()
  const sql = 'SELECT 1 / $1::int AS more'
  for (let times = 0; times < 4; times += 1) expect(await ask(database, 1, sql)).toBe(1)
  await expect(ask(database, 0, sql)).rejects.toThrow('division by zero')
  for (let times = 0; times < 4; times += 1) expect(await ask(database, 1, sql)).toBe(1)
  expect(await plannedOn(database)).toEqual([sql])
})
