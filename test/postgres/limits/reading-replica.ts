/**
 * A replica of its own that reads pages without end, eight at a time: `node reading-replica.ts DATABASE-URL PUSH-URL KEY
 * FIRST-OFFSET`. Says on its output when it begins, and each time it is told that the database cannot be used.
 */
import { systemClock } from '../../../src/model/clock.ts'
import { openDatabase } from '../../../src/postgres/connecting/database.ts'
import { openSharedState } from '../../../src/postgres/limits/shared-state.ts'
import { createClient } from '../../../src/upstream/client.ts'
import { BucketUnreachable } from '../../../src/upstream/limiter/bucket-keeper.ts'

const [databaseUrl = '', url = '', key = '', firstOffset = ''] = process.argv.slice(2)
const database = await openDatabase({ url: databaseUrl, clock: systemClock })
const state = await openSharedState({ database })
const client = createClient({
  ...{ alias: 'default', url, key: () => key, rate: 10, burst: 10 },
  ...{ state, clock: database.clock },
})
let offset = Number(firstOffset)
console.log('begins')

// The machine's clock does not keep a process alive by itself.
setInterval(() => undefined, 1000)

const pauseFor = (ms: number): Promise<void> => new Promise(resolve => setTimeout(resolve, ms))

const readOn = async (owner: string): Promise<never> => {
  for (;;)
    try {
      await client.page(
        'apps',
        { limit: 1, offset: (offset += 1) },
        { owner, priority: 'background', deadline: database.clock.now() + 600_000 },
      )
    } catch (error) {
      if (!(error instanceof BucketUnreachable)) throw error
      console.log('refused')
      await pauseFor(200)
    }
}
await Promise.all(Array.from({ length: 8 }, (_, n) => readOn(String(n))))
