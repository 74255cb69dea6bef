import { afterAll, expect, test } from 'vitest'
import { systemClock } from '../../../src/model/clock.ts'
import { openDatabase } from '../../../src/postgres/connecting/database.ts'
import { createDatabase } from '../../support/postgres.ts'

const ends: (() => Promise<void>)[] = []
afterAll(async () => {
  for (const end of ends) await end()
})

const open = async (url: string) => {
  const database = await openDatabase({ url, clock: systemClock })
  ends.push(database.close)
  return database
}

test('replicas hear each other, and share one time', async () => {
  const url = await createDatabase()
  const [one, other] = [await open(url), await open(url)]
  const heard: (string | undefined)[] = []
  const ready = Promise.withResolvers<void>()
  const came = Promise.withResolvers<void>()
  other.on('event', message => {
    if (message === undefined) ready.resolve()
    else {
      heard.push(message)
      came.resolve()
    }
  })
  await ready.promise
  await one.query('step', "SELECT pg_notify('event', 'three')")
  await came.promise
  expect(heard).toEqual(['three'])
  expect(Math.abs(one.clock.now() - other.clock.now())).toBeLessThan(50)
  expect(one.standing().flaw).toBeUndefined()
})
