/**
 * A replica reduced to its store of events: `node append-process.ts URL NAME COUNT A-SECOND AT` stores so many, so many a second, on
 * time whether the last is stored or not, from that moment on (milliseconds since 1970); what is refused comes again, as Push would
 * send it. Prints how long each took until it was acknowledged.
 */
import { setTimeout as pause } from 'node:timers/promises'
import { createEvents, EventsUnavailable } from '../../../src/events/events.ts'
import { systemClock } from '../../../src/model/clock.ts'
import { openDatabase } from '../../../src/postgres/connecting/database.ts'
import { createSharedTasks } from '../../../src/postgres/events/shared-tasks.ts'
import { createHistoryTasks } from '../../../src/postgres/history/history-tasks.ts'
import { readDelivery } from '../../../src/webhooks/delivery.ts'
import { bodyOf } from '../../webhooks/delivery-body.ts'

const [url = '', name = '', count = '0', perSecond = '1', at = '0'] = process.argv.slice(2)
const retentionDays = 90

const database = await openDatabase({ url, clock: systemClock })
const tasks = await createSharedTasks({ database, retentionDays }, createHistoryTasks(database))
const events = await createEvents(tasks, { clock: database.clock, retentionDays })

const AGAIN_MS = 200
const times: number[] = []
let refused = 0

const store = async (index: number): Promise<void> => {
  const seconds = Math.floor(Date.now() / 1_000)
  const read = readDelivery(bodyOf(`${name} ${index}`, index, seconds), seconds)
  if (!read.ok) throw new Error(read.problem)
  const from = performance.now()
  const event = { ...read.event, connector: 'default', receivedAt: seconds }
  for (;;)
    try {
      await events.append(event)
      times.push(performance.now() - from)
      return
    } catch (error) {
      if (!(error instanceof EventsUnavailable)) throw error
      refused += 1
      await pause(AGAIN_MS)
    }
}

// A partition that is missing is made by the first.
await store(-1)
times.length = 0
await pause(Math.max(0, Number(at) - Date.now()))

const start = performance.now()
const storing: Promise<void>[] = []
for (let index = 0; index < Number(count); index++) {
  const ahead = start + (index * 1_000) / Number(perSecond) - performance.now()
  if (ahead > 1) await pause(ahead)
  storing.push(store(index))
}
await Promise.all(storing)
console.log(JSON.stringify({ times, refused, tookMs: performance.now() - start }))
await events.close()
await database.close()
