import { DatabaseSync } from 'node:sqlite'
import { afterEach, expect, test } from 'vitest'
import { openEvents } from '../../../src/events/events.ts'
import { systemClock } from '../../../src/model/clock.ts'
import type { NewEvent } from '../../../src/model/events.ts'
import type { Database } from '../../../src/postgres/connecting/database.ts'
import { importEvents } from '../../../src/postgres/importing/import-events.ts'
import { delivery, eventOf } from '../../support/deliveries.ts'
import { directoryForTest } from '../../support/directory.ts'
import { createDatabase } from '../../support/postgres.ts'
import { openSharedEvents } from '../../support/shared-events.ts'

const ends: (() => Promise<unknown> | void)[] = []
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end()
})

const EVENTS = 1_200
const retentionDays = 36_500

const some = (count: number): readonly NewEvent[] =>
  Array.from({ length: count }, (_, n) => eventOf(delivery({ id: `event-${n}` })))

const eventFile = async (all = some(EVENTS)): Promise<DatabaseSync> => {
  const path = `${directoryForTest()}/events.db`
  const events = await openEvents({ path, retentionDays, clock: systemClock })
  await Promise.all(all.map(events.append))
  await events.close()
  const file = new DatabaseSync(path, { readOnly: true })
  ends.push(() => file.close())
  return file
}

const takeOver = (file: DatabaseSync, database: Database, onProgress?: () => void) =>
  importEvents(file, {
    ...{ database, clock: database.clock, retentionDays },
    ...(onProgress && { onProgress }),
  })

/** Takes some of it over, and no more. */
const breakOff = async (file: DatabaseSync, database: Database): Promise<void> => {
  const broken = takeOver(file, database, () => {
    throw new Error('broken off')
  })
  await expect(broken).rejects.toThrow('broken off')
}

test('one that is broken off leaves nothing to be stored behind it until it is done, and is done once', async () => {
  const [file, shared] = [await eventFile(), await openSharedEvents()]
  ends.push(shared.close)
  const { events, database } = shared
  const take = () => takeOver(file, database)
  await breakOff(file, database)
  const fresh = eventOf(delivery({ id: 'fresh' }))
  await expect(events.append(fresh)).rejects.toMatchObject({
    code: 'UPSTREAM_UNAVAILABLE',
    message: expect.stringMatching(/run pushgraph import again/) as string,
  })
  await expect(
    database.transaction('write', query => query('SELECT * FROM history_hold()')),
  ).rejects.toThrow(/run pushgraph import again/)

  expect(await take()).toEqual({ events: EVENTS, changes: 0, rows: 0 })
  expect(await events.append(fresh)).toMatchObject({ sequence: EVENTS + 1 })
  expect(await events.append(eventOf(delivery({ id: 'event-7' })))).toBeNull()
  // What goes afterwards does not come back.
  await events.forget({ kind: 'connector', alias: 'default' })
  expect(await take()).toBeUndefined()
  expect(await database.query('read', 'SELECT count(*) AS stored FROM event')).toEqual([
    { stored: 0 },
  ])
})

test('what came late is found, though a replica put the time of events further before it was taken over', async () => {
  const LONG_AGO = 1_600_000_000
  const late = eventOf(delivery({ id: 'late', timestamp: LONG_AGO }))
  const file = await eventFile([...some(EVENTS), late])
  const url = await createDatabase()
  const { database, close } = await openSharedEvents(url)
  ends.push(close)
  const take = () => takeOver(file, database)
  await breakOff(file, database)
  const [ended] = await database.query('write', 'SELECT many FROM event_end($1::float8)', [
    LONG_AGO + 86_400,
  ])
  expect(ended).toEqual({ many: 0 })
  expect(await take()).toMatchObject({ events: EVENTS + 1 })
  const replica = await openSharedEvents(url)
  ends.push(replica.close)
  const found = (await replica.events.after(0, 2 * EVENTS)).map(({ id }) => id)
  expect(found).toHaveLength(EVENTS + 1)
  expect(found).toContain('late')
})
