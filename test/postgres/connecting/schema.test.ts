import { afterAll, expect, test } from 'vitest'
import { systemClock } from '../../../src/model/clock.ts'
import { openPools, type Pools } from '../../../src/postgres/connecting/pools.ts'
import { databaseSteps, migrate, schemaStanding } from '../../../src/postgres/connecting/schema.ts'
import { openDatabase } from '../../../src/postgres/connecting/database.ts'
import { debianPostgres, OTHER_POSTGRES } from '../../support/debian-postgres.ts'
import { createDatabase, onServer } from '../../support/postgres.ts'

const opened: Pools[] = []
afterAll(async () => {
  for (const pools of opened) await pools.close()
})

const connect = (url: string): Pools => {
  const pools = openPools({ url, name: 'test' })
  opened.push(pools)
  return pools
}
const standingOf = (pools: Pools) =>
  schemaStanding((sql, values) => pools.query('read', sql, values))

const steps = [
  { worksFrom: 1, sql: 'CREATE TABLE a (x int)' },
  { worksFrom: 1, sql: 'CREATE TABLE b (y int)' },
  { worksFrom: 3, sql: 'DROP TABLE a' },
]

test('what is tried here is tried with the PostgreSQL that was asked for', async () => {
  const pools = connect(await createDatabase())
  const [found] = await pools.query('read', "SELECT current_setting('server_version') AS version")
  const isOlder = process.env[OTHER_POSTGRES] === debianPostgres && debianPostgres !== undefined
  expect(found?.['version']).toMatch(isOlder ? /^15\./ : /^18\./)
})

test('many who come at once make the tables once', async () => {
  const url = await createDatabase()
  const all = [1, 2, 3, 4, 5].map(() => connect(url))
  const taken = await Promise.all(all.map(pools => migrate(pools)))
  expect(taken.reduce((sum, each) => sum + each, 0)).toBe(databaseSteps.length)
})

test('an older program goes on beside tables that it can work with, and refuses others', async () => {
  const url = await createDatabase()
  const pools = connect(url)
  expect(await migrate(pools, steps.slice(0, 1))).toBe(1)
  expect(await migrate(pools, steps.slice(0, 2))).toBe(1)
  expect(await standingOf(pools)).toEqual({ version: 2, worksFrom: 1 })
  // The one that knows a single step.
  expect(await migrate(pools, steps.slice(0, 1))).toBe(0)
  expect(await migrate(pools, steps)).toBe(1)
  expect(await standingOf(pools)).toEqual({ version: 3, worksFrom: 3 })
  await expect(migrate(pools, steps.slice(0, 2))).rejects.toThrow(
    'The tables of the database are those of a newer version of Pushgraph (theirs is 3), which this one cannot work with. Run that version.',
  )
})

test('a step takes its time, whatever a question may take', async () => {
  const url = await createDatabase()
  const name = new URL(url).pathname.slice(1)
  await onServer(`ALTER DATABASE ${name} SET statement_timeout = '50ms'`)
  await onServer(`ALTER DATABASE ${name} SET lock_timeout = '50ms'`)
  const pools = connect(url)
  await expect(pools.query('read', 'SELECT pg_sleep(0.2)')).rejects.toThrow('it took too long')
  expect(await migrate(pools, [{ worksFrom: 1, sql: 'SELECT pg_sleep(0.2)' }])).toBe(1)
})

test('a step that fails leaves nothing of itself', async () => {
  const pools = connect(await createDatabase())
  const broken = [{ worksFrom: 1, sql: 'CREATE TABLE a (x int); SELECT nonsense()' }]
  await expect(migrate(pools, broken)).rejects.toThrow('nonsense')
  expect(await standingOf(pools)).toEqual({ version: 0, worksFrom: 0 })
  expect(await pools.query('read', "SELECT to_regclass('a') AS a")).toEqual([{ a: null }])
})

test('whoever opens the database makes its tables', async () => {
  const url = await createDatabase()
  const database = await openDatabase({ url, clock: systemClock })
  expect(await standingOf(connect(url))).toEqual({
    version: databaseSteps.length,
    worksFrom: databaseSteps.at(-1)?.worksFrom,
  })
  await database.close()
})
