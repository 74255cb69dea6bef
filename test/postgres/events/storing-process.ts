/** A replica in a process of its own that stores events as they are sent: again and again until each is acknowledged. */
import { setTimeout as pause } from 'node:timers/promises'
import { delivery, eventOf } from '../../support/deliveries.ts'
import { openSharedEvents } from '../../support/shared-events.ts'

const [, , url = '', name = '', many = '0'] = process.argv

const { events, close } = await openSharedEvents(url)

const send = async (id: string): Promise<void> => {
  for (;;)
    try {
      await events.append(eventOf(delivery({ id }), { receivedAt: Date.now() / 1_000 }))
      process.stdout.write(`${id}\n`)
      return
    } catch {
      await pause(20)
    }
}

const SIDE_BY_SIDE = 16
let next = 0
await Promise.all(
  Array.from({ length: SIDE_BY_SIDE }, async () => {
    while (next < Number(many)) await send(`${name}-${(next += 1)}`)
  }),
)
await close()
