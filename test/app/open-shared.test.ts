import { expect, it } from 'vitest'
import { isServedByOthers } from '../../src/app/open-shared.ts'
import { tenantSetting } from '../../src/app/shared-settings.ts'
import { EventsUnavailable } from '../../src/events/events.ts'
import type { Database } from '../../src/postgres/connecting/database.ts'
import { DatabaseUnavailable } from '../../src/postgres/connecting/failures.ts'

/** A database that answers so. */
const databaseOf = (answer: () => Promise<readonly object[]>) =>
  ({ replica: 'this one', query: answer }) as unknown as Pick<Database, 'query' | 'replica'>

it('knows that another replica serves the connector as that tenant’s', async () => {
  const settings = JSON.stringify(Object.fromEntries([tenantSetting('acme', 'one')]))
  const database = databaseOf(async () => Promise.resolve([{ settings }]))
  expect(await isServedByOthers(database, 'acme', 'one')).toBe(true)
  expect(await isServedByOthers(database, 'acme', 'other')).toBe(false)
})

it('fails as events do while the database is away, so that a delivery is sent again', async () => {
  const away = new DatabaseUnavailable('The database is away')
  const asked = isServedByOthers(
    databaseOf(() => Promise.reject(away)),
    'acme',
    'one',
  )
  await expect(asked).rejects.toThrow(EventsUnavailable)
})

it('leaves a bug one', async () => {
  const bug = new TypeError('a bug')
  const asked = isServedByOthers(
    databaseOf(() => Promise.reject(bug)),
    'acme',
    'one',
  )
  await expect(asked).rejects.toBe(bug)
})
