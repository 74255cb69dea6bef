import { afterEach, expect, test } from 'vitest'
import { systemClock } from '../../../src/model/clock.ts'
import { type Database, openDatabase } from '../../../src/postgres/connecting/database.ts'
import { debianPostgres } from '../../support/debian-postgres.ts'
import { createDatabase } from '../../support/postgres.ts'
import { startPair } from '../../support/standby.ts'

const ends: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end()
})

const open = async (url: string): Promise<Database> => {
  const database = await openDatabase({ url, clock: systemClock })
  ends.push(database.close)
  return database
}

/** What is called there is heard. */
const hears = async (database: Database): Promise<void> => {
  const heard: (string | undefined)[] = []
  database.on('servers', message => heard.push(message))
  await expect
    .poll(async () => {
      await database.query('step', "SELECT pg_notify('servers', 'call')")
      return heard
    })
    .toContain('call')
}

test('of several servers the one that can be reached is used, by who listens too', async () => {
  const url = (await createDatabase()).replace('@', '@127.0.0.1:1,')
  const database = await open(url)
  await hears(database)
  expect(database.standing().flaw).toBeUndefined()
})

test('where none can be reached that is said, as of one', async () => {
  await expect(open('postgres://me:hunter2@127.0.0.1:1,127.0.0.1:2/nowhere')).rejects.toThrow(
    'The database cannot be used now: no connection (ECONNREFUSED)',
  )
})

test.skipIf(debianPostgres === undefined)(
  'a standby is asked nothing until it has taken over',
  async () => {
    const pair = await startPair({ synchronous: false })
    ends.push(pair.stop)
    const [, first = '', second = ''] = /@([^,]*),([^/]*)/.exec(pair.url) ?? []
    const both = pair.url.replace(`${first},${second}`, `${second},${first}`)
    const alone = pair.url.replace(`${first},`, '')
    const database = await open(both)
    await hears(database)
    const where = async () =>
      (await database.query('read', 'SELECT inet_server_port() AS port'))[0]?.['port']
    expect(await where()).toBe(pair.primary.port)
    await expect(open(alone)).rejects.toThrow('it only reads: it may be a standby')

    await pair.failOver()
    await expect.poll(() => where().catch(() => undefined)).toBe(Number(second.split(':')[1]))
    await hears(database)
    await expect.poll(() => database.standing().flaw).toBeUndefined()
    await open(alone)
  },
)
