/**
 * A replica reduced to what spends on keys: the client with its limiter, and the buckets in the database. Reads a page of one row
 * again and again, several at a time, with each key that is busy. `node reader-process.ts '{"databaseUrl": "...", ...}'`. Says
 * when it begins.
 */
import { setTimeout as pause } from 'node:timers/promises'
import { systemClock } from '../../../src/model/clock.ts'
import { openDatabase } from '../../../src/postgres/connecting/database.ts'
import { openSharedState } from '../../../src/postgres/limits/shared-state.ts'
import { createClient } from '../../../src/upstream/client.ts'
import { BucketUnreachable } from '../../../src/upstream/limiter/bucket-keeper.ts'
import { busyAt, type ReaderOptions } from './reader-options.ts'

const { databaseUrl, url, keys, limits, atOnce, turns } = JSON.parse(
  process.argv[2] ?? '{}',
) as ReaderOptions
const database = await openDatabase({ url: databaseUrl, clock: systemClock })
const { clock } = database
const state = await openSharedState({ database })
const clients = keys.map(({ alias, key }) =>
  createClient({ alias, url, key: () => key, ...limits, state, clock }),
)
console.log('begins')

// The machine's clock does not keep a process alive by itself.
setInterval(() => undefined, 1_000)

/** Whoever is refused asks again so much later. */
const AGAIN_MS = 200

const busyNow = (): readonly number[] => busyAt(keys.length, turns, clock.now())

let offset = 0
/** Reads with the key that is busy at that place among those that are. */
const readOn = async (place: number, owner: string): Promise<never> => {
  for (;;)
    try {
      offset += 1
      await clients[busyNow()[place] ?? 0]?.page(
        'apps',
        { limit: 1, offset },
        { owner, priority: 'background', deadline: clock.now() + 600_000 },
      )
    } catch (error) {
      if (!(error instanceof BucketUnreachable)) throw error
      await pause(AGAIN_MS)
    }
}
await Promise.all(
  busyNow().flatMap((_, place) =>
    Array.from({ length: atOnce }, (_one, nth) => readOn(place, String(nth))),
  ),
)
