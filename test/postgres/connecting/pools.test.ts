import { expect, onTestFinished, test } from 'vitest'
import { systemClock } from '../../../src/model/clock.ts'
import { openDatabase } from '../../../src/postgres/connecting/database.ts'
import { createDatabase } from '../../support/postgres.ts'
import { survivorsOf } from '../../support/young-heap.ts'

test('rows that nobody has any more do not wait for the whole heap to be swept', async () => {
  const { query, close } = await openDatabase({ url: await createDatabase(), clock: systemClock })
  onTestFinished(close)
  const readOne = async (): Promise<object> => {
    const [row] = await query<{ readonly one: number }>('read', 'SELECT $1::int AS one', [1])
    return row ?? {}
  }
  expect(await survivorsOf(readOne)).toBeLessThanOrEqual(2)
})
